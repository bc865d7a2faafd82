using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Paramorph.Cpu;

/// <summary>
/// Exact products of 8-bit integers with 32-bit sums: <c>C = A * B</c>, or <c>C += A * B</c>, with A [rows, depth], B [depth, columns] and
/// C [rows, columns], row-major.
/// </summary>
/// <remarks>
/// The operands are widened to 16 bits and paired along the common dimension; one 32-bit lane then takes two products at a time. The
/// instruction for four products of 8 bits saturates at 16 bits, so it is not exact. Sums beyond <see cref="ExactDepth"/> may wrap around.
/// </remarks>
internal sealed unsafe class QuantisedGemm
{
    /// <summary>The deepest product whose sums cannot overflow: each term is at most 2^14.</summary>
    public const int ExactDepth = int.MaxValue / (128 * 128);

    /// <summary>Rows widened at one go, at least and at most, and the bytes that they may take.</summary>
    private const int FewestRows = 96, MostRows = 960, WidenedBytes = 32 * 1024;

    private readonly Gemm<int> pairs;
    private readonly int index;

    private QuantisedGemm(Gemm<int> pairs, int index)
    {
        this.pairs = pairs;
        this.index = index;
    }

    /// <summary>One for each kernel that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<QuantisedGemm> All { get; } = [.. Gemm<int>.All.Select((gemm, index) => new QuantisedGemm(gemm, index))];

    /// <summary>The fastest.</summary>
    public static QuantisedGemm Default => All[0];

    /// <summary>The registers used, for reports.</summary>
    public string Name => pairs.Name;

    /// <summary>Elements that <see cref="Pack"/> writes.</summary>
    public nint PackedLength(int depth, int columns) => pairs.PackedLength(Pairs(depth), columns);

    /// <summary>Copies a right operand into the order in which the kernel reads it.</summary>
    public void Pack(MatrixView<sbyte> b, int depth, int columns, int* target, WorkerPool? pool = null)
    {
        using Scratch.Frame frame = Scratch.Open();
        int* paired = frame.Take<int>((nint)Pairs(depth) * columns);
        for (int p = 0; p < depth; p += 2)
        {
            Pair(b.At(p, 0), p + 1 < depth ? b.At(p + 1, 0) : null, b.ColumnStride, columns, paired + ((nint)(p / 2) * columns));
        }
        pairs.Pack(new MatrixView<int>(paired, columns), Pairs(depth), columns, target, pool);
    }

    /// <summary>Runs a product with a right operand that <see cref="Pack"/> wrote.</summary>
    public void Multiply(
        int rows, int columns, int depth, MatrixView<sbyte> a, int* packedB, int* c, nint cStride, bool accumulates = false, WorkerPool? pool = null)
    {
        Job job = new()
        {
            Gemm = index,
            A = a,
            Depth = depth,
            RowBlock = Math.Clamp(WidenedBytes / (4 * Math.Max(1, Pairs(depth))) / FewestRows * FewestRows, FewestRows, MostRows),
            Product = new Product<int>(rows, columns, Pairs(depth), default, packedB, c, cStride) { Adds = accumulates },
        };
        int pieces = (rows + job.RowBlock - 1) / job.RowBlock;
        if (pool is null)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                MultiplyPiece(&job, piece);
            }
            return;
        }
        pool.Run(pieces, &MultiplyPiece, &job);
    }

    private static int Pairs(int depth) => (depth + 1) / 2;

    /// <summary>Puts each two numbers of two rows, the second of which may be missing, into the halves of a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(sbyte* first, sbyte* second, nint step, int count, int* target)
    {
        int j = 0;
        for (; step == 1 && second != null && j <= count - 16; j += 16)
        {
            (Vector256<int> low, Vector256<int> high) = Vector256.Widen(Vector256.WidenLower(Vector128.Load(first + j).ToVector256Unsafe()));
            (Vector256<int> lowSecond, Vector256<int> highSecond) = Vector256.Widen(Vector256.WidenLower(Vector128.Load(second + j).ToVector256Unsafe()));
            ((low & Vector256.Create(0xFFFF)) | (lowSecond << 16)).Store(target + j);
            ((high & Vector256.Create(0xFFFF)) | (highSecond << 16)).Store(target + j + 8);
        }
        for (; j < count; j++)
        {
            target[j] = (ushort)(short)first[j * step] | ((second == null ? 0 : second[j * step]) << 16);
        }
    }

    // Left to the runtime's tiers this is compiled from what it counted, at times to half the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPiece(void* state, int piece)
    {
        Job* job = (Job*)state;
        int row = piece * job->RowBlock;
        int rows = Math.Min(job->RowBlock, job->Product.Rows - row);
        int stride = Pairs(job->Depth);
        using Scratch.Frame frame = Scratch.Open();
        int* widened = frame.Take<int>(((nint)rows * stride) + Vector256<int>.Count);
        sbyte* end = job->A.At(job->Product.Rows - 1, 0) + job->Depth;
        int i = 0;
        for (; job->A.ColumnStride == 1 && job->A.RowStride >= 0 && i < rows && job->A.At(row + i, 0) + job->Depth + 15 <= end; i++)
        {
            WidenBeyond(job->A.At(row + i, 0), job->Depth, (short*)(widened + ((nint)i * stride)));
        }
        for (; i < rows; i++)
        {
            Widen(job->A.At(row + i, 0), job->A.ColumnStride, job->Depth, (short*)(widened + ((nint)i * stride)));
        }
        Product<int> part = job->Product.FromRow(row, rows);
        part.A = new MatrixView<int>(widened, stride);
        All[job->Gemm].pairs.Multiply(part);
    }

    /// <summary>
    /// Widens a row in whole registers, up to 15 numbers beyond its end: the next row overwrites them, and the one that stays behind an odd
    /// depth meets a zero in the right operand.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WidenBeyond(sbyte* source, int depth, short* target)
    {
        for (int p = 0; p < depth; p += 16)
        {
            Vector256.WidenLower(Vector128.Load(source + p).ToVector256Unsafe()).Store(target + p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(sbyte* source, nint step, int depth, short* target)
    {
        int p = 0;
        for (; step == 1 && p <= depth - 16; p += 16)
        {
            Vector256.WidenLower(Vector128.Load(source + p).ToVector256Unsafe()).Store(target + p);
        }
        for (; step == 1 && depth >= 8 && p < depth; p += 8)
        {
            // What is left of a row is reached from its end, at the cost of widening some numbers twice.
            int from = Math.Min(p, depth - 8);
            Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(source + from)).AsSByte()).Store(target + from);
        }
        for (; p < depth; p++)
        {
            target[p] = source[p * step];
        }
        if ((depth & 1) != 0)
        {
            target[depth] = 0;
        }
    }

    private struct Job
    {
        public int Gemm;
        public int Depth;
        public int RowBlock;
        public MatrixView<sbyte> A;
        public Product<int> Product;
    }
}
