using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// Discrete Fourier transforms, with the names, defaults and normalisations of NumPy. Any number of samples, any axes. Integers and booleans become
/// f32.
/// </summary>
public static partial class Fourier
{
    /// <summary>The transform along an axis: y[k] = sum over j of x[j] exp(-2 pi i j k / n).</summary>
    /// <param name="x">Real or complex samples.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="length">To how many samples the axis is cut or continued with zeros before; as it is when null.</param>
    /// <param name="norm">What is divided by n.</param>
    /// <exception cref="ShapeException">There are no samples.</exception>
    public static Tensor Fft(Tensor x, int axis = -1, int? length = null, FourierNorm norm = FourierNorm.Backward) =>
        FftN(Resized(x, axis, length, "fft"), [axis], norm);

    /// <summary>The inverse of <see cref="Fft"/>.</summary>
    /// <inheritdoc cref="Fft"/>
    public static Tensor Ifft(Tensor x, int axis = -1, int? length = null, FourierNorm norm = FourierNorm.Backward) =>
        IfftN(Resized(x, axis, length, "ifft"), [axis], norm);

    /// <summary>The transform of n real samples along an axis: frequencies 0 to n / 2.</summary>
    /// <inheritdoc cref="Fft"/>
    public static Tensor Rfft(Tensor x, int axis = -1, int? length = null, FourierNorm norm = FourierNorm.Backward) =>
        RfftN(Resized(x, axis, length, "rfft"), [axis], norm);

    /// <summary>The inverse of <see cref="Rfft"/>. Imaginary parts of frequency 0 and of n / 2 have no influence.</summary>
    /// <param name="x">Frequencies; those beyond n / 2 are cut, missing ones are 0.</param>
    /// <param name="length">The number n of real samples; 2 (frequencies - 1) when null.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="norm">What is divided by n.</param>
    public static Tensor Irfft(Tensor x, int? length = null, int axis = -1, FourierNorm norm = FourierNorm.Backward) => IrfftN(x, length, [axis], norm);

    /// <summary>The transform over the last two axes.</summary>
    public static Tensor Fft2(Tensor x, FourierNorm norm = FourierNorm.Backward) => FftN(x, [-2, -1], norm);

    /// <summary>The inverse of <see cref="Fft2"/>.</summary>
    public static Tensor Ifft2(Tensor x, FourierNorm norm = FourierNorm.Backward) => IfftN(x, [-2, -1], norm);

    /// <summary>The transform of real samples over the last two axes: of the last one frequencies 0 to n / 2.</summary>
    public static Tensor Rfft2(Tensor x, FourierNorm norm = FourierNorm.Backward) => RfftN(x, [-2, -1], norm);

    /// <summary>The inverse of <see cref="Rfft2"/>; the length is that of the last axis.</summary>
    public static Tensor Irfft2(Tensor x, int? length = null, FourierNorm norm = FourierNorm.Backward) => IrfftN(x, length, [-2, -1], norm);

    /// <summary>The transform over several axes, all of them when none is given.</summary>
    public static Tensor FftN(Tensor x, ReadOnlySpan<int> axes = default, FourierNorm norm = FourierNorm.Backward) =>
        Transformed(FftKind.Forward, AsComplex(x), Normal(x, axes, "fft"), 0, norm);

    /// <summary>The inverse of <see cref="FftN"/>.</summary>
    public static Tensor IfftN(Tensor x, ReadOnlySpan<int> axes = default, FourierNorm norm = FourierNorm.Backward) =>
        Transformed(FftKind.Inverse, AsComplex(x), Normal(x, axes, "ifft"), 0, norm);

    /// <summary>
    /// The transform of real samples over several axes, all of them when none is given: of the last one given frequencies 0 to n / 2.
    /// </summary>
    /// <exception cref="ElementTypeException">The samples are complex.</exception>
    public static Tensor RfftN(Tensor x, ReadOnlySpan<int> axes = default, FourierNorm norm = FourierNorm.Backward) =>
        Transformed(FftKind.Real, AsFloating(x), Normal(x, axes, "rfft"), 0, norm);

    /// <summary>The inverse of <see cref="RfftN"/>; the length is that of the last axis given, 2 (frequencies - 1) when null.</summary>
    public static Tensor IrfftN(Tensor x, int? length = null, ReadOnlySpan<int> axes = default, FourierNorm norm = FourierNorm.Backward)
    {
        var normal = Normal(x, axes, "irfft");
        var count = length ?? 2 * (x.Shape[normal[^1]] - 1);
        if (count < 1) throw new ShapeException($"irfft: {count} samples along axis {normal[^1]} of {x.Type} are no signal: ask for 1 or more.");
        return Transformed(FftKind.InverseReal, AsComplex(Resized(x, normal[^1], count / 2 + 1, "irfft")), normal, count, norm);
    }

    /// <summary>
    /// The frequencies of <see cref="Fft"/> in cycles per unit of the spacing: 0, 1, ..., then the negative ones, divided by the whole length.
    /// </summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="spacing">Distance between samples.</param>
    /// <param name="type">f32 or f64.</param>
    public static Tensor Frequencies(int count, double spacing = 1, ElementType type = ElementType.Float32) =>
        Values([.. Enumerable.Range(0, count).Select(k => Signed(k, count) / (count * spacing))], type);

