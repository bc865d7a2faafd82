using System.Numerics;
using System.Runtime.CompilerServices;
using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>
/// Complex matrix products for each batch position where neighbouring positions are neighbours in memory, as in products of spectra: each lane of the
/// vectors works on a position of its own. Blocks of both operands are first split into real and imaginary parts.
/// </summary>
internal sealed unsafe class ComplexModesStep<T> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockRows = 64;

    private readonly Place[] places;
    private readonly ComplexDot dot;
    private readonly int blocks;
    private readonly Cut cut;

    /// <summary>A product whose operands have been placed.</summary>
    /// <param name="dot">The product.</param>
    /// <param name="places">Where left operand, right operand and result begin.</param>
    public ComplexModesStep(ComplexDot dot, Place[] places)
    {
        (this.dot, this.places) = (dot, places);
        blocks = (dot.Rows + BlockRows - 1) / BlockRows;
        var groups = (dot.Batch + Width - 1) / Width;
        cut = Cut.Of((long)groups * blocks, (long)Width * Math.Min(dot.Rows, BlockRows) * dot.Columns * dot.Depth);
    }

    public override string Description => $"complex product of {dot.Batch} neighbours times [{dot.Rows}, {dot.Depth}] by [{dot.Depth}, {dot.Columns}]";

    private static int Width => Vector<T>.Count;

    public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, cut.Pieces, new Job
    {
        Step = this,
        A = (T*)places[0].Address(bases),
        B = (T*)places[1].Address(bases),
        C = (T*)places[2].Address(bases),
    });

    /// <summary>Some rows of the products of as many positions as a vector has lanes.</summary>
    private void RunUnit(long unit, T* a, T* b, T* c, T* planes)
    {
        var firstRow = (int)(unit % blocks) * BlockRows;
        var first = (int)(unit / blocks) * Width;
        var (count, rows) = (Math.Min(Width, dot.Batch - first), Math.Min(BlockRows, dot.Rows - firstRow));
        nint line = 2 * (nint)dot.Depth * Width;
        T* left = planes, right = planes + BlockRows * line;
        Positions positionsA = new(dot.A, first, count), positionsB = new(dot.B, first, count), positionsC = new(dot.C, first, count);
        for (var i = 0; i < rows; i++)
            for (var k = 0; k < dot.Depth; k++)
                Load(a + 2 * ((nint)dot.A.Rows[firstRow + i] + dot.A.Columns[k]), positionsA, left + i * line + 2 * k * Width);
        for (var j = 0; j < dot.Columns; j++)
            for (var k = 0; k < dot.Depth; k++)
                Load(b + 2 * ((nint)dot.B.Rows[k] + dot.B.Columns[j]), positionsB, right + j * line + 2 * k * Width);
        var results = stackalloc T[8 * Width];
        for (var i = 0; i < rows; i += 2)
        {
            var nextRow = Math.Min(i + 1, rows - 1);
            for (var j = 0; j < dot.Columns; j += 2)
            {
                var nextColumn = Math.Min(j + 1, dot.Columns - 1);
                Multiply(left + i * line, left + nextRow * line, right + j * line, right + nextColumn * line, dot.Depth, results);
                T* top = c + 2 * (nint)dot.C.Rows[firstRow + i], bottom = c + 2 * (nint)dot.C.Rows[firstRow + nextRow];
                nint at = 2 * (nint)dot.C.Columns[j], next = 2 * (nint)dot.C.Columns[nextColumn];
                Store(results, positionsC, top + at);
                Store(results + 2 * Width, positionsC, top + next);
                Store(results + 4 * Width, positionsC, bottom + at);
                Store(results + 6 * Width, positionsC, bottom + next);
            }
        }
    }

    /// <summary>Two rows times two columns: for each of the four sums a vector of real and one of imaginary parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(T* row0, T* row1, T* column0, T* column1, int depth, T* results)
    {
        Vector<T> re00 = default, re01 = default, re10 = default, re11 = default;
        Vector<T> im00 = default, im01 = default, im10 = default, im11 = default;
        for (nint at = 0, end = 2 * (nint)depth * Width; at < end; at += 2 * Width)
        {
            var (x0, x1, u0, u1) = (Vector.Load(row0 + at), Vector.Load(row1 + at), Vector.Load(column0 + at), Vector.Load(column1 + at));
            var (y0, y1, v0, v1) = (Vector.Load(row0 + at + Width), Vector.Load(row1 + at + Width), Vector.Load(column0 + at + Width), Vector.Load(column1 + at + Width));
            // (x + i y)(u + i v) = x u - y v + i (x v + y u).
            re00 = Lanes.MultiplyAdd(-y0, v0, Lanes.MultiplyAdd(x0, u0, re00));
            im00 = Lanes.MultiplyAdd(y0, u0, Lanes.MultiplyAdd(x0, v0, im00));
            re01 = Lanes.MultiplyAdd(-y0, v1, Lanes.MultiplyAdd(x0, u1, re01));
            im01 = Lanes.MultiplyAdd(y0, u1, Lanes.MultiplyAdd(x0, v1, im01));
            re10 = Lanes.MultiplyAdd(-y1, v0, Lanes.MultiplyAdd(x1, u0, re10));
            im10 = Lanes.MultiplyAdd(y1, u0, Lanes.MultiplyAdd(x1, v0, im10));
            re11 = Lanes.MultiplyAdd(-y1, v1, Lanes.MultiplyAdd(x1, u1, re11));
            im11 = Lanes.MultiplyAdd(y1, u1, Lanes.MultiplyAdd(x1, v1, im11));
        }
        Vector.Store(re00, results);
        Vector.Store(im00, results + Width);
        Vector.Store(re01, results + 2 * Width);
        Vector.Store(im01, results + 3 * Width);
        Vector.Store(re10, results + 4 * Width);
        Vector.Store(im10, results + 5 * Width);
        Vector.Store(re11, results + 6 * Width);
        Vector.Store(im11, results + 7 * Width);
    }

    /// <summary>One element of each position as a vector of real and one of imaginary parts; lanes without a position repeat the last one.</summary>
    private static void Load(T* source, Positions positions, T* target)
    {
        if (positions.AreNeighbours)
        {
            Lanes.Split(source + 2 * (nint)positions.At[0], target, target + Width);
            return;
        }
        for (var lane = 0; lane < Width; lane++)
        {
            var from = source + 2 * (nint)positions.At[Math.Min(lane, positions.At.Length - 1)];
            (target[lane], target[Width + lane]) = (from[0], from[1]);
        }
    }

    private static void Store(T* result, Positions positions, T* target)
    {
        if (positions.AreNeighbours)
        {
            Lanes.Join(result, result + Width, target + 2 * (nint)positions.At[0]);
            return;
        }
        for (var lane = 0; lane < positions.At.Length; lane++)
        {
            var to = target + 2 * (nint)positions.At[lane];
            (to[0], to[1]) = (result[lane], result[Width + lane]);
        }
    }

    /// <summary>The batch positions of the lanes in an operand, and whether they are neighbours in memory.</summary>
    private readonly ref struct Positions
    {
        public Positions(Offsets offsets, int first, int count)
        {
            At = offsets.Batch.AsSpan(first, count);
            AreNeighbours = count == Width;
            for (var lane = 1; lane < count; lane++) AreNeighbours &= At[lane] == At[0] + lane;
        }

        public ReadOnlySpan<int> At { get; }

        public bool AreNeighbours { get; }
    }

    private struct Job : IPieces
    {
        public ComplexModesStep<T> Step;
        public T* A;
        public T* B;
        public T* C;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            var planes = scratch.Take<T>(2 * (nint)Step.dot.Depth * Width * (BlockRows + Step.dot.Columns));
            for (var unit = Step.cut.First(piece); unit < Step.cut.End(piece); unit++) Step.RunUnit(unit, A, B, C, planes);
        }
    }
}
