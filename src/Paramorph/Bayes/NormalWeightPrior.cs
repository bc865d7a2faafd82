using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// Normal weights and biases around zero, with one deviation for the weights and one for the biases of each layer: what <see cref="FunctionalPrior"/> tunes. (Tran, Rossi, Milios and Filippone, "All you
/// need is a good functional prior for Bayesian deep learning", 2022, section 4.2.)
/// </summary>
/// <param name="RawWeights">Deviations of weights before their division by the root of the inputs, before a softplus: [layers].</param>
/// <param name="RawBiases">Deviations of biases before a softplus: [layers].</param>
[Tree]
public sealed partial record NormalWeightPrior(Tensor RawWeights, Tensor RawBiases) : IWeightPrior
{
    /// <inheritdoc/>
    public int Layers => RawWeights.Count;

    /// <summary>Deviations of weights, times the root of the inputs of their layer: [layers].</summary>
    public Tensor WeightDeviations => Tensor.Softplus(RawWeights);

    /// <summary>Deviations of biases: [layers].</summary>
    public Tensor BiasDeviations => Tensor.Softplus(RawBiases);

    /// <summary>The prior with equal deviations everywhere.</summary>
    /// <param name="layers">How many affine maps networks have, at least 1.</param>
    /// <param name="deviation">The deviation, positive.</param>
    /// <param name="type">f32 or f64.</param>
    public static NormalWeightPrior Even(int layers, double deviation = 1, ElementType type = ElementType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        var raw = Tensor.Full([layers], deviation + Math.Log(-Math.Exp(-deviation) + 1), type).Evaluate();
        return new(raw, raw);
    }

    /// <inheritdoc/>
    public Mlp Draw(Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation) => Scaled(StandardNormal(key, sizes, activation, Layers, RawWeights.ElementType));

    /// <inheritdoc/>
    public Mlp Scaled(Mlp standard)
    {
        var (weights, biases) = (WeightDeviations, BiasDeviations);
        return standard with { Layers = [.. standard.Layers.Select((layer, i) => new Linear(layer.Weight * (weights[i] / Math.Sqrt(layer.Weight.Shape[0])), layer.Bias! * biases[i]))] };
    }

    /// <inheritdoc/>
    public Tensor LogDensity(Mlp network)
    {
        var (weights, biases) = (WeightDeviations, BiasDeviations);
        return network.Layers.Select((layer, i) => LogNormal(layer.Weight, weights[i] / Math.Sqrt(layer.Weight.Shape[0])) + LogNormal(layer.Bias!, biases[i])).Aggregate((sum, part) => sum + part);
    }

    /// <summary>A network of standard normal numbers.</summary>
    internal static Mlp StandardNormal(Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation, int layers, ElementType type) => sizes.Count == layers + 1
        ? new([.. Enumerable.Range(0, layers).Select(i => new Linear(Sample.Normal(key.Fold(2 * i), [sizes[i], sizes[i + 1]], type), Sample.Normal(key.Fold(2 * i + 1), [sizes[i + 1]], type)))], activation)
        : throw new ShapeException($"weight prior: sizes {sizes} do not belong to {layers} layers: there must be one more of them.");

    private static Tensor LogNormal(Tensor x, Tensor deviation) => -0.5 * Tensor.Square(x / deviation).Sum() - x.Count * (Tensor.Log(deviation) + 0.5 * Math.Log(2 * Math.PI));
}