    /// <summary>The frequencies of <see cref="Rfft"/> in cycles per unit of the spacing: 0 to count / 2, divided by the whole length.</summary>
    /// <inheritdoc cref="Frequencies"/>
    public static Tensor RealFrequencies(int count, double spacing = 1, ElementType type = ElementType.Float32) =>
        Values([.. Enumerable.Range(0, count / 2 + 1).Select(k => k / (count * spacing))], type);

    /// <summary>Frequency 0 moved to the middle, along axes or, when none is given, along all.</summary>
    public static Tensor Shift(Tensor x, params ReadOnlySpan<int> axes) => Rolled(x, axes, size => size / 2);

    /// <summary>The inverse of <see cref="Shift"/>.</summary>
    public static Tensor Unshift(Tensor x, params ReadOnlySpan<int> axes) => Rolled(x, axes, size => -(size / 2));

    /// <summary>
    /// The derivative of a periodic function from samples at equal distances, exact for trigonometric polynomials that the samples resolve. For an
    /// odd order the highest frequency of an even number of samples is dropped, since its derivative is not seen at the samples.
    /// </summary>
    /// <param name="x">Real or complex samples of one period, without its end.</param>
    /// <param name="period">The length of the period.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="order">0 or more.</param>
    /// <exception cref="ShapeException">The order is negative.</exception>
    public static Tensor Derivative(Tensor x, double period, int axis = -1, int order = 1)
    {
        if (order < 0) throw new ShapeException($"derivative: order {order} is negative: derivatives are of order 0 or more.");
        axis = x.Shape.Axis(axis, "derivative");
        var (samples, isComplex) = (x.Shape[axis], x.ElementType.IsComplex());
        Complex[] powers = [1, Complex.ImaginaryOne, -1, -Complex.ImaginaryOne];
        var factors = Enumerable.Range(0, isComplex ? samples : samples / 2 + 1).Select(k => order % 2 == 1 && 2 * k == samples
            ? Complex.Zero
            : powers[order % 4] * Math.Pow(2 * Math.PI * Signed(k, samples) / period, order)).ToArray();
        var frequencies = isComplex ? Fft(x, axis) : Rfft(x, axis);
        var result = frequencies * Along(factors, frequencies.Type, axis);
        return isComplex ? Ifft(result, axis) : Irfft(result, samples, axis);
    }

    /// <summary>Index k of a transform as a frequency: those of the upper half are negative.</summary>
    private static double Signed(int k, int count) => 2 * k < count ? k : k - count;

    private static Tensor Transformed(FftKind kind, Tensor x, int[] axes, int length, FourierNorm norm)
    {
        var samples = axes.Aggregate(1.0, (product, a) => product * x.Shape[a]);
        if (kind == FftKind.InverseReal) samples = samples / x.Shape[axes[^1]] * length;
        var isForward = kind is FftKind.Forward or FftKind.Real;
        var scale = norm switch
        {
            FourierNorm.Ortho => 1 / Math.Sqrt(samples),
            FourierNorm.Backward => isForward ? 1 : 1 / samples,
            _ => isForward ? 1 / samples : 1,
        };
        return Tensor.Bind(new Fft(kind, [.. axes], length, scale), x)[0];
    }

    private static Tensor AsFloating(Tensor x) => x.ElementType.IsDifferentiable() ? x : x.AsType(ElementType.Float32);

    private static Tensor AsComplex(Tensor x)
    {
        var floating = AsFloating(x);
        return floating.AsType(floating.ElementType.ComplexType());
    }

    /// <summary>Axes counted from the front, in the order given; all when none is given.</summary>
    private static int[] Normal(Tensor x, ReadOnlySpan<int> axes, string name)
    {
        var sorted = x.Shape.Axes(axes, name);
        if (sorted.Length == 0) throw new ShapeException($"{name}: {x.Type} has no axis along which to transform.");
        if (axes.Length == 0) return sorted;
        var normal = new int[axes.Length];
        for (var i = 0; i < normal.Length; i++) normal[i] = x.Shape.Axis(axes[i], name);
        return normal;
    }

    /// <summary>An axis cut or continued with zeros to a length.</summary>
    private static Tensor Resized(Tensor x, int axis, int? length, string name)
    {
        axis = x.Shape.Axis(axis, name);
        var size = x.Shape[axis];
        if (length is not { } wanted || wanted == size) return x;
        if (wanted < 1) throw new ShapeException($"{name}: {wanted} samples along axis {axis} of {x.Type} are no signal: ask for 1 or more.");
        return x.Pad([.. Enumerable.Range(0, x.Rank).Select(a => (0, a == axis ? wanted - size : 0))]);
    }

    private static Tensor Rolled(Tensor x, ReadOnlySpan<int> axes, Func<int, int> shift)
    {
        foreach (var axis in x.Shape.Axes(axes, "shift")) x = x.Roll(shift(x.Shape[axis]), axis);
        return x;
    }

    private static Tensor Values(double[] values, ElementType type) => Tensor.From<double>(values, [values.Length]).AsType(type).Evaluate();

    /// <summary>Complex constants along an axis, in the precision of a tensor against which they broadcast.</summary>
    private static Tensor Along(Complex[] values, TensorType like, int axis)
    {
        var sizes = Enumerable.Repeat(1, like.Shape.Rank).ToArray();
        sizes[axis] = values.Length;
        return Tensor.From<Complex>(values, Shape.Create(sizes)).AsType(like.ElementType.ComplexType()).Evaluate();
    }
}
