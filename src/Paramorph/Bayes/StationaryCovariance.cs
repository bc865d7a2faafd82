namespace Paramorph.Bayes;

/// <summary>A <see cref="StationaryKernel"/> with a length scale for each input and a variance, as logarithms, which have no bounds.</summary>
/// <param name="LogLengths">Logarithms of the length scales: f64 [inputs].</param>
/// <param name="LogVariance">Logarithm of the variance: f64 [].</param>
/// <param name="Kernel">From points [a, inputs] and [b, inputs] to [a, b], 1 where they are equal; kept in a field, since each new closure is another function.</param>
[Tree]
public sealed partial record StationaryCovariance(Tensor LogLengths, Tensor LogVariance, Func<Tensor, Tensor, Tensor> Kernel) : ICovariance
{
    /// <summary>Where learning begins: all inputs matter alike.</summary>
    /// <param name="inputs">How many there are.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="length">Length scales, in roots of the number of inputs.</param>
    public static StationaryCovariance Start(int inputs, Func<Tensor, Tensor, Tensor> kernel, double length = 1) =>
        new(Tensor.Full([inputs], Math.Log(length) + 0.5 * Math.Log(inputs), ElementType.Float64).Evaluate(), Tensor.Scalar(0.0), kernel);

    /// <inheritdoc/>
    public Tensor Between(Tensor x, Tensor y) => Tensor.Exp(LogVariance) * Kernel(x * Tensor.Exp(-LogLengths), y * Tensor.Exp(-LogLengths));

    /// <inheritdoc/>
    public Tensor Variances(Tensor x) => Tensor.Exp(LogVariance) * Tensor.Ones([x.Shape[0]], ElementType.Float64);

    /// <inheritdoc/>
    public Tensor NegativeLogPrior() => LogNormalPrior.Of(LogLengths, 0.5 * Math.Log(LogLengths.Count) + 0.5, 1.5) + LogNormalPrior.Of(LogVariance, 0, 2);
}
