using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// A conditional neural process that is unsure of a function as one is who does not know the rest of the data: a generator draws representations of pairs that might come next, given the known ones, and
/// each draw, added to what is known, gives an answer of its own. Draws do not depend on the order of the known pairs, nor has that of the generated ones a meaning. (Lee, Yun, Nam, Fong and Lee,
/// "Martingale posterior neural processes", 2023.)
/// </summary>
/// <param name="Process">The process, without attention and latent variable.</param>
/// <param name="Inducing">Learned queries by which known pairs are summed up: [queries, features].</param>
/// <param name="Summary">How they look at known pairs.</param>
/// <param name="Generator">How noise looks at the sums.</param>
/// <param name="Generated">How many pairs are generated.</param>
[Tree]
public sealed partial record MartingalePosteriorProcess(NeuralProcess Process, Tensor Inducing, SetAttention Summary, SetAttention Generator, int Generated)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="features">Size of a representation and width of hidden layers.</param>
    /// <param name="heads">Heads of the generator's attention, which divide the features.</param>
    /// <param name="generated">How many pairs are generated.</param>
    /// <param name="queries">How many learned queries sum up known pairs.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static MartingalePosteriorProcess Create(Key key, int inputs, int features, int heads, int generated, int queries = 8, ElementType type = ElementType.Float32) => new(
        NeuralProcess.Create(key.Fold(0), inputs, features, type: type),
        Sample.Normal(key.Fold(1), [queries, features], type).Evaluate(),
        SetAttention.Create(key.Fold(2), features, heads, type),
        SetAttention.Create(key.Fold(3), features, heads, type),
        generated);

    /// <summary>Representations of pairs that might come next: [draws, ..., generated, features].</summary>
    /// <param name="known">bool [..., places]: which pairs are known.</param>
    /// <param name="representations">Those of <see cref="NeuralProcess.Represent"/>.</param>
    /// <param name="noise">Normal numbers [draws, ..., generated, features]: rows in another order give the same rows in that order.</param>
    public Tensor Generate(Tensor known, Tensor representations, Tensor noise)
    {
        var summed = Summary.Call(Inducing.BroadcastTo([.. representations.Shape[..^2], .. Inducing.Shape]), representations, known.ExpandDims(-2));
        return Generator.Call(noise, summed.BroadcastTo([.. noise.Shape[..^2], .. summed.Shape[^2..]]));
    }

    /// <summary>Answers for draws of the generator: [draws, ..., places].</summary>
    /// <param name="tasks">Functions.</param>
    /// <param name="key">The key of the draws.</param>
    /// <param name="draws">How many.</param>
    public IndependentNormal Predict(PriorTasks tasks, Key key, int draws)
    {
        var representations = Process.Represent(tasks);
        return Process.Decode(tasks.Inputs, Added(tasks.Known, representations, Drawn(tasks.Known, representations, key, draws)));
    }

    /// <summary>
    /// What training minimises, a place: minus the logarithm of the mean over draws of the density of all values of a function, minus that of the process without the generator, and minus the mean logarithm of the
    /// density given generated pairs alone. (The losses of the marginal likelihood, of the amortisation and of the pseudo context.)
    /// </summary>
    /// <param name="tasks">Functions, which count alike.</param>
    /// <param name="key">The key of the draws.</param>
    /// <param name="draws">How many.</param>
    public Tensor Loss(PriorTasks tasks, Key key, int draws)
    {
        var representations = Process.Represent(tasks);
        var generated = Drawn(tasks.Known, representations, key, draws);
        Tensor LogDensity(Tensor combined) => Process.Decode(tasks.Inputs, combined).LogDensity(tasks.Values);
        var augmented = LogDensity(Added(tasks.Known, representations, generated)).Sum(-1);
        var marginal = (augmented.LogSumExp(0) - Math.Log(draws)).Mean() / tasks.Values.Shape[^1];
        return -marginal - LogDensity(Process.Combine(tasks, representations)).Mean() - LogDensity(generated.Mean(-2).ExpandDims(-2)).Mean();
    }

    /// <summary>The mean of known and generated representations: [draws, ..., 1, features].</summary>
    private Tensor Added(Tensor known, Tensor representations, Tensor generated)
    {
        var count = Tensor.Where(known, 1.0, 0.0).AsType(representations.ElementType).Sum(-1).ExpandDims(-1).ExpandDims(-1);
        return (NeuralProcess.Mean(known, representations) * count + generated.Sum(-2).ExpandDims(-2)) / (count + (double)Generated);
    }

    private Tensor Drawn(Tensor known, Tensor representations, Key key, int draws) =>
        Generate(known, representations, Sample.Normal(key, [draws, .. representations.Shape[..^2], Generated, representations.Shape[^1]], representations.ElementType));
}

/// <summary>Attention of one set to another with a norm behind each part: norm(h + mlp(h)), h = norm(x + attention(x, y)). (Lee et al., "Set transformer", 2019, Eq. 6.)</summary>
/// <param name="Attention">The attention.</param>
/// <param name="AttentionNorm">The norm behind it.</param>
/// <param name="Mlp">The perceptron of each element by itself.</param>
/// <param name="MlpNorm">The norm behind it.</param>
[Tree]
public sealed partial record SetAttention(MultiHeadAttention Attention, LayerNorm AttentionNorm, Mlp Mlp, LayerNorm MlpNorm)
{
    /// <summary>Attention with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of an element.</param>
    /// <param name="heads">Heads of attention, which divide the features.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static SetAttention Create(Key key, int features, int heads, ElementType type = ElementType.Float32) => new(
        MultiHeadAttention.Create(key.Fold(0), features, heads, type: type), LayerNorm.Create([features], type),
        NeuralProcess.Perceptron(key.Fold(1), [features, features, features], type), LayerNorm.Create([features], type));

    /// <summary>[..., n, features] gives the same shape.</summary>
    /// <param name="x">What attends.</param>
    /// <param name="y">What is attended to: [..., m, features].</param>
    /// <param name="mask">bool, broadcast to [..., n, m]: true where an element of x sees one of y; everywhere when null.</param>
    public Tensor Call(Tensor x, Tensor y, Tensor? mask = null)
    {
        var seen = AttentionNorm.Call(x + Attention.Call(x, y, mask));
        return MlpNorm.Call(seen + Mlp.Call(seen));
    }
}
