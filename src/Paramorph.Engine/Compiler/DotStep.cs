using System.Numerics;
using System.Runtime.CompilerServices;
using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>A general product: loops around packed and blocked matrix products.</summary>
/// <typeparam name="TProduct">Its matrix products.</typeparam>
/// <typeparam name="T">The type of its operands.</typeparam>
/// <typeparam name="TSum">The type of its result.</typeparam>
[SkipLocalsInit]
internal sealed unsafe class DotStep<TProduct, T, TSum> : RowStep
    where TProduct : struct, IMatrixProduct<T, TSum>
    where T : unmanaged
    where TSum : unmanaged, INumber<TSum>
{
    /// <summary>Multiply-adds below which a loop of products is not handed to other threads.</summary>
    private const long WorkPerPiece = 64 * 1024;

    /// <summary>Products that are shared out as wholes; fewer large ones are shared out each by itself, with its operand packed once.</summary>
    private const int EnoughProducts = 8;

    /// <summary>Parts in which products that add up to one result are summed.</summary>
    private const int MostParts = 16;

    /// <summary>Elements of a result of which there may be a copy for each part of the sum.</summary>
    private const long PartialElements = 32 * 1024;

    private readonly LoweredDot dot;
    private readonly Place a;
    private readonly Place b;
    private readonly Place c;
    private readonly Place? packed;
    private readonly bool accumulates;
    private readonly List<DotLoop> free;
    private readonly List<DotLoop> summed;
    private readonly long products;
    private readonly long terms;
    private readonly int parts;
    private readonly Sizes whole;

    /// <summary>A product whose operands have been placed.</summary>
    /// <param name="dot">The product.</param>
    /// <param name="a">Where the left operand begins.</param>
    /// <param name="b">Where the right operand begins.</param>
    /// <param name="c">Where the result begins.</param>
    /// <param name="packed">Room for the right operand in the order of the tiles, when it is the same for all rows or runs.</param>
    /// <param name="accumulates">Whether the result adds to what is there: sums over the rows of a tile.</param>
    public DotStep(LoweredDot dot, Place a, Place b, Place c, Place? packed, bool accumulates)
    {
        this.dot = dot;
        this.a = a;
        this.b = b;
        this.c = c;
        this.packed = packed;
        this.accumulates = accumulates;
        whole = new(dot.M.Count, dot.N.Count, dot.K.Count);
        (free, summed) = (dot.Outer.FindAll(l => l.C != 0), dot.Outer.FindAll(l => l.C == 0));
        (products, terms) = (Count(free), Count(summed));
        var isSmall = products * dot.M.Count * dot.N.Count <= PartialElements && terms * products * Work >= 8 * WorkPerPiece;
        parts = products < EnoughProducts && isSmall ? (int)Math.Min(terms, MostParts) : 1;
    }

    public override string Description => $"product [{dot.M.Count}, {dot.K.Count}] x [{dot.K.Count}, {dot.N.Count}]" + (products * terms > 1 ? $", {products * terms} times" : "");

    /// <summary>Bytes of the right operand in the order of the tiles where it is packed once for all rows or runs; otherwise 0.</summary>
    public static long PackedBytes(LoweredDot dot) => dot.CanPackRight || dot.CanKeepRight ? TProduct.PackedBytes((int)dot.K.Count, (int)dot.N.Count) : 0;

    public override void Prepare(nint* bases)
    {
        if (packed is not { } target) return;
        TProduct.Pack(new((T*)b.Address(bases), (nint)dot.K.B, (nint)dot.N.B), (int)dot.K.Count, (int)dot.N.Count, target.Address(bases));
    }

    public override void Run(nint* bases, long start, long end)
    {
        T* left = (T*)a.Row(bases, start, start), right = (T*)b.Row(bases, start, start);
        var result = (TSum*)c.Row(bases, start, start);
        var rows = end - start;
        switch (dot.Rows)
        {
            case DotRows.Left:
                Loops(0, left, right, result, new(rows * dot.RowFactor, dot.N.Count, dot.K.Count), false, bases, null);
                break;
            case DotRows.Right:
                Loops(0, left, right, result, new(dot.M.Count, rows, dot.K.Count), false, bases, null);
                break;
            case DotRows.Depth:
                Loops(0, left, right, result, new(dot.M.Count, dot.N.Count, rows), accumulates, bases, null);
                break;
            default:
                // The rows are the outermost loop.
                var loop = dot.Outer[0];
                for (long row = 0; row < rows; row++)
                    Loops(1, left + row * loop.A, right + row * loop.B, result + row * loop.C, whole, false, bases, null);
                break;
        }
    }

    public override void Run(nint* bases, WorkerPool pool)
    {
        var isShared = products >= EnoughProducts || parts > 1 || terms * Work <= 16 * WorkPerPiece;
        if (products * terms == 1 || !isShared)
        {
            Loops(0, (T*)a.Address(bases), (T*)b.Address(bases), (TSum*)c.Address(bases), whole, false, bases, pool);
            return;
        }
        var each = Math.Max(1, terms / parts * Work);
        var job = new Job { Step = this, Bases = bases, PerPiece = parts > 1 ? 1 : (int)Math.Clamp(WorkPerPiece / each, 1, products) };
        if (parts == 1)
        {
            Shared.Run(pool, (int)((products + job.PerPiece - 1) / job.PerPiece), job, products * terms * Work >= 4 * WorkPerPiece);
            return;
        }
        using var scratch = Scratch.Open();
        job.Partials = scratch.Take<TSum>((nint)(products * (parts - 1) * dot.M.Count * dot.N.Count));
        Shared.Run(pool, (int)products * parts, job);
        for (var product = 0; product < products; product++)
            for (var part = 1; part < parts; part++) AddPart((TSum*)c.Address(bases) + At(free, product).C, job.Partial(product, part));
    }

    /// <summary>Multiply-adds of one matrix product.</summary>
    private long Work => dot.M.Count * dot.N.Count * dot.K.Count;

    private static long Count(List<DotLoop> loops) => loops.Aggregate(1L, (p, l) => p * l.Count);

    /// <summary>How far the operands and the result go in so many rounds of loops, the last of them the innermost.</summary>
    private static DotLoop At(List<DotLoop> loops, long index)
    {
        long left = 0, right = 0, result = 0;
        for (var i = loops.Count - 1; i >= 0; i--)
        {
            (index, var at) = Math.DivRem(index, loops[i].Count);
            left += at * loops[i].A;
            right += at * loops[i].B;
            result += at * loops[i].C;
        }
        return new(1, left, right, result);
    }

    /// <summary>A product, or a part of the products whose sum it is.</summary>
    private void Piece(nint* bases, long product, int part, TSum* partial)
    {
        var start = At(free, product);
        T* left = (T*)a.Address(bases) + start.A, right = (T*)b.Address(bases) + start.B;
        var result = partial == null ? (TSum*)c.Address(bases) + start.C : partial;
        var stride = (nint)(partial == null ? dot.M.C : dot.N.Count);
        long first = terms * part / parts, end = terms * (part + 1) / parts;
        for (var term = first; term < end; term++)
        {
            var at = At(summed, term);
            Multiply(left + at.A, right + at.B, result, stride, whole, term > first, bases, null);
        }
    }

    private void AddPart(TSum* result, TSum* partial)
    {
        for (long row = 0; row < dot.M.Count; row++)
            Combining.Into<TSum, SumOperation<TSum>>(result + row * dot.M.C, partial + row * dot.N.Count, dot.N.Count);
    }

    /// <summary>The loops from one on. A loop that has no step in the result adds to it after its first round.</summary>
    private void Loops(int index, T* left, T* right, TSum* result, Sizes sizes, bool adds, nint* bases, WorkerPool? pool)
    {
        if (index == dot.Outer.Count)
        {
            Multiply(left, right, result, (nint)dot.M.C, sizes, adds, bases, pool);
            return;
        }
        var loop = dot.Outer[index];
        for (long i = 0; i < loop.Count; i++)
        {
            var isFurther = loop.C == 0 && i > 0;
            Loops(index + 1, left + i * loop.A, right + i * loop.B, result + i * loop.C, sizes, adds || isFurther, bases, pool);
        }
    }

    private void Multiply(T* left, T* right, TSum* result, nint stride, Sizes sizes, bool adds, nint* bases, WorkerPool? pool)
    {
        var (rows, columns) = (new MatrixView<T>(left, (nint)dot.M.A, (nint)dot.K.A), new MatrixView<T>(right, (nint)dot.K.B, (nint)dot.N.B));
        var prepared = packed is { } place ? place.Address(bases) : null;
        TProduct.Multiply(new((int)sizes.Rows, (int)sizes.Columns, (int)sizes.Depth), rows, columns, prepared, result, stride, adds, pool);
    }

    private readonly record struct Sizes(long Rows, long Columns, long Depth);

    private struct Job : IPieces
    {
        public DotStep<TProduct, T, TSum> Step;
        public nint* Bases;
        public int PerPiece;
        public TSum* Partials;

        /// <summary>Where a part of a sum that is not the first goes; the first goes where the result is wanted.</summary>
        public readonly TSum* Partial(long product, int part) =>
            part == 0 ? null : Partials + (product * (Step.parts - 1) + part - 1) * Step.dot.M.Count * Step.dot.N.Count;

        public readonly void Run(int piece)
        {
            if (Step.parts > 1)
            {
                var (product, part) = Math.DivRem(piece, Step.parts);
                Step.Piece(Bases, product, part, Partial(product, part));
                return;
            }
            var end = Math.Min(Step.products, (long)(piece + 1) * PerPiece);
            for (var product = (long)piece * PerPiece; product < end; product++) Step.Piece(Bases, product, 0, null);
        }
    }
}
