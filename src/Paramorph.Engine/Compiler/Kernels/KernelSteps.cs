namespace Paramorph.Compiler;

/// <summary>The kernels of single operations: which step runs what.</summary>
internal static class KernelSteps
{
    /// <summary>The step of an operation whose operands and results lie in row-major order.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Where its operands begin.</param>
    /// <param name="outputs">Where its results begin.</param>
    public static Step Of(Operation operation, Place[] inputs, Place[] outputs) => operation.Primitive switch
    {
        Primitives.DynamicSlice or Primitives.DynamicUpdate => new BlockStep(operation, inputs, outputs[0]),
        Primitives.While => new WhileStep(operation, inputs, outputs),
        Primitives.Cond => new CondStep(operation, inputs, outputs),
        _ => new DefinitionStep(operation, inputs, outputs),
    };
}
