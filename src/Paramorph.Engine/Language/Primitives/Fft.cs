using System.Globalization;
using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>The kinds of discrete Fourier transforms.</summary>
public enum FftKind
{
    /// <summary>Complex to complex: y[k] = sum over j of x[j] exp(-2 pi i j k / n).</summary>
    Forward,

    /// <summary>Complex to complex: y[j] = sum over k of x[k] exp(2 pi i j k / n).</summary>
    Inverse,

    /// <summary>
    /// The forward transform of real samples. Of the last transformed axis the frequencies 0 to n / 2 are kept; the others are conjugates.
    /// </summary>
    Real,

    /// <summary>
    /// Real samples of the frequencies 0 to n / 2 along the last transformed axis, taken twice with the conjugate for the missing ones. Imaginary
    /// parts of frequency 0 and, for an even n, n / 2 have no influence.
    /// </summary>
    InverseReal,
}

/// <summary>
/// The discrete Fourier transform over one or several axes, times <paramref name="Scale"/>; without it no kind is normalised. The order of the axes
/// matters only in that the real kinds halve the last of them.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Axes">The transformed axes.</param>
/// <param name="Length">Number of real samples along the last of the axes, for <see cref="FftKind.InverseReal"/>; 0 for the other kinds.</param>
/// <param name="Scale">A factor.</param>
public sealed record Fft(FftKind Kind, Sequence<int> Axes, int Length, double Scale) : Primitive
{
    /// <inheritdoc/>
    public override string Name => Kind switch { FftKind.Forward => "fft", FftKind.Inverse => "ifft", FftKind.Real => "rfft", _ => "irfft" };

    /// <inheritdoc/>
    public override string Attributes =>
        $"axes={Axes}" + (Length > 0 ? $", length={Length}" : "") + (Scale == 1 ? "" : $", scale={Scale.ToString("R", CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    private int Last => Axes[^1];

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (type, shape) = inputs[0];
        if (Kind == FftKind.Real ? !type.IsFloating() : !type.IsComplex())
            throw new ElementTypeException($"{Name}: is not defined on {inputs[0]}: it takes {(Kind == FftKind.Real ? "f32 or f64" : "c64 or c128")} elements.");
        if (Axes.Count == 0 || Axes.Distinct().Count() != Axes.Count || Axes.Any(a => (uint)a >= (uint)shape.Rank || shape[a] == 0))
            throw new ShapeException($"{Name}: {Axes} are not distinct axes of {inputs[0]} with elements.");
        switch (Kind)
        {
            case FftKind.Real:
                return [new(type.ComplexType(), shape.With(Last, shape[Last] / 2 + 1))];
            case FftKind.InverseReal:
                if (Length < 1 || shape[Last] != Length / 2 + 1)
                    throw new ShapeException($"{Name}: {Length} real samples have {Length / 2 + 1} frequencies, but axis {Last} of {inputs[0]} has {shape[Last]}.");
                return [new(type.RealType(), shape.With(Last, Length))];
            default:
                return [inputs[0]];
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The matrix of the complex kinds is symmetric. With c paired with tangents by Re(sum of c t): the real kind y[k] = sum of x[j] w^(jk) gives
    /// x[j] the cotangent Re(sum over kept k of c[k] w^(jk)), which is the inverse real transform of conj(c) with the frequencies that it takes twice
    /// halved; the inverse real kind gives frequency k the sum of c[j] w^(-jk), the conjugate of the real transform, as often as it takes it.
    /// </remarks>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        switch (Kind)
        {
            case FftKind.Real:
                var length = operation.Input.Shape[Last];
                var halved = Tensor.Conjugate(cotangent) * Multiplicity(length, cotangent.Type, 0.5);
                return Tensor.Bind(new Fft(FftKind.InverseReal, Axes, length, Scale), halved)[0];
            case FftKind.InverseReal:
                var frequencies = Tensor.Bind(new Fft(FftKind.Real, Axes, 0, Scale), cotangent)[0];
                return Tensor.Conjugate(frequencies) * Multiplicity(Length, frequencies.Type, 2);
            default:
                return Tensor.Bind(this, cotangent)[0];
        }
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { Axes = [.. Axes.Select(a => a + 1)] }, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        // 5 n log2 n of the radix-2 transform; half of it for real samples.
        var samples = Kind == FftKind.InverseReal ? outputs[0].Shape : inputs[0].Shape;
        var flops = 5 * Axes.Sum(a => Math.Log2(samples[a])) * samples.ElementCount;
        return new((long)(Kind is FftKind.Real or FftKind.InverseReal ? flops / 2 : flops), Bytes(inputs) + Bytes(outputs));
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, shape) = (inputs[0], inputs[0].Shape);
        var values = x.IsComplex ? x.Complexes : Array.ConvertAll(x.Reals, r => new Complex(r, 0));
        foreach (var axis in Axes.SkipLast(1)) values = Along(values, shape, axis, shape[axis], shape[axis], Weight);
        values = Kind switch
        {
            FftKind.Real => Along(values, shape, Last, shape[Last], shape[Last] / 2 + 1, Weight),
            FftKind.InverseReal => Along(values, shape, Last, Length, Length, k => k == 0 || 2 * k == Length ? 1 : 2),
            _ => Along(values, shape, Last, shape[Last], shape[Last], Weight),
        };
        var result = new ReferenceArray(operation.Output.Type);
        for (var i = 0; i < result.Count; i++)
        {
            if (result.IsReal) result.Reals[i] = Scale * values[i].Real;
            else result.Complexes[i] = Scale * values[i];
        }
        return [result];

        static double Weight(int k) => 1;
    }

    /// <summary>Sums of elements along an axis times powers of the root of unity of order <paramref name="period"/>.</summary>
    private Complex[] Along(Complex[] x, Shape shape, int axis, int period, int count, Func<int, double> weight)
    {
        var (size, inner) = (shape[axis], shape[(axis + 1)..].ElementCount);
        var sign = Kind is FftKind.Forward or FftKind.Real ? -1 : 1;
        Complex[] roots = [.. Enumerable.Range(0, period).Select(j => Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * j / period))];
        var result = new Complex[x.Length / size * count];
        for (var i = 0; i < result.Length; i++)
        {
            var (start, to) = (i / inner / count * size * inner + i % inner, i / inner % count);
            for (var j = 0; j < size; j++) result[i] += weight(j) * x[start + j * inner] * roots[(int)((long)j * to % period)];
        }
        return result;
    }

    /// <summary>
    /// Ones at frequency 0 and, for an even length, at the highest one, which are their own conjugates; <paramref name="paired"/> at the others.
    /// </summary>
    private Tensor Multiplicity(int length, TensorType frequencies, double paired)
    {
        var count = length / 2 + 1;
        var factors = Enumerable.Range(0, count).Select(k => k == 0 || 2 * k == length ? 1 : paired).ToArray();
        var sizes = Enumerable.Repeat(1, frequencies.Shape.Rank).ToArray();
        sizes[Last] = count;
        return Tensor.From<double>(factors, Shape.Create(sizes)).AsType(frequencies.ElementType).Evaluate();
    }
}
