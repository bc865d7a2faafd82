using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// The position of the largest or smallest element along an axis of an array seen as [outer, count, inner]: the first of equals, and the first NaN
/// where there is one, as in NumPy. Outer positions are independent: a caller divides them as it likes.
/// </summary>
internal static unsafe class ArgReduce
{
    private const int Columns = 256;

    /// <param name="input">[outer, count, inner], the inner axis contiguous; count is at least 1.</param>
    /// <param name="outerStride">The stride of the outer axis.</param>
    /// <param name="axisStride">The stride of the reduced axis.</param>
    /// <param name="output">[outer, inner], contiguous.</param>
    /// <param name="first">The first outer position.</param>
    /// <param name="end">One past the last outer position.</param>
    public static void Max<T, TIndex>(T* input, nint outerStride, nint axisStride, int count, int inner, TIndex* output, int first, int end)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex> =>
        Run<T, TIndex, Larger<T>>(input, outerStride, axisStride, count, inner, output, first, end);

    /// <inheritdoc cref="Max"/>
    public static void Min<T, TIndex>(T* input, nint outerStride, nint axisStride, int count, int inner, TIndex* output, int first, int end)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex> =>
        Run<T, TIndex, Smaller<T>>(input, outerStride, axisStride, count, inner, output, first, end);

    private interface IPrefer<T>
    {
        /// <summary>Whether <paramref name="value"/> is neither worse than nor equal to <paramref name="best"/>: it is better, or one of them is NaN.</summary>
        static abstract bool NotWorse(T value, T best);
    }

    private static void Run<T, TIndex, TPrefer>(
        T* input, nint outerStride, nint axisStride, int count, int inner, TIndex* output, int first, int end)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPrefer : IPrefer<T>
    {
        for (var outer = first; outer < end; outer++)
        {
            var source = input + outer * outerStride;
            var target = output + (nint)outer * inner;
            if (inner == 1)
                *target = TIndex.CreateTruncating(Line<T, TPrefer>(source, axisStride, count));
            else
                for (var column = 0; column < inner; column += Columns)
                    Block<T, TIndex, TPrefer>(source + column, axisStride, count, Math.Min(Columns, inner - column), target + column);
        }
    }

    private static int Line<T, TPrefer>(T* source, nint stride, int count)
        where T : unmanaged, INumber<T>
        where TPrefer : IPrefer<T>
    {
        var (best, position) = (*source, 0);
        for (var i = 1; i < count && !T.IsNaN(best); i++)
        {
            source += stride;
            if (TPrefer.NotWorse(*source, best))
                (best, position) = (*source, i);
        }
        return position;
    }

    private static void Block<T, TIndex, TPrefer>(T* source, nint stride, int count, int columns, TIndex* target)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TPrefer : IPrefer<T>
    {
        var best = stackalloc T[Columns];
        new Span<T>(source, columns).CopyTo(new Span<T>(best, columns));
        new Span<TIndex>(target, columns).Clear();
        for (var i = 1; i < count; i++)
        {
            source += stride;
            for (var column = 0; column < columns; column++)
                if (TPrefer.NotWorse(source[column], best[column]) && !T.IsNaN(best[column]))
                    (best[column], target[column]) = (source[column], TIndex.CreateTruncating(i));
        }
    }

    private readonly struct Larger<T> : IPrefer<T>
        where T : unmanaged, INumber<T>
    {
        public static bool NotWorse(T value, T best) => !(value <= best);
    }

    private readonly struct Smaller<T> : IPrefer<T>
        where T : unmanaged, INumber<T>
    {
        public static bool NotWorse(T value, T best) => !(value >= best);
    }
}
