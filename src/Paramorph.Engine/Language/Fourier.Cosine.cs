using System.Numerics;

namespace Paramorph;

/// <content>Cosine transforms, as compositions of Fourier transforms of twice the length.</content>
public static partial class Fourier
{
    /// <summary>
    /// The discrete cosine transform of n real samples along an axis, with the types and normalisations of SciPy. Without normalisation
    /// <list type="bullet">
    /// <item>type 1: y[k] = x[0] + (-1)^k x[n-1] + 2 sum over 0 &lt; j &lt; n-1 of x[j] cos(pi k j / (n-1)),</item>
    /// <item>type 2: y[k] = 2 sum of x[j] cos(pi k (2j+1) / 2n),</item>
    /// <item>type 3: y[k] = x[0] + 2 sum over 0 &lt; j of x[j] cos(pi j (2k+1) / 2n),</item>
    /// <item>type 4: y[k] = 2 sum of x[j] cos(pi (2j+1) (2k+1) / 4n).</item>
    /// </list>
    /// </summary>
    /// <param name="x">Real samples.</param>
    /// <param name="type">1, 2, 3 or 4.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="norm"><see cref="FourierNorm.Forward"/> divides by 2n (type 1: 2n-2); <see cref="FourierNorm.Ortho"/> makes the matrix
    /// orthogonal.</param>
    /// <exception cref="ElementTypeException">The samples are complex.</exception>
    /// <exception cref="ShapeException">There is no such type, or there are too few samples: type 1 takes at least 2, the others 1.</exception>
    public static Tensor Dct(Tensor x, int type = 2, int axis = -1, FourierNorm norm = FourierNorm.Backward)
    {
        axis = x.Shape.Axis(axis, "dct");
        var (n, least) = (x.Shape[axis], type == 1 ? 2 : 1);
        if (type is < 1 or > 4) throw new ShapeException($"dct: there is no type {type}: types run from 1 to 4.");
        if (n < least) throw new ShapeException($"dct: type {type} takes at least {least} samples, but axis {axis} of {x.Type} has {n}.");
        if (x.ElementType.IsComplex()) throw new ElementTypeException($"dct: {x.Type} is complex: transform its Real and its Imaginary part.");
        var rows = AsFloating(x).MoveAxis(axis, -1);
        var isOrtho = norm == FourierNorm.Ortho;
        if (isOrtho && type is 1 or 3) rows *= Ends(n, type, Math.Sqrt(2), rows.ElementType);
        var result = type switch { 1 => Cosine1(rows), 2 => Cosine2(rows), 3 => Cosine3(rows), _ => Cosine4(rows) };
        double period = type == 1 ? 2 * (n - 1) : 2 * n;
        if (norm != FourierNorm.Backward) result *= isOrtho ? 1 / Math.Sqrt(period) : 1 / period;
        if (isOrtho && type is 1 or 2) result *= Ends(n, type, Math.Sqrt(0.5), rows.ElementType);
        return result.MoveAxis(-1, axis);
    }

    /// <summary>The inverse of <see cref="Dct"/> of the same type and norm.</summary>
    /// <inheritdoc cref="Dct"/>
    public static Tensor Idct(Tensor x, int type = 2, int axis = -1, FourierNorm norm = FourierNorm.Backward)
    {
        var inverseType = type switch { 2 => 3, 3 => 2, _ => type };
        var inverseNorm = norm switch { FourierNorm.Backward => FourierNorm.Forward, FourierNorm.Forward => FourierNorm.Backward, _ => norm };
        return Dct(x, inverseType, axis, inverseNorm);
    }

    /// <summary>The real transform of the even continuation.</summary>
    private static Tensor Cosine1(Tensor rows)
    {
        var last = rows.Rank - 1;
        var inner = rows.SliceAxis(last, 1, rows.Shape[last] - 1);
        return Tensor.Real(Rfft(Tensor.Concatenate([rows, inner.Flip(last)], last)));
    }

    /// <summary>cos(pi k (2j+1) / 2n) is the real part of exp(-pi i k / 2n) exp(-2 pi i j k / 2n).</summary>
    private static Tensor Cosine2(Tensor rows)
    {
        var (last, n) = (rows.Rank - 1, rows.Shape[^1]);
        var frequencies = Rfft(rows, length: 2 * n).SliceAxis(last, 0, n);
        return Tensor.Real(frequencies * Turns(n, frequencies.Type, k => -k / (4.0 * n), 2));
    }

    /// <summary>The transpose of type 2, with the first sample taken once.</summary>
    private static Tensor Cosine3(Tensor rows)
    {
        var (last, n) = (rows.Rank - 1, rows.Shape[^1]);
        return Irfft(rows * Turns(n, rows.Type, j => j / (4.0 * n), 1), 2 * n, norm: FourierNorm.Forward).SliceAxis(last, 0, n);
    }

    /// <summary>
    /// (2j+1) (2k+1) / 4n is jk / n + j / 2n + (2k+1) / 4n: a turn of the samples, a transform of length 2n, a turn of the frequencies.
    /// </summary>
    private static Tensor Cosine4(Tensor rows)
    {
        var (last, n) = (rows.Rank - 1, rows.Shape[^1]);
        var frequencies = Fft(rows * Turns(n, rows.Type, j => -j / (4.0 * n), 1), length: 2 * n).SliceAxis(last, 0, n);
        return Tensor.Real(frequencies * Turns(n, rows.Type, k => -(2 * k + 1) / (8.0 * n), 2));
    }

    /// <summary>Factors exp(2 pi i turn(k)) along the last axis, times a constant.</summary>
    private static Tensor Turns(int count, TensorType like, Func<int, double> turn, double factor) =>
        Along([.. Enumerable.Range(0, count).Select(k => Complex.FromPolarCoordinates(factor, 2 * Math.PI * turn(k)))], like, like.Shape.Rank - 1);

    /// <summary>A factor at the first place, for type 1 also at the last, and ones elsewhere.</summary>
    private static Tensor Ends(int count, int type, double factor, ElementType elements) =>
        Values([.. Enumerable.Range(0, count).Select(k => k == 0 || (type == 1 && k == count - 1) ? factor : 1)], elements);
}
