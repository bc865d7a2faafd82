using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// What a function may be at any place, given its values at some, by a network that has seen many functions: each known pair has a representation, those of a function are combined, and a decoder gives a
/// normal distribution at each place. Combined by their mean it is a conditional neural process (Garnelo et al., "Conditional neural processes", 2018); with a normal latent variable, which ties the places
/// of a function together, a latent one (Garnelo et al., "Neural processes", 2018); where each place attends to the known pairs, an attentive one (Kim et al., "Attentive neural processes", 2019). The order of
/// pairs has no influence.
/// </summary>
/// <param name="Pairs">From an input and its value to a representation.</param>
/// <param name="Attention">How places look at representations; their mean is taken when null.</param>
/// <param name="Latent">The latent variable; none when null.</param>
/// <param name="Decoder">From an input, what was combined, and the latent variable to a mean and a raw deviation.</param>
/// <param name="LeastDeviation">The least standard deviation of an answer.</param>
[Tree]
public sealed partial record NeuralProcess(Mlp Pairs, ProcessAttention? Attention, ProcessLatent? Latent, Mlp Decoder, double LeastDeviation)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="features">Size of a representation and width of hidden layers.</param>
    /// <param name="heads">Heads of attention, which divide the features; none when 0.</param>
    /// <param name="latents">Size of the latent variable; none when 0.</param>
    /// <param name="leastDeviation">The least standard deviation of an answer.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static NeuralProcess Create(Key key, int inputs, int features, int heads = 0, int latents = 0, double leastDeviation = 0.02, ElementType type = ElementType.Float32) => new(
        Perceptron(key.Fold(0), [inputs + 1, features, features, features], type),
        heads == 0 ? null : new(Perceptron(key.Fold(1), [inputs, features, features], type), TransformerEncoderBlock.Create(key.Fold(2), features, heads, 2 * features, type: type), MultiHeadAttention.Create(key.Fold(3), features, heads, 2 * features, type: type)),
        latents == 0 ? null : new(Perceptron(key.Fold(4), [inputs + 1, features, features, features], type), Perceptron(key.Fold(5), [features, features, 2 * latents], type)),
        Perceptron(key.Fold(6), [inputs + features + latents, features, features, 2], type),
        leastDeviation);

    /// <summary>The representations of all pairs, of which those of unknown values are of no use: [..., places, features].</summary>
    /// <param name="tasks">Functions: inputs [..., places, inputs], values, and which are known.</param>
    public Tensor Represent(PriorTasks tasks) => Pairs.Call(Joined(tasks));

    /// <summary>What is known of a function: at each place, [..., places, features], with attention, and else [..., 1, features].</summary>
    /// <param name="tasks">Functions.</param>
    /// <param name="representations">Those of <see cref="Represent"/>.</param>
    public Tensor Combine(PriorTasks tasks, Tensor representations) => Attention?.Call(tasks, representations) ?? Mean(tasks.Known, representations);

    /// <summary>The distribution at each place.</summary>
    /// <param name="inputs">[..., places, inputs].</param>
    /// <param name="combined">What <see cref="Combine"/> gave, perhaps with further leading axes of draws.</param>
    /// <param name="latent">Draws of the latent variable [draws, ..., latents]; null where there is none.</param>
    /// <returns>[..., places], with the axes of draws.</returns>
    public IndependentNormal Decode(Tensor inputs, Tensor combined, Tensor? latent = null)
    {
        Shape leading = latent is null ? combined.Shape[..^2] : latent.Shape[..^1];
        Shape whole = [.. leading, .. inputs.Shape[^2..^1]];
        Tensor Wide(Tensor part) => part.BroadcastTo([.. whole, part.Shape[^1]]);
        var output = Decoder.Call(Tensor.Concatenate(latent is null ? [Wide(inputs), Wide(combined)] : [Wide(inputs), Wide(combined), Wide(latent.ExpandDims(-2))], -1));
        return new(output[TensorIndex.Ellipsis, 0], LeastDeviation + (1 - LeastDeviation) * Tensor.Softplus(output[TensorIndex.Ellipsis, 1]));
    }

    /// <summary>Answers for draws of the latent variable from its distribution given the known pairs: [draws, ..., places]; one answer, the same for all, where there is none.</summary>
    /// <param name="tasks">Functions.</param>
    /// <param name="key">The key of the draws.</param>
    /// <param name="draws">How many.</param>
    public IndependentNormal Predict(PriorTasks tasks, Key key, int draws)
    {
        var combined = Combine(tasks, Represent(tasks));
        return Latent is null ? Decode(tasks.Inputs, combined.ExpandDims(0)) : Decode(tasks.Inputs, combined, Latent.Call(Joined(tasks), tasks.Known).Draw(key, draws));
    }

    /// <summary>
    /// What training minimises, a place: minus the mean logarithm of the density of all values, known ones too; with a latent variable minus a bound of it, for draws given all values, with the divergence
    /// of their distribution from that given the known ones.
    /// </summary>
    /// <param name="tasks">Functions, which count alike.</param>
    /// <param name="key">The key of the draws.</param>
    /// <param name="draws">How many.</param>
    public Tensor Loss(PriorTasks tasks, Key key, int draws)
    {
        if (Latent is null) return -Predict(tasks, key, 1).LogDensity(tasks.Values).Mean();
        var pairs = Joined(tasks);
        var (some, all) = (Latent.Call(pairs, tasks.Known), Latent.Call(pairs, Tensor.Ones(tasks.Known.Shape) > 0.5));
        var answers = Decode(tasks.Inputs, Combine(tasks, Represent(tasks)), all.Draw(key, draws));
        return all.Divergence(some).Sum(-1).Mean() / tasks.Values.Shape[^1] - answers.LogDensity(tasks.Values).Mean();
    }

    /// <summary>The mean of the representations of known pairs, zero where none is: [..., 1, features].</summary>
    internal static Tensor Mean(Tensor known, Tensor representations)
    {
        var weight = Tensor.Where(known, 1.0, 0.0).AsType(representations.ElementType).ExpandDims(-1);
        return ((weight * representations).Sum(-2) / Tensor.Maximum(weight.Sum(-2), 1.0)).ExpandDims(-2);
    }

    internal static Mlp Perceptron(Key key, Sequence<int> sizes, ElementType type) => Mlp.Create(key, sizes, Activation.Gelu, Initialiser.HeNormal, type: type);

    private static Tensor Joined(PriorTasks tasks) => Tensor.Concatenate([tasks.Inputs, tasks.Values.ExpandDims(-1)], -1);
}

