namespace Paramorph.Shrink;

/// <summary>
/// Positive real factors as multipliers of 31 bits and shifts to the right, so that sums of integer products become codes again with integers alone.
/// (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section 2.2.)
/// </summary>
/// <param name="Multiplier">i32, 2^30 to 2^31 - 1, or 0.</param>
/// <param name="Shift">i32 of the same shape, 1 to 62.</param>
[Tree]
public sealed partial record FixedPoint(Tensor Multiplier, Tensor Shift)
{
    /// <summary>The nearest factors of this kind.</summary>
    /// <param name="factors">Real numbers above 2^-32 and below 2^30, or 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor lies outside.</exception>
    public static FixedPoint Of(Tensor factors)
    {
        var values = factors.AsType(ElementType.Float64).ToArray<double>();
        var (multipliers, shifts) = (new int[values.Length], new int[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            shifts[i] = 1;
            if (values[i] == 0) continue;
            if (values[i] is not (> 1.0 / (1L << 32) and < 1 << 30))
                throw new ArgumentOutOfRangeException(nameof(factors), values[i], "a fixed-point factor lies above 2^-32 and below 2^30, or is 0.");
            var shift = 30 - (int)Math.Floor(Math.Log2(values[i]));
            var multiplier = (long)Math.Round(Math.ScaleB(values[i], shift));
            // Rounding may lead to the next power of two.
            if (multiplier == 1L << 31) (multiplier, shift) = (1L << 30, shift - 1);
            (multipliers[i], shifts[i]) = ((int)multiplier, shift);
        }
        return new(Tensor.From(multipliers, factors.Shape), Tensor.From(shifts, factors.Shape));
    }

    /// <summary>Sums times the factors, rounded with halves up, moved to a zero point and clamped: i8.</summary>
    /// <param name="sums">i32 of a shape to which the factors broadcast.</param>
    /// <param name="zeroPoint">The code of 0.</param>
    /// <param name="lowest">The lowest code.</param>
    /// <param name="highest">The highest code.</param>
    public Tensor Requantise(Tensor sums, int zeroPoint, int lowest, int highest)
    {
        // Shifted by one bit less, so that the lowest bit is the one that decides how the rest is rounded.
        var doubled = (sums.AsType(ElementType.Int64) * Multiplier.AsType(ElementType.Int64)) >> (Shift - 1).AsType(ElementType.Int64);
        var scaled = (doubled + 1) >> 1;
        return Tensor.Clamp(scaled + zeroPoint, lowest, highest).AsType(ElementType.Int8);
    }

    /// <summary>Where sums of integer products go: the zero point and the range of the codes of a result, from its lowest positive code on after a ReLU.</summary>
    internal static (int Zero, int Lowest, int Highest) Codes(Quantiser output, bool isRectified)
    {
        if (output.ZeroPoint.Rank != 0) throw new ArgumentException($"activations have one scale for all channels in integer arithmetic, not {output.Scale.Type}.", nameof(output));
        var zero = output.ZeroPoint.Item<int>();
        return (zero, isRectified ? Math.Max(output.Lowest, zero) : output.Lowest, output.Highest);
    }

    /// <summary>Factors and biases of a layer: s_x s_w / s_y, and the integers b / (s_x s_w) - z_x Σ q_w. (Jacob et al., Eq. 4 and 7.)</summary>
    /// <param name="weight">The quantiser of the weights, symmetric, whose scale is one number or one an output.</param>
    /// <param name="input">The quantiser of the input.</param>
    /// <param name="output">The quantiser of the output.</param>
    /// <param name="bias">The biases [outputs], or null.</param>
    /// <param name="codeSums">The sum of the codes of the weights of each output, i32 [outputs].</param>
    internal static (FixedPoint Factor, Tensor Bias) OfLayer(Quantiser weight, Quantiser input, Quantiser output, Tensor? bias, Tensor codeSums)
    {
        if (!weight.IsSymmetric) throw new ArgumentException("weights in integer arithmetic have symmetric quantisers: their zero point is 0.", nameof(weight));
        // Codes that stand for 0 are 0 as weights and inputs, so that the step of the bias is free.
        var (inputStep, weightStep, outputStep) = (Quantiser.Divisor(input.Scale), Quantiser.Divisor(weight.Scale), output.Scale.AsType(ElementType.Float64));
        var scale = (inputStep.AsType(ElementType.Float64) * weightStep.AsType(ElementType.Float64)).ReshapeTo(weight.Scale.Count == 1 ? [1] : [codeSums.Count]).BroadcastTo([codeSums.Count]);
        var shifted = (bias is null ? Tensor.ZerosLike(scale) : Tensor.Round(bias.AsType(ElementType.Float64) / scale)).AsType(ElementType.Int32) - input.ZeroPoint * codeSums;
        return (Of(Tensor.Where(Tensor.Equal(outputStep, 0.0), 0.0, scale / Quantiser.Divisor(outputStep))), shifted.Evaluate());
    }
}
