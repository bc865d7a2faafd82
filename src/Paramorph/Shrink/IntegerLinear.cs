using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>
/// An affine map of 8-bit codes in integer arithmetic alone: products of 8 bits with exact sums of 32 bits, then fixed-point factors. (Jacob et al.,
/// "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, Eq. 7; section III.D of the survey of Gholami et al., 2021.)
/// </summary>
/// <param name="Weight">Codes, i8 [inputs, outputs].</param>
/// <param name="Bias">i32 [outputs], in steps of the product, with the zero point of the input taken off.</param>
/// <param name="Factor">From sums to codes, [outputs].</param>
/// <param name="Zero">The zero point of the output.</param>
/// <param name="Lowest">The lowest code of the output; its zero point after a ReLU.</param>
/// <param name="Highest">The highest code of the output.</param>
[Tree]
public sealed partial record IntegerLinear(Tensor Weight, Tensor Bias, FixedPoint Factor, int Zero, int Lowest, int Highest) : ILayer
{
    /// <summary>A layer in integers.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">The quantiser of its weights, symmetric, for all or for each output.</param>
    /// <param name="input">The quantiser of its input, for all channels.</param>
    /// <param name="output">The quantiser of its output, for all channels.</param>
    /// <param name="isRectified">Whether a ReLU follows.</param>
    /// <exception cref="ArgumentException">A quantiser is of another kind.</exception>
    public static IntegerLinear Of(Linear layer, Quantiser weight, Quantiser input, Quantiser output, bool isRectified = false)
    {
        var codes = weight.Quantise(layer.Weight).Evaluate();
        var (factor, bias) = FixedPoint.OfLayer(weight, input, output, layer.Bias, codes.AsType(ElementType.Int32).Sum(0));
        var (zero, lowest, highest) = FixedPoint.Codes(output, isRectified);
        return new(codes, bias, factor, zero, lowest, highest);
    }

    /// <summary>Codes i8 [..., inputs] give codes i8 [..., outputs].</summary>
    public Tensor Call(Tensor x) => Factor.Requantise(x.Dot(Weight) + Bias, Zero, Lowest, Highest);
}
