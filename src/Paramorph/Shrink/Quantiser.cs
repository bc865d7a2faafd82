using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>
/// The affine uniform quantiser: a number x has the code q = clamp(round(x / s) + z) and stands for s (q - z). (Gholami et al., "A Survey of Quantization
/// Methods for Efficient Neural Network Inference", 2021, Eq. 2 and 3.) As a layer it rounds activations; over weights see <see cref="FakeQuantised"/>.
/// </summary>
/// <param name="LogScale">
/// log s, -inf for a step of 0: one number, or one a channel in a shape that broadcasts to what is quantised. A leaf, so that it may be learned, and the logarithm, so that a
/// learning rate means the same for small steps and for large ones.
/// </param>
/// <param name="ZeroPoint">The code z of 0, i32 of the shape of the scale; zeros where the quantiser is symmetric.</param>
/// <param name="Bits">Bits of a code, 2 to 8.</param>
/// <param name="IsSymmetric">
/// Whether codes reach equally far to both sides, -(2^(b-1) - 1) to 2^(b-1) - 1, so that z is 0 and drops out of products; otherwise they have the whole range.
/// </param>
[Tree]
public sealed partial record Quantiser(Tensor LogScale, Tensor ZeroPoint, int Bits, bool IsSymmetric) : ILayer
{
    /// <summary>The step s.</summary>
    public Tensor Scale => Tensor.Exp(LogScale);

    /// <summary>The lowest code.</summary>
    public int Lowest => IsSymmetric ? -Highest : -(1 << (Bits - 1));

    /// <summary>The highest code.</summary>
    public int Highest => (1 << (Bits - 1)) - 1;

    /// <summary>A symmetric quantiser that reaches to a bound on both sides.</summary>
    /// <param name="bound">The largest modulus that has a code of its own, f32 of any shape; where it is 0 every code stands for 0.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    public static Quantiser Symmetric(Tensor bound, int bits)
    {
        CheckBits(bits);
        var highest = (1 << (bits - 1)) - 1;
        return new(Logarithm(bound / highest), Tensor.Zeros(bound.Shape, ElementType.Int32).Evaluate(), bits, true);
    }

    /// <summary>An asymmetric quantiser of a range, which is widened to hold 0: that has a code of its own, as padding and ReLU want it.</summary>
    /// <param name="low">The lower end, f32 of any shape.</param>
    /// <param name="high">The upper end, of the same shape.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    public static Quantiser Asymmetric(Tensor low, Tensor high, int bits)
    {
        CheckBits(bits);
        (low, high) = (Tensor.Minimum(low, 0.0), Tensor.Maximum(high, 0.0));
        var logScale = Logarithm((high - low) / ((1 << bits) - 1));
        var zero = -(1 << (bits - 1)) - Tensor.Round(low / Divisor(Tensor.Exp(logScale)));
        return new(logScale, zero.AsType(ElementType.Int32).Evaluate(), bits, false);
    }

    /// <summary>The codes of numbers: i8 of the same shape; where the step is 0, the code of 0.</summary>
    /// <param name="x">Real numbers of a shape to which the scale broadcasts.</param>
    public Tensor Quantise(Tensor x)
    {
        var scale = Scale;
        var steps = Tensor.Where(Tensor.Equal(scale, 0.0), 0.0, x / Divisor(scale));
        return (Tensor.Clamp(Tensor.Round(steps), LowestSteps, HighestSteps) + ZeroPoint.AsType(x.ElementType)).AsType(ElementType.Int8);
    }

    /// <summary>What codes stand for.</summary>
    /// <param name="codes">Integers of a shape to which the scale broadcasts.</param>
    public Tensor Dequantise(Tensor codes) => Scale * (codes.AsType(ElementType.Int32) - ZeroPoint).AsType(LogScale.ElementType);

    /// <summary>
    /// What the codes of numbers stand for, as real numbers, with a derivative: that of rounding is taken to be 1 (the straight-through estimator, section
    /// III.G of the survey), that of clamping is 0 outside the range. The scale's derivative follows: the error of rounding within the range, the outermost
    /// code outside it. (Esser et al., "Learned Step Size Quantization", 2020, Eq. 3.)
    /// </summary>
    /// <param name="x">Real numbers of a shape to which the scale broadcasts.</param>
    public Tensor Round(Tensor x)
    {
        var scale = Scale;
        return scale * StraightThrough.Of(Tensor.Clamp(x / Divisor(scale), LowestSteps, HighestSteps), Tensor.Round);
    }

    /// <summary><see cref="Round"/>.</summary>
    public Tensor Call(Tensor x) => Round(x);

    private Tensor LowestSteps => (Lowest - ZeroPoint).AsType(LogScale.ElementType);

    private Tensor HighestSteps => (Highest - ZeroPoint).AsType(LogScale.ElementType);

    /// <summary>Throws unless codes of so many bits fit into a byte and leave more than one.</summary>
    internal static void CheckBits(int bits)
    {
        if (bits is < 2 or > 8) throw new ArgumentOutOfRangeException(nameof(bits), bits, "a quantiser has 2 to 8 bits.");
    }

    /// <summary>The logarithm of a step: -inf of 0, so that every code stands for 0.</summary>
    private static Tensor Logarithm(Tensor scale) => Tensor.Log(scale).Evaluate();

    /// <summary>A step to divide by: 1 in place of 0, where codes do not matter.</summary>
    internal static Tensor Divisor(Tensor scale) => Tensor.Where(Tensor.Equal(scale, 0.0), 1.0, scale);
}
