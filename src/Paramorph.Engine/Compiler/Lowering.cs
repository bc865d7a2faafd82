using System.Globalization;
using System.Text;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Turns the schedule of a computation into steps whose operands have places in memory.</summary>
internal sealed class Lowering
{
    private readonly Computation computation;
    private readonly CompilerOptions options;
    private readonly Schedule schedule;
    private readonly Dictionary<Tensor, Strided> layouts = [];
    private readonly Dictionary<Tensor, int> slots = [];
    private readonly List<Draft> drafts = [];
    private readonly Dictionary<Tensor, Group> homes = [];
    private readonly HashSet<Tensor> fixedRoots;
    private Group? current;
    private TilePlan? tile;

    /// <summary>Steps of a computation.</summary>
    /// <param name="computation">The computation.</param>
    /// <param name="options">What the compiler does.</param>
    /// <param name="fixedInputs">Inputs that stay the same from run to run.</param>
    public Lowering(Computation computation, CompilerOptions options, int[] fixedInputs)
    {
        this.computation = computation;
        fixedRoots = [.. fixedInputs.Select(i => computation.Inputs[i])];
        this.options = options;
        schedule = new Schedule(computation, options);
        Constants = computation.Constants;
        var slot = Place.External;
        foreach (var input in computation.Inputs) Settle(input, slot++);
        foreach (var constant in Constants) Settle(constant, slot++);
        var outputSlots = new List<(Tensor, int)>();
        foreach (var output in computation.Outputs) outputSlots.Add((output, slot++));
        Slots = slot;

        // An output that is computed here is written where the caller wants it; one that is an input, a view or named twice is copied there.
        foreach (var (output, at) in outputSlots)
            if (output.Source is { } source && !output.IsEvaluated && !slots.ContainsKey(output) && Schedule.KindOf(source) != OperationKind.View) slots[output] = at;

        foreach (var group in schedule.Groups)
            foreach (var cluster in group.Clusters)
                foreach (var operation in cluster.Operations)
                    foreach (var output in operation.Outputs) homes[output] = group;
        foreach (var group in schedule.Groups) Draft(group);
        foreach (var (output, at) in outputSlots)
            if (slots.GetValueOrDefault(output, -1) != at) DraftCopyOut(output, at);

        var memory = new MemoryPlan(drafts, slots, options);
        ArenaBytes = memory.Bytes;
        KeptBytes = memory.KeptBytes;
        LargestValue = memory.LargestValue;
        Steps = Finish(memory);
        Prepared = [.. drafts.Zip(Steps).Where(d => d.First.IsPrepared).Select(d => (RowStep)d.Second)];
    }

    public IReadOnlyList<Tensor> Constants { get; }

    public Step[] Steps { get; }

    /// <summary>Steps that get something ready which stays so from run to run.</summary>
    public RowStep[] Prepared { get; }

    /// <summary>Entries of the table of addresses.</summary>
    public int Slots { get; }

    /// <summary>Bytes of working memory.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of what <see cref="Prepared"/> steps get ready.</summary>
    public long KeptBytes { get; }

    /// <summary>The type of the largest value in it, if there is one.</summary>
    public TensorType? LargestValue { get; }

