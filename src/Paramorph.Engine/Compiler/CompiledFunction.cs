using System.Collections.Concurrent;
using Paramorph.Compiler;

namespace Paramorph;

/// <summary>A function with what was compiled of it, one executable a signature.</summary>
internal sealed class CompiledFunction<TIn, TOut>(Func<TIn, TOut> function)
    where TIn : ITree<TIn>
    where TOut : ITree<TOut>
{
    private readonly ConcurrentDictionary<Signature, Lazy<Entry>> entries = new();

    public TOut Call(TIn arguments)
    {
        var leaves = Tree.Leaves(arguments);
        if (Array.Exists(leaves, t => TraceSet.AnyOpen(t.Traces))) return function(arguments);
        var signature = new Signature(Tree.Structure(arguments), [.. leaves.Select(t => t.Type)]);
        var lazy = entries.GetOrAdd(signature, _ => new Lazy<Entry>(() => Build(arguments, leaves)));
        Entry entry;
        try
        {
            entry = lazy.Value;
        }
        catch
        {
            // A function that failed to trace may succeed next time.
            entries.TryRemove(signature, out _);
            throw;
        }
        var results = entry.Executable.Run(Array.ConvertAll(leaves, t => t.Value()));
        return Tree.Rebuild(entry.Prototype, [.. results.Select((storage, i) => new Tensor(entry.Executable.Computation.Outputs[i].Type, storage))]);
    }

    private Entry Build(TIn arguments, Tensor[] leaves)
    {
        TOut? prototype = default;
        var names = Tree.Names(arguments);
        var computation = Computation.Trace(
            "compile", x => Tree.Leaves(prototype = function(Tree.Rebuild(arguments, x))), [.. leaves.Select(t => t.Type)], names);
        return new(new Executable(computation), prototype!);
    }

    private sealed record Entry(Executable Executable, TOut Prototype);

    private sealed record Signature(TreeStructure Structure, Sequence<TensorType> Types);
}
