using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>What becomes of an operation.</summary>
internal enum OperationKind
{
    /// <summary>Another look at the memory of its operand.</summary>
    View,

    /// <summary>Part of a fused loop.</summary>
    Loop,

    /// <summary>A kernel of its own.</summary>
    Library,
}

/// <summary>Operations that run together: those of one loop, or one that runs by itself.</summary>
/// <param name="Operations">In order.</param>
/// <param name="Space">The shape over which a loop runs.</param>
/// <param name="RowAxis">The axis of the space along which the rows of its group lie, or -1.</param>
internal sealed record Cluster(List<Operation> Operations, Shape Space, int RowAxis)
{
    public bool IsLoop { get; init; }
}

/// <summary>Clusters that may run row by row, or, with zero rows, one after the other.</summary>
/// <param name="Rows">Number of rows, 0 for none.</param>
/// <param name="Clusters">In order.</param>
internal sealed record Group(int Rows, List<Cluster> Clusters);

/// <summary>
/// Puts the operations of a computation into groups and loops. Row analysis finds the maximal sets of operations in which row i of every result
/// depends on row i of the batch alone, closed by reductions over the rows; within a group, operations over one space whose operands are ready
/// share a loop.
/// </summary>
internal sealed class Schedule
{
    /// <summary>A loop of more operations is cut: its values no longer fit the registers.</summary>
    private const int LongestLoop = 64;

    /// <summary>Rows that there are for each copy of a value that is repeated along new axes before them, as where a network is followed along several directions.</summary>
    private const int FewestRowsPerCopy = 16;

    private readonly Computation computation;
    private readonly CompilerOptions options;
    private readonly Dictionary<Tensor, List<Operation>> users = [];
    private readonly HashSet<Tensor> outputs;
    private readonly Dictionary<Operation, Membership> members = [];
    private readonly Dictionary<Operation, int> stages = [];
    private readonly Dictionary<Operation, List<Cluster>> hosts = [];
    private readonly Dictionary<Operation, int> places = [];

    public Schedule(Computation computation, CompilerOptions options)
    {
        this.computation = computation;
        this.options = options;
        outputs = [.. computation.Outputs];
        foreach (var operation in computation.Operations) places[operation] = places.Count;
        foreach (var operation in computation.Operations)
            foreach (var input in operation.Inputs)
                (users.TryGetValue(input, out var list) ? list : users[input] = []).Add(operation);
        FindRows();
        Groups = Gather();
    }

    /// <summary>The groups in order.</summary>
    public List<Group> Groups { get; }

    /// <summary>The axis of a tensor along which the rows of its group lie, or -1.</summary>
    public int RowAxis(Tensor tensor) => tensor.Source is { } source && members.TryGetValue(source, out var member) ? member.Axis : -1;

    /// <summary>Whether an operation reduces over the rows of its group.</summary>
    public bool IsClosing(Operation operation) => members[operation] is { Rows: > 0, Axis: < 0 };

    /// <summary>The row rule that put an operation into its group.</summary>
    public RowRule? Rule(Operation operation) => members[operation].Rule;

    /// <summary>Whether an operation belongs to a group of rows.</summary>
    public bool IsInGroup(Operation operation, int rows) => rows > 0 && members[operation].Rows == rows;

    public IReadOnlyList<Operation> Users(Tensor tensor) => users.GetValueOrDefault(tensor) ?? [];

    /// <summary>The operations that read a tensor's memory, itself or through views; a view that is an output counts.</summary>
    public IEnumerable<Operation> UsersThroughViews(Tensor tensor)
    {
        foreach (var user in Users(tensor))
        {
            if (KindOf(user) != OperationKind.View)
            {
                yield return user;
                continue;
            }
            if (IsOutput(user.Output)) yield return user;
            foreach (var further in UsersThroughViews(user.Output)) yield return further;
        }
    }

    public bool IsOutput(Tensor tensor) => outputs.Contains(tensor);

    /// <summary>The cluster in which an operation stands and, behind it, the loops that compute it again; null while its group is not made.</summary>
    public IReadOnlyList<Cluster>? Hosts(Operation operation) => hosts.GetValueOrDefault(operation);

    /// <summary>The cluster in which an operation stands.</summary>
    public Cluster Home(Operation operation) => hosts[operation][0];

    /// <summary>Whether a result of a loop must be in memory: for a kernel, a view or a loop that does not compute it, or as an output.</summary>
    public bool IsStored(Tensor tensor) =>
        IsOutput(tensor) || Users(tensor).Any(u => KindOf(u) != OperationKind.Loop || !hosts.TryGetValue(u, out var loops) || loops.Exists(l => !l.Operations.Contains(tensor.Source!)));

