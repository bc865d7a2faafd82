namespace Paramorph.Layers;

/// <summary>
/// A linear map whose sums are in units of their deviation over the batch, with a learned length and shift, in training and beyond. (Ioffe and Szegedy, "Batch Normalization", 2015, without running
/// statistics, for which there is <see cref="BatchNorm"/>.)
/// </summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Length">[outputs].</param>
/// <param name="Shift">[outputs].</param>
[Tree]
public sealed partial record StandardisedLinear(Tensor Weight, Tensor Length, Tensor Shift) : ILayer
{
    /// <summary>One of unit lengths that are shifted by the biases of a map.</summary>
    /// <param name="linear">A map with biases.</param>
    public static StandardisedLinear Of(Linear linear) => new(linear.Weight, Tensor.OnesLike(linear.Bias!), linear.Bias!);

    /// <summary>[n, inputs] gives [n, outputs], by the mean and the variance of the n sums.</summary>
    public Tensor Call(Tensor x)
    {
        var sums = x.Dot(Weight);
        return (sums - sums.Mean(0)) / Tensor.Sqrt(sums.Variance(0) + 1e-5) * Length + Shift;
    }
}
