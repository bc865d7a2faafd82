using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>A loop program ready to run. Kernels hold no state: any number of threads may run one at the same time.</summary>
internal abstract unsafe class LoopKernel
{
    /// <summary>
    /// Runs the points whose outermost index lies in [start, end). <paramref name="operands"/> holds the address of every operand at index zero.
    /// </summary>
    public abstract void Run(void** operands, long start, long end);

    /// <summary>Emits the loop as machine code, or, where the runtime cannot or it is not wanted, interprets it in blocks.</summary>
    public static LoopKernel Create(LoopProgram program, bool isEmitted)
    {
        // Compilers ahead of time leave the branch out where it stands alone; joined with another condition it stays.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            if (isEmitted) return LoopCompiler.Compile(program, VectorWidths.Best);
        }
        return LoopInterpreter.Create(program, VectorWidths.Best);
    }
}
