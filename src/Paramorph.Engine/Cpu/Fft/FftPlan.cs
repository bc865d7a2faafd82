using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The unnormalised forward transform of one length, for one number of each of Vector&lt;T&gt;.Count lines at a time: Stockham's autosort passes
/// (no bit reversal), and Bluestein's convolution for lengths with a large prime factor. The inverse is the same transform with the real and
/// imaginary parts exchanged on the way in and on the way out.
/// </summary>
internal sealed unsafe class FftPlan<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A butterfly over a larger prime costs a product with a dense matrix; beyond this Bluestein is cheaper.</summary>
    private const int LargestDenseRadix = 31;

    private static readonly ConcurrentDictionary<int, FftPlan<T>> Plans = new();

    private readonly int[] radices;
    private readonly T*[] twiddles;
    private readonly DftMatrix<T>?[] primes;
    private readonly Bluestein<T>? bluestein;

    private FftPlan(int length)
    {
        Length = length;
        radices = Factor(length);
        twiddles = new T*[radices.Length];
        primes = new DftMatrix<T>?[radices.Length];
        if (radices.Any(r => r > LargestDenseRadix))
        {
            bluestein = new Bluestein<T>(length);
            BufferLength = bluestein.BufferLength;
            return;
        }
        BufferLength = length;
        var remaining = length;
        for (var i = 0; i < radices.Length; i++)
        {
            twiddles[i] = Twiddles(remaining, radices[i]);
            if (radices[i] is 7 or > 8)
                primes[i] = DftMatrix<T>.Forward(radices[i], radices[i], 0);
            remaining /= radices[i];
        }
    }

    public int Length { get; }

    /// <summary>The complex vectors that each of the two buffers of <see cref="Transform"/> holds.</summary>
    public int BufferLength { get; }

    /// <summary>An estimate of the arithmetic for one line, in real operations.</summary>
    public double Cost => bluestein?.Cost ?? Length * radices.Sum(r => r is 7 or > 8 ? 2.0 * r : 5 * Math.Log2(r));

    public static FftPlan<T> Get(int length) => Plans.GetOrAdd(length, static n => new FftPlan<T>(n));

    /// <summary>Transforms <paramref name="x"/>; returns the one of the two buffers that holds the result. Both are overwritten.</summary>
    public ComplexVector<T>* Transform(ComplexVector<T>* x, ComplexVector<T>* y)
    {
        if (bluestein is not null)
            return bluestein.Transform(x, y);
        var remaining = Length;
        var stride = 1;
        for (var i = 0; i < radices.Length; i++)
        {
            var radix = radices[i];
            remaining /= radix;
            switch (radix)
            {
                case 2: Pass<Radix2<T>>(x, y, remaining, stride, twiddles[i]); break;
                case 3: Pass<Radix3<T>>(x, y, remaining, stride, twiddles[i]); break;
                case 4: Pass<Radix4<T>>(x, y, remaining, stride, twiddles[i]); break;
                case 5: Pass<Radix5<T>>(x, y, remaining, stride, twiddles[i]); break;
                case 8: Pass<Radix8<T>>(x, y, remaining, stride, twiddles[i]); break;
                default: PrimePass(primes[i]!, x, y, remaining, stride, twiddles[i]); break;
            }
            stride *= radix;
            var swap = x;
            x = y;
            y = swap;
        }
        return x;
    }

    /// <summary>The smallest length of at least <paramref name="length"/> with no prime factor above 5.</summary>
    public static int SmoothAtLeast(int length)
    {
        for (var n = length; ; n++)
        {
            var rest = n;
            foreach (var p in (ReadOnlySpan<int>)[2, 3, 5])
                while (rest % p == 0)
                    rest /= p;
            if (rest == 1)
                return n;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pass<TButterfly>(ComplexVector<T>* x, ComplexVector<T>* y, int count, int stride, T* w)
        where TButterfly : IButterfly<T>
    {
        var radix = TButterfly.Radix;
        nint reach = (nint)stride * count;
        for (var q = 0; q < stride; q++)
            TButterfly.Apply(x + q, reach, y + q, stride, w, twiddled: false);
        for (var p = 1; p < count; p++)
        {
            w += 2 * (radix - 1);
            var source = x + (nint)stride * p;
            var target = y + (nint)stride * radix * p;
            for (var q = 0; q < stride; q++)
                TButterfly.Apply(source + q, reach, target + q, stride, w, twiddled: true);
        }
    }

    private static void PrimePass(DftMatrix<T> matrix, ComplexVector<T>* x, ComplexVector<T>* y, int count, int stride, T* w)
    {
        var radix = matrix.Length;
        var input = stackalloc ComplexVector<T>[matrix.BufferLength];
        var output = stackalloc ComplexVector<T>[matrix.BufferLength];
        for (var p = 0; p < count; p++)
            for (var q = 0; q < stride; q++)
            {
                for (var k = 0; k < radix; k++)
                    input[k] = x[q + (nint)stride * (p + (nint)count * k)];
                matrix.TransformForward(input, output);
                var target = y + q + (nint)stride * radix * p;
                target[0] = output[0];
                var factors = w + 2 * (radix - 1) * p;
                for (var j = 1; j < radix; j++)
                    target[(nint)stride * j] = output[j].Times(factors[2 * j - 2], factors[2 * j - 1]);
            }
    }

    /// <summary>Radices in the order of the passes: eights and fours first, where the fewest twiddle factors are wasted.</summary>
    private static int[] Factor(int length)
    {
        var factors = new List<int>();
        var twos = BitOperations.TrailingZeroCount(length);
        length >>= twos;
        // A trailing four (or two fours) is cheaper than a trailing two.
        while (twos >= 3 && twos != 4)
        {
            factors.Add(8);
            twos -= 3;
        }
        for (; twos >= 2; twos -= 2)
            factors.Add(4);
        if (twos == 1)
            factors.Add(2);
        for (var p = 3; p * p <= length; p += 2)
            for (; length % p == 0; length /= p)
                factors.Add(p);
        if (length > 1)
            factors.Add(length);
        return [.. factors];
    }

    private static T* Twiddles(int length, int radix)
    {
        var count = length / radix;
        var table = Tables.Allocate<T>(2 * (radix - 1) * count);
        var w = table;
        for (var p = 0; p < count; p++)
            for (var j = 1; j < radix; j++)
            {
                var (sin, cos) = Tables.Angle(-(long)p * j, length);
                *w++ = T.CreateTruncating(cos);
                *w++ = T.CreateTruncating(sin);
            }
        return table;
    }
}
