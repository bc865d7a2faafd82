using System.Numerics;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>The kernels of single operations: which step runs what.</summary>
internal static class KernelSteps
{
    /// <summary>The step of an operation whose operands and results lie in row-major order.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Where its operands begin.</param>
    /// <param name="outputs">Where its results begin.</param>
    /// <param name="options">How the bodies of loops and branches are compiled.</param>
    public static Step Of(Operation operation, Place[] inputs, Place[] outputs, CompilerOptions options) =>
        // What has no elements costs nothing, and the kernels need not know of it.
        (IsEmpty(operation) ? null : Kernel(operation, inputs, outputs, options)) ?? new DefinitionStep(operation, inputs, outputs);

    /// <summary>Whether an operand or a result has no elements.</summary>
    public static bool IsEmpty(Operation operation)
    {
        foreach (var input in operation.Inputs)
            if (input.Count == 0) return true;
        foreach (var output in operation.Outputs)
            if (output.Count == 0) return true;
        return false;
    }

    /// <summary>The step of an operation that has a kernel for its element types, or null.</summary>
    private static Step? Kernel(Operation operation, Place[] inputs, Place[] outputs, CompilerOptions options) => operation.Primitive switch
    {
        EdgeOrder order => MessageSteps.Of(order, operation, inputs, outputs),
        MessageSum sum => MessageSteps.Of(sum, operation, inputs, outputs[0]),
        BatchParts parts => new BatchPartsStep(parts, inputs, outputs, options),
        While => new WhileStep(operation, inputs, outputs, options),
        Cond => new CondStep(operation, inputs, outputs, options),
        DynamicSlice or DynamicUpdate => new BlockStep(operation, inputs, outputs[0]),
        Elementwise or Cast or RealPart or ImaginaryPart or MakeComplex => ComplexStep.Of(operation, inputs, outputs[0]),
        Gather gather => GatherStep.Of(gather, operation, inputs, outputs),
        Scatter scatter => ScatterStep.Of(scatter, operation, inputs, outputs),
        Fft fft => FftStep.Of(fft, [], operation, inputs, outputs),
        TruncatedFft { Fft: var fft, Kept: var kept } => FftStep.Of(fft, kept, operation, inputs, outputs),
        WindowReduce reduce => WindowStep.Of(reduce, operation, inputs, outputs),
        WindowArgReduce reduce => WindowArgStep.Of(reduce, operation, inputs, outputs),
        Cumulative cumulative => CumulativeStep.Of(cumulative, operation, inputs, outputs),
        ArgReduce reduce => ArgReduceStep.Of(reduce, operation, inputs, outputs),
        Sort sort => new SortStep(sort, operation, inputs, outputs),
        TopK top => TopStep.Of(top, operation, inputs, outputs),
        RandomBits bits => new RandomBitsStep(bits, operation, inputs[0], outputs[0]),
        Cholesky or TriangularSolve or Lu or Qr or Eigh or Svd => operation.Input.ElementType switch
        {
            ElementType.Float32 => Factorisation<float>(operation, inputs, outputs),
            ElementType.Float64 => Factorisation<double>(operation, inputs, outputs),
            _ => null,
        },
        _ => null,
    };

    private static MatrixStep<T> Factorisation<T>(Operation operation, Place[] inputs, Place[] outputs)
        where T : unmanaged, IFloatingPointIeee754<T> => operation.Primitive switch
        {
            Cholesky => new CholeskyStep<T>(operation, inputs, outputs),
            TriangularSolve solve => new TriangularSolveStep<T>(solve, operation, inputs, outputs),
            Lu => new LuStep<T>(operation, inputs, outputs),
            Qr => new QrStep<T>(operation, inputs, outputs),
            Eigh => new EighStep<T>(operation, inputs, outputs),
            _ => new SvdStep<T>(operation, inputs, outputs),
        };
}
