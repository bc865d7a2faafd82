using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>
/// Taps in the vector lanes: scalar products of a line of the kernel with the inputs of up to four neighbouring outputs. For the gradient of a
/// depthwise kernel, which has neither channels nor pixels enough to fill the lanes, but long lines of taps.
/// </summary>
internal static unsafe class ConvolutionDots<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Sums of a pixel: those of 256 bits whatever the machine has, so that all cut the sums alike.</summary>
    public static int Lanes => Vector256<T>.Count;

    /// <summary>sums[pixel][lane] += the products of w[t] and x[t + pixel] with t in that lane; <paramref name="count"/> is at least a vector.</summary>
    public static void Add(int pixels, T* x, T* w, int count, T* sums)
    {
        switch (pixels)
        {
            case 1: Add<One>(x, w, count, sums); break;
            case 2: Add<Two>(x, w, count, sums); break;
            case 3: Add<Three>(x, w, count, sums); break;
            default: Add<Four>(x, w, count, sums); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TPixels>(T* x, T* w, int count, T* sums)
        where TPixels : IConstant
    {
        var n = Vector256<T>.Count;
        var a = Vector256.Load(sums);
        var b = TPixels.Value > 1 ? Vector256.Load(sums + n) : default;
        var c = TPixels.Value > 2 ? Vector256.Load(sums + 2 * n) : default;
        var d = TPixels.Value > 3 ? Vector256.Load(sums + 3 * n) : default;
        var t = 0;
        for (; t + n <= count; t += n)
        {
            var u = Vector256.Load(w + t);
            a = Lanes256<T>.Accumulate(u, Vector256.Load(x + t), a);
            if (TPixels.Value > 1)
                b = Lanes256<T>.Accumulate(u, Vector256.Load(x + t + 1), b);
            if (TPixels.Value > 2)
                c = Lanes256<T>.Accumulate(u, Vector256.Load(x + t + 2), c);
            if (TPixels.Value > 3)
                d = Lanes256<T>.Accumulate(u, Vector256.Load(x + t + 3), d);
        }
        if (t < count)
        {
            // The last vector is moved back over taps that are done; both factors are blanked there, as an infinity times zero is no zero.
            var wanted = Vector256.GreaterThanOrEqual(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(n - (count - t))));
            t = count - n;
            var u = Blank(wanted, w + t);
            a = Lanes256<T>.Accumulate(u, Blank(wanted, x + t), a);
            if (TPixels.Value > 1)
                b = Lanes256<T>.Accumulate(u, Blank(wanted, x + t + 1), b);
            if (TPixels.Value > 2)
                c = Lanes256<T>.Accumulate(u, Blank(wanted, x + t + 2), c);
            if (TPixels.Value > 3)
                d = Lanes256<T>.Accumulate(u, Blank(wanted, x + t + 3), d);
        }
        Vector256.Store(a, sums);
        if (TPixels.Value > 1)
            Vector256.Store(b, sums + n);
        if (TPixels.Value > 2)
            Vector256.Store(c, sums + 2 * n);
        if (TPixels.Value > 3)
            Vector256.Store(d, sums + 3 * n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Blank(Vector256<T> wanted, T* source) => Vector256.ConditionalSelect(wanted, Vector256.Load(source), Vector256<T>.Zero);
}