    /// <summary>Lets a loop compute operations again that stand in others.</summary>
    public void Repeat(IEnumerable<Operation> repeated, Cluster loop)
    {
        foreach (var operation in repeated)
        {
            loop.Operations.Add(operation);
            hosts[operation].Add(loop);
        }
        loop.Operations.Sort((a, b) => places[a].CompareTo(places[b]));
    }

    public static OperationKind KindOf(Operation operation)
    {
        if (Strided.IsView(operation)) return OperationKind.View;
        var isPlain = operation.Output.Rank <= Cpu.LoopProgram.MaximumRank && operation.Output.ElementType is var type && !type.IsComplex();
        foreach (var input in operation.Inputs) isPlain &= !input.ElementType.IsComplex() && input.Rank <= Cpu.LoopProgram.MaximumRank && input.Count > 0;
        return isPlain && LoopLowering.Supports(operation.Primitive) ? OperationKind.Loop : OperationKind.Library;
    }

    private void FindRows()
    {
        foreach (var operation in computation.Operations)
        {
            var (rows, rule) = Follow(operation);
            var phase = 0;
            for (var i = 0; i < operation.Inputs.Length; i++)
            {
                if (operation.Inputs[i].Source is not { } source || !members.TryGetValue(source, out var from)) continue;
                var isInside = rule is not null && from.Rows == rows && from.Axis >= 0 && from.Axis == rule.Inputs[i];
                phase = Math.Max(phase, from.Phase + (from.Rows > 0 && !isInside ? 1 : 0));
            }
            members[operation] = new(rows, rule?.Axis ?? -1, phase, rule);
        }
    }

    /// <summary>The rows that an operation goes on with: those of an operand that is in a group, of several the most, else those of a large first axis.</summary>
    private (int Rows, RowRule? Rule) Follow(Operation operation)
    {
        (int Rows, RowRule? Rule) best = default;
        for (var i = 0; i < operation.Inputs.Length; i++)
        {
            if (operation.Inputs[i].Source is not { } source || !members.TryGetValue(source, out var from) || from.Axis < 0 || from.Rows <= best.Rows) continue;
            if (RowRule.Of(operation, i, from.Axis) is { } rule && KeepsBatch(operation, from.Axis, from.Rows)) best = (from.Rows, rule);
        }
        // What was made of weights row by row must not turn a product with a batch into a sum over their rows.
        return best.Rule is null || (operation.Primitive is Dot && best.Rule.IsClosing && Start(operation) is { Rule: not null }) ? Start(operation) : best;
    }

    /// <summary>The rows of a large first axis of an operand that is in no group, where a group may start.</summary>
    private (int Rows, RowRule? Rule) Start(Operation operation)
    {
        for (var i = 0; i < operation.Inputs.Length; i++)
        {
            var input = operation.Inputs[i];
            if (input.Rank == 0 || input.Shape[0] < options.FewestRows || (input.Source is { } source && members.TryGetValue(source, out var from) && from.Rows > 0)) continue;
            if (RowRule.Of(operation, i, 0) is { } rule && Accepts(operation, rule)) return (input.Shape[0], rule);
        }
        return (0, null);
    }

    /// <summary>
    /// A group starts at operations whose other operands have rows too, or are small beside them: not at a weight matrix, and not where rows would leave
    /// the first place, as they do when a bias is broadcast or a gradient of weights is transposed: those rows are features.
    /// </summary>
    private static bool Accepts(Operation operation, RowRule rule) => operation.Primitive switch
    {
        Dot => rule.Inputs[0] >= 0 && !rule.IsClosing,
        _ => rule.Axis <= 0 || !Strided.IsView(operation),
    };

    /// <summary>Whether rows are still the batch: a value that is repeated along new axes before its rows, as a bias of many features is, has them as features.</summary>
    private static bool KeepsBatch(Operation operation, int axis, int rows)
    {
        if (operation.Primitive is not Broadcast broadcast) return true;
        var before = 1L;
        for (var a = 0; a < broadcast.Axes[axis]; a++)
            if (!broadcast.Axes.Contains(a)) before *= broadcast.Shape[a];
        return before * FewestRowsPerCopy <= rows;
    }

    private List<Group> Gather()
    {
        var groups = new List<Group>();
        foreach (var phase in members.GroupBy(m => m.Value.Phase).OrderBy(g => g.Key))
            foreach (var rows in phase.GroupBy(m => m.Value.Rows).OrderBy(g => g.Key))
            {
                var inGroup = rows.Select(m => m.Key).ToHashSet();
                var operations = computation.Operations.Where(inGroup.Contains).ToList();
                var clusters = Clusters(operations, inGroup);
                foreach (var cluster in clusters)
                    foreach (var operation in cluster.Operations) hosts[operation] = [cluster];
                // What a tile holds is in the cache.
                if (rows.Key == 0) new Repetition(this, clusters, LongestLoop, options.WorthRepeating).Apply();
                groups.Add(new(rows.Key, clusters));
            }
        return groups;
    }

