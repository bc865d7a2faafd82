using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>
/// A depthwise convolution of small planes, or its gradient in the kernels. A plane is copied with its padding, its rows as long as those of the padded plane; the outputs, in rows of that
/// length too, then meet at each tap the same plane a fixed distance on, so that vectors run over the ends of rows and no row is too short to fill one. What
/// is computed between rows is left out.
/// </summary>
internal sealed unsafe class PlaneConvolution<T> : IConvolution<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Numbers of a padded plane at most: it stays in the first-level cache.</summary>
    private const int MostNumbers = 8 << 10;

    /// <summary>Elements of a kernel at most.</summary>
    private const int MostTaps = 64;

    /// <summary>Numbers of the planes that are padded before the first is convolved.</summary>
    private const int TogetherNumbers = 2 << 10;

    /// <summary>Multiply-adds of a piece of a convolution.</summary>
    private const long PieceWork = 1 << 17;

    private readonly ConvolutionGeometry geometry;
    private readonly ConvolutionAxis rows;
    private readonly ConvolutionAxis columns;
    private readonly bool isGradient;
    private readonly int rowLength;
    private readonly int planeLength;
    private readonly int[] offsets;
    private readonly int planesOfPiece;
    private readonly int together;

    public PlaneConvolution(ConvolutionGeometry shape)
    {
        geometry = shape;
        (rows, columns) = Plane(shape);
        isGradient = IsGradient(shape);
        rowLength = RowLength(columns);
        planeLength = RowLength(rows) * rowLength;
        offsets = isGradient
            ? [.. from y in Enumerable.Range(0, rows.OutputSize) from x in Enumerable.Range(0, columns.OutputSize) select y * rowLength + x]
            : [.. from y in Enumerable.Range(0, rows.KernelSize) from x in Enumerable.Range(0, columns.KernelSize) select y * rows.KernelDilation * rowLength + x * columns.KernelDilation];
        planesOfPiece = (int)Math.Clamp(PieceWork / Math.Max(1, offsets.Length * (long)planeLength), 1, shape.Batch * shape.Groups);
        together = Math.Clamp(TogetherNumbers / planeLength, 1, Math.Min(16, isGradient ? shape.InputChannels : planesOfPiece));
    }

    public int Stages => 1;

    public long SharedLength => 0;

    /// <summary>The padded planes; the sums of the outputs or, of a gradient, the other plane; a kernel or, of a gradient, a vector for each tap.</summary>
    public long WorkLength => (long)together * (PlaneRoom + SecondRoom) + (isGradient ? (long)offsets.Length * Convolution<T>.Width : offsets.Length);

    /// <summary>The padded plane, and what the last vectors read behind it.</summary>
    private int PlaneRoom => (int)Convolution<T>.Aligned(planeLength + columns.OutputSize + 5 * Convolution<T>.Width);

    private int SecondRoom => (int)Convolution<T>.Aligned((isGradient ? rows.KernelSize : rows.OutputSize) * rowLength + 5 * Convolution<T>.Width);

    /// <summary>Whether each group has one channel, planes are small, and not much more would be computed than is wanted.</summary>
    public static bool Fits(ConvolutionGeometry geometry)
    {
        if (geometry is not { OutputChannels: 1, Axes.Length: 1 or 2 } || !Array.TrueForAll(geometry.Axes, axis => axis is { Stride: 1, InputDilation: 1, OutputSize: > 0 })) return false;
        if (geometry.Input.Spatial[^1] != 1 || geometry.Output.Spatial[^1] != 1) return false;
        var (rows, columns) = Plane(geometry);
        var taps = rows.KernelSize * columns.KernelSize;
        if ((long)RowLength(rows) * RowLength(columns) > MostNumbers) return false;
        return IsGradient(geometry)
            ? geometry.Kernel.Spatial[^1] == 1 && geometry.Groups >= 8 && rows.OutputSize * columns.OutputSize is > 1 and <= MostTaps && rows.KernelDilation * columns.KernelDilation == 1
            : geometry.InputChannels == 1 && taps is > 1 and <= MostTaps && 5 * RowLength(columns) <= 6 * Whole(columns.OutputSize);
    }

    /// <summary>Whether planes are so small that to pad them takes longer than to put those of many images side by side.</summary>
    public static bool IsSmall(ConvolutionGeometry geometry) => !IsGradient(geometry) && geometry.Axes.Aggregate(1L, (product, axis) => product * axis.OutputSize) < 8 * Convolution<T>.Width;

    public int Pieces(int stage) => isGradient ? geometry.Groups : (geometry.Batch * geometry.Groups + planesOfPiece - 1) / planesOfPiece;

    public void Run(int stage, int piece, T* input, T* kernel, T* output, T* shared, T* work)
    {
        if (isGradient)
        {
            Correlate(piece, input, kernel, output, work);
            return;
        }
        var end = Math.Min((piece + 1) * planesOfPiece, geometry.Batch * geometry.Groups);
        for (var plane = piece * planesOfPiece; plane < end; plane += together) Convolve(plane, Math.Min(together, end - plane), input, kernel, output, work);
    }

    /// <summary>Whether it is the gradient in the kernels: few outputs, each a sum over a plane of every image.</summary>
    private static bool IsGradient(ConvolutionGeometry geometry)
    {
        var (rows, columns) = Plane(geometry);
        return geometry.Batch == 1 && (geometry.InputChannels > 1 || rows.KernelSize * columns.KernelSize > MostTaps);
    }

    private static (ConvolutionAxis Rows, ConvolutionAxis Columns) Plane(ConvolutionGeometry geometry) => (geometry.Axes.Length == 1 ? new(1, 1, 1) : geometry.Axes[0], geometry.Axes[^1]);

    private static int RowLength(ConvolutionAxis axis) => axis.OutputSize + (axis.KernelSize - 1) * axis.KernelDilation;

    private static nint RowStride(OperandStrides strides) => strides.Spatial.Length == 1 ? 0 : strides.Spatial[0];

    /// <summary>So many numbers in whole vectors, as rows are computed one by one.</summary>
    private static int Whole(int length) => (length + Convolution<T>.Width - 1) / Convolution<T>.Width * Convolution<T>.Width;

    /// <summary>Some planes at once, since what has just been written in other pieces is read slowly.</summary>
    private void Convolve(int first, int count, T* input, T* kernel, T* output, T* work)
    {
        T* sums = work + together * PlaneRoom, weights = sums + together * SecondRoom;
        for (var i = 0; i < count; i++)
        {
            var (image, group) = Math.DivRem(first + i, geometry.Groups);
            Pad(input + image * geometry.Input.Outer + group * geometry.Input.Group, work + i * PlaneRoom);
        }
        fixed (int* taps = offsets)
            for (var i = 0; i < count; i++)
            {
                PackKernel(kernel + (first + i) % geometry.Groups * geometry.Kernel.Group, weights);
                PlaneKernels<T>.Convolve(work + i * PlaneRoom, taps, offsets.Length, weights, sums + i * SecondRoom, (rows.OutputSize - 1) * rowLength + columns.OutputSize);
            }
        for (var i = 0; i < count; i++)
        {
            var (image, group) = Math.DivRem(first + i, geometry.Groups);
            PlaneKernels<T>.Crop(
                sums + i * SecondRoom, rowLength, new(columns.OutputSize, rows.OutputSize), output + image * geometry.Output.Outer + group * geometry.Output.Group, RowStride(geometry.Output));
        }
    }

    private void PackKernel(T* kernel, T* weights)
    {
        for (var y = 0; y < rows.KernelSize; y++)
            for (var x = 0; x < columns.KernelSize; x++) *weights++ = kernel[y * RowStride(geometry.Kernel) + x * geometry.Kernel.Spatial[^1]];
    }

    private void Correlate(int group, T* input, T* kernel, T* output, T* work)
    {
        T* other = work + together * PlaneRoom, sums = other + together * SecondRoom;
        new Span<T>(sums, offsets.Length * Convolution<T>.Width).Clear();
        // The last vector reads behind both planes, where nothing but zeros is written later.
        new Span<T>(work, together * (PlaneRoom + SecondRoom)).Clear();
        for (var image = 0; image < geometry.InputChannels; image += together)
        {
            var count = Math.Min(together, geometry.InputChannels - image);
            for (var i = 0; i < count; i++)
            {
                Pad(input + group * geometry.Input.Group + (image + i) * geometry.Input.Channel, work + i * PlaneRoom);
                PlaneKernels<T>.Pad(
                    kernel + group * geometry.Kernel.Group + (image + i) * geometry.Kernel.Channel, RowStride(geometry.Kernel), new(columns.KernelSize, rows.KernelSize), default,
                    other + i * SecondRoom, rowLength, rows.KernelSize);
            }
            fixed (int* first = offsets)
                for (var i = 0; i < count; i++) PlaneKernels<T>.Correlate(work + i * PlaneRoom, other + i * SecondRoom, rows.KernelSize * rowLength, first, offsets.Length, sums);
        }
        var to = output + group * geometry.Output.Group;
        for (var y = 0; y < rows.OutputSize; y++)
            for (var x = 0; x < columns.OutputSize; x++, sums += Convolution<T>.Width) to[y * RowStride(geometry.Output) + x] = PlaneKernels<T>.Sum(sums);
    }

    private void Pad(T* input, T* padded) => PlaneKernels<T>.Pad(
        input, RowStride(geometry.Input), new(columns.InputSize, rows.InputSize), new(columns.PaddingLow, rows.PaddingLow), padded, rowLength, RowLength(rows));
}

