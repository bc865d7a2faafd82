using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>Copies of operands in the order in which the tiles read them.</summary>
internal static unsafe class Panels
{
    /// <summary>Rows that are copied at one go: their pages and lines then stay at hand from panel to panel.</summary>
    public const int Strip = 16;

    /// <summary>
    /// Copies <paramref name="rows"/> rows and <paramref name="columns"/> columns of a right operand into rows of
    /// <paramref name="width"/> elements, the missing ones zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<TLanes, TVector, T>(MatrixView<T> source, int rows, int columns, int width, T* target)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged
    {
        if (source.ColumnStride != 1)
        {
            // The missing columns are in the last register of each row.
            for (int i = 0; columns < width && i < rows; i++)
            {
                TLanes.Store(default, target + ((i + 1) * width) - TLanes.Count);
            }
            Transposition.Copy(source.Data, source.ColumnStride, source.RowStride, columns, rows, target, width);
            return;
        }
        int full = columns / TLanes.Count * TLanes.Count;
        T* row = source.Data;
        for (; rows > 0; rows--)
        {
            for (int j = 0; j < full; j += TLanes.Count)
            {
                TLanes.Store(TLanes.Load(row + j), target + j);
            }
            if (full < width)
            {
                TLanes.Store(TLanes.LoadPartial(row + full, columns - full), target + full);
            }
            row += source.RowStride;
            target += width;
        }
    }

    /// <summary>Copies a block of a left operand into rows of its own, close together.</summary>
    /// <returns>The copy, in <paramref name="target"/>.</returns>
    public static MatrixView<T> PackLeft<T>(MatrixView<T> source, int rows, int depth, T* target)
        where T : unmanaged
    {
        nint stride = PackedLeftStride<T>(depth);
        if (source.ColumnStride == 1)
        {
            for (int i = 0; i < rows; i++)
            {
                Unsafe.CopyBlockUnaligned(target + (i * stride), source.At(i, 0), (uint)(depth * sizeof(T)));
            }
        }
        else
        {
            Transposition.Copy(source.Data, source.ColumnStride, source.RowStride, depth, rows, target, stride);
        }
        return new MatrixView<T>(target, stride);
    }

    /// <summary>Elements that <see cref="PackLeft{T}"/> may write for a block.</summary>
    public static nint PackedLeftLength<T>(int rows, int depth)
        where T : unmanaged => rows * PackedLeftStride<T>(depth);

    /// <summary>An odd number of cache lines, so that the rows of a tile fall into different cache sets.</summary>
    private static nint PackedLeftStride<T>(int length)
        where T : unmanaged
    {
        int line = 64 / sizeof(T);
        return (((length + line - 1) / line) | 1) * line;
    }
}
