using Paramorph.Parameters;

namespace Paramorph.Layers;

/// <summary>An affine map whose weights have <see cref="WeightNorm"/>: a length times the direction of a vector, learned apart.</summary>
/// <param name="Vector">[inputs, outputs].</param>
/// <param name="Length">[outputs].</param>
/// <param name="Bias">[outputs].</param>
[Tree]
public sealed partial record NormedLinear(Tensor Vector, Tensor Length, Tensor Bias) : ILayer
{
    /// <summary>The same map, as lengths and directions.</summary>
    /// <param name="linear">A map with biases.</param>
    public static NormedLinear Of(Linear linear) => new(linear.Weight, Tensor.Sqrt(Tensor.Square(linear.Weight).Sum(0)), linear.Bias!);

    /// <summary>Columns of weights over their lengths.</summary>
    /// <param name="weight">[inputs, outputs], no column of zeros.</param>
    public static Tensor Directions(Tensor weight) => weight / Tensor.Sqrt(Tensor.Square(weight).Sum(0));

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => x.Dot(new WeightNorm(new Parametrised.Free(Vector), Length.ExpandDims(0), -2).Materialise()) + Bias;
}
