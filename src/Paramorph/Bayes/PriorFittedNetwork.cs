using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// A transformer that does Bayesian inference in one forward pass. It is trained on tasks drawn from a prior, of each of which some values are known, to give the others
/// a high probability; the best answer is the posterior predictive distribution. Places with known values see each other and nothing else; a place whose value is asked
/// for sees these and itself, so answers do not depend on what else is asked, nor on the order of anything. (Müller et al., "Transformers can do Bayesian inference",
/// 2022; on learning curves Adriaensen et al., "Efficient Bayesian learning curve extrapolation using prior-data fitted networks", 2023.)
/// </summary>
/// <param name="Inputs">From the input of a place to its element of the sequence.</param>
/// <param name="Values">What a known value adds to it: of classes their indicators.</param>
/// <param name="Blocks">The transformer.</param>
/// <param name="Norm">The norm behind it.</param>
/// <param name="Head">From an element to the logits of the bars, or of the classes.</param>
/// <param name="Bars">The form of the predictive distributions of numbers; null where values are classes.</param>
[Tree]
public sealed partial record PriorFittedNetwork(Linear Inputs, Linear Values, TreeList<TransformerEncoderBlock> Blocks, LayerNorm Norm, Mlp Head, BarDistribution? Bars)
{
    /// <summary>A network with drawn weights, for values that are numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="bars">The form of the predictive distributions, by the quantiles of values of the prior.</param>
    /// <param name="inputs">Size of the input of a place.</param>
    /// <param name="features">Size of an element of the sequence, which the heads divide.</param>
    /// <param name="heads">Heads of attention.</param>
    /// <param name="layers">Number of blocks.</param>
    /// <param name="hidden">Hidden width of the perceptrons; twice the features when null.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static PriorFittedNetwork Create(Key key, BarDistribution bars, int inputs, int features, int heads, int layers, int? hidden = null) =>
        Create(key, bars, 1, bars.Bars, inputs, features, heads, layers, hidden ?? 2 * features);

    /// <summary>A network with drawn weights, for values that are classes.</summary>
    /// <param name="classes">How many there are.</param>
    /// <inheritdoc cref="Create(Key, BarDistribution, int, int, int, int, int?)"/>
    public static PriorFittedNetwork OfClasses(Key key, int classes, int inputs, int features, int heads, int layers, int? hidden = null) =>
        Create(key, null, classes, classes, inputs, features, heads, layers, hidden ?? 2 * features);

    /// <summary>The logits of the predictive distribution at each place; at those with known values they are of no use.</summary>
    /// <param name="tasks">The inputs, the values, and which are known. Other values have no influence.</param>
    /// <returns>[..., places, bars], or [..., places, classes].</returns>
    public Tensor Call(PriorTasks tasks)
    {
        var x = Inputs.Call(tasks.Inputs) + Tensor.Where(tasks.Known.ExpandDims(-1), Shown(tasks.Values), 0.0);
        var sees = tasks.Known.ExpandDims(-2) | Itself(tasks.Known.Shape[^1]);
        foreach (var block in Blocks) x = block.Call(x, sees);
        return Head.Call(Norm.Call(x));
    }

    /// <summary>What later places see of known ones: the elements that each block takes. Known places see nothing else, so this is worked out once for any number of questions.</summary>
    /// <param name="inputs">[..., known, inputs].</param>
    /// <param name="values">[..., known].</param>
    /// <returns>For each block [..., known, features].</returns>
    public TreeList<Tensor> Remember(Tensor inputs, Tensor values)
    {
        var (x, memories) = (Inputs.Call(inputs) + Shown(values), new List<Tensor>());
        foreach (var block in Blocks)
        {
            memories.Add(x);
            x = block.Call(x);
        }
        return [.. memories];
    }

    /// <summary>The logits at places whose values are asked for, as <see cref="Call"/> gives them.</summary>
    /// <param name="memories">What <see cref="Remember"/> gave of the known ones.</param>
    /// <param name="inputs">[..., places, inputs], whose leading axes broadcast to those of the memories.</param>
    /// <returns>[..., places, bars], or [..., places, classes].</returns>
    public Tensor Answer(TreeList<Tensor> memories, Tensor inputs)
    {
        var (asked, known) = (inputs.Shape[^2], memories[0].Shape[^2]);
        var x = Inputs.Call(inputs);
        x = x.BroadcastTo([.. memories[0].Shape[..^2], .. x.Shape[^2..]]);
        var sees = Tensor.Concatenate([Tensor.Ones([asked, known]) > 0.5, Itself(asked)], 1);
        foreach (var (block, memory) in Blocks.Zip(memories)) x = block.Call(x, sees, past: memory);
        return Head.Call(Norm.Call(x));
    }

    /// <summary>
    /// Minus the mean logarithm of the density, or of the probability, that the unknown values are given, which training minimises; tasks count alike, however many values each asks for.
    /// </summary>
    /// <param name="tasks">Tasks of the prior.</param>
    public Tensor Loss(PriorTasks tasks)
    {
        var logits = Call(tasks);
        var unknown = Tensor.Where(tasks.Known, 0.0, 1.0).AsType(logits.ElementType);
        var given = Bars?.LogDensity(logits, tasks.Values) ?? (logits.LogSoftmax() * Indicated(tasks.Values)).Sum(-1);
        return -((unknown * given).Sum(-1) / Tensor.Maximum(unknown.Sum(-1), 1.0)).Mean();
    }

    private static PriorFittedNetwork Create(Key key, BarDistribution? bars, int values, int outputs, int inputs, int features, int heads, int layers, int hidden) => new(
        Linear.Create(key.Fold(0), inputs, features),
        Linear.Create(key.Fold(1), values, features),
        [.. Enumerable.Range(0, layers).Select(i => TransformerEncoderBlock.Create(key.Fold(4 + i), features, heads, hidden))],
        LayerNorm.Create([features]),
        Mlp.Create(key.Fold(2), [features, hidden, outputs], Activation.Gelu),
        bars);

    private static Tensor Itself(int places) => Tensor.Equal(Tensor.Arange(places).ExpandDims(-1), Tensor.Arange(places));

    private Tensor Shown(Tensor values) => Values.Call(Bars is null ? Indicated(values) : values.ExpandDims(-1));

    private Tensor Indicated(Tensor classes) => Tensor.OneHot(classes, Values.Weight.Shape[0]).AsType(Values.Weight.ElementType);
}

/// <summary>Tasks of a prior: functions at some places, of which a part is known.</summary>
/// <param name="Inputs">[..., places, inputs].</param>
/// <param name="Values">[..., places]; classes i32.</param>
/// <param name="Known">bool [..., places].</param>
[Tree]
public sealed partial record PriorTasks(Tensor Inputs, Tensor Values, Tensor Known);
