using Paramorph.Layers;

namespace Paramorph.Bayes;

/// <summary>
/// A distribution of the weights of a perceptron that is normal layer by layer, given the deviations of a layer's weights and biases; the numbers that it has itself are leaves, so that they can be
/// trained through its draws. The variance of a weight is divided by the number of inputs of its layer, by which functions keep their size in wide networks.
/// </summary>
public interface IWeightPrior
{
    /// <summary>How many affine maps the networks have.</summary>
    int Layers { get; }

    /// <summary>A network of the distribution, differentiable in the numbers of the prior.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Inputs, hidden widths and outputs, one more than there are layers.</param>
    /// <param name="activation">The function between the affine maps.</param>
    /// <exception cref="ShapeException">The sizes are not one more than there are layers.</exception>
    Mlp Draw(Key key, Sequence<int> sizes, Func<Tensor, Tensor> activation);

    /// <summary>The network whose weights and biases are those of another times their usual deviations, so that it takes steps of one size to sample all of them.</summary>
    /// <param name="standard">A network with as many layers, of numbers of the size of standard normal ones.</param>
    Mlp Scaled(Mlp standard);

    /// <summary>The logarithm of the density of a network's weights and biases, a scalar.</summary>
    /// <param name="network">A network with as many layers.</param>
    Tensor LogDensity(Mlp network);
}
