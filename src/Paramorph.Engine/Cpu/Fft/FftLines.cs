using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>Which transform runs along a line. Forward transforms are not normalised, inverse ones are divided by the length, as in NumPy.</summary>
internal enum FftKind
{
    /// <summary>Complex points to complex frequencies.</summary>
    Forward,

    /// <summary>Complex frequencies to complex points.</summary>
    Inverse,

    /// <summary>Real points to the frequencies 0..n/2.</summary>
    Real,

    /// <summary>The frequencies 0..n/2 of a real signal to its points; the imaginary parts at 0 and, for even n, at n/2 are not read.</summary>
    InverseReal,
}

/// <summary>
/// The transform along one axis, of lines given by <see cref="LineBatch"/>, with only the first <c>low</c> and last <c>high</c> frequencies kept
/// (the others are not computed, or taken as zero on the way back). The kept ones are stored one after the other: 0..low-1, then -high..-1.
/// </summary>
internal sealed unsafe class FftLines<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Measured: a dense product runs at about this many times the arithmetic rate of the fast transform.</summary>
    private const double DenseAdvantage = 1.8;

    private readonly FftKind kind;
    private readonly int length;
    private readonly int low;
    private readonly int high;
    private readonly LongFft<T>? longPlan;
    private readonly FftPlan<T>? plan;
    private readonly DftMatrix<T>? matrix;
    private readonly int bufferLength;

    public FftLines(FftKind kind, int length, int low, int high)
    {
        (this.kind, this.length, this.low, this.high) = (kind, length, low, high);
        longPlan = LongFft<T>.Find(length);
        if (longPlan is not null)
        {
            bufferLength = longPlan.BufferLength;
            return;
        }
        var fast = FftPlan<T>.Get(length);
        if (length > 1 && DftMatrix<T>.Cost(length, low, high) < DenseAdvantage * fast.Cost)
            matrix = kind switch
            {
                FftKind.Forward or FftKind.Real => DftMatrix<T>.Forward(length, low, high),
                FftKind.Inverse => DftMatrix<T>.Inverse(length, low, high),
                _ => DftMatrix<T>.InverseReal(length, low),
            };
        else
            plan = fast;
        bufferLength = 2 + Math.Max(length, Math.Max(2 * low, matrix?.BufferLength ?? plan!.BufferLength));
    }

    /// <summary>Lines that are placed together: real lines in pairs, each of which travels as one complex line.</summary>
    public int TileLines => IsReal ? 2 * Pairs : Vector<T>.Count;

    /// <summary>Pairs of a tile: as many as 256 bits have lanes, whatever the vectors are, so that every machine makes the same pairs, on which rounding depends.</summary>
    private static int Pairs => Math.Max(Vector<T>.Count, 32 / sizeof(T));

    /// <summary>Numbers of type T that <see cref="Run"/> needs as scratch.</summary>
    public long WorkLength => 2L * bufferLength * 2 * Vector<T>.Count + Vector<T>.Count + (longPlan is null ? 0 : 4L * length);

    private bool IsReal => kind is FftKind.Real or FftKind.InverseReal;

    private int Kept => low + high;

    /// <summary>Transforms lines <paramref name="first"/> to <paramref name="end"/> of the batch.</summary>
    public void Run(LineBatch batch, T* input, T* output, long first, long end, T* work)
    {
        var width = Vector<T>.Count;
        var x = (ComplexVector<T>*)(((nint)work + width * sizeof(T) - 1) & -(nint)(width * sizeof(T)));
        var y = x + bufferLength;
        var sources = stackalloc T*[2 * Pairs];
        var targets = stackalloc T*[2 * Pairs];
        for (var line = first; line < end; line += TileLines)
        {
            var lines = (int)Math.Min(TileLines, end - line);
            batch.Locate(line, lines, input, output, sources, targets);
            if (longPlan is not null)
                RunLong(batch, sources, targets, lines, x, y);
            else if (IsReal)
                RunRealPairs(batch, sources, targets, lines, x, y);
            else
                RunComplex(batch, sources, targets, lines, x, y);
        }
    }

    /// <summary>Line by line, each as a whole complex spectrum and signal.</summary>
    private void RunLong(LineBatch batch, T** sources, T** targets, int lines, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var line = (T*)(y + bufferLength);
        var inverse = kind is FftKind.Inverse or FftKind.InverseReal;
        // Exchanged parts make a forward transform an inverse one.
        var swap = inverse ? 1 : 0;
        var scale = inverse ? T.One / T.CreateTruncating(length) : T.One;
        for (var i = 0; i < lines; i++)
        {
            var source = sources[i];
            var target = targets[i];
            if (inverse)
                ReadSpectrum(source, batch.InputStride, line);
            else
                for (long j = 0; j < length; j++)
                    (line[2 * j], line[2 * j + 1]) = (source[j * batch.InputStride], IsReal ? T.Zero : source[j * batch.InputStride + 1]);
            longPlan!.Transform(line, line + 2L * length, x, y);
            var written = inverse ? length : Kept;
            for (long j = 0; j < written; j++)
            {
                var from = line + 2 * (inverse || j < low ? j : length - Kept + j);
                target[j * batch.OutputStride] = scale * from[swap];
                if (kind != FftKind.InverseReal)
                    target[j * batch.OutputStride + 1] = scale * from[1 - swap];
            }
        }
    }

    /// <summary>The whole spectrum from its kept frequencies, with its parts exchanged.</summary>
    private void ReadSpectrum(T* source, nint stride, T* line)
    {
        new Span<T>(line, 2 * length).Clear();
        for (long k = 0; k < Kept; k++)
        {
            var (re, im) = (source[k * stride], source[k * stride + 1]);
            var at = k < low ? k : length - Kept + k;
            var mirrored = IsReal && k > 0 && 2 * k != length;
            (line[2 * at], line[2 * at + 1]) = (IsReal && !mirrored ? T.Zero : im, re);
            if (mirrored)
                (line[2 * (length - k)], line[2 * (length - k) + 1]) = (-im, re);
        }
    }

    private void RunComplex(LineBatch batch, T** sources, T** targets, int lines, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var source = new LaneTile<T>(sources, lines, batch.InputStride, 2);
        var target = new LaneTile<T>(targets, lines, batch.OutputStride, 2);
        if (kind == FftKind.Forward)
        {
            source.LoadComplex(0, length, x, 0);
            if (matrix is not null)
            {
                matrix.TransformForward(x, y);
                target.StoreComplex(y, 0, Kept, 0);
                return;
            }
            var spectrum = plan!.Transform(x, y);
            target.StoreComplex(spectrum, 0, low, 0);
            target.StoreComplex(spectrum + length - high, low, high, 0);
        }
        else if (matrix is not null)
        {
            source.LoadComplex(0, Kept, x, 0);
            matrix.TransformInverse(x, y);
            target.StoreComplex(y, 0, length, 0);
        }
        else
        {
            source.LoadComplex(0, low, x, 1);
            new Span<ComplexVector<T>>(x + low, length - Kept).Clear();
            source.LoadComplex(low, high, x + length - high, 1);
            var scale = Butterfly.Constant<T>(1.0 / length);
            for (var k = 0; k < length; k++)
                x[k] = scale * x[k];
            target.StoreComplex(plan!.Transform(x, y), 0, length, 1);
        }
    }

    /// <summary>Line i and line i + Pairs together, a vector of pairs at a time; a line without a partner has the first of the second half, or, if there is none, itself.</summary>
    private void RunRealPairs(LineBatch batch, T** sources, T** targets, int lines, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var second = lines > Pairs ? Pairs : 0;
        for (var line = lines; second > 0 && line < 2 * Pairs; line++) sources[line] = sources[second];
        for (var pair = 0; pair < Math.Min(lines, Pairs); pair += Vector<T>.Count)
        {
            var stored = second > 0 ? Math.Clamp(lines - second - pair, 0, Vector<T>.Count) : 0;
            RunRealPair(batch, sources + pair, targets + pair, Math.Min(lines - pair, Vector<T>.Count), second, stored, x, y);
        }
    }

    /// <param name="second">How far behind the first lines their partners stand; 0 where lines are their own.</param>
    /// <param name="stored">Partners whose results are wanted.</param>
    private void RunRealPair(LineBatch batch, T** sources, T** targets, int lines, int second, int stored, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var (reads, writes) = kind == FftKind.Real ? (1, 2) : (2, 1);
        var source = new LaneTile<T>(sources, lines, batch.InputStride, reads);
        var secondSource = new LaneTile<T>(sources + second, second > 0 ? Vector<T>.Count : lines, batch.InputStride, reads);
        var target = new LaneTile<T>(targets, lines, batch.OutputStride, writes);
        var secondTarget = new LaneTile<T>(targets + second, second > 0 ? stored : lines, batch.OutputStride, writes);
        if (kind == FftKind.Real)
        {
            source.LoadReal(length, x, 0);
            secondSource.LoadReal(length, x, 1);
            var spectra = RealPair(x, y);
            target.StoreComplex(spectra, 0, low, 0);
            if (stored > 0)
                secondTarget.StoreComplex(spectra + low, 0, low, 0);
        }
        else
        {
            source.LoadComplex(0, low, x, 0);
            secondSource.LoadComplex(0, low, x + low, 0);
            var points = InverseRealPair(x, y, out var swap);
            target.StoreReal(points, swap, length);
            if (stored > 0)
                secondTarget.StoreReal(points, 1 - swap, length);
        }
    }

    private ComplexVector<T>* RealPair(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        if (matrix is not null)
        {
            matrix.TransformRealPair(x, y);
            return y;
        }
        // With z = a + i b the spectra are A[k] = (Z[k] + conj Z[n-k])/2 and B[k] = (Z[k] - conj Z[n-k])/2i.
        var z = plan!.Transform(x, y);
        var spectra = z == x ? y : x;
        var half = Butterfly.Constant<T>(0.5);
        for (var k = 0; k < low; k++)
        {
            var p = half * z[k];
            var q = half * z[k == 0 ? 0 : length - k];
            spectra[k] = new(p.Re + q.Re, p.Im - q.Im);
            spectra[low + k] = new(p.Im + q.Im, q.Re - p.Re);
        }
        return spectra;
    }

    /// <summary>The points, those of the first lines in part <paramref name="swap"/>.</summary>
    private ComplexVector<T>* InverseRealPair(ComplexVector<T>* x, ComplexVector<T>* y, out int swap)
    {
        swap = matrix is null ? 1 : 0;
        if (matrix is not null)
        {
            matrix.TransformInverseRealPair(x, y);
            return y;
        }
        // Z[k] = A[k] + i B[k] and Z[n-k] = conj A[k] + i conj B[k], with the parts exchanged so that a forward transform inverts.
        var scale = Butterfly.Constant<T>(1.0 / length);
        new Span<ComplexVector<T>>(y + low, Math.Max(0, length - low)).Clear();
        for (var k = 0; k < low; k++)
        {
            var a = scale * x[k];
            var b = scale * x[low + k];
            var mirrored = k > 0 && 2 * k != length;
            if (!mirrored)
                y[k] = new(b.Re, a.Re);
            else
            {
                y[k] = new(a.Im + b.Re, a.Re - b.Im);
                y[length - k] = new(b.Re - a.Im, a.Re + b.Im);
            }
        }
        return plan!.Transform(y, x);
    }
}
