using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Complex matrix products for each batch position. Blocks of both operands are copied into planes of real and imaginary parts, several neighbouring
/// batch positions at a time, since in products of spectra they are the innermost axes; then four rows meet a vector of columns in registers.
/// </summary>
internal sealed unsafe class ComplexDotStep<T> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsTogether = 4;
    private const int BlockRows = 64;
    private const int MostPositions = 8;
    private const long PlaneNumbers = 1 << 15;

    private readonly Place[] places;
    private readonly Offsets a;
    private readonly Offsets b;
    private readonly Offsets c;
    private readonly int rows;
    private readonly int blockRows;
    private readonly int columns;
    private readonly int paddedColumns;
    private readonly int depth;
    private readonly int positions;
    private readonly int blocks;
    private readonly Cut cut;

    /// <summary>A product whose operands have been placed.</summary>
    /// <param name="dot">The product; columns of the result are neighbours.</param>
    /// <param name="places">Where left operand, right operand and result begin.</param>
    public ComplexDotStep(ComplexDot dot, Place[] places)
    {
        this.places = places;
        (a, b, c) = (dot.A, dot.B, dot.C);
        (rows, columns, depth) = (dot.Rows, dot.Columns, dot.Depth);
        blockRows = (Math.Min(rows, BlockRows) + RowsTogether - 1) / RowsTogether * RowsTogether;
        paddedColumns = (columns + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
        blocks = (rows + blockRows - 1) / blockRows;
        positions = (int)Math.Clamp(PlaneNumbers / ((long)depth * (blockRows + paddedColumns)), 1, MostPositions);
        var units = (a.Batch.Length + positions - 1) / positions * (long)blocks;
        cut = Cut.Of(units, (long)positions * blockRows * columns * depth);
    }

    public override string Description => $"complex product of {a.Batch.Length} times [{rows}, {depth}] by [{depth}, {columns}]";

    public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, cut.Pieces, new Job
    {
        Step = this,
        A = (T*)places[0].Address(bases),
        B = (T*)places[1].Address(bases),
        C = (T*)places[2].Address(bases),
    });

    /// <summary>Some rows of the products of some neighbouring batch positions.</summary>
    private void RunUnit(long unit, T* left, T* right, T* result, T* planes)
    {
        var firstRow = (int)(unit % blocks) * blockRows;
        var first = (int)(unit / blocks) * positions;
        var (count, rowCount) = (Math.Min(positions, a.Batch.Length - first), Math.Min(blockRows, rows - firstRow));
        nint leftPlane = (nint)blockRows * depth, rightPlane = (nint)depth * paddedColumns;
        var rightPlanes = planes + positions * 2 * leftPlane;
        // What fills up the last rows and columns is never read from the result, but must be numbers that are fast to multiply.
        NativeMemory.Clear(planes, (nuint)(positions * 2 * (leftPlane + rightPlane) * sizeof(T)));
        var neighbours = a.Batch.AsSpan(first, count);
        for (var i = 0; i < rowCount; i++)
            for (var k = 0; k < depth; k++)
                Split(left + 2 * ((nint)a.Rows[firstRow + i] + a.Columns[k]), neighbours, planes + i * (nint)depth + k, leftPlane);
        neighbours = b.Batch.AsSpan(first, count);
        for (var k = 0; k < depth; k++)
            for (var j = 0; j < columns; j++)
                Split(right + 2 * ((nint)b.Rows[k] + b.Columns[j]), neighbours, rightPlanes + k * (nint)paddedColumns + j, rightPlane);
        for (var p = 0; p < count; p++)
        {
            var target = result + 2 * ((nint)c.Batch[first + p] + c.Rows[firstRow]);
            Multiply(planes + 2 * p * leftPlane, leftPlane, rightPlanes + 2 * p * rightPlane, rightPlane, target, rowCount);
        }
    }

    /// <summary>One element of each of some matrices to its place in their planes.</summary>
    private static void Split(T* source, ReadOnlySpan<int> offsets, T* target, nint plane)
    {
        foreach (var offset in offsets)
        {
            target[0] = source[2 * (nint)offset];
            target[plane] = source[2 * (nint)offset + 1];
            target += 2 * plane;
        }
    }

    private void Multiply(T* left, nint leftPlane, T* right, nint rightPlane, T* target, int rowCount)
    {
        for (var i = 0; i < rowCount; i += RowsTogether)
            for (var j = 0; j < columns; j += Vector<T>.Count)
                Tile(left + i * (nint)depth, leftPlane, right + j, rightPlane, target + 2 * ((nint)i * columns + j), Math.Min(RowsTogether, rowCount - i), Math.Min(Vector<T>.Count, columns - j));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile(T* left, nint leftPlane, T* right, nint rightPlane, T* target, int tileRows, int tileColumns)
    {
        // (x + i y)(u + i v): x u, y v and x v + y u apart.
        Vector<T> xu0 = default, xu1 = default, xu2 = default, xu3 = default;
        Vector<T> yv0 = default, yv1 = default, yv2 = default, yv3 = default;
        Vector<T> im0 = default, im1 = default, im2 = default, im3 = default;
        for (nint k = 0, n = depth; k < n; k++, left++, right += paddedColumns)
        {
            var (u, v) = (Vector.Load(right), Vector.Load(right + rightPlane));
            Add(left[0], left[leftPlane], u, v, ref xu0, ref yv0, ref im0);
            Add(left[n], left[leftPlane + n], u, v, ref xu1, ref yv1, ref im1);
            Add(left[2 * n], left[leftPlane + 2 * n], u, v, ref xu2, ref yv2, ref im2);
            Add(left[3 * n], left[leftPlane + 3 * n], u, v, ref xu3, ref yv3, ref im3);
        }
        Store(xu0 - yv0, im0, target, tileColumns);
        if (tileRows > 1) Store(xu1 - yv1, im1, target + 2 * (nint)columns, tileColumns);
        if (tileRows > 2) Store(xu2 - yv2, im2, target + 4 * (nint)columns, tileColumns);
        if (tileRows > 3) Store(xu3 - yv3, im3, target + 6 * (nint)columns, tileColumns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T x, T y, Vector<T> u, Vector<T> v, ref Vector<T> xu, ref Vector<T> yv, ref Vector<T> im)
    {
        var (real, imaginary) = (new Vector<T>(x), new Vector<T>(y));
        xu = Lanes.MultiplyAdd(real, u, xu);
        yv = Lanes.MultiplyAdd(imaginary, v, yv);
        im = Lanes.MultiplyAdd(imaginary, u, Lanes.MultiplyAdd(real, v, im));
    }

    private static void Store(Vector<T> real, Vector<T> imaginary, T* target, int count)
    {
        for (var j = 0; j < count; j++) (target[2 * j], target[2 * j + 1]) = (real[j], imaginary[j]);
    }

    private struct Job : IPieces
    {
        public ComplexDotStep<T> Step;
        public T* A;
        public T* B;
        public T* C;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            var numbers = 2L * Step.positions * Step.depth * (Step.blockRows + Step.paddedColumns);
            var planes = scratch.Take<T>((nint)numbers);
            for (var unit = Step.cut.First(piece); unit < Step.cut.End(piece); unit++) Step.RunUnit(unit, A, B, C, planes);
        }
    }
}
