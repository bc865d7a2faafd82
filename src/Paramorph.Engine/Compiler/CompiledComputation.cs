using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Paramorph.Compiler;
using Paramorph.Cpu;

namespace Paramorph;

/// <summary>
/// A computation of one input and one output, compiled, that runs on the caller's own memory: nothing is allocated by a call after the first. Any number of threads may call it at
/// once.
/// </summary>
public sealed unsafe class CompiledComputation
{
    private readonly Executable executable;

    /// <summary>Compiles it.</summary>
    /// <exception cref="ArgumentException">It has not one input and one output.</exception>
    public CompiledComputation(Computation computation)
    {
        if (computation.Inputs.Count != 1 || computation.Outputs.Count != 1)
            throw new ArgumentException($"{computation.Name} has {computation.Inputs.Count} inputs and {computation.Outputs.Count} outputs, but one of each runs on spans.", nameof(computation));
        executable = new(computation, CompilerOptions.Default);
        (Input, Output) = (computation.Inputs[0].Type, computation.Outputs[0].Type);
    }

    /// <summary>The type of the input.</summary>
    public TensorType Input { get; }

    /// <summary>The type of the output.</summary>
    public TensorType Output { get; }

    /// <summary>Computes the output.</summary>
    /// <param name="input">The elements of the input in row-major order, of its element type.</param>
    /// <param name="output">Takes the elements of the output.</param>
    /// <exception cref="ArgumentException">A span has another length, or other elements.</exception>
    public void Run<TInput, TOutput>(ReadOnlySpan<TInput> input, Span<TOutput> output)
        where TInput : unmanaged
        where TOutput : unmanaged
    {
        Check<TInput>(Input, input.Length, "input");
        Check<TOutput>(Output, output.Length, "output");
        fixed (TInput* from = &MemoryMarshal.GetReference(input))
        fixed (TOutput* to = &MemoryMarshal.GetReference(output))
        {
            var (inputs, outputs) = ((nint)from, (nint)to);
            executable.Run(&inputs, &outputs, WorkerPool.Shared, CancellationToken.None);
        }
    }

    private static void Check<T>(TensorType type, int length, string what)
        where T : unmanaged
    {
        if (length != type.Shape.ElementCount || Unsafe.SizeOf<T>() * (long)length != type.Bytes)
            throw new ArgumentException($"the {what} is {length} elements of {typeof(T).Name}, but must be the {type.Shape.ElementCount} of {type}.", what);
    }
}
