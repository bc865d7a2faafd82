using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>How a scattered row meets the one that is there.</summary>
internal enum ScatterKind
{
    Set,
    Add,
    Max,
    Min,
}

/// <summary>
/// table[b, indices[b, i], :] = combine(table[b, indices[b, i], :], updates[b, i, :]) in the order of i, on any number of threads: a piece owns a
/// part of the table (batch positions, columns of the rows, or a range of rows) and applies to it all the updates that fall there.
/// </summary>
internal sealed unsafe class Scatter<T>
    where T : unmanaged, INumber<T>
{
    private const int ColumnsPerPiece = 64;
    private const int MostPieces = 16;

    private readonly IndexedRows rows;
    private readonly ScatterKind kind;
    private readonly int columnPieces = 1;
    private readonly int mostRowPieces = 1;

    public Scatter(ScatterKind kind, IndexedRows rows)
    {
        (this.kind, this.rows) = (kind, rows);
        // A piece for a range of rows reads all names, so that there should be few of them and much to do for each.
        if (rows.Batch < MostPieces && rows.RowLength >= 2 * ColumnsPerPiece)
            columnPieces = Math.Min(MostPieces, rows.RowLength / ColumnsPerPiece);
        else if (rows.Batch < MostPieces && (long)rows.Count * rows.RowLength >= 1 << 14)
            mostRowPieces = (int)Math.Clamp(rows.TableRows, 1, Math.Max(1, MostPieces / 2 / Math.Max(1, rows.Batch)));
    }

    /// <summary>Whether each piece owns all that the table has at a batch position, on any number of threads.</summary>
    public bool OwnsBatchPositions => columnPieces == 1 && mostRowPieces == 1;

    /// <summary>Pieces for some threads: ranges of rows are no more than they can share, as each of them reads all names.</summary>
    public int Pieces(int threads) => rows.Batch * columnPieces * (threads == 1 ? 1 : Math.Min(mostRowPieces, 2 * threads));

    /// <summary>
    /// Applies the updates of a piece of <see cref="Pieces"/> to the table. Returns the number of the first name that is out of range, or -1. Names out of range are skipped.
    /// </summary>
    public long Run<TIndex>(int piece, int pieces, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex> => kind switch
        {
            ScatterKind.Set => Run<TIndex, LastOperation<T>>(piece, pieces, table, indices, updates),
            ScatterKind.Add => Run<TIndex, SumOperation<T>>(piece, pieces, table, indices, updates),
            ScatterKind.Max => Run<TIndex, MaxOperation<T>>(piece, pieces, table, indices, updates),
            _ => Run<TIndex, MinOperation<T>>(piece, pieces, table, indices, updates),
        };

    private long Run<TIndex, TOperation>(int piece, int pieces, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOperation : ICombine<T>
    {
        if (OwnsBatchPositions && rows is { RowLength: 1, Sizes.Length: 1 })
            return RunNumbers<TIndex, TOperation>(piece, table, indices, updates);
        var (part, batch) = (piece / rows.Batch, piece % rows.Batch);
        var (tableRows, rowPieces) = (rows.TableRows, pieces / (rows.Batch * columnPieces));
        var (firstRow, endRow) = rowPieces > 1 ? (tableRows * part / rowPieces, tableRows * (part + 1) / rowPieces) : (0, tableRows);
        var (firstColumn, endColumn) = columnPieces > 1
            ? ((int)((long)rows.RowLength * part / columnPieces), (int)((long)rows.RowLength * (part + 1) / columnPieces))
            : (0, rows.RowLength);
        var bad = -1L;
        for (var name = (long)batch * rows.Count; name < (long)(batch + 1) * rows.Count; name++)
        {
            var row = rows.Row(indices, name);
            if (row < 0 && bad < 0)
                bad = name;
            if (row < firstRow || row >= endRow)
                continue;
            Combine<TOperation>(
                table + (batch * tableRows + row) * rows.RowLength + firstColumn, updates + name * rows.RowLength + firstColumn, endColumn - firstColumn);
        }
        return bad;
    }

    /// <summary>Rows of one number, named by one index.</summary>
    private long RunNumbers<TIndex, TOperation>(int batch, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOperation : ICombine<T>
    {
        var (size, bad) = ((ulong)rows.Sizes[0], -1L);
        table += batch * (long)size;
        for (var name = (long)batch * rows.Count; name < (long)(batch + 1) * rows.Count; name++)
        {
            var index = long.CreateTruncating(indices[name]);
            if ((ulong)index < size)
                table[index] = TOperation.Combine(table[index], updates[name]);
            else if (bad < 0)
                bad = name;
        }
        return bad;
    }

    private static void Combine<TOperation>(T* target, T* source, int count)
        where TOperation : ICombine<T>
    {
        var i = 0;
        for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
            Vector.Store(TOperation.Combine(Vector.Load(target + i), Vector.Load(source + i)), target + i);
        for (; i < count; i++)
            target[i] = TOperation.Combine(target[i], source[i]);
    }
}
