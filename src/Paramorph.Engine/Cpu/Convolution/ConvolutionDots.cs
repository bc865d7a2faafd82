using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Taps in the vector lanes: scalar products of a line of the kernel with the inputs of up to four neighbouring outputs. For the gradient of a
/// depthwise kernel, which has neither channels nor pixels enough to fill the lanes, but long lines of taps.
/// </summary>
internal static unsafe class ConvolutionDots<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
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
        var n = Vector<T>.Count;
        var a = Vector.Load(sums);
        var b = TPixels.Value > 1 ? Vector.Load(sums + n) : default;
        var c = TPixels.Value > 2 ? Vector.Load(sums + 2 * n) : default;
        var d = TPixels.Value > 3 ? Vector.Load(sums + 3 * n) : default;
        var t = 0;
        for (; t + n <= count; t += n)
        {
            var u = Vector.Load(w + t);
            a = Lanes.MultiplyAdd(u, Vector.Load(x + t), a);
            if (TPixels.Value > 1)
                b = Lanes.MultiplyAdd(u, Vector.Load(x + t + 1), b);
            if (TPixels.Value > 2)
                c = Lanes.MultiplyAdd(u, Vector.Load(x + t + 2), c);
            if (TPixels.Value > 3)
                d = Lanes.MultiplyAdd(u, Vector.Load(x + t + 3), d);
        }
        if (t < count)
        {
            // The last vector is moved back over taps that are done; both factors are blanked there, as an infinity times zero is no zero.
            var wanted = Vector.GreaterThanOrEqual(Vector<T>.Indices, new Vector<T>(T.CreateTruncating(n - (count - t))));
            t = count - n;
            var u = Blank(wanted, w + t);
            a = Lanes.MultiplyAdd(u, Blank(wanted, x + t), a);
            if (TPixels.Value > 1)
                b = Lanes.MultiplyAdd(u, Blank(wanted, x + t + 1), b);
            if (TPixels.Value > 2)
                c = Lanes.MultiplyAdd(u, Blank(wanted, x + t + 2), c);
            if (TPixels.Value > 3)
                d = Lanes.MultiplyAdd(u, Blank(wanted, x + t + 3), d);
        }
        Vector.Store(a, sums);
        if (TPixels.Value > 1)
            Vector.Store(b, sums + n);
        if (TPixels.Value > 2)
            Vector.Store(c, sums + 2 * n);
        if (TPixels.Value > 3)
            Vector.Store(d, sums + 3 * n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Blank(Vector<T> wanted, T* source) => Vector.ConditionalSelect(wanted, Vector.Load(source), Vector<T>.Zero);
}
