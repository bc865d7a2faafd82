using System.Numerics;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>output[b, i, :] = table[b, indices[b, i], :].</summary>
internal static unsafe class Gather
{
    /// <summary>
    /// Copies the rows named first..end (counted over batch and count). Returns the number of the first name that is out of range, whose row is
    /// left unwritten with those after it, or -1.
    /// </summary>
    /// <param name="rows">The shapes; its row length counts elements of <paramref name="elementSize"/> bytes.</param>
    public static long Run<TIndex>(IndexedRows rows, int elementSize, byte* table, TIndex* indices, byte* output, long first, long end)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var bytes = (long)rows.RowLength * elementSize;
        return bytes switch
        {
            4 => Copy<TIndex, uint>(rows, (uint*)table, indices, (uint*)output, first, end),
            8 => Copy<TIndex, ulong>(rows, (ulong*)table, indices, (ulong*)output, first, end),
            12 => Copy<TIndex, Three>(rows, (Three*)table, indices, (Three*)output, first, end),
            16 => Copy<TIndex, Vector128<byte>>(rows, (Vector128<byte>*)table, indices, (Vector128<byte>*)output, first, end),
            32 => Copy<TIndex, Vector256<byte>>(rows, (Vector256<byte>*)table, indices, (Vector256<byte>*)output, first, end),
            _ => CopyRows(rows, bytes, table, indices, output, first, end),
        };
    }

    private static long Copy<TIndex, TRow>(IndexedRows rows, TRow* table, TIndex* indices, TRow* output, long first, long end)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TRow : unmanaged
    {
        var (perBatch, name) = (rows.TableRows, first);
        while (name < end)
        {
            // A division for each batch position, not for each name.
            var batch = name / rows.Count;
            var part = table + batch * perBatch;
            for (var last = Math.Min(end, (batch + 1) * rows.Count); name < last; name++)
            {
                var row = rows.Row(indices, name);
                if (row < 0) return name;
                output[name] = part[row];
            }
        }
        return -1;
    }

    private static long CopyRows<TIndex>(IndexedRows rows, long bytes, byte* table, TIndex* indices, byte* output, long first, long end)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var perBatch = rows.TableRows;
        for (var name = first; name < end; name++)
        {
            var row = rows.Row(indices, name);
            if (row < 0)
                return name;
            Buffer.MemoryCopy(table + (name / rows.Count * perBatch + row) * bytes, output + name * bytes, bytes, bytes);
        }
        return -1;
    }

    /// <summary>Twelve bytes, as three coordinates in single precision are.</summary>
    private readonly record struct Three(uint A, uint B, uint C);
}
