using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Finds operations around products of a batch, as those of attention are, that treat its examples one by one, and lets them run by parts of the batch:
/// scores and what is made of them never leave the cache, forward and on the way back. So do the channels of a map that treats each place of large fields by
/// itself, as a kernel of one pixel does, and what an activation makes of them.
/// </summary>
internal sealed class BatchRegions
{
    /// <summary>Values that a part works on stay in the second-level cache.</summary>
    private const long PartBytes = 1536 * 1024;

    /// <summary>Parts for threads to share.</summary>
    private const int EnoughParts = 4;

    private readonly Computation computation;
    private readonly Dictionary<Tensor, List<Operation>> users = [];
    private readonly HashSet<Tensor> outputs;

    private BatchRegions(Computation computation)
    {
        this.computation = computation;
        outputs = [.. computation.Outputs];
        foreach (var operation in computation.Operations)
            foreach (var input in operation.Inputs)
                (users.TryGetValue(input, out var list) ? list : users[input] = []).Add(operation);
    }

    /// <summary>The computation with such operations in parts.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        while (new BatchRegions(computation).Next(options) is { } next) computation = next;
        return computation;
    }

    /// <summary>The computation with the next region in parts, or null when there is none.</summary>
    private Computation? Next(CompilerOptions options)
    {
        var ofBatches = computation.Operations.Where(o => o.Primitive is Dot { LeftBatch.Count: > 0 }).Select(o => o.Output.Shape[0]);
        var ofFields = computation.Operations.Where(o => o.Primitive is Dot).SelectMany(o => o.Inputs.ToArray()).Where(t => t.Rank > 2).Select(t => t.Shape[0]);
        var sizes = ofBatches.Concat(ofFields).Distinct();
        foreach (var size in sizes.Where(s => s > 1 && s < options.FewestRows))
            foreach (var region in new Search(this, size, options.LargeExample).Regions())
                if (region.Live >= options.WorthParts && region.Replace(computation) is { } replaced) return replaced;
        return null;
    }

    /// <summary>How an operation meets the examples.</summary>
    private sealed record Member(RowRule Rule, int Phase, bool IsCore);

    /// <summary>Looks for the regions of one size of batch.</summary>
    private sealed class Search(BatchRegions regions, int size, long largeExample)
    {
        private const int MostRounds = 8;
        private readonly HashSet<Operation> excluded = [];
        private readonly Dictionary<Operation, Member> members = [];
        private readonly Dictionary<Operation, int> phases = [];
        private readonly HashSet<Tensor> sliced = [];
        private readonly HashSet<Tensor> whole = [];

        /// <summary>Sets of operations that may run by parts, whose results leave them along the first axis.</summary>
        public IEnumerable<Region> Regions()
        {
            for (var round = 0; round < MostRounds; round++)
            {
                FindMembers();
                var found = Components();
                Operation[] leaving = [.. found.SelectMany(r => r.Operations.Where(o => MustLeave(o, r)))];
                if (leaving.Length == 0) return found;
                excluded.UnionWith(leaving);
            }
            return [];
        }

        /// <summary>What is needed outside along another axis, or is a mere look at memory from there, is made outside.</summary>
        private bool MustLeave(Operation operation, Region region)
        {
            if (!region.IsNeededOutside(operation.Output)) return false;
            return members[operation].Rule.Axis != 0 || (Strided.IsView(operation) && regions.Users(operation.Output).TrueForAll(u => !region.Operations.Contains(u)));
        }

        private void FindMembers()
        {
            members.Clear();
            phases.Clear();
            sliced.Clear();
            whole.Clear();
            foreach (var operation in regions.computation.Operations)
            {
                var rule = excluded.Contains(operation) ? null : Follow(operation);
                var phase = 0;
                for (var i = 0; i < operation.Inputs.Length; i++)
                {
                    if (operation.Inputs[i].Source is not { } source || !phases.TryGetValue(source, out var before)) continue;
                    phase = Math.Max(phase, before + (members.ContainsKey(source) && (rule is null || rule.Inputs[i] < 0) ? 1 : 0));
                }
                phases[operation] = phase;
                if (rule is null) continue;
                members[operation] = new(rule, phase, IsCore(operation, rule));
            }
        }

        /// <summary>Whether an operation is a product of the batch, or a map of channels with a shared operand that makes much for each example.</summary>
        private bool IsCore(Operation operation, RowRule rule) =>
            operation.Primitive is Dot dot && (Array.TrueForAll(rule.Inputs, a => a >= 0) || (operation.Output.Type.Bytes / size >= largeExample && !IsOfRows(operation, dot, rule)));

        /// <summary>Whether the last axis of the examples is summed over, so that all axes before are rows, which run tile by tile anyway.</summary>
        private static bool IsOfRows(Operation operation, Dot dot, RowRule rule) =>
            rule.Inputs[0] >= 0 ? dot.LeftContracted.Contains(operation.Inputs[0].Rank - 1) : dot.RightContracted.Contains(operation.Inputs[1].Rank - 1);

        /// <summary>How an operation takes the examples of its operands one by one, or null.</summary>
        private RowRule? Follow(Operation operation)
        {
            var inputs = operation.Inputs.ToArray();
            if (operation.Outputs.Length != 1 || operation.Output.Count == 0 || Array.Exists(inputs, t => t.Count == 0)) return null;
            var first = Array.FindIndex(inputs, t => AxisOf(t) >= 0);
            if (first < 0) first = Array.FindIndex(inputs, t => t.Rank > 2 && t.Shape[0] == size && !whole.Contains(t));
            if (first < 0 || RowRule.Of(operation, first, Math.Max(0, AxisOf(inputs[first]))) is not { IsClosing: false } rule) return null;
            var (cut, uncut) = (new List<Tensor>(), new List<Tensor>());
            for (var i = 0; i < inputs.Length; i++)
                if (!Fits(inputs[i], rule.Inputs[i], cut, uncut)) return null;
            // What is made of values that repeat themselves along the examples repeats itself, too, and is no work on examples.
            if (cut.Count == 0 && Array.TrueForAll(inputs, t => AxisOf(t) < 0)) return null;
            if (cut.Exists(whole.Contains) || uncut.Exists(sliced.Contains) || cut.Exists(uncut.Contains)) return null;
            sliced.UnionWith(cut);
            whole.UnionWith(uncut);
            return rule;
        }

        private int AxisOf(Tensor tensor) => !tensor.IsEvaluated && tensor.Source is { } source && members.TryGetValue(source, out var member) ? member.Rule.Axis : -1;

        /// <summary>Whether an operand has its examples along an axis, or none for -1; says what comes from outside for that.</summary>
        private bool Fits(Tensor tensor, int axis, List<Tensor> cut, List<Tensor> uncut)
        {
            var own = AxisOf(tensor);
            if (own >= 0) return own == axis;
            if (axis < 0)
            {
                uncut.Add(tensor);
                return true;
            }
            if (RowCutting.Repeating(tensor, axis) is { } source)
            {
                var count = (cut.Count, uncut.Count);
                if (source.Primitive is Broadcast ? Fits(source.Input, -1, cut, uncut) : source.Inputs.ToArray().All(t => RowCutting.Repeating(t, axis) is not null && Fits(t, axis, cut, uncut)))
                    return true;
                cut.RemoveRange(count.Item1, cut.Count - count.Item1);
                uncut.RemoveRange(count.Item2, uncut.Count - count.Item2);
            }
            if (axis > 0) return false;
            cut.Add(tensor);
            return true;
        }

        /// <summary>Members that hang together, around such products.</summary>
        private List<Region> Components()
        {
            var seen = new HashSet<Operation>();
            var found = new List<Region>();
            foreach (var (start, member) in members)
            {
                if (!member.IsCore || !seen.Add(start)) continue;
                var open = new Stack<Operation>([start]);
                var all = new HashSet<Operation> { start };
                while (open.TryPop(out var operation))
                    foreach (var next in Neighbours(operation))
                        if (members.TryGetValue(next, out var other) && other.Phase == member.Phase && all.Add(next)) open.Push(next);
                seen.UnionWith(all);
                found.Add(new Region(regions, size, all.ToDictionary(o => o, o => members[o].Rule)));
            }
            return found;
        }

        private IEnumerable<Operation> Neighbours(Operation operation) =>
            operation.Inputs.ToArray().Where(t => AxisOf(t) >= 0).Select(t => t.Source!).Concat(regions.Users(operation.Output));
    }

    private List<Operation> Users(Tensor tensor) => users.GetValueOrDefault(tensor) ?? [];

    /// <summary>Operations that may run by parts, and how each takes the examples of its operands.</summary>
    private sealed class Region(BatchRegions regions, int size, Dictionary<Operation, RowRule> rules)
    {
        private readonly HashSet<Operation> operations = [.. rules.Keys];
        private readonly Operation[] ordered = [.. regions.computation.Operations.Where(rules.ContainsKey)];

        public HashSet<Operation> Operations => operations;

        /// <summary>The most bytes of its results that are needed at one time.</summary>
        public long Live { get; } = MostLive(regions.computation, [.. rules.Keys]);

        public bool IsNeededOutside(Tensor tensor) => regions.outputs.Contains(tensor) || regions.Users(tensor).Exists(u => !operations.Contains(u));

        /// <summary>The computation with the region as one operation, or null where it cannot be cut.</summary>
        public Computation? Replace(Computation computation)
        {
            var made = ordered.SelectMany(o => o.Outputs.ToArray()).ToHashSet();
            Tensor[] results = [.. made.Where(IsNeededOutside)];
            var count = Count();
            var (sliced, shared) = Boundary(made);
            TensorType[] types = [.. shared.Select(t => t.Type), .. sliced.Select(t => t.Type with { Shape = t.Shape.With(0, size / count) })];
            var isPossible = true;
            var body = Computation.Trace("batch_parts", Trace, types);
            if (!isPossible) return null;
            var parts = new BatchParts(body, count, shared.Count);
            return Rewritten(computation, parts, [.. shared, .. sliced], results);

            Tensor[] Trace(Tensor[] x)
            {
                var cutting = new RowCutting(size / count);
                for (var i = 0; i < x.Length; i++) cutting.Start(i < shared.Count ? shared[i] : sliced[i - shared.Count], x[i], i < shared.Count ? -1 : 0);
                isPossible = ordered.All(cutting.Apply);
                return isPossible ? [.. results.Select(t => cutting.Along(t, 0)!)] : [];
            }
        }

        /// <summary>What comes from outside: cut along its first axis, and whole.</summary>
        private (List<Tensor> Sliced, List<Tensor> Shared) Boundary(HashSet<Tensor> made)
        {
            var (sliced, shared) = (new List<Tensor>(), new List<Tensor>());
            foreach (var operation in ordered)
                for (var i = 0; i < operation.Inputs.Length; i++) Take(operation.Inputs[i], rules[operation].Inputs[i]);
            return (sliced, shared);

            void Take(Tensor tensor, int axis)
            {
                if (made.Contains(tensor)) return;
                if (axis >= 0 && IsRepeated(tensor, axis, made))
                {
                    foreach (var input in tensor.Source!.Inputs) Take(input, tensor.Source.Primitive is Broadcast ? -1 : axis);
                    return;
                }
                var list = axis < 0 ? shared : sliced;
                // Small values are constants of the body.
                if ((axis >= 0 || tensor is not { IsEvaluated: true, Rank: 0 }) && !list.Contains(tensor)) list.Add(tensor);
            }
        }

        private static bool IsRepeated(Tensor tensor, int axis, HashSet<Tensor> made) =>
            RowCutting.Repeating(tensor, axis) is { } source
            && (source.Primitive is Broadcast ? !made.Contains(source.Input) : source.Inputs.ToArray().All(t => IsRepeated(t, axis, made)));

        /// <summary>The fewest parts that threads can share and that fit the cache.</summary>
        private int Count()
        {
            int[] counts = [.. Enumerable.Range(2, size - 1).Where(c => size % c == 0)];
            return Array.Find(counts, c => c >= Math.Min(size, EnoughParts) && Live / c <= PartBytes) is var fits and > 0 ? fits : size;
        }

        private static long MostLive(Computation computation, HashSet<Operation> operations)
        {
            Operation[] all = [.. computation.Operations.Where(operations.Contains)];
            var last = new Dictionary<Tensor, int>();
            for (var i = 0; i < all.Length; i++)
                foreach (var input in all[i].Inputs) last[input] = i;
            long live = 0, most = 0;
            for (var i = 0; i < all.Length; i++)
            {
                if (!Strided.IsView(all[i])) live += all[i].Output.Type.Bytes;
                most = Math.Max(most, live);
                foreach (var input in all[i].Inputs.ToArray().Distinct())
                    if (last[input] == i && input.Source is { } source && operations.Contains(source) && !Strided.IsView(source)) live -= input.Type.Bytes;
            }
            return most;
        }

        private Computation Rewritten(Computation computation, BatchParts parts, Tensor[] operands, Tensor[] results)
        {
            HashSet<Operation> before = [.. Graph.Sort(operands, t => t.IsEvaluated)];
            var rest = computation.Operations.Where(o => !before.Contains(o) && !operations.Contains(o));
            return Computation.Trace(
                computation.Name,
                x =>
                {
                    var known = new Dictionary<Tensor, Tensor>(computation.Inputs.Zip(x, KeyValuePair.Create));
                    Tensor[] Known(IEnumerable<Tensor> tensors) => [.. tensors.Select(t => known.GetValueOrDefault(t, t))];
                    void Add(ReadOnlySpan<Tensor> of, Tensor[] values)
                    {
                        for (var i = 0; i < values.Length; i++) known[of[i]] = values[i];
                    }
                    foreach (var operation in computation.Operations.Where(before.Contains)) Add(operation.Outputs, operation.Apply(Known(operation.Inputs.ToArray())));
                    Add(results, Tensor.Bind(parts, Known(operands)));
                    foreach (var operation in rest) Add(operation.Outputs, operation.Apply(Known(operation.Inputs.ToArray())));
                    return Known(computation.Outputs);
                },
                [.. computation.Inputs.Select(t => t.Type)], [.. computation.Inputs.Select(t => t.Label)]);
        }
    }
}
