using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The discrete Fourier transform as a product with a dense real matrix, for lengths or numbers of kept modes so small that this takes fewer
/// operations than a fast transform. Elements j and n - j are first added and subtracted: with E and O for the sums and differences,
/// P[k] = sum E[j] cos(2 pi jk/n) and Q[k] = sum O[j] sin(2 pi jk/n) give X[k] = P[k] - i Q[k] and X[n-k] = P[k] + i Q[k], so that one product
/// serves a positive and a negative frequency. The inverse runs the same steps backwards.
/// </summary>
internal sealed unsafe class DftMatrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = 4;

    private static readonly ConcurrentDictionary<(int Length, int Low, int High, bool Forward, bool Real), DftMatrix<T>> Made = new();

    private readonly T* cosines;
    private readonly T* sines;
    private readonly int low;
    private readonly int high;
    private readonly int modes;
    private readonly int evens;
    private readonly int odds;

    private DftMatrix(int length, int low, int high, bool forward, bool real)
    {
        Length = length;
        // A whole spectrum is the same numbers however it is divided.
        (this.low, this.high) = low + high == length ? (length / 2 + 1, (length - 1) / 2) : (low, high);
        modes = Math.Max(this.low, this.high + 1);
        evens = length / 2 + 1;
        odds = (length + 1) / 2;
        double Weight(int k) => forward ? 1 : (real && k > 0 && 2 * k != length ? 2.0 : 1.0) / length;
        double Cos(int j, int k) => Tables.Angle((long)j * k, length).Cos * Weight(k);
        double Sin(int j, int k) => Tables.Angle((long)j * k, length).Sin * Weight(k);
        cosines = forward ? Pack(modes, evens, (k, j) => Cos(j, k)) : Pack(evens, modes, Cos);
        sines = forward ? Pack(modes, odds, (k, j) => Sin(j, k)) : Pack(odds, modes, Sin);
    }

    /// <summary>The points of a line.</summary>
    public int Length { get; }

    /// <summary>Complex vectors that the buffers of the transforms hold.</summary>
    public int BufferLength => 2 * (Math.Max(evens, modes) + Block);

    /// <summary>The multiplications and additions for one line.</summary>
    public static double Cost(int length, int low, int high) =>
        4.0 * (length + 1) * (low + high == length ? length / 2 + 1 : Math.Max(low, high + 1));

    /// <summary>From points to the frequencies 0..low-1 and -high..-1.</summary>
    public static DftMatrix<T> Forward(int length, int low, int high) => Get((length, low, high, true, false));

    /// <summary>From the frequencies 0..low-1 and -high..-1 to points, divided by the length.</summary>
    public static DftMatrix<T> Inverse(int length, int low, int high) => Get((length, low, high, false, false));

    /// <summary>From the frequencies 0..low-1 of a real signal to its points, divided by the length.</summary>
    public static DftMatrix<T> InverseReal(int length, int low) => Get((length, low, 0, false, true));

    private static DftMatrix<T> Get((int Length, int Low, int High, bool Forward, bool Real) of) => Made.GetOrAdd(of, static of => new(of.Length, of.Low, of.High, of.Forward, of.Real));

    /// <summary>y = the frequencies of x. x is overwritten.</summary>
    public void TransformForward(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var scratch = Products(x, y);
        var p = scratch;
        var q = scratch + Round(modes);
        for (var k = 0; k < low; k++)
            y[k] = ComplexVector<T>.MinusI(p[k], q[k]);
        for (var k = 1; k <= high; k++)
            y[low + high - k] = ComplexVector<T>.PlusI(p[k], q[k]);
    }

    /// <summary>
    /// The same for two real signals held as real and imaginary parts: y holds the frequencies 0..low-1 of the first and then of the second.
    /// x is overwritten.
    /// </summary>
    public void TransformRealPair(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var p = Products(x, y);
        var q = p + Round(modes);
        for (var k = 0; k < low; k++)
        {
            y[k] = new(p[k].Re, -q[k].Re);
            y[low + k] = new(p[k].Im, -q[k].Im);
        }
    }

    /// <summary>y = the points whose frequencies are x. x is overwritten.</summary>
    public void TransformInverse(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var sums = y;
        var differences = y + Round(modes);
        for (var k = 0; k < modes; k++)
        {
            var positive = k < low ? x[k] : default;
            var negative = k > 0 && k <= high ? x[low + high - k] : default;
            sums[k] = positive + negative;
            differences[k] = positive - negative;
        }
        var even = x;
        var odd = x + Round(evens);
        Multiply(cosines, Round(evens), modes, sums, even);
        Multiply(sines, Round(odds), modes, differences, odd);
        y[0] = even[0];
        if (Length % 2 == 0)
            y[Length / 2] = even[Length / 2];
        for (var j = 1; j < odds; j++)
        {
            y[j] = ComplexVector<T>.PlusI(even[j], odd[j]);
            y[Length - j] = ComplexVector<T>.MinusI(even[j], odd[j]);
        }
    }

    /// <summary>y = two real signals, as real and imaginary parts, whose frequencies 0..low-1 are x[0..] and x[low..]. x is overwritten.</summary>
    public void TransformInverseRealPair(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var real = y;
        var imaginary = y + Round(modes);
        for (var k = 0; k < low; k++)
        {
            real[k] = new(x[k].Re, x[low + k].Re);
            imaginary[k] = new(-x[k].Im, -x[low + k].Im);
        }
        var even = x;
        var odd = x + Round(evens);
        Multiply(cosines, Round(evens), modes, real, even);
        Multiply(sines, Round(odds), modes, imaginary, odd);
        y[0] = even[0];
        if (Length % 2 == 0)
            y[Length / 2] = even[Length / 2];
        for (var j = 1; j < odds; j++)
        {
            y[j] = even[j] + odd[j];
            y[Length - j] = even[j] - odd[j];
        }
    }

    private static int Round(int rows) => (rows + Block - 1) / Block * Block;

    /// <summary>P and then Q, in place of x.</summary>
    private ComplexVector<T>* Products(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var even = y;
        var odd = y + evens;
        even[0] = x[0];
        odd[0] = default;
        if (Length % 2 == 0)
            even[Length / 2] = x[Length / 2];
        for (var j = 1; j < odds; j++)
        {
            even[j] = x[j] + x[Length - j];
            odd[j] = x[j] - x[Length - j];
        }
        Multiply(cosines, Round(modes), evens, even, x);
        Multiply(sines, Round(modes), odds, odd, x + Round(modes));
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(T* matrix, int rows, int columns, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        for (var row = 0; row < rows; row += Block)
        {
            ComplexVector<T> a = default, b = default, c = default, d = default;
            for (var j = 0; j < columns; j++)
            {
                var value = x[j];
                a = ComplexVector<T>.MultiplyAdd(new Vector<T>(matrix[0]), value, a);
                b = ComplexVector<T>.MultiplyAdd(new Vector<T>(matrix[1]), value, b);
                c = ComplexVector<T>.MultiplyAdd(new Vector<T>(matrix[2]), value, c);
                d = ComplexVector<T>.MultiplyAdd(new Vector<T>(matrix[3]), value, d);
                matrix += Block;
            }
            y[row] = a;
            y[row + 1] = b;
            y[row + 2] = c;
            y[row + 3] = d;
        }
    }

    private static T* Pack(int rows, int columns, Func<int, int, double> value)
    {
        var table = Tables.Allocate<T>(Round(rows) * columns);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                table[(row / Block * columns + column) * Block + row % Block] = T.CreateTruncating(value(row, column));
        return table;
    }
}