    private List<Cluster> Clusters(List<Operation> operations, HashSet<Operation> inGroup)
    {
        var work = operations.Where(o => KindOf(o) != OperationKind.View).ToList();
        foreach (var operation in work) stages[operation] = EarliestStage(operation, inGroup);
        if (options.Sinks)
            for (var i = work.Count - 1; i >= 0; i--) Sink(work[i], inGroup);

        var clusters = new List<Cluster>();
        foreach (var stage in work.GroupBy(o => stages[o]).OrderBy(g => g.Key))
        {
            foreach (var operation in stage.Where(o => KindOf(o) == OperationKind.Library))
                clusters.Add(new([operation], operation.Output.Shape, members[operation].Axis));
            foreach (var loop in stage.Where(o => KindOf(o) == OperationKind.Loop).GroupBy(o => (Space(o), SpaceAxis(o))))
                foreach (var part in loop.Chunk(options.Fuses ? LongestLoop : 1))
                    clusters.Add(new([.. part], loop.Key.Item1, loop.Key.Item2) { IsLoop = true });
        }
        return clusters;
    }

    private int EarliestStage(Operation operation, HashSet<Operation> inGroup)
    {
        var stage = 0;
        foreach (var input in operation.Inputs)
        {
            var (producer, isDirect) = Producer(input);
            if (producer is null || !inGroup.Contains(producer)) continue;
            stage = Math.Max(stage, stages[producer] + (Follows(operation, producer, isDirect) ? 0 : 1));
        }
        return stage;
    }

    /// <summary>Whether an operation may run in the same stage as one that it needs: in the same loop, or a loop after a kernel.</summary>
    private bool Follows(Operation operation, Operation producer, bool isDirect)
    {
        if (KindOf(operation) != OperationKind.Loop) return false;
        if (KindOf(producer) == OperationKind.Library) return true;
        return isDirect && producer.Primitive is not Reduce && Space(operation) == Space(producer) && SpaceAxis(operation) == SpaceAxis(producer);
    }

    /// <summary>
    /// An operation that only later loops use moves there when that saves a trip through memory: what it reads must be stored anyway, but for one
    /// operand that then takes the place of its result.
    /// </summary>
    private void Sink(Operation operation, HashSet<Operation> inGroup)
    {
        if (KindOf(operation) != OperationKind.Loop || operation.Primitive is Reduce || outputs.Contains(operation.Output)) return;
        var later = int.MaxValue;
        foreach (var user in Users(operation.Output))
        {
            if (!inGroup.Contains(user) || KindOf(user) != OperationKind.Loop || Space(user) != Space(operation) || SpaceAxis(user) != SpaceAxis(operation)) return;
            later = Math.Min(later, stages[user]);
        }
        if (later == int.MaxValue || later <= stages[operation]) return;
        var newlyStored = 0;
        foreach (var input in operation.Inputs.ToArray().Distinct())
            if (Producer(input) is (not null and var producer, true) && inGroup.Contains(producer) && !IsStored(input, producer)) newlyStored++;
        if (newlyStored <= 1) stages[operation] = later;
    }

    private bool IsStored(Tensor tensor, Operation producer)
    {
        if (KindOf(producer) == OperationKind.Library || producer.Primitive is Reduce || outputs.Contains(tensor)) return true;
        return Users(tensor).Any(u => !stages.TryGetValue(u, out var stage) || stage != stages[producer] || KindOf(u) != OperationKind.Loop);
    }

    /// <summary>The operation whose memory a tensor lies in, and whether it is that operation's result itself and not a view of it.</summary>
    private static (Operation? Producer, bool IsDirect) Producer(Tensor tensor)
    {
        var isDirect = true;
        while (tensor.Source is { } source && !tensor.IsEvaluated)
        {
            if (KindOf(source) != OperationKind.View) return (source, isDirect);
            isDirect = false;
            tensor = source.Input;
        }
        return (null, isDirect);
    }

    /// <summary>The space of a loop's operation: that of its operands where it reduces.</summary>
    private static Shape Space(Operation operation) => operation.Primitive is Reduce ? operation.Input.Shape : operation.Output.Shape;

    private int SpaceAxis(Operation operation) =>
        members[operation] is { Rows: > 0, Rule: { } rule } ? operation.Primitive is Reduce ? rule.Inputs[0] : rule.Axis : -1;

    /// <summary>Where an operation belongs.</summary>
    /// <param name="Rows">Rows of its group, 0 for none.</param>
    /// <param name="Axis">Axis of the rows in its result, -1 for none.</param>
    /// <param name="Phase">Groups of lower phases run first.</param>
    /// <param name="Rule">How it meets the rows.</param>
    private sealed record Membership(int Rows, int Axis, int Phase, RowRule? Rule);
}
