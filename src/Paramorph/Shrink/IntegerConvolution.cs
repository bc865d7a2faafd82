using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>
/// A convolution of 8-bit codes in integer arithmetic alone: products of 8 bits with exact sums of 32 bits, then fixed-point factors. (Jacob et al.,
/// "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, Eq. 7; section III.D of the survey of Gholami et al., 2021.)
/// </summary>
/// <param name="Weight">Codes, i8 [outputs, channels / groups, kernel...].</param>
/// <param name="Bias">i32 [outputs], in steps of the product, with the zero point of the input taken off.</param>
/// <param name="Factor">From sums to codes, [outputs, 1...].</param>
/// <param name="Options">Stride, padding, dilation and groups.</param>
/// <param name="InputZero">The zero point of the input, which is what is put around it.</param>
/// <param name="Zero">The zero point of the output.</param>
/// <param name="Lowest">The lowest code of the output; its zero point after a ReLU.</param>
/// <param name="Highest">The highest code of the output.</param>
/// <param name="Pooling">Takes the largest code of each window, or null. Codes rise with sums, so that it chooses among sums and fewer of them become codes.</param>
[Tree]
public sealed partial record IntegerConvolution(
    Tensor Weight, Tensor Bias, FixedPoint Factor, ConvolutionOptions Options, int InputZero, int Zero, int Lowest, int Highest, MaxPooling? Pooling = null) : ILayer
{
    private int SpatialAxes => Weight.Rank - 2;

    /// <summary>A layer in integers.</summary>
    /// <param name="layer">The layer, with zeros for padding.</param>
    /// <param name="weight">The quantiser of its weights, symmetric, for all or for each output.</param>
    /// <param name="input">The quantiser of its input, for all channels.</param>
    /// <param name="output">The quantiser of its output, for all channels.</param>
    /// <param name="isRectified">Whether a ReLU follows.</param>
    /// <exception cref="ArgumentException">A quantiser or the padding is of another kind.</exception>
    public static IntegerConvolution Of(Convolution layer, Quantiser weight, Quantiser input, Quantiser output, bool isRectified = false)
    {
        if (layer.PaddingMode != PaddingMode.Zero) throw new ArgumentException($"a convolution in integers is padded with zeros, not {layer.PaddingMode}.", nameof(layer));
        var codes = weight.Quantise(layer.Weight).Evaluate();
        int[] summed = [.. Enumerable.Range(1, codes.Rank - 1)];
        var (factor, bias) = FixedPoint.OfLayer(weight, input, output, layer.Bias, codes.AsType(ElementType.Int32).Sum(summed));
        var (zero, lowest, highest) = FixedPoint.Codes(output, isRectified);
        Shape channels = [codes.Shape[0], .. Enumerable.Repeat(1, codes.Rank - 2)];
        var spread = new FixedPoint(factor.Multiplier.ReshapeTo(channels).Evaluate(), factor.Shift.ReshapeTo(channels).Evaluate());
        return new(codes, bias, spread, layer.Options, input.ZeroPoint.Item<int>(), zero, lowest, highest);
    }

    /// <summary>Codes i8 [..., channels, spatial...] give codes i8 [..., outputs, places...].</summary>
    public Tensor Call(Tensor x)
    {
        var sums = Tensor.Convolve(Padded(x), Weight, Options with { Padding = Padding.Valid });
        if (Pooling is not null) sums = Pooling.Call(sums);
        return Factor.Requantise(sums + Bias.ReshapeTo(Factor.Shift.Shape), Zero, Lowest, Highest);
    }

    private Tensor Padded(Tensor x)
    {
        int[] extents = [.. Enumerable.Range(0, SpatialAxes).Select(a => Given(Options.Dilation, a) * (Weight.Shape[a + 2] - 1) + 1)];
        int[] strides = [.. Enumerable.Range(0, SpatialAxes).Select(a => Given(Options.Stride, a))];
        var (low, high) = Options.Padding.Resolve("integer convolution", x.Shape.Sizes[^SpatialAxes..], extents, strides);
        return x.Pad([.. Enumerable.Repeat((0, 0), x.Rank - SpatialAxes), .. low.Zip(high)], InputZero);

        static int Given(Sequence<int> numbers, int axis) => numbers.Count switch { 0 => 1, 1 => numbers[0], _ => numbers[axis] };
    }
}
