using System.Collections.Concurrent;
using Paramorph.Cpu;

namespace Paramorph.Compiler;

/// <summary>
/// The kernels of loops: equal loops share one, those of equal layers and those of executables that are compiled for the same shapes again, as with each
/// candidate and seed of an experiment. May be asked by several threads at once.
/// </summary>
internal static class LoopKernels
{
    /// <summary>So many are kept at most for loops to come; executables keep their own.</summary>
    private const int Most = 4000;

    private static readonly ConcurrentDictionary<(LoopProgram Program, bool IsEmitted), Lazy<LoopKernel>> kernels = new();

    /// <summary>The kernel of a loop.</summary>
    /// <param name="program">The loop.</param>
    /// <param name="isEmitted">Whether it is emitted as machine code.</param>
    public static LoopKernel Of(LoopProgram program, bool isEmitted)
    {
        if (kernels.Count >= Most) kernels.Clear();
        var kernel = kernels.GetOrAdd((program, isEmitted), key => new(() => LoopKernel.Create(key.Program, key.IsEmitted)));
        try
        {
            return kernel.Value;
        }
        catch
        {
            // What failed once, for want of memory for example, may work the next time.
            kernels.TryRemove(KeyValuePair.Create((program, isEmitted), kernel));
            throw;
        }
    }
}
