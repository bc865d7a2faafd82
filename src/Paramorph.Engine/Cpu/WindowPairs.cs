using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Reductions over windows that lie side by side, each two columns wide, on lines that they cover and that fill a register: the pooling of most networks. Neighbouring
/// columns are taken apart in registers, and the elements of a window meet in row-major order.
/// </summary>
internal sealed unsafe class WindowPairs<T>
    where T : unmanaged, INumber<T>
{
    private readonly ConvolutionAxis[] axes;
    private readonly int[] rows;
    private readonly int width, inputCount, outputCount;

    /// <param name="axes">The three spatial axes.</param>
    private WindowPairs(ConvolutionAxis[] axes)
    {
        this.axes = axes;
        width = axes[2].OutputSize;
        rows = [.. from a in Enumerable.Range(0, axes[0].KernelSize) from b in Enumerable.Range(0, axes[1].KernelSize) select (a * axes[1].InputSize + b) * axes[2].InputSize];
        (inputCount, outputCount) = (axes.Aggregate(1, (n, axis) => n * axis.InputSize), axes.Aggregate(1, (n, axis) => n * axis.OutputSize));
    }

    private static int Lanes => Vector<T>.Count;

    /// <summary>The windows, or null where they are of another kind or elements neither four nor eight bytes.</summary>
    /// <param name="axes">The three spatial axes.</param>
    public static WindowPairs<T>? Of(ConvolutionAxis[] axes)
    {
        static bool IsSideBySide(ConvolutionAxis axis) =>
            axis is { PaddingLow: 0, InputDilation: 1, KernelDilation: 1 } && axis.Stride == axis.KernelSize && axis.OutputSize * axis.Stride <= axis.InputSize;
        var columns = axes[2];
        var isPaired = columns.KernelSize == 2 && columns.InputSize == 2 * columns.OutputSize && columns.OutputSize >= Lanes;
        return sizeof(T) is sizeof(int) or sizeof(long) && isPaired && Array.TrueForAll(axes, IsSideBySide) ? new(axes) : null;
    }

    /// <summary>Combines the elements of each window of the planes first.. below end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reduce<TOperation>(T* input, T* output, int first, int end)
        where TOperation : ICombine<T>
    {
        var identity = new Vector<T>(TOperation.Identity);
        var target = output + (nint)first * outputCount;
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < axes[0].OutputSize; z++)
                for (var y = 0; y < axes[1].OutputSize; y++, target += width)
                {
                    var corner = input + (nint)outer * inputCount + Corner(z, y);
                    for (var x = 0; x < width; x += Lanes)
                    {
                        var at = Math.Min(x, width - Lanes);
                        var total = identity;
                        foreach (var row in rows)
                        {
                            var (even, odd) = Columns(corner + row + 2 * at);
                            total = TOperation.Combine(TOperation.Combine(total, even), odd);
                        }
                        Vector.Store(total, target + at);
                    }
                }
    }

    /// <summary>The position of the element of each window that comes first in an order, and unless <paramref name="values"/> is null the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ArgExtremes<TOrder, TIndex>(T* input, int* output, T* values, int first, int end)
        where TOrder : IOrder<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var to = (nint)first * outputCount;
        for (var outer = first; outer < end; outer++)
            for (var z = 0; z < axes[0].OutputSize; z++)
                for (var y = 0; y < axes[1].OutputSize; y++, to += width)
                    for (var x = 0; x < width; x += Lanes)
                    {
                        var at = Math.Min(x, width - Lanes);
                        var (best, index) = Extreme<TOrder, TIndex>(input + (nint)outer * inputCount, Corner(z, y) + 2 * at);
                        if (sizeof(TIndex) == sizeof(int)) Vector.Store(Vector.As<TIndex, int>(index), output + to + at);
                        else for (var lane = 0; lane < Lanes; lane++) output[to + at + lane] = int.CreateTruncating(index[lane]);
                        if (values != null) Vector.Store(best, values + to + at);
                    }
    }

    /// <summary>The extremes of the windows whose first element lies at a place of a plane and every other one behind it, and where they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector<T> Best, Vector<TIndex> Index) Extreme<TOrder, TIndex>(T* plane, int corner)
        where TOrder : IOrder<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var (best, index) = (Vector<T>.Zero, Vector<TIndex>.Zero);
        var isFirst = true;
        foreach (var row in rows)
        {
            var (even, odd) = Columns(plane + corner + row);
            // Of a row the first one; it must go before that of earlier rows, so that this is the first of the window too.
            var isOdd = TOrder.Replaces(odd, even);
            var value = Vector.ConditionalSelect(isOdd, odd, even);
            var indices = Vector.CreateSequence(TIndex.CreateTruncating(corner + row), TIndex.CreateTruncating(2)) + (Vector.As<T, TIndex>(isOdd) & Vector<TIndex>.One);
            var replaces = isFirst ? Vector<T>.AllBitsSet : TOrder.Replaces(value, best);
            best = Vector.ConditionalSelect(replaces, value, best);
            index = Vector.ConditionalSelect(Vector.As<T, TIndex>(replaces), indices, index);
            isFirst = false;
        }
        return (best, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<T> Even, Vector<T> Odd) Columns(T* place) => Zip.Apart(Vector.Load(place), Vector.Load(place + Lanes));

    private int Corner(int z, int y) => (z * axes[0].Stride * axes[1].InputSize + y * axes[1].Stride) * axes[2].InputSize;
}
