using Paramorph.Compiler;

namespace Paramorph;

/// <summary>A function with what was compiled of it, one executable for each combination of structure and types of its arguments.</summary>
/// <param name="function">The function.</param>
/// <param name="given">The number of leading leaves whose memory the function takes over.</param>
internal sealed class CompiledFunction<TIn, TOut>(Func<TIn, TOut> function, Func<TIn, int>? given)
    where TIn : ITree<TIn>
    where TOut : ITree<TOut>
{
    private readonly Lock building = new();
    private volatile Entry[] entries = [];

    public TOut Call(TIn arguments)
    {
        var leaves = Tree.Leaves(arguments);
        if (Array.Exists(leaves, t => TraceSet.AnyOpen(t.Traces))) return function(arguments);
        var entry = Find(arguments, leaves) ?? Build(arguments, leaves);
        var results = entry.Executable.Run(Array.ConvertAll(leaves, t => t.Value()), given?.Invoke(arguments) ?? 0);
        var outputs = entry.Executable.Computation.Outputs;
        var tensors = new Tensor[results.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(outputs[i].Type, results[i]);
        return Tree.Rebuild(entry.Prototype, tensors);
    }

    private Entry? Find(TIn arguments, Tensor[] leaves)
    {
        foreach (var entry in entries)
            if (entry.Fits(leaves) && entry.Structure.Describes(arguments)) return entry;
        return null;
    }

    private Entry Build(TIn arguments, Tensor[] leaves)
    {
        lock (building)
        {
            if (Find(arguments, leaves) is { } ready) return ready;
            TOut? prototype = default;
            var names = Tree.Names(arguments);
            var types = Array.ConvertAll(leaves, t => t.Type);
            var computation = Computation.Trace("compile", x => Tree.Leaves(prototype = function(Tree.Rebuild(arguments, x))), types, names);
            var entry = new Entry(Tree.Structure(arguments), types, new Executable(computation), prototype!);
            entries = [entry, .. entries];
            return entry;
        }
    }

    private sealed record Entry(TreeStructure Structure, TensorType[] Types, Executable Executable, TOut Prototype)
    {
        public bool Fits(Tensor[] leaves)
        {
            if (leaves.Length != Types.Length) return false;
            for (var i = 0; i < leaves.Length; i++)
                if (leaves[i].Type != Types[i]) return false;
            return true;
        }
    }
}