/// <summary>What a <see cref="PlaneConvolution{T}"/> is made of.</summary>
internal static unsafe class PlaneKernels<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>A size or place in a plane.</summary>
    internal readonly record struct Extent(int Columns, int Rows);

    /// <summary>Copies a plane into one with zeros around it. Up to a vector behind it is written.</summary>
    public static void Pad(T* input, nint stride, Extent size, Extent low, T* padded, int rowLength, int rows)
    {
        if (SimdWidth.Is512) Pad<Lanes512<T>, Vector512<T>>(input, stride, size, low, padded, rowLength, rows);
        else if (SimdWidth.Is256) Pad<Lanes256<T>, Vector256<T>>(input, stride, size, low, padded, rowLength, rows);
        else Pad<Lanes128<T>, Vector128<T>>(input, stride, size, low, padded, rowLength, rows);
    }

    /// <summary>sums[i] = the sum over taps of weights[tap] plane[i + offsets[tap]], for all i below <paramref name="count"/> and some behind them.</summary>
    public static void Convolve(T* plane, int* offsets, int taps, T* weights, T* sums, int count)
    {
        if (SimdWidth.Is512) Convolve<Lanes512<T>, Vector512<T>>(plane, offsets, taps, weights, sums, count);
        else if (SimdWidth.Is256) Convolve<Lanes256<T>, Vector256<T>>(plane, offsets, taps, weights, sums, count);
        else Convolve<Lanes128<T>, Vector128<T>>(plane, offsets, taps, weights, sums, count);
    }

    /// <summary>sums[tap][lane] += the products other[i] plane[i + offsets[tap]] of the i below <paramref name="count"/> in that lane.</summary>
    public static void Correlate(T* plane, T* other, int count, int* offsets, int taps, T* sums)
    {
        if (SimdWidth.Is512) Correlate<Lanes512<T>, Vector512<T>>(plane, other, count, offsets, taps, sums);
        else if (SimdWidth.Is256) Correlate<Lanes256<T>, Vector256<T>>(plane, other, count, offsets, taps, sums);
        else Correlate<Lanes128<T>, Vector128<T>>(plane, other, count, offsets, taps, sums);
    }

    /// <summary>Copies the beginnings of rows.</summary>
    public static void Crop(T* sums, int rowLength, Extent size, T* output, nint stride)
    {
        if (SimdWidth.Is512) Crop<Lanes512<T>, Vector512<T>>(sums, rowLength, size, output, stride);
        else if (SimdWidth.Is256) Crop<Lanes256<T>, Vector256<T>>(sums, rowLength, size, output, stride);
        else Crop<Lanes128<T>, Vector128<T>>(sums, rowLength, size, output, stride);
    }

    /// <summary>The sum of a vector.</summary>
    public static T Sum(T* lanes) => SimdWidth.Is512 ? Lanes512<T>.Sum(Lanes512<T>.Load(lanes)) : SimdWidth.Is256 ? Lanes256<T>.Sum(Lanes256<T>.Load(lanes)) : Lanes128<T>.Sum(Lanes128<T>.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pad<TLanes, TVector>(T* input, nint stride, Extent size, Extent low, T* padded, int rowLength, int rows)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        var zero = TLanes.Broadcast(default);
        var (from, skipped) = (Math.Clamp(low.Columns, 0, rowLength), Math.Max(0, -low.Columns));
        var count = Math.Clamp(size.Columns - skipped, 0, rowLength - from);
        for (var row = 0; row < rows; row++, padded += rowLength)
        {
            var (line, written) = (row - low.Rows, 0);
            if ((uint)line < (uint)size.Rows)
            {
                for (; written < from; written += TLanes.Count) TLanes.Store(zero, padded + written);
                var source = input + line * stride + skipped;
                for (written = 0; written + TLanes.Count <= count; written += TLanes.Count) TLanes.Store(TLanes.Load(source + written), padded + from + written);
                // The zeros behind the last numbers of a row are those of its padding.
                if (written < count)
                {
                    TLanes.Store(TLanes.LoadPartial(source + written, count - written), padded + from + written);
                    written += TLanes.Count;
                }
                written += from;
            }
            for (; written < rowLength; written += TLanes.Count) TLanes.Store(zero, padded + written);
        }
    }

    private static void Convolve<TLanes, TVector>(T* plane, int* offsets, int taps, T* weights, T* sums, int count)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        var i = 0;
        for (; count - i > 3 * TLanes.Count; i += 4 * TLanes.Count) Block<TLanes, TVector, Four>(plane + i, offsets, taps, weights, sums + i);
        if (count - i > TLanes.Count) Block<TLanes, TVector, Three>(plane + i, offsets, taps, weights, sums + i);
        else if (count > i) Block<TLanes, TVector, One>(plane + i, offsets, taps, weights, sums + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TLanes, TVector, TVectors>(T* plane, int* offsets, int taps, T* weights, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TVectors : IConstant
    {
        var n = TLanes.Count;
        TVector a, b, c, d;
        a = b = c = d = TLanes.Broadcast(default);
        for (var tap = 0; tap < taps; tap++)
        {
            var weight = TLanes.Broadcast(weights[tap]);
            var x = plane + offsets[tap];
            a = TLanes.Accumulate(weight, TLanes.Load(x), a);
            if (TVectors.Value > 1) b = TLanes.Accumulate(weight, TLanes.Load(x + n), b);
            if (TVectors.Value > 2) c = TLanes.Accumulate(weight, TLanes.Load(x + 2 * n), c);
            if (TVectors.Value > 3) d = TLanes.Accumulate(weight, TLanes.Load(x + 3 * n), d);
        }
        TLanes.Store(a, sums);
        if (TVectors.Value > 1) TLanes.Store(b, sums + n);
        if (TVectors.Value > 2) TLanes.Store(c, sums + 2 * n);
        if (TVectors.Value > 3) TLanes.Store(d, sums + 3 * n);
    }

    private static void Correlate<TLanes, TVector>(T* plane, T* other, int count, int* offsets, int taps, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        while (taps > 0)
        {
            // Nine taps are the gradient of a kernel of 3 x 3.
            var some = taps is 9 or > 10 ? 9 : Math.Min(taps, 5);
            switch (some)
            {
                case 9: Taps<TLanes, TVector, Nine>(plane, other, count, offsets, sums); break;
                case 5: Taps<TLanes, TVector, Five>(plane, other, count, offsets, sums); break;
                case 4: Taps<TLanes, TVector, Four>(plane, other, count, offsets, sums); break;
                case 3: Taps<TLanes, TVector, Three>(plane, other, count, offsets, sums); break;
                case 2: Taps<TLanes, TVector, Two>(plane, other, count, offsets, sums); break;
                default: Taps<TLanes, TVector, One>(plane, other, count, offsets, sums); break;
            }
            taps -= some;
            offsets += some;
            sums += some * TLanes.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Taps<TLanes, TVector, TTaps>(T* plane, T* other, int count, int* offsets, T* sums)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where TTaps : IConstant
    {
        var n = TLanes.Count;
        nint At(int tap) => tap < TTaps.Value ? offsets[tap] : 0;
        TVector First(int tap) => tap < TTaps.Value ? TLanes.Load(sums + tap * n) : default;
        var (o0, o1, o2, o3, o4, o5, o6, o7, o8) = (At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8));
        TVector a = First(0), b = First(1), c = First(2), d = First(3), e = First(4), f = First(5), g = First(6), h = First(7), k = First(8);
        for (var i = 0; i < count; i += n, plane += n)
        {
            var y = TLanes.Load(other + i);
            a = TLanes.Accumulate(y, TLanes.Load(plane + o0), a);
            if (TTaps.Value > 1) b = TLanes.Accumulate(y, TLanes.Load(plane + o1), b);
            if (TTaps.Value > 2) c = TLanes.Accumulate(y, TLanes.Load(plane + o2), c);
            if (TTaps.Value > 3) d = TLanes.Accumulate(y, TLanes.Load(plane + o3), d);
            if (TTaps.Value > 4) e = TLanes.Accumulate(y, TLanes.Load(plane + o4), e);
            if (TTaps.Value > 5) f = TLanes.Accumulate(y, TLanes.Load(plane + o5), f);
            if (TTaps.Value > 6) g = TLanes.Accumulate(y, TLanes.Load(plane + o6), g);
            if (TTaps.Value > 7) h = TLanes.Accumulate(y, TLanes.Load(plane + o7), h);
            if (TTaps.Value > 8) k = TLanes.Accumulate(y, TLanes.Load(plane + o8), k);
        }
        TLanes.Store(a, sums);
        if (TTaps.Value > 1) TLanes.Store(b, sums + n);
        if (TTaps.Value > 2) TLanes.Store(c, sums + 2 * n);
        if (TTaps.Value > 3) TLanes.Store(d, sums + 3 * n);
        if (TTaps.Value > 4) TLanes.Store(e, sums + 4 * n);
        if (TTaps.Value > 5) TLanes.Store(f, sums + 5 * n);
        if (TTaps.Value > 6) TLanes.Store(g, sums + 6 * n);
        if (TTaps.Value > 7) TLanes.Store(h, sums + 7 * n);
        if (TTaps.Value > 8) TLanes.Store(k, sums + 8 * n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Crop<TLanes, TVector>(T* sums, int rowLength, Extent size, T* output, nint stride)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
    {
        // What a vector writes behind the end of a row is overwritten by the next rows, where they follow and there are enough.
        var room = stride == size.Columns ? size.Rows * size.Columns : size.Columns;
        for (var row = 0; row < size.Rows; row++, sums += rowLength, output += stride)
        {
            for (var i = 0; i < size.Columns; i += TLanes.Count)
            {
                if (i + TLanes.Count <= room) TLanes.Store(TLanes.Load(sums + i), output + i);
                else TLanes.StorePartial(TLanes.Load(sums + i), output + i, room - i);
            }
            if (stride == size.Columns) room -= size.Columns;
        }
    }
}
