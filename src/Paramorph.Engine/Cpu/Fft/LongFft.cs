using System.Collections.Concurrent;
using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// One long line as a matrix of shorter ones (D. Bailey's four steps): transforms along the columns, a turn of each element, transforms along the
/// rows, read out by columns. Both sets of lines are many and short enough for the second-level cache, where a single pass over the whole line is
/// neither.
/// </summary>
internal sealed unsafe class LongFft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Lines of this many points, times the lanes, no longer fit the second-level cache.</summary>
    private const int Shortest = 1 << 14;

    private static readonly ConcurrentDictionary<int, LongFft<T>?> Plans = new();

    private readonly int columnLength;
    private readonly int rowLength;
    private readonly FftPlan<T> columns;
    private readonly FftPlan<T> rows;
    private readonly ComplexVector<T>* turns;

    private LongFft(int columnLength, int rowLength)
    {
        (this.columnLength, this.rowLength) = (columnLength, rowLength);
        columns = FftPlan<T>.Get(columnLength);
        rows = FftPlan<T>.Get(rowLength);
        turns = Turns();
    }

    /// <summary>Complex vectors that each of the two buffers of <see cref="Transform"/> holds.</summary>
    public int BufferLength => Math.Max(columns.BufferLength, rows.BufferLength);

    /// <summary>The plan for a length; null where short lines serve better or the length has no two factors of similar size.</summary>
    public static LongFft<T>? Find(int length) => length < Shortest ? null : Plans.GetOrAdd(length, static n =>
    {
        var divisor = (int)Math.Sqrt(n);
        while (n % divisor != 0)
            divisor--;
        return divisor < 64 ? null : new LongFft<T>(divisor, n / divisor);
    });

    /// <summary>Transforms a line of interleaved complex numbers in place; <paramref name="middle"/> has room for another.</summary>
    public void Transform(T* line, T* middle, ComplexVector<T>* x, ComplexVector<T>* y)
    {
        var width = Vector<T>.Count;
        var sources = stackalloc T*[width];
        var targets = stackalloc T*[width];
        var turn = turns;
        for (var column = 0; column < rowLength; column += width, turn += columnLength)
        {
            var lanes = Math.Min(width, rowLength - column);
            for (var lane = 0; lane < lanes; lane++)
            {
                sources[lane] = line + 2 * (column + lane);
                targets[lane] = middle + 2 * (column + lane);
            }
            new LaneTile<T>(sources, lanes, 2 * rowLength, 2).LoadComplex(0, columnLength, x, 0);
            var spectrum = columns.Transform(x, y);
            for (var k = 0; k < columnLength; k++)
            {
                var (a, w) = (spectrum[k], turn[k]);
                spectrum[k] = new(a.Re * w.Re - a.Im * w.Im, a.Re * w.Im + a.Im * w.Re);
            }
            new LaneTile<T>(targets, lanes, 2 * rowLength, 2).StoreComplex(spectrum, 0, columnLength, 0);
        }
        for (var row = 0; row < columnLength; row += width)
        {
            var lanes = Math.Min(width, columnLength - row);
            for (var lane = 0; lane < lanes; lane++)
            {
                sources[lane] = middle + 2L * (row + lane) * rowLength;
                targets[lane] = line + 2 * (row + lane);
            }
            new LaneTile<T>(sources, lanes, 2, 2).LoadComplex(0, rowLength, x, 0);
            new LaneTile<T>(targets, lanes, 2 * columnLength, 2).StoreComplex(rows.Transform(x, y), 0, rowLength, 0);
        }
    }

    /// <summary>exp(-2 pi i column k / n), in the order in which the columns' transforms need them.</summary>
    private ComplexVector<T>* Turns()
    {
        var width = Vector<T>.Count;
        var length = columnLength * rowLength;
        var blocks = (rowLength + width - 1) / width;
        var table = Tables.Allocate<T>(checked(blocks * columnLength * 2 * width));
        for (var block = 0; block < blocks; block++)
            for (var k = 0; k < columnLength; k++)
                for (var lane = 0; lane < width; lane++)
                {
                    var (sin, cos) = Tables.Angle(-(long)(block * width + lane) * k, length);
                    var target = table + ((long)block * columnLength + k) * 2 * width + lane;
                    target[0] = T.CreateTruncating(cos);
                    target[width] = T.CreateTruncating(sin);
                }
        return (ComplexVector<T>*)table;
    }
}
