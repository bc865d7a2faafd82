using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Paramorph.Cpu;

/// <summary>The register block of the convolution of many images: eight outputs by up to three vectors of images.</summary>
internal static unsafe class ImageLanes<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Outputs of a block.</summary>
    public const int Outputs = 8;

    /// <summary>Vectors of images of a block: as many as the registers hold sums of.</summary>
    public static int MostVectors => SimdWidth.Is512 || AdvSimd.Arm64.IsSupported ? 3 : 1;

    /// <summary>
    /// <c>sums[output * distance + image] = sum over the meetings and channels of kernels[tap][channel][output] images[place][channel][image]</c>, or that added.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(int lanes, int channels, (int Tap, int Place)* meetings, int count, T* kernels, T* images, bool adds, T* sums, nint distance)
    {
        if (SimdWidth.Is512)
            Multiply<Lanes512<T>, Vector512<T>>(lanes, channels, meetings, count, kernels, images, adds, sums, distance);
        else if (SimdWidth.Is256)
            Multiply<Lanes256<T>, Vector256<T>>(lanes, channels, meetings, count, kernels, images, adds, sums, distance);
        else
            Multiply<Lanes128<T>, Vector128<T>>(lanes, channels, meetings, count, kernels, images, adds, sums, distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TLanes, TVector>(int lanes, int channels, (int Tap, int Place)* meetings, int count, T* kernels, T* images, bool adds, T* sums, nint distance)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        switch (lanes / TLanes.Count)
        {
            case 1: Block<TLanes, TVector, One>(channels, meetings, count, kernels, images, adds, sums, distance); break;
            case 2: Block<TLanes, TVector, Two>(channels, meetings, count, kernels, images, adds, sums, distance); break;
            default: Block<TLanes, TVector, Three>(channels, meetings, count, kernels, images, adds, sums, distance); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TLanes, TVector, TWidth>(int channels, (int Tap, int Place)* meetings, int count, T* kernels, T* images, bool adds, T* sums, nint distance)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TWidth : IConstant
    {
        TVector c00 = default, c01 = default, c02 = default;
        TVector c10 = default, c11 = default, c12 = default;
        TVector c20 = default, c21 = default, c22 = default;
        TVector c30 = default, c31 = default, c32 = default;
        TVector c40 = default, c41 = default, c42 = default;
        TVector c50 = default, c51 = default, c52 = default;
        TVector c60 = default, c61 = default, c62 = default;
        TVector c70 = default, c71 = default, c72 = default;
        nint kernelLength = (nint)channels * Outputs, imageLength = (nint)channels * TWidth.Value * TLanes.Count;
        for (var end = meetings + count; meetings < end; meetings++)
        {
            T* w = kernels + meetings->Tap * kernelLength, x = images + meetings->Place * imageLength;
            for (var last = w + kernelLength; w < last; w += Outputs, x += TWidth.Value * TLanes.Count)
            {
                TVector x0 = TLanes.Load(x), x1 = TWidth.Value > 1 ? TLanes.Load(x + TLanes.Count) : default, x2 = TWidth.Value > 2 ? TLanes.Load(x + 2 * TLanes.Count) : default;
                Add<TLanes, TVector, TWidth>(w[0], x0, x1, x2, ref c00, ref c01, ref c02);
                Add<TLanes, TVector, TWidth>(w[1], x0, x1, x2, ref c10, ref c11, ref c12);
                Add<TLanes, TVector, TWidth>(w[2], x0, x1, x2, ref c20, ref c21, ref c22);
                Add<TLanes, TVector, TWidth>(w[3], x0, x1, x2, ref c30, ref c31, ref c32);
                Add<TLanes, TVector, TWidth>(w[4], x0, x1, x2, ref c40, ref c41, ref c42);
                Add<TLanes, TVector, TWidth>(w[5], x0, x1, x2, ref c50, ref c51, ref c52);
                Add<TLanes, TVector, TWidth>(w[6], x0, x1, x2, ref c60, ref c61, ref c62);
                Add<TLanes, TVector, TWidth>(w[7], x0, x1, x2, ref c70, ref c71, ref c72);
            }
        }
        Store<TLanes, TVector, TWidth>(c00, c01, c02, adds, sums);
        Store<TLanes, TVector, TWidth>(c10, c11, c12, adds, sums + distance);
        Store<TLanes, TVector, TWidth>(c20, c21, c22, adds, sums + 2 * distance);
        Store<TLanes, TVector, TWidth>(c30, c31, c32, adds, sums + 3 * distance);
        Store<TLanes, TVector, TWidth>(c40, c41, c42, adds, sums + 4 * distance);
        Store<TLanes, TVector, TWidth>(c50, c51, c52, adds, sums + 5 * distance);
        Store<TLanes, TVector, TWidth>(c60, c61, c62, adds, sums + 6 * distance);
        Store<TLanes, TVector, TWidth>(c70, c71, c72, adds, sums + 7 * distance);
    }

    /// <summary>
    /// The same for a single output at neighbouring places: <c>sums[place][image]</c> for meetings that begin at <c>firsts[place]</c> and end where those of
    /// the next place begin.
    /// </summary>
    public static void Single(int lanes, int channels, (int Tap, int Place)* meetings, int* firsts, int places, T* kernels, T* images, bool adds, T* sums)
    {
        if (SimdWidth.Is512)
            Single<Lanes512<T>, Vector512<T>>(lanes, channels, meetings, firsts, places, kernels, images, adds, sums);
        else if (SimdWidth.Is256)
            Single<Lanes256<T>, Vector256<T>>(lanes, channels, meetings, firsts, places, kernels, images, adds, sums);
        else
            Single<Lanes128<T>, Vector128<T>>(lanes, channels, meetings, firsts, places, kernels, images, adds, sums);
    }

    private static void Single<TLanes, TVector>(int lanes, int channels, (int Tap, int Place)* meetings, int* firsts, int places, T* kernels, T* images, bool adds, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        switch (lanes / TLanes.Count)
        {
            case 1: Line<TLanes, TVector, One>(channels, meetings, firsts, places, kernels, images, adds, sums); break;
            case 2: Line<TLanes, TVector, Two>(channels, meetings, firsts, places, kernels, images, adds, sums); break;
            default: Line<TLanes, TVector, Three>(channels, meetings, firsts, places, kernels, images, adds, sums); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line<TLanes, TVector, TWidth>(int channels, (int Tap, int Place)* meetings, int* firsts, int places, T* kernels, T* images, bool adds, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TWidth : IConstant
    {
        nint kernelLength = (nint)channels * Outputs, step = TWidth.Value * TLanes.Count, imageLength = channels * step;
        for (var place = 0; place < places; place++, sums += step)
        {
            TVector c0 = default, c1 = default, c2 = default;
            for (var met = meetings + firsts[place]; met < meetings + firsts[place + 1]; met++)
            {
                T* w = kernels + met->Tap * kernelLength, x = images + met->Place * imageLength;
                for (var last = w + kernelLength; w < last; w += Outputs, x += step)
                    Add<TLanes, TVector, TWidth>(w[0], TLanes.Load(x), TWidth.Value > 1 ? TLanes.Load(x + TLanes.Count) : default, TWidth.Value > 2 ? TLanes.Load(x + 2 * TLanes.Count) : default, ref c0, ref c1, ref c2);
            }
            Store<TLanes, TVector, TWidth>(c0, c1, c2, adds, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TVector, TWidth>(T weight, TVector x0, TVector x1, TVector x2, ref TVector c0, ref TVector c1, ref TVector c2)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TWidth : IConstant
    {
        var w = TLanes.Broadcast(weight);
        c0 = TLanes.Accumulate(w, x0, c0);
        if (TWidth.Value > 1) c1 = TLanes.Accumulate(w, x1, c1);
        if (TWidth.Value > 2) c2 = TLanes.Accumulate(w, x2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVector, TWidth>(TVector c0, TVector c1, TVector c2, bool adds, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TWidth : IConstant
    {
        TLanes.Store(adds ? TLanes.Add(TLanes.Load(sums), c0) : c0, sums);
        if (TWidth.Value > 1) TLanes.Store(adds ? TLanes.Add(TLanes.Load(sums + TLanes.Count), c1) : c1, sums + TLanes.Count);
        if (TWidth.Value > 2) TLanes.Store(adds ? TLanes.Add(TLanes.Load(sums + 2 * TLanes.Count), c2) : c2, sums + 2 * TLanes.Count);
    }
}
