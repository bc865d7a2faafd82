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
    where TSum : unmanaged
{
    /// <summary>Multiply-adds below which a loop of products is not handed to other threads.</summary>
    private const long WorkPerPiece = 64 * 1024;

    private readonly LoweredDot dot;
    private readonly Place a;
    private readonly Place b;
    private readonly Place c;
    private readonly Place? packed;
    private readonly bool accumulates;
    private readonly long outerCount;
    private readonly Sizes whole;

    /// <summary>A product whose operands have been placed.</summary>
    /// <param name="dot">The product.</param>
    /// <param name="a">Where the left operand begins.</param>
    /// <param name="b">Where the right operand begins.</param>
    /// <param name="c">Where the result begins.</param>
    /// <param name="packed">Room for the right operand in the order of the tiles, when it is the same for all rows.</param>
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
        outerCount = dot.Outer.Aggregate(1L, (p, l) => p * l.Count);
    }

    public override string Description => $"product [{dot.M.Count}, {dot.K.Count}] x [{dot.K.Count}, {dot.N.Count}]" + (outerCount > 1 ? $", {outerCount} times" : "");

    /// <summary>Bytes of the right operand in the order of the tiles where it is packed once for all rows; otherwise 0.</summary>
    public static long PackedBytes(LoweredDot dot) => dot.CanPackRight ? TProduct.PackedBytes((int)dot.K.Count, (int)dot.N.Count) : 0;

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
        T* left = (T*)a.Address(bases), right = (T*)b.Address(bases);
        var result = (TSum*)c.Address(bases);
        var work = dot.M.Count * dot.N.Count * dot.K.Count;
        if (outerCount == 1 || work > 16 * WorkPerPiece || dot.Outer.Exists(l => l.C == 0))
        {
            Loops(0, left, right, result, whole, false, bases, pool);
            return;
        }
        var perPiece = (int)Math.Clamp(WorkPerPiece / Math.Max(1, work), 1, outerCount);
        var pieces = (int)((outerCount + perPiece - 1) / perPiece);
        Shared.Run(pool, pieces, new Job { Step = this, Bases = bases, PerPiece = perPiece });
    }

    private void Piece(nint* bases, long first, long end)
    {
        for (var index = first; index < end; index++)
        {
            T* left = (T*)a.Address(bases), right = (T*)b.Address(bases);
            var result = (TSum*)c.Address(bases);
            var rest = index;
            for (var i = dot.Outer.Count - 1; i >= 0; i--)
            {
                var loop = dot.Outer[i];
                (rest, var at) = Math.DivRem(rest, loop.Count);
                left += at * loop.A;
                right += at * loop.B;
                result += at * loop.C;
            }
            Multiply(left, right, result, whole, false, bases, null);
        }
    }

    /// <summary>The loops from one on. A loop that has no step in the result adds to it after its first round.</summary>
    private void Loops(int index, T* left, T* right, TSum* result, Sizes sizes, bool adds, nint* bases, WorkerPool? pool)
    {
        if (index == dot.Outer.Count)
        {
            Multiply(left, right, result, sizes, adds, bases, pool);
            return;
        }
        var loop = dot.Outer[index];
        for (long i = 0; i < loop.Count; i++)
        {
            var isFurther = loop.C == 0 && i > 0;
            Loops(index + 1, left + i * loop.A, right + i * loop.B, result + i * loop.C, sizes, adds || isFurther, bases, pool);
        }
    }

    private void Multiply(T* left, T* right, TSum* result, Sizes sizes, bool adds, nint* bases, WorkerPool? pool)
    {
        var (rows, columns) = (new MatrixView<T>(left, (nint)dot.M.A, (nint)dot.K.A), new MatrixView<T>(right, (nint)dot.K.B, (nint)dot.N.B));
        var prepared = packed is { } place ? place.Address(bases) : null;
        TProduct.Multiply(new((int)sizes.Rows, (int)sizes.Columns, (int)sizes.Depth), rows, columns, prepared, result, (nint)dot.M.C, adds, pool);
    }

    private readonly record struct Sizes(long Rows, long Columns, long Depth);

    private struct Job : IPieces
    {
        public DotStep<TProduct, T, TSum> Step;
        public nint* Bases;
        public int PerPiece;

        public readonly void Run(int piece) => Step.Piece(Bases, (long)piece * PerPiece, Math.Min(Step.outerCount, (long)(piece + 1) * PerPiece));
    }
}
