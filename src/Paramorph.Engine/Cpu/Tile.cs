using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>
/// The innermost loop of a product: up to 8 rows by 3 registers of the result are kept in registers while the common dimension runs by.
/// Every sum is one chain in the order of that dimension, starting at zero, whatever the tile's shape: so an element of the result has
/// the same bits in every tile that can hold it.
/// </summary>
[SkipLocalsInit]
internal static unsafe class Tile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Terms whose time covers the way of the result's rows into the cache.</summary>
    private const int WorthPrefetching = 64;

    /// <summary>
    /// Adds up <paramref name="depth"/> products and stores them. The steps are in bytes: a row of the left operand is
    /// <paramref name="aRow"/> after the one before, its next element <paramref name="aStep"/> further, the right operand's next row
    /// <paramref name="bStep"/> further.
    /// </summary>
    /// <typeparam name="TRows">Rows of the tile, 1 to 8.</typeparam>
    /// <typeparam name="TWidth">Registers in a row of the tile, 1 to 3.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TRows, TWidth>(
        nint depth, byte* a, nint aRow, nint aStep, byte* b, nint bStep, TileTarget<T>* target, T* c, T* bias, int columns)
        where TRows : IConstant
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
        nint aRow3 = 3 * aRow;
        nint aRow5 = 5 * aRow;
        nint aRow7 = 7 * aRow;
        if (Sse.IsSupported && depth >= WorthPrefetching)
        {
            T* row = c;
            for (int i = 0; i < TRows.Value; i++)
            {
                Sse.Prefetch0(row);
                row += target->Stride;
            }
        }
        for (; depth >= 2; depth -= 2)
        {
            Step<TRows, TWidth>(
                a, aRow, aRow3, aRow5, aRow7, b,
                ref c00, ref c01, ref c02, ref c10, ref c11, ref c12, ref c20, ref c21, ref c22, ref c30, ref c31, ref c32,
                ref c40, ref c41, ref c42, ref c50, ref c51, ref c52, ref c60, ref c61, ref c62, ref c70, ref c71, ref c72);
            a += aStep;
            b += bStep;
            Step<TRows, TWidth>(
                a, aRow, aRow3, aRow5, aRow7, b,
                ref c00, ref c01, ref c02, ref c10, ref c11, ref c12, ref c20, ref c21, ref c22, ref c30, ref c31, ref c32,
                ref c40, ref c41, ref c42, ref c50, ref c51, ref c52, ref c60, ref c61, ref c62, ref c70, ref c71, ref c72);
            a += aStep;
            b += bStep;
        }
        if (depth > 0)
        {
            Step<TRows, TWidth>(
                a, aRow, aRow3, aRow5, aRow7, b,
                ref c00, ref c01, ref c02, ref c10, ref c11, ref c12, ref c20, ref c21, ref c22, ref c30, ref c31, ref c32,
                ref c40, ref c41, ref c42, ref c50, ref c51, ref c52, ref c60, ref c61, ref c62, ref c70, ref c71, ref c72);
        }

        if (columns < TWidth.Value * TLanes.Count)
        {
            TVector* sums = (TVector*)target->Spill;
            Spill<TWidth>(sums, c00, c01, c02);
            if (TRows.Value > 1)
            {
                Spill<TWidth>(sums + TWidth.Value, c10, c11, c12);
            }
            if (TRows.Value > 2)
            {
                Spill<TWidth>(sums + (2 * TWidth.Value), c20, c21, c22);
            }
            if (TRows.Value > 3)
            {
                Spill<TWidth>(sums + (3 * TWidth.Value), c30, c31, c32);
            }
            if (TRows.Value > 4)
            {
                Spill<TWidth>(sums + (4 * TWidth.Value), c40, c41, c42);
            }
            if (TRows.Value > 5)
            {
                Spill<TWidth>(sums + (5 * TWidth.Value), c50, c51, c52);
            }
            if (TRows.Value > 6)
            {
                Spill<TWidth>(sums + (6 * TWidth.Value), c60, c61, c62);
            }
            if (TRows.Value > 7)
            {
                Spill<TWidth>(sums + (7 * TWidth.Value), c70, c71, c72);
            }
            StoreSums(sums, TRows.Value, TWidth.Value, target, c, bias, columns);
            return;
        }

        if (target->Adds || target->Bias != null)
        {
            StoreRows<TRows, TWidth, General>(
                target, c, bias, c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32,
                c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72);
        }
        else
        {
            StoreRows<TRows, TWidth, Plain>(
                target, c, bias, c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32,
                c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72);
        }
    }

    /// <summary>Stores a tile; two forms, of which the one without old elements and biases is the shorter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows<TRows, TWidth, TForm>(
        TileTarget<T>* target, T* c, T* bias,
        TVector c00, TVector c01, TVector c02, TVector c10, TVector c11, TVector c12,
        TVector c20, TVector c21, TVector c22, TVector c30, TVector c31, TVector c32,
        TVector c40, TVector c41, TVector c42, TVector c50, TVector c51, TVector c52,
        TVector c60, TVector c61, TVector c62, TVector c70, TVector c71, TVector c72)
        where TRows : IConstant
        where TWidth : IConstant
        where TForm : IConstant
    {
        Store<TWidth, TForm>(target, c, bias, c00, c01, c02);
        if (TRows.Value > 1)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c10, c11, c12);
        }
        if (TRows.Value > 2)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c20, c21, c22);
        }
        if (TRows.Value > 3)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c30, c31, c32);
        }
        if (TRows.Value > 4)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c40, c41, c42);
        }
        if (TRows.Value > 5)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c50, c51, c52);
        }
        if (TRows.Value > 6)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c60, c61, c62);
        }
        if (TRows.Value > 7)
        {
            c += target->Stride;
            Store<TWidth, TForm>(target, c, bias, c70, c71, c72);
        }
    }

    /// <summary>One term of every sum of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRows, TWidth>(
        byte* a, nint aRow, nint aRow3, nint aRow5, nint aRow7, byte* b,
        ref TVector c00, ref TVector c01, ref TVector c02, ref TVector c10, ref TVector c11, ref TVector c12,
        ref TVector c20, ref TVector c21, ref TVector c22, ref TVector c30, ref TVector c31, ref TVector c32,
        ref TVector c40, ref TVector c41, ref TVector c42, ref TVector c50, ref TVector c51, ref TVector c52,
        ref TVector c60, ref TVector c61, ref TVector c62, ref TVector c70, ref TVector c71, ref TVector c72)
        where TRows : IConstant
        where TWidth : IConstant
    {
        TVector b0 = TLanes.Load((T*)b);
        TVector b1 = TWidth.Value > 1 ? TLanes.Load((T*)b + TLanes.Count) : default;
        TVector b2 = TWidth.Value > 2 ? TLanes.Load((T*)b + (2 * TLanes.Count)) : default;
        Accumulate<TWidth>(a, b0, b1, b2, ref c00, ref c01, ref c02);
        if (TRows.Value > 1)
        {
            Accumulate<TWidth>(a + aRow, b0, b1, b2, ref c10, ref c11, ref c12);
        }
        if (TRows.Value > 2)
        {
            Accumulate<TWidth>(a + (2 * aRow), b0, b1, b2, ref c20, ref c21, ref c22);
        }
        if (TRows.Value > 3)
        {
            Accumulate<TWidth>(a + aRow3, b0, b1, b2, ref c30, ref c31, ref c32);
        }
        if (TRows.Value > 4)
        {
            Accumulate<TWidth>(a + (4 * aRow), b0, b1, b2, ref c40, ref c41, ref c42);
        }
        if (TRows.Value > 5)
        {
            Accumulate<TWidth>(a + aRow5, b0, b1, b2, ref c50, ref c51, ref c52);
        }
        if (TRows.Value > 6)
        {
            Accumulate<TWidth>(a + (2 * aRow3), b0, b1, b2, ref c60, ref c61, ref c62);
        }
        if (TRows.Value > 7)
        {
            Accumulate<TWidth>(a + aRow7, b0, b1, b2, ref c70, ref c71, ref c72);
        }
    }

    /// <summary>One row of the tile: a broadcast element of the left operand against the registers of the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TWidth>(byte* a, TVector b0, TVector b1, TVector b2, ref TVector c0, ref TVector c1, ref TVector c2)
        where TWidth : IConstant
    {
        TVector x = TLanes.Broadcast(*(T*)a);
        c0 = TLanes.Accumulate(x, b0, c0);
        if (TWidth.Value > 1)
        {
            c1 = TLanes.Accumulate(x, b1, c1);
        }
        if (TWidth.Value > 2)
        {
            c2 = TLanes.Accumulate(x, b2, c2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spill<TWidth>(TVector* sums, TVector c0, TVector c1, TVector c2)
        where TWidth : IConstant
    {
        sums[0] = c0;
        if (TWidth.Value > 1)
        {
            sums[1] = c1;
        }
        if (TWidth.Value > 2)
        {
            sums[2] = c2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWidth, TForm>(TileTarget<T>* target, T* c, T* bias, TVector c0, TVector c1, TVector c2)
        where TWidth : IConstant
        where TForm : IConstant
    {
        StoreFull<TForm>(target, c, bias, c0);
        if (TWidth.Value > 1)
        {
            StoreFull<TForm>(target, c + TLanes.Count, bias + TLanes.Count, c1);
        }
        if (TWidth.Value > 2)
        {
            StoreFull<TForm>(target, c + (2 * TLanes.Count), bias + (2 * TLanes.Count), c2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFull<TForm>(TileTarget<T>* target, T* c, T* bias, TVector sum)
        where TForm : IConstant
    {
        TVector result = sum;
        if (TForm.Value == General.Value && target->Adds)
        {
            result = TLanes.Add(TLanes.Load(c), result);
        }
        if (TForm.Value == General.Value && target->Bias != null)
        {
            result = TLanes.Add(result, TLanes.Load(bias));
        }
        TLanes.Store(result, c);
    }

    /// <summary>
    /// Stores sums that lie in memory, <paramref name="width"/> registers a row, with the arithmetic of the full store and no access
    /// behind <paramref name="columns"/>.
    /// </summary>
    public static void StoreSums(TVector* sums, int rows, int width, TileTarget<T>* target, T* c, T* bias, int columns)
    {
        if (target->Adds || target->Bias != null)
        {
            StoreSums<General>(sums, rows, width, target, c, bias, columns);
        }
        else
        {
            StoreSums<Plain>(sums, rows, width, target, c, bias, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreSums<TForm>(TVector* sums, int rows, int width, TileTarget<T>* target, T* c, T* bias, int columns)
        where TForm : IConstant
    {
        int rest = columns % TLanes.Count;
        int full = columns - rest;
        TVector lastBias = target->Bias == null ? default : TLanes.LoadPartial(bias + full, rest);
        for (; rows > 0; rows--)
        {
            TVector* row = sums;
            for (int j = 0; j < full; j += TLanes.Count)
            {
                StoreFull<TForm>(target, c + j, bias + j, *row++);
            }
            if (rest != 0)
            {
                TVector result = *row;
                if (TForm.Value == General.Value && target->Adds)
                {
                    result = TLanes.Add(TLanes.LoadPartial(c + full, rest), result);
                }
                if (TForm.Value == General.Value && target->Bias != null)
                {
                    result = TLanes.Add(result, lastBias);
                }
                TLanes.StorePartial(result, c + full, rest);
            }
            sums += width;
            c += target->Stride;
        }
    }

    /// <summary>A store that reads nothing.</summary>
    private readonly struct Plain : IConstant
    {
        public static int Value => 0;
    }

    /// <summary>A store that may add what the result held and a bias.</summary>
    private readonly struct General : IConstant
    {
        public static int Value => 1;
    }
}
