using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A conditional density: a network gives the weights, means and covariances of a mixture of normal distributions, which can be drawn from as easily as it is evaluated. (Bishop, "Mixture density
/// networks", 1994; with full covariances, which are given by triangular factors of their inverses.)
/// </summary>
/// <param name="Network">From conditions [n, ...] to [n, <see cref="Outputs"/>].</param>
/// <param name="Components">Components of the mixture.</param>
/// <param name="Dimensions">Dimensions of what the density is of.</param>
[Tree]
public sealed partial record MixtureDensity(ILayer Network, int Components, int Dimensions)
{
    /// <summary>Numbers that the network must give: of each component a weight, the mean, and a square matrix of which the diagonal and what is below it count.</summary>
    public static int Outputs(int components, int dimensions) => components * (1 + dimensions + dimensions * dimensions);

    /// <summary>A density whose network is a perceptron with two hidden layers of SiLU.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Numbers in a condition, whatever its shape.</param>
    /// <param name="dimensions">Dimensions of what the density is of.</param>
    /// <param name="components">Components of the mixture.</param>
    /// <param name="width">Neurons of a hidden layer.</param>
    public static MixtureDensity Perceptron(Key key, int inputs, int dimensions, int components = 8, int width = 128) =>
        new(new Sequential([new Flattening(), Dense(key, inputs, dimensions, components, width)]), components, dimensions);

    /// <summary>A density of signals: three convolutions of five values, each of which halves the signal, before the layers of <see cref="Perceptron"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of a signal: conditions are [n, channels, length].</param>
    /// <param name="length">Values of a channel, a multiple of 8.</param>
    /// <param name="dimensions">Dimensions of what the density is of.</param>
    /// <param name="components">Components of the mixture.</param>
    /// <param name="width">Neurons of a hidden layer.</param>
    /// <exception cref="ShapeException">The length is no multiple of 8.</exception>
    public static MixtureDensity Convolutional(Key key, int channels, int length, int dimensions, int components = 8, int width = 128)
    {
        if (length < 8 || length % 8 != 0) throw new ShapeException($"mixture density: signals of {length} values are not halved three times; their length must be a multiple of 8.");
        Convolution Halving(int fold, int channels, int outputs) => Convolution.Create(key.Fold(fold), channels, outputs, [5], new() { Stride = [2], Padding = Padding.Same });
        return new(
            new Sequential(
            [
                Halving(1, channels, 16), new Elementwise(Activation.Silu), Halving(2, 16, 32), new Elementwise(Activation.Silu), Halving(3, 32, 32), new Elementwise(Activation.Silu),
                new Flattening(), Dense(key.Fold(0), 32 * length / 8, dimensions, components, width),
            ]),
            components,
            dimensions);
    }

    /// <summary>Trains on pairs of conditions and values by their likelihood: Adam with decay of weights, clipped gradients, and a rate that rises for a fifth of the steps and falls to zero.</summary>
    /// <param name="steps">Steps of the training.</param>
    /// <param name="rate">The highest rate.</param>
    public static Trainer<MixtureDensity, TreePair<Tensor, Tensor>> Trainer(int steps, double rate = 2e-3) => new(
        new ClippedByNorm(new AdamW(Schedule.OneCycle(rate, steps, rising: 0.2), Decay: 1e-2, Decayed: Leaves.Matrices), 1),
        (density, batch, _) => -density.LogDensity(batch.Item1, batch.Item2).Mean());

    /// <summary>The logarithm of the density.</summary>
    /// <param name="conditions">[n, ...].</param>
    /// <param name="values">[n, dimensions].</param>
    /// <returns>[n].</returns>
    public Tensor LogDensity(Tensor conditions, Tensor values)
    {
        var (weights, means, logs, below) = Parts(conditions);
        var apart = values.ExpandDims(1) - means;
        var white = Tensor.Exp(logs) * apart + (below * apart.ExpandDims(-2)).Sum(-1);
        var densities = logs.Sum(-1) - 0.5 * Tensor.Square(white).Sum(-1) - 0.5 * Dimensions * Math.Log(2 * Math.PI);
        return (weights + densities).LogSumExp(-1);
    }

    /// <summary>One draw for each condition: [n, ...] gives [n, dimensions].</summary>
    public Tensor Draw(Key key, Tensor conditions)
    {
        var (weights, means, logs, below) = Parts(conditions);
        var which = Tensor.OneHot(Sample.Categorical(key.Fold(0), weights), Components).AsType(means.ElementType).ExpandDims(-1);
        Tensor Chosen(Tensor of) => (of * which).Sum(1);
        var (mean, log, factor) = (Chosen(means), Chosen(logs), (below * which.ExpandDims(-1)).Sum(1));
        var noise = Sample.Normal(key.Fold(1), mean.Shape, mean.ElementType);
        // Forward substitution: the triangular factor of the inverse covariance makes white what this makes of white noise.
        var drawn = new List<Tensor>();
        for (var i = 0; i < Dimensions; i++)
        {
            var left = noise[.., i];
            for (var j = 0; j < i; j++) left -= factor[.., i, j] * drawn[j];
            drawn.Add(left * Tensor.Exp(-log[.., i]));
        }
        return mean + Tensor.Stack([.. drawn], -1);
    }

    private static Mlp Dense(Key key, int inputs, int dimensions, int components, int width) =>
        Mlp.Create(key, [inputs, width, width, Outputs(components, dimensions)], Activation.Silu, Initialiser.HeNormal);

    /// <summary>Logarithms of weights [n, components], means and logarithms of the factors' diagonals [n, components, dimensions], what is below these [n, components, dimensions, dimensions].</summary>
    private (Tensor Weights, Tensor Means, Tensor Logs, Tensor Below) Parts(Tensor conditions)
    {
        var outputs = Network.Call(conditions);
        if (outputs.Rank != 2 || outputs.Shape[1] != Outputs(Components, Dimensions))
            throw new ShapeException($"mixture density: the network gives {outputs.Type}, and not [n, {Outputs(Components, Dimensions)}] for {Components} components in {Dimensions} dimensions.");
        var parts = outputs[.., Components..].Reshape(outputs.Shape[0], Components, 1 + Dimensions, Dimensions);
        var factors = parts[.., .., 1..];
        return (outputs[.., ..Components].LogSoftmax(), parts[.., .., 0], LinearAlgebra.Diagonal(factors), LinearAlgebra.Lower(factors, -1));
    }
}