    /// <summary>The steps; where times are given each after its time, its rate, the share of it in what products of this machine reach, and the bytes that it touches.</summary>
    public string Explain(IReadOnlyList<TimeSpan>? times = null)
    {
        var text = new StringBuilder($"{computation.Operations.Count} operations in {Steps.Length} steps, {ArenaBytes} bytes of working memory, {computation.Cost.Flops} flops\n");
        var most = times is null ? 0 : ProductRate.Measured * WorkerPool.Shared.Threads;
        for (var i = 0; i < Steps.Length; i++)
        {
            if (times is not null)
            {
                var rate = drafts[i].Cost.Flops / Math.Max(1e-9, times[i].TotalSeconds);
                text.Append(CultureInfo.InvariantCulture, $"{times[i].TotalMilliseconds,9:F3} ms {rate / 1e9,7:F1} G/s {rate / most,5:P0} {drafts[i].Cost.Bytes / 1e6,8:F2} MB");
            }
            text.Append("  ").Append(Steps[i].Description).Append('\n');
            if (Steps[i] is not TiledStep tiled) continue;
            foreach (var inner in tiled.Steps) text.Append("    ").Append(inner.Description).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The steps of the drafts. Most of the time goes into the machine code of loops, which all threads make.</summary>
    private Step[] Finish(MemoryPlan memory)
    {
        var steps = new Step[drafts.Count];
        WorkerPool.Shared.Run(steps.Length, i => steps[i] = drafts[i].Finish(memory, Slots, options));
        return steps;
    }

    private void Settle(Tensor tensor, int slot)
    {
        if (!slots.TryAdd(tensor, slot)) return;
        layouts[tensor] = Strided.Whole(tensor);
    }

    /// <summary>Where the elements of a tensor lie; a rearrangement that cannot be a look at memory is copied first.</summary>
    private Strided StridedOf(Tensor tensor, Draft draft)
    {
        if (layouts.TryGetValue(tensor, out var known)) return known;
        var source = tensor.Source!;
        if (Schedule.KindOf(source) != OperationKind.View) return layouts[tensor] = Layout(tensor);
        var from = StridedOf(source.Input, draft);
        if (from.Apply(source.Primitive) is { } view) return layouts[tensor] = view;
        Copy(draft, source, from, Strided.Whole(tensor) with { Shape = from.Shape, Strides = Strided.RowMajor(from.Shape) }, schedule.RowAxis(source.Input));
        return layouts[tensor] = Strided.Whole(tensor);
    }

    /// <summary>A copy for a view: in its group with the others, or before it when its source comes from elsewhere.</summary>
    private void Copy(Draft draft, Operation view, Strided from, Strided to, int rowAxis)
    {
        if (!homes.TryGetValue(from.Root, out var home) || home != current)
        {
            draft.CopyBefore(from, to);
            return;
        }
        draft.Copy(from, to, schedule.IsInGroup(view, home.Rows) ? rowAxis : -1);
        // What is made of the copy needs this group too.
        homes[view.Output] = home;
    }

    /// <summary>A tensor in row-major order, as kernels want it.</summary>
    private Strided Contiguous(Tensor tensor, Draft draft)
    {
        var (strided, rowMajor) = (StridedOf(tensor, draft), Strided.RowMajor(tensor.Shape));
        // Along an axis of one element any stride will do.
        if (Enumerable.Range(0, tensor.Rank).All(axis => tensor.Shape[axis] <= 1 || strided.Strides[axis] == rowMajor[axis])) return strided with { Strides = rowMajor };
        // A view itself gets memory of its own; beside a result in another order stands a tensor for the copy.
        var whole = Strided.Whole(strided.Root == tensor ? new Tensor(tensor.Type, new Storage(ElementType.UInt8, 0)) : tensor);
        Copy(draft, tensor.Source!, strided, whole, schedule.RowAxis(tensor));
        return layouts[tensor] = whole;
    }

    private Strided Layout(Tensor tensor) =>
        tile is not null && tile.IsLocal(tensor) ? Strided.Tile(tensor, schedule.RowAxis(tensor), tile.TileRows) : Strided.Whole(tensor);

    /// <summary>Whether a loop stores a result: for another cluster, a view or the caller. A loop that computes it again does not.</summary>
    private bool IsStored(Tensor tensor, Cluster cluster) =>
        ReferenceEquals(schedule.Home(tensor.Source!), cluster) && (schedule.IsStored(tensor) || schedule.Users(tensor).Any(IsSeparate));

    /// <summary>Whether a reduction over the rows of a tile is a step of its own.</summary>
    private bool IsSeparate(Operation operation) => tile is not null && operation.Primitive is Reduce && schedule.IsClosing(operation);

    private void Draft(Group group)
    {
        if (group.Clusters.Count == 0) return;
        current = group;
        tile = options.Tiles ? TilePlan.Of(group, schedule, options.WorthTiling, root => IsOnlyIn(root, group)) : null;
        var draft = DraftClusters(group);
        drafts.AddRange(draft.Before);
        if (tile is null)
        {
            drafts.AddRange(draft.Separate());
            return;
        }
        // All that happens in such a group happens by rows: what mixes them is in another group, and reads what this one leaves in memory.
        draft.Tile(tile);
        drafts.Add(draft);
    }

    private Draft DraftClusters(Group group)
    {
        var draft = new Draft(group.Rows);
        foreach (var cluster in group.Clusters)
        {
            if (cluster.IsLoop) DraftLoop(cluster, draft);
            else DraftKernel(cluster.Operations[0], draft);
        }
        return draft;
    }

    private void DraftLoop(Cluster cluster, Draft draft)
    {
        // Views of other memory are resolved first, so that copies come before the loop.
        foreach (var operation in cluster.Operations)
            foreach (var input in operation.Inputs)
                if (!homes.ContainsKey(input) && !LoopLowering.IsConstant(input)) StridedOf(input, draft);
        if (!cluster.Operations.TrueForAll(IsSeparate))
            draft.Add(LoopLowering.Lower(cluster, t => StridedOf(t, draft), t => IsStored(t, cluster), IsSeparate));
        foreach (var operation in cluster.Operations.Where(IsSeparate))
            draft.Add(new RowReduction((Reduce)operation.Primitive, StridedOf(operation.Input, draft), schedule.Rule(operation)!.Inputs[0], StridedOf(operation.Output, draft)));
    }

    private bool IsOnlyIn(Tensor root, Group group) =>
        !schedule.IsOutput(root) && homes.GetValueOrDefault(root) == group && schedule.UsersThroughViews(root).All(u => homes.GetValueOrDefault(u.Output) == group);

    private void DraftKernel(Operation operation, Draft draft)
    {
        var type = operation.Output.ElementType;
        if (operation.Primitive is Dot dot && LoweredDot.Supports(operation))
        {
            var (a, b) = (StridedOf(operation.Inputs[0], draft), StridedOf(operation.Inputs[1], draft));
            if (OrderOfReader(operation, dot) is { } order) layouts[operation.Output] = order;
            var lowered = LoweredDot.Of(dot, a, b, StridedOf(operation.Output, draft), schedule.Rule(operation));
            draft.Add(lowered with { IsRightFixed = fixedRoots.Contains(lowered.B.Root) }, type);
            return;
        }
        if (operation.Primitive is Dot product && type.IsComplex() && operation.Output.Count > 0 && operation.Input.Count > 0)
        {
            var output = operation.Output;
            var complex = new ComplexDot(product, StridedOf(operation.Inputs[0], draft), StridedOf(operation.Inputs[1], draft), output, !slots.ContainsKey(output));
            layouts[output] = complex.Result;
            draft.Add(complex);
            return;
        }
        if (operation.Primitive is Concatenate or Pad)
        {
            var rowAxis = schedule.Rule(operation) is null ? -1 : schedule.RowAxis(operation.Output);
            foreach (var (from, to) in MoveLowering.Moves(operation, t => StridedOf(t, draft))) draft.Copy(from, to, rowAxis);
            return;
        }
        if (layouts.ContainsKey(operation.Output)) return;
        var companion = CompanionOf(operation);
        // Where an extreme is found is what its kernel looks for; the extreme itself comes along.
        if (companion is { Primitive: WindowArgReduce }) (operation, companion) = (companion, operation);
        foreach (var output in operation.Outputs) layouts[output] = Strided.Whole(output);
        if (operation.Primitive is Convolution && ConvolutionStep.Supports(operation) && OrderOfReader(operation) is { } wanted && ConvolutionStep.HasWholeImages(wanted))
            layouts[operation.Output] = wanted;
        if (companion is not null) layouts[companion.Output] = Strided.Whole(companion.Output);
        draft.Add(
            operation, [.. operation.Inputs.ToArray().Select((t, i) => KernelOperand(operation, i, draft))], layouts[operation.Output],
            t => schedule.IsOutput(t) || schedule.Users(t).Count > 0, companion);
    }

    /// <summary>
    /// An operand of a kernel, in row-major order. A convolution takes images from wherever they lie, and a scatter starts from a repeated number without
    /// a copy of it.
    /// </summary>
    private Strided KernelOperand(Operation operation, int index, Draft draft)
    {
        if (operation.Primitive is Scatter && index == 0 && ScatterStep.Repeated(operation) is { } number) return StridedOf(number, draft);
        var tensor = operation.Inputs[index];
        if (operation.Primitive is Convolution && ConvolutionStep.Supports(operation) && StridedOf(tensor, draft) is var strided && ConvolutionStep.HasWholeImages(strided))
            return strided;
        return Contiguous(tensor, draft);
    }

    /// <summary>The operation that finds the extremes of windows for one that finds where they lie, or the other way round, if its kernel gives both.</summary>
    private Operation? CompanionOf(Operation operation)
    {
        if (operation.Primitive is not (WindowReduce or WindowArgReduce)) return null;
        foreach (var user in schedule.Users(operation.Input))
        {
            if (homes.GetValueOrDefault(user.Output) != current || layouts.ContainsKey(user.Output)) continue;
            if (WindowArgStep.IsCompanion(operation, user) || WindowArgStep.IsCompanion(user, operation)) return user;
        }
        return null;
    }

    /// <summary>The layout of a product in which its only reader finds it in row-major order; null for its own.</summary>
    private Strided? OrderOfReader(Operation operation, Dot dot)
    {
        if (OrderOfReader(operation) is not { } order) return null;
        // A product runs along neighbours in memory: they must not be of different matrices.
        var fastest = Enumerable.Range(0, order.Strides.Length).Where(a => order.Shape[a] > 1).OrderBy(a => order.Strides[a]).FirstOrDefault(order.Strides.Length);
        return fastest < dot.LeftBatch.Count ? null : order;
    }

    /// <summary>The layout of a result in which its only reader, which exchanges axes, finds it in row-major order; null for its own.</summary>
    private Strided? OrderOfReader(Operation operation)
    {
        var output = operation.Output;
        if (schedule.Rule(operation) is not null || slots.ContainsKey(output) || schedule.IsOutput(output)) return null;
        if (schedule.Users(output) is not [{ Primitive: Transpose transpose } reader]) return null;
        var (strides, wanted) = (new long[output.Rank], Strided.RowMajor(reader.Output.Shape));
        for (var i = 0; i < strides.Length; i++) strides[transpose.Permutation[i]] = wanted[i];
        return Strided.Whole(output) with { Strides = strides };
    }

    private void DraftCopyOut(Tensor output, int slot)
    {
        var draft = new Draft(0);
        // A tensor that stands for the caller's memory.
        var target = new Tensor(output.Type, new Storage(ElementType.UInt8, 0));
        slots[target] = slot;
        (current, tile) = (null, null);
        draft.Copy(StridedOf(output, draft), Strided.Whole(target), -1);
        drafts.AddRange(draft.Before);
        drafts.AddRange(draft.Separate());
    }
}
