namespace Paramorph.Bayes;

/// <summary>
/// Kernels that depend on points [a, dimensions] and [b, dimensions] through their products alone, divided by the number of dimensions, so that inputs with
/// coordinates of order 1 give values of order 1.
/// </summary>
public static class DotProductKernel
{
    /// <summary>((1 + x·y / d) / 2)^degree: all polynomials up to a degree.</summary>
    /// <param name="degree">1 or more.</param>
    public static Func<Tensor, Tensor, Tensor> Polynomial(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        return (x, y) =>
        {
            var factor = 0.5 * (1.0 + Products(x, y));
            var power = factor;
            for (var i = 1; i < degree; i++) power *= factor;
            return power;
        };
    }

    /// <summary>
    /// The neural tangent kernel of a wide ReLU network whose layers are all trained, with He's initialisation and biases of a variance: what gradient descent
    /// on that network amounts to while its features stay as they were drawn. It is that of <see cref="WideNetwork.Tangent"/>, divided by the layers, and has no
    /// derivative where two points have one direction.
    /// </summary>
    /// <param name="hiddenLayers">Hidden layers; with 0 it is that of a linear map.</param>
    /// <param name="bias">The variance of the biases.</param>
    public static Func<Tensor, Tensor, Tensor> NeuralTangent(int hiddenLayers, double bias = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hiddenLayers);
        ArgumentOutOfRangeException.ThrowIfNegative(bias);
        // He's initialisation: inputs with coordinates of order 1 keep that order in every layer.
        var network = new WideNetwork(DualActivation.Relu, hiddenLayers) { WeightVariance = 2, BiasVariance = bias };
        return (x, y) => network.Tangent(x, y) / (hiddenLayers + 1.0);
    }

    private static Tensor Products(Tensor x, Tensor y) => Tensor.MatMul(x, y.T) / (double)x.Shape[^1];
}
