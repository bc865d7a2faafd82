using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// A transformer that does Bayesian inference in one forward pass. It is trained on tasks drawn from a prior, of each of which some values are known, to give the others
/// a high probability; the best answer is the posterior predictive distribution. Places with known values see each other and nothing else; a place whose value is asked
/// for sees these and itself, so answers do not depend on what else is asked, nor on the order of anything. (Müller et al., "Transformers can do Bayesian inference",
/// 2022; on learning curves Adriaensen et al., "Efficient Bayesian learning curve extrapolation using prior-data fitted networks", 2023.)
/// </summary>
/// <param name="Inputs">From the input of a place to its element of the sequence.</param>
/// <param name="Values">What a known value adds to it.</param>
/// <param name="Blocks">The transformer.</param>
/// <param name="Norm">The norm behind it.</param>
/// <param name="Head">From an element to the logits of the bars.</param>
/// <param name="Bars">The form of the predictive distributions.</param>
[Tree]
public sealed partial record PriorFittedNetwork(Linear Inputs, Linear Values, TreeList<TransformerEncoderBlock> Blocks, LayerNorm Norm, Mlp Head, BarDistribution Bars)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="bars">The form of the predictive distributions, by the quantiles of values of the prior.</param>
    /// <param name="inputs">Size of the input of a place.</param>
    /// <param name="features">Size of an element of the sequence, which the heads divide.</param>
    /// <param name="heads">Heads of attention.</param>
    /// <param name="layers">Number of blocks.</param>
    /// <param name="hidden">Hidden width of the perceptrons; twice the features when null.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static PriorFittedNetwork Create(Key key, BarDistribution bars, int inputs, int features, int heads, int layers, int? hidden = null)
    {
        var width = hidden ?? 2 * features;
        return new(
            Linear.Create(key.Fold(0), inputs, features),
            Linear.Create(key.Fold(1), 1, features),
            [.. Enumerable.Range(0, layers).Select(i => TransformerEncoderBlock.Create(key.Fold(4 + i), features, heads, width))],
            LayerNorm.Create([features]),
            Mlp.Create(key.Fold(2), [features, width, bars.Bars], Activation.Gelu),
            bars);
    }

    /// <summary>The logits of the predictive distribution at each place; at those with known values they are of no use.</summary>
    /// <param name="tasks">The inputs, the values, and which are known. Other values have no influence.</param>
    /// <returns>[..., places, bars].</returns>
    public Tensor Call(PriorTasks tasks)
    {
        var places = tasks.Known.Shape[^1];
        var known = tasks.Known.ExpandDims(-1);
        var x = Inputs.Call(tasks.Inputs) + Tensor.Where(known, Values.Call(tasks.Values.ExpandDims(-1)), 0.0);
        var sees = tasks.Known.ExpandDims(-2) | Tensor.Equal(Tensor.Arange(places).ExpandDims(-1), Tensor.Arange(places));
        foreach (var block in Blocks) x = block.Call(x, sees);
        return Head.Call(Norm.Call(x));
    }

    /// <summary>
    /// Minus the mean logarithm of the density that the unknown values are given, which training minimises; tasks count alike, however many values each asks for.
    /// </summary>
    /// <param name="tasks">Tasks of the prior.</param>
    public Tensor Loss(PriorTasks tasks)
    {
        var unknown = Tensor.Where(tasks.Known, 0.0, 1.0).AsType(tasks.Values.ElementType);
        var sums = (unknown * Bars.LogDensity(Call(tasks), tasks.Values)).Sum(-1);
        return -(sums / Tensor.Maximum(unknown.Sum(-1), 1.0)).Mean();
    }
}

/// <summary>Tasks of a prior: functions at some places, of which a part is known.</summary>
/// <param name="Inputs">[..., places, inputs].</param>
/// <param name="Values">[..., places].</param>
/// <param name="Known">bool [..., places].</param>
[Tree]
public sealed partial record PriorTasks(Tensor Inputs, Tensor Values, Tensor Known);
