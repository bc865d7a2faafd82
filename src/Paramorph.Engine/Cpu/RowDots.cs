using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>Products of contiguous rows with one contiguous vector: the lanes of a register run along the row.</summary>
[SkipLocalsInit]
internal static unsafe class RowDots<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>All rows, four at a time. The order of a row's sum depends on <paramref name="depth"/> alone.</summary>
    public static void Multiply(int rows, int depth, T* a, nint aRow, T* x, TileTarget<T>* target)
    {
        T* c = target->C;
        for (; rows >= 4; rows -= 4)
        {
            Multiply<Four>(depth, a, aRow, x, target, c);
            a += 4 * aRow;
            c += 4 * target->Stride;
        }
        for (; rows > 0; rows--)
        {
            Multiply<One>(depth, a, aRow, x, target, c);
            a += aRow;
            c += target->Stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows>(int depth, T* a, nint aRow, T* x, TileTarget<T>* target, T* c)
        where TRows : IConstant
    {
        TVector even0 = default, even1 = default, even2 = default, even3 = default;
        TVector odd0 = default, odd1 = default, odd2 = default, odd3 = default;
        T* second = TRows.Value > 1 ? a + aRow : a;
        T* third = TRows.Value > 1 ? second + aRow : a;
        T* fourth = TRows.Value > 1 ? third + aRow : a;
        int p = 0;
        for (; p <= depth - (2 * TLanes.Count); p += 2 * TLanes.Count)
        {
            TVector x0 = TLanes.Load(x + p);
            TVector x1 = TLanes.Load(x + p + TLanes.Count);
            Accumulate(a + p, x0, x1, ref even0, ref odd0);
            if (TRows.Value > 1)
            {
                Accumulate(second + p, x0, x1, ref even1, ref odd1);
                Accumulate(third + p, x0, x1, ref even2, ref odd2);
                Accumulate(fourth + p, x0, x1, ref even3, ref odd3);
            }
        }
        Store(target, c, Finish(a + p, x + p, depth - p, even0, odd0));
        if (TRows.Value > 1)
        {
            Store(target, c += target->Stride, Finish(second + p, x + p, depth - p, even1, odd1));
            Store(target, c += target->Stride, Finish(third + p, x + p, depth - p, even2, odd2));
            Store(target, c += target->Stride, Finish(fourth + p, x + p, depth - p, even3, odd3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(T* a, TVector x0, TVector x1, ref TVector even, ref TVector odd)
    {
        even = TLanes.Accumulate(TLanes.Load(a), x0, even);
        odd = TLanes.Accumulate(TLanes.Load(a + TLanes.Count), x1, odd);
    }

    /// <summary>Adds what is left of a row, fewer than two registers, and the lanes.</summary>
    private static T Finish(T* a, T* x, int rest, TVector even, TVector odd)
    {
        if (rest >= TLanes.Count)
        {
            even = TLanes.Accumulate(TLanes.Load(a), TLanes.Load(x), even);
            a += TLanes.Count;
            x += TLanes.Count;
            rest -= TLanes.Count;
        }
        if (rest > 0)
        {
            odd = TLanes.Accumulate(TLanes.LoadPartial(a, rest), TLanes.LoadPartial(x, rest), odd);
        }
        return TLanes.Sum(TLanes.Add(even, odd));
    }

    private static void Store(TileTarget<T>* target, T* c, T sum)
    {
        TVector result = TLanes.Broadcast(sum);
        if (target->Adds)
        {
            result = TLanes.Add(TLanes.Broadcast(*c), result);
        }
        if (target->Bias != null)
        {
            result = TLanes.Add(result, TLanes.Broadcast(*target->Bias));
        }
        TLanes.StorePartial(result, c, 1);
    }
}
