namespace Paramorph.Cpu;

/// <summary>Replaces a vector function by the instructions that it consists of.</summary>
internal static class LaneExpansion
{
    /// <summary>Appends the expansion of a function from the table to the builder and answers with its value.</summary>
    public static int Expand(LaneBuilder builder, LaneInstruction instruction)
    {
        Trace.Builder = builder;
        var recorder = new Recorder { A = instruction.A, B = instruction.B, C = instruction.C };
        LaneType type = builder.TypeOf(instruction.A);
        if (!LaneCatalog<Traced<float, int>, Traced<int, int>, Traced<double, long>, Traced<long, long>>.Visit(instruction.Operation, type, ref recorder))
            throw new NotSupportedException($"{instruction.Operation} of {type} has no expansion.");
        return recorder.Result;
    }

    private struct Recorder : ILaneVisitor
    {
        public int A;
        public int B;
        public int C;
        public int Result;

        public void Unary<R, B1, TOperation>()
            where R : struct, IWide<R, B1>
            where B1 : struct, IWide<B1, B1>
            where TOperation : struct, IUnaryOperation => Result = Number(TOperation.Apply<R, B1>(Wide<R>(A)));

        public void Binary<R, B1, TOperation>()
            where R : struct, IWide<R, B1>
            where B1 : struct, IWide<B1, B1>
            where TOperation : struct, IBinaryOperation => Result = Number(TOperation.Apply<R, B1>(Wide<R>(A), Wide<R>(B)));

        public void Ternary<R, B1, TOperation>()
            where R : struct, IWide<R, B1>
            where B1 : struct, IWide<B1, B1>
            where TOperation : struct, ITernaryOperation => Result = Number(TOperation.Apply<R, B1>(Wide<R>(A), Wide<R>(B), Wide<R>(C)));

        public void Compare<R, B1, TOperation>()
            where R : struct, IWide<R, B1>
            where B1 : struct, IWide<B1, B1>
            where TOperation : struct, ICompareOperation => Result = Number(TOperation.Apply<R, B1>(Wide<R>(A), Wide<R>(B)));

        /// <summary>Every traced type is the number of its value.</summary>
        private static R Wide<R>(int value)
            where R : struct => System.Runtime.CompilerServices.Unsafe.BitCast<int, R>(value);

        private static int Number<R>(R wide)
            where R : struct => System.Runtime.CompilerServices.Unsafe.BitCast<R, int>(wide);
    }
}
