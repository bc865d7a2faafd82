using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Images cut into tiles, four apart in both directions, and transformed to the 6 x 6 points at which the minimal filtering algorithms F(4x4, 3x3)
/// and F(3x3, 4x4) multiply: 36 products where a direct convolution has 144 (Winograd 1980; Lavin and Gray, "Fast Algorithms for Convolutional
/// Neural Networks", 2015). Columns are transformed first, while neighbours in a row fill the lanes; then the columns of each residue of four are
/// brought together, so that neighbouring tiles fill them. Where rows of tiles are not whole vectors they follow one another, each with a last
/// tile that stands for nothing.
/// </summary>
internal sealed unsafe class WinogradTiles<T, TTransform>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTransform : IWinogradTransform<T>
{
    private readonly int height;
    private readonly int width;
    private readonly nint rowStride;
    private readonly nint columnStride;
    private readonly int top;
    private readonly int left;
    private readonly int columns;

    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="strides">Numbers from one row, and from one column, to the next.</param>
    /// <param name="top">Rows of zeros above; negative to begin inside.</param>
    /// <param name="left">Columns of zeros at the left; negative to begin inside.</param>
    /// <param name="columns">Tiles in a row.</param>
    public WinogradTiles(int height, int width, nint[] strides, int top, int left, int columns)
    {
        (this.height, this.width, this.top, this.left, this.columns) = (height, width, top, left, columns);
        (rowStride, columnStride) = (strides[0], strides[1]);
    }

    /// <summary>Places of a row of tiles, with the one that stands for nothing if there is one.</summary>
    private int RowLength => WinogradCut.RowLength<T>(columns);

    /// <summary>Columns of a row with the zeros around it, and then whole vectors.</summary>
    private int LineLength => (4 * (columns + 1) + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

    /// <summary>Numbers of working memory for so many rows of tiles.</summary>
    public long WorkLength(int rows) => 12L * LineLength + 24 * Plane(rows) + 2 * Vector<T>.Count;

    /// <summary>
    /// Transforms rows of tiles of an image, the first of which becomes number <paramref name="tile"/>, the first of a vector. What stands for nothing
    /// becomes zero where it has no part in other tiles.
    /// </summary>
    public void Transform(T* image, int firstRow, int rows, WinogradTarget<T> target, int tile, T* work)
    {
        var (line, pitch, plane) = (LineLength, columns + 1, Plane(rows));
        T* padded = work, mapped = padded + 6 * line, residues = mapped + 6 * line;
        for (var row = 0; row < rows; row++)
        {
            for (var y = 0; y < TTransform.Reach; y++)
                PadRow(image, 4 * (firstRow + row) + y - top, padded + y * line, line);
            for (var x = 0; x < line; x += Vector<T>.Count)
                Apply(padded + x, line, mapped + x, line);
            for (var point = 0; point < 6; point++)
                SplitFours(mapped + point * line, pitch, residues + 4 * point * plane + row * pitch, plane);
        }
        for (var i = 0; i < 24; i++)
            new Span<T>(residues + i * plane + rows * pitch, (int)plane - rows * pitch).Clear();
        if (RowLength > columns)
            TransformLines(residues, plane, rows * pitch, target, tile);
        else
            for (var row = 0; row < rows; row++)
                TransformLines(residues + row * pitch, plane, columns, target, tile + row * columns);
    }

    /// <summary>Numbers of a residue of columns for so many rows, and zeros up to which the last vector and its neighbour reach.</summary>
    private nint Plane(int rows) => (rows * (columns + 1) / Vector<T>.Count + 2) * Vector<T>.Count;

    private static void TransformLines(T* residues, nint plane, int count, WinogradTarget<T> target, int first)
    {
        for (var tile = 0; tile < count; tile += Vector<T>.Count)
        {
            var to = target.At(first + tile);
            for (var point = 0; point < 6; point++, to += 6 * target.Distance)
            {
                var from = residues + 4 * point * plane + tile;
                var (e, f) = TTransform.Reach > 4 ? (Vector.Load(from + 1), Vector.Load(from + plane + 1)) : default;
                TTransform.Apply(
                    Vector.Load(from), Vector.Load(from + plane), Vector.Load(from + 2 * plane), Vector.Load(from + 3 * plane), e, f, to, target.Distance);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply(T* from, nint step, T* to, nint distance)
    {
        var (e, f) = TTransform.Reach > 4 ? (Vector.Load(from + 4 * step), Vector.Load(from + 5 * step)) : default;
        TTransform.Apply(Vector.Load(from), Vector.Load(from + step), Vector.Load(from + 2 * step), Vector.Load(from + 3 * step), e, f, to, distance);
    }

    /// <summary>The columns of each residue of four together.</summary>
    private static void SplitFours(T* line, int count, T* target, nint distance)
    {
        var q = 0;
        for (; q + Vector<T>.Count <= count; q += Vector<T>.Count)
        {
            var (even0, odd0) = Halves(line + 4 * q);
            var (even1, odd1) = Halves(line + 4 * q + 2 * Vector<T>.Count);
            var (zeros, twos) = Zip.Apart(even0, even1);
            var (ones, threes) = Zip.Apart(odd0, odd1);
            Vector.Store(zeros, target + q);
            Vector.Store(ones, target + q + distance);
            Vector.Store(twos, target + q + 2 * distance);
            Vector.Store(threes, target + q + 3 * distance);
        }
        for (; q < count; q++)
            for (var residue = 0; residue < 4; residue++)
                target[q + residue * distance] = line[4 * q + residue];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static (Vector<T> Even, Vector<T> Odd) Halves(T* from) => Zip.Apart(Vector.Load(from), Vector.Load(from + Vector<T>.Count));
    }

    /// <summary>A row of an image with the zeros around it.</summary>
    private void PadRow(T* image, int row, T* line, int length)
    {
        var (from, end) = (uint)row < (uint)height ? (Math.Clamp(left, 0, length), Math.Clamp(width + left, 0, length)) : (0, 0);
        new Span<T>(line, from).Clear();
        new Span<T>(line + end, length - end).Clear();
        if (end <= from) return;
        var source = image + row * rowStride - left * columnStride;
        if (columnStride == 1)
            new Span<T>(source + from, end - from).CopyTo(new Span<T>(line + from, end - from));
        else
            for (var column = from; column < end; column++)
                line[column] = source[column * columnStride];
    }
}
