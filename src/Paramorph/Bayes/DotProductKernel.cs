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
    /// on that network amounts to while its features stay as they were drawn. (Jacot et al., "Neural tangent kernel", 2018, Theorem 1, with the arc-cosine
    /// kernels of Cho and Saul, 2009.) It has no derivative where two points have one direction.
    /// </summary>
    /// <param name="hiddenLayers">Hidden layers; with 0 it is that of a linear map.</param>
    /// <param name="bias">The variance of the biases.</param>
    public static Func<Tensor, Tensor, Tensor> NeuralTangent(int hiddenLayers, double bias = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hiddenLayers);
        ArgumentOutOfRangeException.ThrowIfNegative(bias);
        return (x, y) =>
        {
            var covariance = Products(x, y) + bias;
            // He's initialisation keeps the second moment of each layer, and each adds the variance of its biases.
            var (first, second) = (Squares(x).ExpandDims(1) + bias, Squares(y) + bias);
            var tangent = covariance;
            for (var layer = 0; layer < hiddenLayers; layer++)
            {
                var scale = Tensor.Sqrt(first * second);
                var cosine = Tensor.Clamp(covariance / scale, -1.0, 1.0);
                var angle = Math.PI - Tensor.Acos(cosine);
                covariance = scale * (cosine * angle + Tensor.Sqrt(1.0 - cosine * cosine)) / Math.PI + bias;
                tangent = covariance + tangent * angle / Math.PI;
                (first, second) = (first + bias, second + bias);
            }
            return tangent / (hiddenLayers + 1.0);
        };
    }

    private static Tensor Products(Tensor x, Tensor y) => Tensor.MatMul(x, y.T) / (double)x.Shape[^1];

    private static Tensor Squares(Tensor x) => Tensor.Square(x).Mean(-1);
}
