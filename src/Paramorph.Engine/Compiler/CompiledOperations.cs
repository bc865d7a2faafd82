using System.Collections.Concurrent;

namespace Paramorph.Compiler;

/// <summary>
/// Single operations that were compiled, for expressions outside compiled functions: an operation on many elements is run by kernels, and all operations
/// of the same primitive on the same types by one executable.
/// </summary>
internal static class CompiledOperations
{
    /// <summary>Work, in flops and elements read and written, from which running kernels pays for finding them.</summary>
    public const long Worth = 1 << 15;

    /// <summary>The same for loops and calls, which are compiled again each time: their bodies have no identity but their own.</summary>
    private const long WorthBodies = 1 << 20;

    /// <summary>How many are kept at most.</summary>
    private const int Most = 1000;

    private static readonly ConcurrentDictionary<Key, Executable> Known = new();

    /// <summary>What runs an operation, or null if its definition does as well.</summary>
    public static Executable? Find(Operation operation)
    {
        var (primitive, inputs) = (operation.Primitive, operation.InputTypes());
        var work = operation.Cost().Flops + Primitive.Elements(inputs) + Primitive.Elements(operation.OutputTypes());
        if (primitive is Primitives.ForeignCall || work < (primitive.Bodies.Count > 0 ? WorthBodies : Worth)) return null;
        if (primitive.Bodies.Count > 0) return Compile(primitive, inputs);
        if (Known.Count >= Most) Known.Clear();
        return Known.GetOrAdd(new(primitive, new(inputs)), static key => Compile(key.Primitive, key.Inputs.Span.ToArray()));
    }

    private static Executable Compile(Primitive primitive, TensorType[] inputs) =>
        new(Computation.Trace(primitive.Name, x => Tensor.Bind(primitive, x), inputs), CompilerOptions.Default);

    private sealed record Key(Primitive Primitive, Sequence<TensorType> Inputs);
}
