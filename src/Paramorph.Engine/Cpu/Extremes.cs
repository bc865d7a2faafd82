using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>Which of two elements is kept: the one that came first, unless the second goes before it or is the first NaN.</summary>
internal interface IOrder<T>
    where T : unmanaged
{
    static abstract bool Replaces(T value, T best);

    static abstract Vector<T> Replaces(Vector<T> values, Vector<T> best);
}

internal readonly struct GreatestFirst<T> : IOrder<T>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Replaces(T value, T best) => !(value <= best) & !T.IsNaN(best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Replaces(Vector<T> values, Vector<T> best) => Vector.AndNot(Vector.Equals(best, best), Vector.LessThanOrEqual(values, best));
}

internal readonly struct LeastFirst<T> : IOrder<T>
    where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Replaces(T value, T best) => !(value >= best) & !T.IsNaN(best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Replaces(Vector<T> values, Vector<T> best) => Vector.AndNot(Vector.Equals(best, best), Vector.GreaterThanOrEqual(values, best));
}

/// <summary>Running extremes and where they were.</summary>
internal static unsafe class Extremes<T, TIndex>
    where T : unmanaged, INumber<T>
    where TIndex : unmanaged, IBinaryInteger<TIndex>
{
    /// <summary>Meets each extreme with a value; one whose index is negative has met none.</summary>
    /// <param name="source">The values.</param>
    /// <param name="count">Their number.</param>
    /// <param name="first">The index of the first value.</param>
    /// <param name="step">What the index grows by from a value to the next.</param>
    /// <param name="best">The extremes.</param>
    /// <param name="index">The indices of the extremes.</param>
    public static void Keep<TOrder>(T* source, int count, TIndex first, TIndex step, T* best, TIndex* index)
        where TOrder : IOrder<T>
    {
        var i = 0;
        if (sizeof(T) == sizeof(TIndex) && count >= Vector<T>.Count)
        {
            var indices = Vector.CreateSequence(first, step);
            var further = new Vector<TIndex>(step * TIndex.CreateTruncating(Vector<T>.Count));
            for (; i + Vector<T>.Count <= count; i += Vector<T>.Count, indices += further)
            {
                var (values, kept, keptIndex) = (Vector.Load(source + i), Vector.Load(best + i), Vector.Load(index + i));
                var mask = Vector.As<T, TIndex>(TOrder.Replaces(values, kept)) | Vector.LessThan(keptIndex, Vector<TIndex>.Zero);
                Vector.Store(Vector.ConditionalSelect(Vector.As<TIndex, T>(mask), values, kept), best + i);
                Vector.Store(Vector.ConditionalSelect(mask, indices, keptIndex), index + i);
            }
        }
        for (; i < count; i++)
        {
            var replaces = index[i] < TIndex.Zero || TOrder.Replaces(source[i], best[i]);
            best[i] = replaces ? source[i] : best[i];
            index[i] = replaces ? first + (TIndex.CreateTruncating(i) * step) : index[i];
        }
    }
}
