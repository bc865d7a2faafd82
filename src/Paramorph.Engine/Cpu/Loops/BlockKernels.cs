using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The kernels of the interpreter for one width: each runs one instruction over a block of lanes in memory. Arguments are the blocks of A, B, C
/// and of the result, the number of lanes (rounded up to a whole number of the widest vectors) and the payload.
/// </summary>
internal static unsafe class BlockKernels<F, I, D, L>
    where F : struct, IWideMemory<F, I>
    where I : struct, IWideMemory<I, I>
    where D : struct, IWideMemory<D, L>
    where L : struct, IWideMemory<L, L>
{
    /// <summary>The kernel of an instruction whose first argument has the given type.</summary>
    public static delegate*<byte*, byte*, byte*, byte*, long, long, void> Find(LaneInstruction instruction, LaneType argument)
    {
        var finder = new Finder();
        if (LaneCatalog<F, I, D, L>.Visit(instruction.Operation, argument, ref finder))
            return finder.Kernel;
        return instruction.Operation switch
        {
            LaneOperation.Select => instruction.Type.IsWide() ? &Select<L> : &Select<I>,
            LaneOperation.ShiftLeft => instruction.Type.IsWide() ? &ShiftLeft<L> : &ShiftLeft<I>,
            LaneOperation.ShiftRightArithmetic => instruction.Type.IsWide() ? &ShiftRightArithmetic<L> : &ShiftRightArithmetic<I>,
            LaneOperation.ShiftRightLogical => instruction.Type.IsWide() ? &ShiftRightLogical<L> : &ShiftRightLogical<I>,
            LaneOperation.Reinterpret => instruction.Type.IsWide() ? &BlockConversions.Copy64 : &BlockConversions.Copy32,
            LaneOperation.Convert => BlockConversions.Find(argument, instruction.Type),
            LaneOperation.PerLane => &PerLane,
            _ => throw new NotSupportedException($"{instruction.Operation} of {argument} has no kernel."),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unary<R, B, TOperation>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IUnaryOperation
    {
        for (long i = 0; i < n * Size<R>(); i += Size<R>() * R.Count)
            TOperation.Apply<R, B>(R.Load(a + i)).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Binary<R, B, TOperation>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IBinaryOperation
    {
        for (long i = 0; i < n * Size<R>(); i += Size<R>() * R.Count)
            TOperation.Apply<R, B>(R.Load(a + i), R.Load(b + i)).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ternary<R, B, TOperation>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, ITernaryOperation
    {
        for (long i = 0; i < n * Size<R>(); i += Size<R>() * R.Count)
            TOperation.Apply<R, B>(R.Load(a + i), R.Load(b + i), R.Load(c + i)).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare<R, B, TOperation>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where R : struct, IWideMemory<R, B>
        where B : struct, IWideMemory<B, B>
        where TOperation : struct, ICompareOperation
    {
        for (long i = 0; i < n * Size<R>(); i += Size<R>() * R.Count)
            TOperation.Apply<R, B>(R.Load(a + i), R.Load(b + i)).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Select<B>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where B : struct, IWideMemory<B, B>
    {
        for (long i = 0; i < n * Size<B>(); i += Size<B>() * B.Count)
            B.Select(B.Load(a + i), B.Load(b + i), B.Load(c + i)).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftLeft<B>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where B : struct, IWideMemory<B, B>
    {
        for (long i = 0; i < n * Size<B>(); i += Size<B>() * B.Count)
            (B.Load(a + i) << (int)payload).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftRightArithmetic<B>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where B : struct, IWideMemory<B, B>
    {
        for (long i = 0; i < n * Size<B>(); i += Size<B>() * B.Count)
            (B.Load(a + i) >> (int)payload).Store(r + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftRightLogical<B>(byte* a, byte* b, byte* c, byte* r, long n, long payload)
        where B : struct, IWideMemory<B, B>
    {
        for (long i = 0; i < n * Size<B>(); i += Size<B>() * B.Count)
            (B.Load(a + i) >>> (int)payload).Store(r + i);
    }

    private static void PerLane(byte* a, byte* b, byte* c, byte* r, long n, long payload) =>
        LaneFunctions.Invoke((LaneFunction)payload, a, b, r, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Size<R>()
        where R : struct => typeof(R) == typeof(D) || typeof(R) == typeof(L) ? 8 : 4;

    private struct Finder : ILaneVisitor
    {
        public delegate*<byte*, byte*, byte*, byte*, long, long, void> Kernel;

        public void Unary<R, B, TOperation>()
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B>
            where TOperation : struct, IUnaryOperation => Kernel = typeof(R) == typeof(F)
                ? &BlockKernels<F, I, D, L>.Unary<F, I, TOperation>
                : &BlockKernels<F, I, D, L>.Unary<D, L, TOperation>;

        public void Binary<R, B, TOperation>()
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B>
            where TOperation : struct, IBinaryOperation => Kernel =
                typeof(R) == typeof(F) ? &BlockKernels<F, I, D, L>.Binary<F, I, TOperation> :
                typeof(R) == typeof(I) ? &BlockKernels<F, I, D, L>.Binary<I, I, TOperation> :
                typeof(R) == typeof(D) ? &BlockKernels<F, I, D, L>.Binary<D, L, TOperation> :
                &BlockKernels<F, I, D, L>.Binary<L, L, TOperation>;

        public void Ternary<R, B, TOperation>()
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B>
            where TOperation : struct, ITernaryOperation => Kernel = typeof(R) == typeof(F)
                ? &BlockKernels<F, I, D, L>.Ternary<F, I, TOperation>
                : &BlockKernels<F, I, D, L>.Ternary<D, L, TOperation>;

        public void Compare<R, B, TOperation>()
            where R : struct, IWide<R, B>
            where B : struct, IWide<B, B>
            where TOperation : struct, ICompareOperation => Kernel =
                typeof(R) == typeof(F) ? &BlockKernels<F, I, D, L>.Compare<F, I, TOperation> :
                typeof(R) == typeof(I) ? &BlockKernels<F, I, D, L>.Compare<I, I, TOperation> :
                typeof(R) == typeof(D) ? &BlockKernels<F, I, D, L>.Compare<D, L, TOperation> :
                &BlockKernels<F, I, D, L>.Compare<L, L, TOperation>;
    }
}
