using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The register blocks of the direct convolution. A tap is one input channel and kernel element; <c>offsets[tap]</c> leads from an output's
/// position to the input that the tap meets, and neighbouring outputs meet neighbouring inputs. Twelve accumulators hide the latency of the
/// multiply-add on every machine with two units.
/// </summary>
internal static unsafe class ConvolutionKernels<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumber<T>
{
    /// <summary>
    /// Output channels in the lanes: <c>sums[pixel][lane] += x[pixel + offsets[tap]] w[tap][lane]</c> for one or two vectors of channels and up to
    /// six pixels, or four vectors and up to three.
    /// </summary>
    public static void ChannelLanes(int vectors, int pixels, T* x, int* offsets, int taps, T* w, T* sums)
    {
        if (vectors == 4)
        {
            switch (pixels)
            {
                case 1: FourVectors<One>(x, offsets, taps, w, sums); break;
                case 2: FourVectors<Two>(x, offsets, taps, w, sums); break;
                default: FourVectors<Three>(x, offsets, taps, w, sums); break;
            }
        }
        else if (vectors == 2)
            TwoVectors<Two>(pixels, x, offsets, taps, w, sums);
        else
            TwoVectors<One>(pixels, x, offsets, taps, w, sums);
    }

    /// <summary>
    /// Pixels in the lanes: <c>y[channel][pixel] = bias[channel] + sum over taps of x[pixel + offsets[tap]] w[tap][channel]</c> for up to three
    /// vectors of pixels.
    /// </summary>
    public static void PixelLanes(int vectors, int channels, T* x, int* offsets, int taps, T* w, T* bias, T* y, nint channelStride)
    {
        switch (vectors)
        {
            case 1: Strips<One, One>(channels, x, 0, offsets, taps, w, bias, y, channelStride); break;
            case 2: Strips<Two, One>(channels, x, 0, offsets, taps, w, bias, y, channelStride); break;
            default: Strips<Three, One>(channels, x, 0, offsets, taps, w, bias, y, channelStride); break;
        }
    }

    /// <summary>The same for one channel and up to four rows of output, whose inputs lie <paramref name="rowStep"/> apart.</summary>
    public static void RowLanes(int vectors, int rows, T* x, nint rowStep, int* offsets, int taps, T* w, T* bias, T* y, nint rowStride)
    {
        switch (vectors)
        {
            case 1: Strips<One, Two>(rows, x, rowStep, offsets, taps, w, bias, y, rowStride); break;
            case 2: Strips<Two, Two>(rows, x, rowStep, offsets, taps, w, bias, y, rowStride); break;
            default: Strips<Three, Two>(rows, x, rowStep, offsets, taps, w, bias, y, rowStride); break;
        }
    }