/// <summary>How places look at known pairs: these see one another, then each place attends to those whose inputs are like its own.</summary>
/// <param name="Inputs">From an input to what is compared.</param>
/// <param name="Pairs">Attention of known pairs to one another.</param>
/// <param name="Places">Attention of places to known pairs.</param>
[Tree]
public sealed partial record ProcessAttention(Mlp Inputs, TransformerEncoderBlock Pairs, MultiHeadAttention Places)
{
    internal Tensor Call(PriorTasks tasks, Tensor representations)
    {
        var (inputs, sees) = (Inputs.Call(tasks.Inputs), tasks.Known.ExpandDims(-2));
        return Places.Call(inputs, Tensor.Concatenate([inputs, Pairs.Call(representations, sees)], -1), sees);
    }
}

/// <summary>The distribution of a latent variable given the known pairs.</summary>
/// <param name="Pairs">From an input and its value to a representation, whose mean is taken.</param>
/// <param name="Head">From the mean to means and raw deviations.</param>
[Tree]
public sealed partial record ProcessLatent(Mlp Pairs, Mlp Head)
{
    internal IndependentNormal Call(Tensor pairs, Tensor known)
    {
        var halves = Head.Call(NeuralProcess.Mean(known, Pairs.Call(pairs)).Squeeze(-2)).Split(2, -1);
        return new(halves[0], 0.1 + 0.9 * Tensor.Sigmoid(halves[1]));
    }
}

/// <summary>Normal distributions that do not depend on one another.</summary>
/// <param name="Mean">Their means.</param>
/// <param name="Deviation">Their standard deviations, of the shape of the means.</param>
[Tree]
public sealed partial record IndependentNormal(Tensor Mean, Tensor Deviation)
{
    /// <summary>The logarithm of the density of each value.</summary>
    /// <param name="values">Of the shape of the means, or broadcast to it.</param>
    public Tensor LogDensity(Tensor values) => -0.5 * Tensor.Square((values - Mean) / Deviation) - Tensor.Log(Deviation) - 0.5 * Math.Log(2 * Math.PI);

    /// <summary>The Kullback-Leibler divergence from others, of each by itself: log(s' / s) + (s² + (m - m')²) / (2 s'²) - 1 / 2.</summary>
    /// <param name="from">The others, m' and s'.</param>
    public Tensor Divergence(IndependentNormal from) =>
        Tensor.Log(from.Deviation / Deviation) + 0.5 * (Tensor.Square(Deviation / from.Deviation) + Tensor.Square((Mean - from.Mean) / from.Deviation)) - 0.5;

    /// <summary>Draws: [draws, ...].</summary>
    /// <param name="key">The key.</param>
    /// <param name="draws">How many.</param>
    public Tensor Draw(Key key, int draws) => Mean + Deviation * Sample.Normal(key, [draws, .. Mean.Shape], Mean.ElementType);

    /// <summary>The mean and the deviation of the even mixture of those along the first axis.</summary>
    public IndependentNormal Mixed()
    {
        var mean = Mean.Mean(0);
        return new(mean, Tensor.Sqrt((Tensor.Square(Deviation) + Tensor.Square(Mean - mean)).Mean(0)));
    }
}
