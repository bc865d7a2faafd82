using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>A key as an unsigned number in the same order, and where it came from.</summary>
internal struct SortItem
{
    public ulong Key;
    public int Position;
}

/// <summary>
/// Stable sorts of one line. A sort yields the order as positions; the keys and whatever else is carried are then taken in that order. Several
/// keys are sorted one after the other, the least significant first. NaN is above all numbers; -0 and 0 are equal.
/// </summary>
internal static unsafe class Sorting
{
    private const int RadixLength = 1024;
    private const int RunLength = 12;

    /// <summary>order = 0, 1, ..., count - 1: where every sort begins.</summary>
    public static void Start(int* order, int count)
    {
        for (var i = 0; i < count; i++)
            order[i] = i;
    }

    /// <summary>
    /// Sorts <paramref name="order"/> by the keys at its positions; equal keys stay as they are.
    /// </summary>
    /// <param name="work">Room for twice <paramref name="count"/> items.</param>
    public static void Sort<T>(T* keys, nint stride, int count, bool descending, int* order, SortItem* work)
        where T : unmanaged, INumber<T>
    {
        ulong varying = 0;
        for (var i = 0; i < count; i++)
        {
            work[i].Key = Key(keys[order[i] * stride], descending);
            work[i].Position = order[i];
            varying |= work[i].Key ^ work[0].Key;
        }
        var sorted = count >= RadixLength ? RadixSort(work, work + count, count, varying) : MergeSort(work, work + count, count);
        for (var i = 0; i < count; i++)
            order[i] = sorted[i].Position;
    }

    /// <summary>
    /// The positions of the <paramref name="k"/> largest keys, or smallest, in order; of equal keys the first. NaN is above all numbers.
    /// </summary>
    /// <param name="work">Room for twice <paramref name="k"/> items.</param>
    public static void Top<T>(T* keys, nint stride, int count, int k, bool largest, int* order, SortItem* work)
        where T : unmanaged, INumber<T>
    {
        var kept = 0;
        for (var i = 0; i < count && k > 0; i++)
        {
            var item = new SortItem { Key = Key(keys[i * stride], largest), Position = i };
            if (kept < k)
            {
                work[kept++] = item;
                if (kept == k)
                    for (var parent = k / 2 - 1; parent >= 0; parent--)
                        SiftDown(work, k, parent);
            }
            else if (item.Key < work[0].Key)
            {
                work[0] = item;
                SiftDown(work, k, 0);
            }
        }
        // The heap has lost the order of equal keys: positions first, then the stable sort by key.
        new Span<SortItem>(work, kept).Sort(static (a, b) => a.Position.CompareTo(b.Position));
        var sorted = MergeSort(work, work + kept, kept);
        for (var i = 0; i < kept; i++)
            order[i] = sorted[i].Position;
    }

    /// <summary>target[i] = source[order[i]].</summary>
    public static void Take<T>(T* source, nint sourceStride, int* order, int count, T* target, nint targetStride)
        where T : unmanaged
    {
        for (nint i = 0; i < count; i++)
            target[i * targetStride] = source[order[i] * sourceStride];
    }

    /// <summary>An unsigned number with the order of <paramref name="value"/>, in as many low bits as the type has.</summary>
    private static ulong Key<T>(T value, bool descending)
        where T : unmanaged, INumber<T>
    {
        var all = ulong.MaxValue >> (64 - 8 * sizeof(T));
        if (T.IsNaN(value))
            return descending ? 0 : all;
        var sign = (all >> 1) + 1;
        // Adding zero turns -0 into 0.
        value += T.Zero;
        var bits = sizeof(T) switch
        {
            1 => Unsafe.BitCast<T, byte>(value),
            2 => Unsafe.BitCast<T, ushort>(value),
            4 => Unsafe.BitCast<T, uint>(value),
            _ => Unsafe.BitCast<T, ulong>(value),
        };
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half))
            bits = (bits & sign) != 0 ? ~bits & all : bits | sign;
        else if (T.IsNegative(T.Zero - T.One))
            bits ^= sign;
        return descending ? bits ^ all : bits;
    }

    /// <summary>Orders by one byte of the keys after the other, the lowest first, leaving out the bytes that all keys share.</summary>
    private static SortItem* RadixSort(SortItem* items, SortItem* other, int count, ulong varying)
    {
        var starts = stackalloc int[256];
        for (var shift = 0; shift < 64; shift += 8)
        {
            if ((varying >> shift & 255) == 0)
                continue;
            new Span<int>(starts, 256).Clear();
            for (var i = 0; i < count; i++)
                starts[items[i].Key >> shift & 255]++;
            var total = 0;
            for (var digit = 0; digit < 256; digit++)
                (starts[digit], total) = (total, total + starts[digit]);
            for (var i = 0; i < count; i++)
                other[starts[items[i].Key >> shift & 255]++] = items[i];
            var swap = items;
            items = other;
            other = swap;
        }
        return items;
    }

    /// <summary>Short runs by insertion, then merged in pairs.</summary>
    private static SortItem* MergeSort(SortItem* items, SortItem* other, int count)
    {
        for (var start = 0; start < count; start += RunLength)
            for (var i = start + 1; i < Math.Min(count, start + RunLength); i++)
            {
                var item = items[i];
                var j = i;
                for (; j > start && item.Key < items[j - 1].Key; j--)
                    items[j] = items[j - 1];
                items[j] = item;
            }
        for (var length = RunLength; length < count; length *= 2)
        {
            for (var start = 0; start < count; start += 2 * length)
                Merge(items + start, Math.Min(length, count - start), Math.Min(2 * length, count - start), other + start);
            var swap = items;
            items = other;
            other = swap;
        }
        return items;
    }

    private static void Merge(SortItem* items, int middle, int end, SortItem* target)
    {
        var (left, right) = (0, middle);
        for (var i = 0; i < end; i++)
            target[i] = right >= end || left < middle && items[left].Key <= items[right].Key ? items[left++] : items[right++];
    }

    /// <summary>Restores a heap whose root is the last in order.</summary>
    private static void SiftDown(SortItem* heap, int count, int parent)
    {
        static bool Before(SortItem a, SortItem b) => a.Key < b.Key || a.Key == b.Key && a.Position < b.Position;
        while (true)
        {
            var child = 2 * parent + 1;
            if (child >= count)
                return;
            if (child + 1 < count && Before(heap[child], heap[child + 1]))
                child++;
            if (!Before(heap[parent], heap[child]))
                return;
            (heap[parent], heap[child]) = (heap[child], heap[parent]);
            parent = child;
        }
    }
}
