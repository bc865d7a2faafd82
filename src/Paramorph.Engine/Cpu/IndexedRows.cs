using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The canonical form of gathers and scatters: rows of contiguous elements in a table [batch, A1..Ak, row], named by indices
/// [batch, count, k]. An index that does not exist is reported, never followed.
/// </summary>
/// <param name="Batch">Leading positions that table and indices share.</param>
/// <param name="Count">Rows named in each of them.</param>
/// <param name="Sizes">A1..Ak.</param>
/// <param name="RowLength">Elements of a row.</param>
internal sealed record IndexedRows(int Batch, int Count, int[] Sizes, int RowLength)
{
    /// <summary>Rows of the table in each batch position.</summary>
    public long TableRows => Sizes.Aggregate(1L, (product, size) => product * size);

    /// <summary>All rows named: batch times count.</summary>
    public long Names => (long)Batch * Count;

    /// <summary>The row that a name leads to, counted from the start of its batch position; -1 if one of its indices is out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe long Row<TIndex>(TIndex* indices, long name)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var index = indices + name * Sizes.Length;
        long row = 0;
        for (var axis = 0; axis < Sizes.Length; axis++)
        {
            var i = long.CreateTruncating(index[axis]);
            if ((ulong)i >= (ulong)Sizes[axis])
                return -1;
            row = row * Sizes[axis] + i;
        }
        return row;
    }
}
