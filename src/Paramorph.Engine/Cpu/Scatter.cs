using System.Numerics;
using System.Runtime.CompilerServices;

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
/// part of the table (batch positions, columns of the rows, or a range of rows) and applies to it all the updates that fall there. Many numbers of single
/// precision are added in double precision, since they may all fall on one place.
/// </summary>
internal sealed unsafe class Scatter<T>
    where T : unmanaged, INumber<T>
{
    private const int ColumnsPerPiece = 64;
    private const int MostPieces = 16;

    /// <summary>Updates up to which the rounding errors of a sum in single precision stay within its last bits.</summary>
    private const int FewUpdates = 64;

    /// <summary>Numbers of tables that are filled before they are scattered to.</summary>
    private const int FilledNumbers = 4096;

    private readonly IndexedRows rows;
    private readonly ScatterKind kind;
    private readonly bool hasUniqueNames;
    private readonly int columnPieces = 1;
    private readonly int mostRowPieces = 1;

    /// <param name="kind">How rows meet.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="hasUniqueNames">Whether no two names of a batch position are the same: sums then have one term.</param>
    public Scatter(ScatterKind kind, IndexedRows rows, bool hasUniqueNames = false)
    {
        (this.kind, this.rows, this.hasUniqueNames) = (kind, rows, hasUniqueNames);
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

    /// <summary>
    /// Applies the updates of the batch positions first.. below end, where <see cref="OwnsBatchPositions"/>. A <paramref name="number"/> that is not null is what their
    /// tables hold before. Returns what <see cref="Run{TIndex}(int, int, T*, TIndex*, T*)"/> does.
    /// </summary>
    public long RunPositions<TIndex>(int first, int end, T* number, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex> => kind switch
        {
            ScatterKind.Set => RunPositions<TIndex, LastOperation<T>>(first, end, number, table, indices, updates),
            ScatterKind.Add => RunPositions<TIndex, SumOperation<T>>(first, end, number, table, indices, updates),
            ScatterKind.Max => RunPositions<TIndex, MaxOperation<T>>(first, end, number, table, indices, updates),
            _ => RunPositions<TIndex, MinOperation<T>>(first, end, number, table, indices, updates),
        };

    private long RunPositions<TIndex, TOperation>(int first, int end, T* number, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOperation : ICombine<T>
    {
        var (bad, length) = (-1L, rows.TableRows * rows.RowLength);
        var areNumbers = !IsWide<TOperation>() && rows is { RowLength: 1, Sizes.Length: 1 };
        // What is filled is still in the cache when it is scattered to.
        var together = (int)Math.Clamp(FilledNumbers / Math.Max(1, length), 1, Math.Max(1, end - first));
        for (; first < end; first += together)
        {
            var last = Math.Min(end, first + together);
            if (number != null) new Span<T>(table + first * length, (int)((last - first) * length)).Fill(*number);
            for (var position = first; position < last; position++)
            {
                var found = areNumbers
                    ? RunNumbers<TIndex, TOperation>(position, table, indices, updates)
                    : Run<TIndex, TOperation>(position, rows.Batch, table, indices, updates);
                if (bad < 0) bad = found;
            }
        }
        return bad;
    }

    /// <summary>Whether sums are taken in double precision.</summary>
    private bool IsWide<TOperation>() => typeof(TOperation) == typeof(SumOperation<float>) && rows.Count > FewUpdates && !hasUniqueNames;

    private long Run<TIndex, TOperation>(int piece, int pieces, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOperation : ICombine<T>
    {
        if (IsWide<TOperation>()) return AddWide(PartOf(piece, pieces), (float*)table, indices, (float*)updates);
        var part = PartOf(piece, pieces);
        return Visit(part, new Combining<TOperation> { Table = table, Updates = updates, Columns = part.EndColumn - part.FirstColumn }, indices);
    }

    /// <summary>Adds in double precision: rows are widened, added to, and rounded once; only those that are named where they are few.</summary>
    private long AddWide<TIndex>(Part part, float* table, TIndex* indices, float* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        var columns = part.EndColumn - part.FirstColumn;
        using var scratch = Scratch.Open();
        // Addressed as the table is, of which the part has some rows.
        var firstNumber = (nint)(part.Batch * rows.TableRows + part.FirstRow) * rows.RowLength;
        var sums = scratch.Take<double>((nint)(part.EndRow - part.FirstRow) * rows.RowLength) - firstNumber;
        var (widening, rounding) = (new Widening { Sums = sums, Table = table, Columns = columns }, new Rounding { Sums = sums, Table = table, Columns = columns });
        var isDense = rows.Count >= part.EndRow - part.FirstRow;
        if (isDense) VisitRows(part, widening);
        else Visit(part, widening, indices);
        var bad = Visit(part, new Adding { Sums = sums, Updates = updates, Columns = columns }, indices);
        if (isDense) VisitRows(part, rounding);
        else Visit(part, rounding, indices);
        return bad;
    }

    /// <summary>What a piece owns of the table.</summary>
    private Part PartOf(int piece, int pieces)
    {
        var (part, batch) = (piece / rows.Batch, piece % rows.Batch);
        var (tableRows, rowPieces) = (rows.TableRows, pieces / (rows.Batch * columnPieces));
        var (firstRow, endRow) = rowPieces > 1 ? (tableRows * part / rowPieces, tableRows * (part + 1) / rowPieces) : (0, tableRows);
        var (firstColumn, endColumn) = columnPieces > 1
            ? ((int)((long)rows.RowLength * part / columnPieces), (int)((long)rows.RowLength * (part + 1) / columnPieces))
            : (0, rows.RowLength);
        return new(batch, firstRow, endRow, firstColumn, endColumn);
    }

    /// <summary>Does something with each named row of a part and its update, in order. Returns the number of the first name that is out of range, or -1.</summary>
    private long Visit<TIndex, TVisitor>(Part part, TVisitor visitor, TIndex* indices)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TVisitor : struct, IVisitor
    {
        var (bad, tableRows) = (-1L, rows.TableRows);
        for (var name = (long)part.Batch * rows.Count; name < (long)(part.Batch + 1) * rows.Count; name++)
        {
            var row = rows.Row(indices, name);
            if (row < 0 && bad < 0)
                bad = name;
            if (row < part.FirstRow || row >= part.EndRow)
                continue;
            visitor.Visit((part.Batch * tableRows + row) * rows.RowLength + part.FirstColumn, name * rows.RowLength + part.FirstColumn);
        }
        return bad;
    }

    /// <summary>Does something with each row of a part.</summary>
    private void VisitRows<TVisitor>(Part part, TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        for (var row = part.FirstRow; row < part.EndRow; row++)
            visitor.Visit((part.Batch * rows.TableRows + row) * rows.RowLength + part.FirstColumn, 0);
    }

    /// <summary>Rows of one number, named by one index.</summary>
    private long RunNumbers<TIndex, TOperation>(int batch, T* table, TIndex* indices, T* updates)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOperation : ICombine<T>
    {
        var (size, count, start, bad) = (rows.Sizes[0], rows.Count, (long)batch * rows.Count, -1L);
        table += (nint)batch * size;
        indices += start;
        updates += start;
        for (nint name = 0; name < count; name++)
        {
            if (IsBelow(indices[name], size, out var index))
                table[index] = TOperation.Combine(table[index], updates[name]);
            else if (bad < 0)
                bad = start + name;
        }
        return bad;
    }

    /// <summary>Whether an index exists among so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBelow<TIndex>(TIndex value, int size, out nint index)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        index = sizeof(TIndex) == sizeof(int) ? Unsafe.BitCast<TIndex, int>(value) : (nint)long.CreateTruncating(value);
        return (nuint)index < (nuint)size;
    }

    /// <summary>Rows and columns of the table at a batch position.</summary>
    private readonly record struct Part(int Batch, long FirstRow, long EndRow, int FirstColumn, int EndColumn);

    /// <summary>What is done with columns of a row of the table and those of an update, which start at the given numbers of both.</summary>
    private interface IVisitor
    {
        void Visit(long row, long update);
    }

    private struct Combining<TOperation> : IVisitor
        where TOperation : ICombine<T>
    {
        public T* Table;
        public T* Updates;
        public int Columns;

        public readonly void Visit(long row, long update)
        {
            T* target = Table + row, source = Updates + update;
            var i = 0;
            for (; i + Vector<T>.Count <= Columns; i += Vector<T>.Count)
                Vector.Store(TOperation.Combine(Vector.Load(target + i), Vector.Load(source + i)), target + i);
            for (; i < Columns; i++)
                target[i] = TOperation.Combine(target[i], source[i]);
        }
    }

    private struct Widening : IVisitor
    {
        public double* Sums;
        public float* Table;
        public int Columns;

        public readonly void Visit(long row, long update)
        {
            double* target = Sums + row;
            var source = Table + row;
            var i = 0;
            for (; i + Vector<float>.Count <= Columns; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(source + i), out var low, out var high);
                Vector.Store(low, target + i);
                Vector.Store(high, target + i + Vector<double>.Count);
            }
            for (; i < Columns; i++)
                target[i] = source[i];
        }
    }

    private struct Adding : IVisitor
    {
        public double* Sums;
        public float* Updates;
        public int Columns;

        public readonly void Visit(long row, long update)
        {
            double* target = Sums + row, second = target + Vector<double>.Count;
            var source = Updates + update;
            var i = 0;
            for (; i + Vector<float>.Count <= Columns; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(source + i), out var low, out var high);
                Vector.Store(Vector.Load(target + i) + low, target + i);
                Vector.Store(Vector.Load(second + i) + high, second + i);
            }
            for (; i < Columns; i++)
                target[i] += source[i];
        }
    }

    private struct Rounding : IVisitor
    {
        public double* Sums;
        public float* Table;
        public int Columns;

        public readonly void Visit(long row, long update)
        {
            var source = Sums + row;
            var target = Table + row;
            var i = 0;
            for (; i + Vector<float>.Count <= Columns; i += Vector<float>.Count)
                Vector.Store(Vector.Narrow(Vector.Load(source + i), Vector.Load(source + i + Vector<double>.Count)), target + i);
            for (; i < Columns; i++)
                target[i] = (float)source[i];
        }
    }
}