    private static void TwoVectors<TVectors>(int pixels, T* x, int* offsets, int taps, T* w, T* sums)
        where TVectors : IConstant
    {
        switch (pixels)
        {
            case 1: TwoVectors<TVectors, One>(x, offsets, taps, w, sums); break;
            case 2: TwoVectors<TVectors, Two>(x, offsets, taps, w, sums); break;
            case 3: TwoVectors<TVectors, Three>(x, offsets, taps, w, sums); break;
            case 4: TwoVectors<TVectors, Four>(x, offsets, taps, w, sums); break;
            case 5: TwoVectors<TVectors, Five>(x, offsets, taps, w, sums); break;
            default: TwoVectors<TVectors, Six>(x, offsets, taps, w, sums); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadIf(bool wanted, T* source) => wanted ? TLanes.Load(source) : TLanes.Broadcast(T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIf(bool wanted, TVector value, T* target)
    {
        if (wanted)
            TLanes.Store(value, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoVectors<TVectors, TPixels>(T* x, int* offsets, int taps, T* w, T* sums)
        where TVectors : IConstant
        where TPixels : IConstant
    {
        var n = TLanes.Count;
        var two = TVectors.Value == 2;
        var step = n * TVectors.Value;
        var a0 = LoadIf(true, sums);
        var b0 = LoadIf(two, sums + n);
        var a1 = LoadIf(TPixels.Value > 1, sums + step);
        var b1 = LoadIf(TPixels.Value > 1 && two, sums + step + n);
        var a2 = LoadIf(TPixels.Value > 2, sums + 2 * step);
        var b2 = LoadIf(TPixels.Value > 2 && two, sums + 2 * step + n);
        var a3 = LoadIf(TPixels.Value > 3, sums + 3 * step);
        var b3 = LoadIf(TPixels.Value > 3 && two, sums + 3 * step + n);
        var a4 = LoadIf(TPixels.Value > 4, sums + 4 * step);
        var b4 = LoadIf(TPixels.Value > 4 && two, sums + 4 * step + n);
        var a5 = LoadIf(TPixels.Value > 5, sums + 5 * step);
        var b5 = LoadIf(TPixels.Value > 5 && two, sums + 5 * step + n);
        for (var tap = 0; tap < taps; tap++)
        {
            var p = x + offsets[tap];
            var u = TLanes.Load(w);
            var v = LoadIf(two, w + n);
            w += step;
            var value = TLanes.Broadcast(p[0]);
            a0 = TLanes.Accumulate(value, u, a0);
            if (two)
                b0 = TLanes.Accumulate(value, v, b0);
            if (TPixels.Value > 1)
            {
                value = TLanes.Broadcast(p[1]);
                a1 = TLanes.Accumulate(value, u, a1);
                if (two)
                    b1 = TLanes.Accumulate(value, v, b1);
            }
            if (TPixels.Value > 2)
            {
                value = TLanes.Broadcast(p[2]);
                a2 = TLanes.Accumulate(value, u, a2);
                if (two)
                    b2 = TLanes.Accumulate(value, v, b2);
            }
            if (TPixels.Value > 3)
            {
                value = TLanes.Broadcast(p[3]);
                a3 = TLanes.Accumulate(value, u, a3);
                if (two)
                    b3 = TLanes.Accumulate(value, v, b3);
            }
            if (TPixels.Value > 4)
            {
                value = TLanes.Broadcast(p[4]);
                a4 = TLanes.Accumulate(value, u, a4);
                if (two)
                    b4 = TLanes.Accumulate(value, v, b4);
            }
            if (TPixels.Value > 5)
            {
                value = TLanes.Broadcast(p[5]);
                a5 = TLanes.Accumulate(value, u, a5);
                if (two)
                    b5 = TLanes.Accumulate(value, v, b5);
            }
        }
        StoreIf(true, a0, sums);
        StoreIf(two, b0, sums + n);
        StoreIf(TPixels.Value > 1, a1, sums + step);
        StoreIf(TPixels.Value > 1 && two, b1, sums + step + n);
        StoreIf(TPixels.Value > 2, a2, sums + 2 * step);
        StoreIf(TPixels.Value > 2 && two, b2, sums + 2 * step + n);
        StoreIf(TPixels.Value > 3, a3, sums + 3 * step);
        StoreIf(TPixels.Value > 3 && two, b3, sums + 3 * step + n);
        StoreIf(TPixels.Value > 4, a4, sums + 4 * step);
        StoreIf(TPixels.Value > 4 && two, b4, sums + 4 * step + n);
        StoreIf(TPixels.Value > 5, a5, sums + 5 * step);
        StoreIf(TPixels.Value > 5 && two, b5, sums + 5 * step + n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourVectors<TPixels>(T* x, int* offsets, int taps, T* w, T* sums)
        where TPixels : IConstant
    {
        var n = TLanes.Count;
        var second = TPixels.Value > 1;
        var third = TPixels.Value > 2;
        var a0 = TLanes.Load(sums);
        var a1 = TLanes.Load(sums + n);
        var a2 = TLanes.Load(sums + 2 * n);
        var a3 = TLanes.Load(sums + 3 * n);
        var b0 = LoadIf(second, sums + 4 * n);
        var b1 = LoadIf(second, sums + 5 * n);
        var b2 = LoadIf(second, sums + 6 * n);
        var b3 = LoadIf(second, sums + 7 * n);
        var c0 = LoadIf(third, sums + 8 * n);
        var c1 = LoadIf(third, sums + 9 * n);
        var c2 = LoadIf(third, sums + 10 * n);
        var c3 = LoadIf(third, sums + 11 * n);
        for (var tap = 0; tap < taps; tap++)
        {
            var p = x + offsets[tap];
            var first = TLanes.Broadcast(p[0]);
            var next = second ? TLanes.Broadcast(p[1]) : first;
            var last = third ? TLanes.Broadcast(p[2]) : first;
            var u = TLanes.Load(w);
            a0 = TLanes.Accumulate(first, u, a0);
            if (second)
                b0 = TLanes.Accumulate(next, u, b0);
            if (third)
                c0 = TLanes.Accumulate(last, u, c0);
            u = TLanes.Load(w + n);
            a1 = TLanes.Accumulate(first, u, a1);
            if (second)
                b1 = TLanes.Accumulate(next, u, b1);
            if (third)
                c1 = TLanes.Accumulate(last, u, c1);
            u = TLanes.Load(w + 2 * n);
            a2 = TLanes.Accumulate(first, u, a2);
            if (second)
                b2 = TLanes.Accumulate(next, u, b2);
            if (third)
                c2 = TLanes.Accumulate(last, u, c2);
            u = TLanes.Load(w + 3 * n);
            a3 = TLanes.Accumulate(first, u, a3);
            if (second)
                b3 = TLanes.Accumulate(next, u, b3);
            if (third)
                c3 = TLanes.Accumulate(last, u, c3);
            w += 4 * n;
        }
        TLanes.Store(a0, sums);
        TLanes.Store(a1, sums + n);
        TLanes.Store(a2, sums + 2 * n);
        TLanes.Store(a3, sums + 3 * n);
        StoreIf(second, b0, sums + 4 * n);
        StoreIf(second, b1, sums + 5 * n);
        StoreIf(second, b2, sums + 6 * n);
        StoreIf(second, b3, sums + 7 * n);
        StoreIf(third, c0, sums + 8 * n);
        StoreIf(third, c1, sums + 9 * n);
        StoreIf(third, c2, sums + 10 * n);
        StoreIf(third, c3, sums + 11 * n);
    }

    private static void Strips<TVectors, TMode>(
        int strips, T* x, nint rowStep, int* offsets, int taps, T* w, T* bias, T* y, nint stride)
        where TVectors : IConstant
        where TMode : IConstant
    {
        switch (strips)
        {
            case 1: Strips<TVectors, One, TMode>(x, rowStep, offsets, taps, w, bias, y, stride); break;
            case 2: Strips<TVectors, Two, TMode>(x, rowStep, offsets, taps, w, bias, y, stride); break;
            case 3: Strips<TVectors, Three, TMode>(x, rowStep, offsets, taps, w, bias, y, stride); break;
            default: Strips<TVectors, Four, TMode>(x, rowStep, offsets, taps, w, bias, y, stride); break;
        }
    }

    /// <summary>Up to four strips of three vectors. Mode 1: strips are channels of the same pixels; mode 2: they are rows under the same weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strips<TVectors, TStrips, TMode>(T* x, nint rowStep, int* offsets, int taps, T* w, T* bias, T* y, nint stride)
        where TVectors : IConstant
        where TStrips : IConstant
        where TMode : IConstant
    {
        var n = TLanes.Count;
        var rows = TMode.Value == 2;
        TVector a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2;
        a0 = a1 = a2 = TLanes.Broadcast(bias[0]);
        b0 = b1 = b2 = TStrips.Value > 1 && !rows ? TLanes.Broadcast(bias[1]) : a0;
        c0 = c1 = c2 = TStrips.Value > 2 && !rows ? TLanes.Broadcast(bias[2]) : a0;
        d0 = d1 = d2 = TStrips.Value > 3 && !rows ? TLanes.Broadcast(bias[3]) : a0;
        for (var tap = 0; tap < taps; tap++)
        {
            var p = x + offsets[tap];
            var u = TLanes.Load(p);
            var v = LoadIf(TVectors.Value > 1, p + n);
            var t = LoadIf(TVectors.Value > 2, p + 2 * n);
            var weight = TLanes.Broadcast(w[0]);
            Accumulate<TVectors>(weight, u, v, t, ref a0, ref a1, ref a2);
            if (TStrips.Value > 1)
            {
                NextStrip<TVectors>(rows, p + rowStep, w + 1, ref u, ref v, ref t, ref weight);
                Accumulate<TVectors>(weight, u, v, t, ref b0, ref b1, ref b2);
            }
            if (TStrips.Value > 2)
            {
                NextStrip<TVectors>(rows, p + 2 * rowStep, w + 2, ref u, ref v, ref t, ref weight);
                Accumulate<TVectors>(weight, u, v, t, ref c0, ref c1, ref c2);
            }
            if (TStrips.Value > 3)
            {
                NextStrip<TVectors>(rows, p + 3 * rowStep, w + 3, ref u, ref v, ref t, ref weight);
                Accumulate<TVectors>(weight, u, v, t, ref d0, ref d1, ref d2);
            }
            w += rows ? 1 : TStrips.Value;
        }
        StoreStrip<TVectors>(true, y, a0, a1, a2);
        StoreStrip<TVectors>(TStrips.Value > 1, y + stride, b0, b1, b2);
        StoreStrip<TVectors>(TStrips.Value > 2, y + 2 * stride, c0, c1, c2);
        StoreStrip<TVectors>(TStrips.Value > 3, y + 3 * stride, d0, d1, d2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NextStrip<TVectors>(bool rows, T* p, T* w, ref TVector u, ref TVector v, ref TVector t, ref TVector weight)
        where TVectors : IConstant
    {
        if (!rows)
        {
            weight = TLanes.Broadcast(*w);
            return;
        }
        u = TLanes.Load(p);
        v = LoadIf(TVectors.Value > 1, p + TLanes.Count);
        t = LoadIf(TVectors.Value > 2, p + 2 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TVectors>(TVector weight, TVector u, TVector v, TVector t, ref TVector a, ref TVector b, ref TVector c)
        where TVectors : IConstant
    {
        a = TLanes.Accumulate(weight, u, a);
        if (TVectors.Value > 1)
            b = TLanes.Accumulate(weight, v, b);
        if (TVectors.Value > 2)
            c = TLanes.Accumulate(weight, t, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreStrip<TVectors>(bool wanted, T* y, TVector a, TVector b, TVector c)
        where TVectors : IConstant
    {
        StoreIf(wanted, a, y);
        StoreIf(wanted && TVectors.Value > 1, b, y + TLanes.Count);
        StoreIf(wanted && TVectors.Value > 2, c, y + 2 * TLanes.Count);
    }
}
