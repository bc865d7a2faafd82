using Paramorph.Compiler;

namespace Paramorph;

/// <summary>
/// A function with what was compiled of it, one executable for each combination of structure and types of its arguments. Those that ran last are kept: one
/// that serves data of ever new sizes would otherwise fill the memory.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="given">The number of leading leaves whose memory the function takes over.</param>
/// <param name="options">What the compiler does.</param>
internal sealed class CompiledFunction<TIn, TOut>(Func<TIn, TOut> function, Func<TIn, int>? given, CompilerOptions options)
    where TIn : ITree<TIn>
    where TOut : ITree<TOut>
{
    private readonly Lock building = new();
    private volatile CompiledProgram[] programs = [];
    private Call? spare;
    private long clock;

    /// <summary>Runs the function, compiled for these arguments; what a call needs for itself is kept for the next one.</summary>
    public TOut Run(TIn arguments, CancellationToken cancellation)
    {
        var call = Interlocked.Exchange(ref spare, null) ?? new Call();
        try
        {
            arguments.Visit(call);
            return Run(arguments, call, cancellation);
        }
        finally
        {
            call.Clear();
            spare = call;
        }
    }

    private TOut Run(TIn arguments, Call call, CancellationToken cancellation)
    {
        foreach (var leaf in call.Leaves)
            if (TraceSet.AnyOpen(leaf.Traces)) return function(arguments);
        var entry = Find(arguments, call.Leaves) ?? Build(arguments, call.Leaves.ToArray());
        var executable = entry.Executable;
        var inputs = call.Evaluate(cancellation);
        var outputs = call.Outputs(executable.Computation.Outputs.Count);
        executable.Run(inputs, outputs, cancellation);
        // The state is taken over last: whatever is thrown before leaves it as it was.
        var result = Tree.Rebuild(entry.Prototype, call.Results(executable.Computation.Outputs));
        if (entry.Given > 0) executable.TakeOver(inputs, entry.Given);
        return result;
    }

    private Entry? Find(TIn arguments, ReadOnlySpan<Tensor> leaves)
    {
        foreach (Entry entry in programs)
        {
            if (!entry.Fits(leaves) || !entry.Structure.Describes(arguments)) continue;
            entry.LastRun = ++clock;
            return entry;
        }
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
            var entry = new Entry(Tree.Structure(arguments), types, new Executable(computation, options), prototype!, given?.Invoke(arguments) ?? 0);
            entry.LastRun = ++clock;
            programs = CompiledProgram.Kept(entry, programs, options);
            return entry;
        }
    }

    /// <summary>A program with the results that it was traced to, whose structure those of each run have.</summary>
    private sealed class Entry(TreeStructure structure, TensorType[] types, Executable executable, TOut prototype, int given) : CompiledProgram(structure, types, executable, given)
    {
        public TOut Prototype => prototype;
    }

    /// <summary>What one call works with: the leaves of its arguments, their values, and those of the results.</summary>
    private sealed class Call : ITreeVisitor
    {
        private Tensor[] tensors = [];
        private Storage[] values = [];
        private Storage[] outputs = [];
        private Tensor[] results = [];
        private int count;

        public ReadOnlySpan<Tensor> Leaves => tensors.AsSpan(0, count);

        public void Leaf(Tensor leaf)
        {
            if (count == tensors.Length) Array.Resize(ref tensors, Math.Max(16, 2 * count));
            tensors[count++] = leaf;
        }

        public void Enter(PathSegment segment)
        {
        }

        public void Exit()
        {
        }

        public void Static<T>(PathSegment segment, T value)
        {
        }

        /// <summary>The values of the leaves.</summary>
        public ReadOnlySpan<Storage> Evaluate(CancellationToken cancellation)
        {
            if (values.Length < count) values = new Storage[tensors.Length];
            for (var i = 0; i < count; i++) values[i] = tensors[i].Value(cancellation);
            return values.AsSpan(0, count);
        }

        /// <summary>Room for the values of the results.</summary>
        public Span<Storage> Outputs(int number)
        {
            if (outputs.Length != number) (outputs, results) = (new Storage[number], new Tensor[number]);
            return outputs;
        }

        /// <summary>The results as tensors.</summary>
        public ReadOnlySpan<Tensor> Results(IReadOnlyList<Tensor> of)
        {
            for (var i = 0; i < results.Length; i++) results[i] = new Tensor(of[i].Type, outputs[i]);
            return results;
        }

        /// <summary>Holds nothing any longer.</summary>
        public void Clear()
        {
            tensors.AsSpan(0, count).Clear();
            values.AsSpan(0, Math.Min(count, values.Length)).Clear();
            outputs.AsSpan().Clear();
            results.AsSpan().Clear();
            count = 0;
        }
    }
}
