using Paramorph.Compiler;
using Paramorph.Cpu;

namespace Paramorph.Tests.Compiler;

/// <summary>Runs executables with options and on a number of threads.</summary>
internal static class PartsRun
{
    public static Tensor[] Of(Computation computation, CompilerOptions options, int threads, Tensor[] inputs)
    {
        var executable = new Executable(computation, options);
        var results = computation.Outputs.Select(t => new Storage(t.ElementType, t.Count)).ToArray();
        using var pool = new WorkerPool(threads);
        Run(executable, [.. inputs.Select(t => t.Value())], results, pool);
        return [.. results.Zip(computation.Outputs, (r, t) => new Tensor(t.Type, r))];
    }

    private static unsafe void Run(Executable executable, Storage[] inputs, Storage[] results, WorkerPool pool)
    {
        var arguments = stackalloc nint[inputs.Length + 1];
        var addresses = stackalloc nint[results.Length + 1];
        for (var i = 0; i < inputs.Length; i++) arguments[i] = (nint)inputs[i].Pointer;
        for (var i = 0; i < results.Length; i++) addresses[i] = (nint)results[i].Pointer;
        executable.Run(arguments, addresses, pool, CancellationToken.None);
        foreach (var input in inputs) GC.KeepAlive(input);
        foreach (var result in results) GC.KeepAlive(result);
    }
}
