using System.Collections.Concurrent;
using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>The kernels of an executable's loops; equal loops, such as those of equal layers, share one. May be asked by several threads at once.</summary>
/// <param name="areEmitted">Whether they are emitted as machine code.</param>
internal sealed class LoopKernels(bool areEmitted)
{
    private readonly ConcurrentDictionary<LoopProgram, Lazy<LoopKernel>> kernels = new();

    /// <summary>The kernel of a loop.</summary>
    public LoopKernel Of(LoopProgram program) => kernels.GetOrAdd(program, p => new(() => LoopKernel.Create(p, areEmitted))).Value;
}
