using Paramorph.Reference;
using Paramorph.Transforms;

namespace Paramorph.Primitives;

/// <summary>
/// A body run a fixed number of times: it takes a carry and a slice of each sequence, and gives the next carry and a slice of each result sequence.
/// The inputs are constants of all steps, the first carry, the sequences [length, ...]; the outputs are the last carry, the result sequences
/// [length, ...] and the history of the carry before each step [length, ...], which costs nothing when it is not used.
/// </summary>
/// <param name="Body">From (constants, carry, slices) to (carry, result slices).</param>
/// <param name="Length">Number of steps.</param>
/// <param name="Constants">Number of inputs that are the same at each step.</param>
/// <param name="Carries">Number of tensors in the carry.</param>
/// <param name="IsReverse">Whether the steps go from the last slice to the first.</param>
/// <param name="Rematerialises">Whether the reverse derivative recomputes the body instead of keeping what it needs of each step.</param>
public sealed record Scan(Computation Body, int Length, int Constants, int Carries, bool IsReverse, bool Rematerialises) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "scan";

    /// <inheritdoc/>
    public override string Attributes => $"length={Length}, constants={Constants}, carries={Carries}" + (IsReverse ? ", reverse" : "") + (Rematerialises ? ", remat" : "");

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Body];

    private int Results => Body.Outputs.Count - Carries;

    /// <summary>Traces a body and applies the loop.</summary>
    internal static (Tensor[] Carry, Tensor[] Results) Build(
        Func<Tensor[], Tensor[], (Tensor[] Carry, Tensor[] Results)> body, Tensor[] initial, Tensor[] sequences, int length, bool isReverse, bool rematerialises)
    {
        foreach (var sequence in sequences)
        {
            if (sequence.Rank == 0 || sequence.Shape[0] != length)
                throw new ShapeException($"scan: a sequence {sequence.Type} must have {length} slices along its first axis.");
        }
        var types = initial.Select(t => t.Type).Concat(sequences.Select(t => t.Type with { Shape = t.Shape.Remove(0) })).ToArray();
        var computation = Computation.TraceLoop("scan", inputs =>
        {
            var (carry, results) = body(inputs[..initial.Length], inputs[initial.Length..]);
            RequireSameCarry("scan", initial, carry);
            return [.. carry, .. results];
        }, types, out var captured);
        var scan = new Scan(computation, length, captured.Length, initial.Length, isReverse, rematerialises);
        var outputs = Tensor.Bind(scan, [.. captured, .. initial, .. sequences]);
        return (outputs[..initial.Length], outputs[initial.Length..(initial.Length + scan.Results)]);
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var carry = inputs.Slice(Constants, Carries).ToArray();
        var results = Body.Outputs.Skip(Carries).Select(t => t.Type);
        return [.. carry, .. results.Concat(carry).Select(t => t with { Shape = t.Shape.Insert(0, Length) })];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var (constants, carry, sequences) = Parts(operation.Inputs.ToArray());
        var (dConstants, dCarry, dSequences) = Parts(tangents);
        // Every differentiable carry gets a tangent; sequences only where there is one.
        int[] moving = [.. Enumerable.Range(0, Carries).Where(i => carry[i].ElementType.IsDifferentiable())];
        int[] driven = [.. Enumerable.Range(0, sequences.Length).Where(i => dSequences[i] is not null)];
        var mask = Array.Empty<bool>();
        var (last, results) = Build(
            (c, x) =>
            {
                Tensor[] inputs = [.. constants, .. c[..Carries], .. x[..sequences.Length]];
                Tensor?[] inputTangents = [.. dConstants, .. Spread(c[Carries..], moving, Carries), .. Spread(x[sequences.Length..], driven, sequences.Length)];
                var (outputs, outputTangents) = ForwardMode.Of(t => Body.Apply(t), inputs, inputTangents);
                mask = Array.ConvertAll(outputTangents, t => t is not null);
                return (
                    [.. outputs[..Carries], .. moving.Select(i => outputTangents[i] ?? Tensor.ZerosLike(carry[i]))],
                    [.. outputs[Carries..], .. outputTangents[Carries..].OfType<Tensor>(), .. c[Carries..]]);
            },
            [.. carry, .. moving.Select(i => dCarry[i] ?? Tensor.ZerosLike(carry[i]))],
            [.. sequences, .. driven.Select(i => dSequences[i]!)], Length, IsReverse, Rematerialises);
        int[] present = [.. Enumerable.Range(0, Results).Where(i => mask[Carries + i])];
        var resultTangents = results[Results..(Results + present.Length)];
        return
        [
            .. Spread(last[Carries..], moving, Carries),
            .. Spread(resultTangents, present, Results),
            .. Spread(results[(Results + present.Length)..], moving, Carries),
        ];
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        var inputs = operation.Inputs.ToArray();
        var (constants, carry, sequences) = Parts(inputs);
        var (isConstantNeeded, _, isSequenceNeeded) = Parts(needed);
        var history = operation.Outputs[(Carries + Results)..].ToArray();
        int[] moving = [.. Enumerable.Range(0, Carries).Where(i => carry[i].ElementType.IsDifferentiable())];
        int[] summed = [.. Enumerable.Range(0, Constants).Where(i => isConstantNeeded[i])];
        int[] wanted = [.. Enumerable.Range(0, sequences.Length).Where(i => isSequenceNeeded[i])];
        int[] arriving = [.. Enumerable.Range(0, Results).Where(i => cotangents[Carries + i] is not null)];
        int[] remembered = [.. Enumerable.Range(0, Carries).Where(i => cotangents[Carries + Results + i] is not null)];

        // One step back: from primal inputs of the step and cotangents of its outputs to cotangents of its inputs.
        Tensor[] Step(Tensor[] primal, Tensor[] carried, Tensor[] slices)
        {
            using var trace = new Trace("Vjp", isAbstract: false);
            var aliases = Array.ConvertAll(primal, trace.Alias);
            var outputs = Body.Apply(aliases);
            Tensor?[] arrived = [.. Spread(carried, moving, Carries), .. Spread(slices[..arriving.Length], arriving, Results)];
            var pulled = ReverseMode.Pull(outputs, arrived, trace, aliases);
            var (dConstants, dCarry, dSequences) = Parts(pulled);
            for (var i = 0; i < remembered.Length; i++)
                dCarry[remembered[i]] = Tensor.Sum(dCarry[remembered[i]], slices[arriving.Length + i]);
            return
            [
                .. moving.Select(i => dCarry[i] ?? Tensor.ZerosLike(carry[i])),
                .. summed.Select(i => dConstants[i] ?? Tensor.ZerosLike(constants[i])),
                .. wanted.Select(i => dSequences[i] ?? Tensor.ZerosLike(primal[Constants + Carries + i])),
            ];
        }

        Tensor[] start = [.. moving.Select(i => cotangents[i] ?? Tensor.ZerosLike(carry[i])), .. summed.Select(i => Tensor.ZerosLike(constants[i]))];
        Tensor[] incoming = [.. arriving.Select(i => cotangents[Carries + i]!), .. remembered.Select(i => cotangents[Carries + Results + i]!)];

        var (last, results) = Rematerialises
            ? Build(
                (c, x) => Accumulate(c, Step([.. constants, .. x[..(Carries + sequences.Length)]], c[..moving.Length], x[(Carries + sequences.Length)..])),
                start, [.. history, .. sequences, .. incoming], Length, !IsReverse, true)
            : BackwardWithResiduals(operation, Step, Accumulate, start, incoming, moving.Length);
        return
        [
            .. Spread(last[moving.Length..], summed, Constants),
            .. Spread(last[..moving.Length], moving, Carries),
            .. Spread(results, wanted, sequences.Length),
        ];

        (Tensor[] Carry, Tensor[] Results) Accumulate(Tensor[] c, Tensor[] step) =>
        (
            [.. step[..moving.Length], .. summed.Select((_, i) => c[moving.Length + i] + step[moving.Length + i])],
            step[(moving.Length + summed.Length)..]
        );
    }

    /// <summary>
    /// The backward loop that reads what it needs of the forward pass instead of computing it again. One step back is traced; the tensors of the
    /// forward pass that operations on cotangents use are the residuals, which a second forward loop stores for each step (the compiler merges it
    /// with the first).
    /// </summary>
    private (Tensor[] Last, Tensor[] Results) BackwardWithResiduals(
        Operation operation, Func<Tensor[], Tensor[], Tensor[], Tensor[]> step, Func<Tensor[], Tensor[], (Tensor[], Tensor[])> accumulate,
        Tensor[] start, Tensor[] incoming, int moving)
    {
        var (constants, carry, sequences) = Parts(operation.Inputs.ToArray());
        using var forward = new Trace("scan", isAbstract: true);
        using var backward = new Trace("scan", isAbstract: true);
        Tensor[] primal = [.. Body.Inputs.Skip(Constants).Select(t => forward.Placeholder(t.Type))];
        Tensor[] carried = [.. start[..moving].Select(t => backward.Placeholder(t.Type))];
        Tensor[] slices = [.. incoming.Select(t => backward.Placeholder(t.Type with { Shape = t.Shape.Remove(0) }))];
        var outputs = step([.. constants, .. primal], carried, slices);
        var operations = Graph.Sort(outputs, t => !t.DependsOn(backward) && !IsCheap(t));

        // Residuals: what backward operations, and cheap ones that are done again, read of the forward pass.
        var residuals = new List<Tensor>();
        var seen = new HashSet<Tensor>();
        var done = new HashSet<Tensor>(operations.SelectMany(o => o.Outputs.ToArray()));
        foreach (var tensor in operations.SelectMany(o => o.Inputs.ToArray()).Concat(outputs))
            if (tensor.DependsOn(forward) && !tensor.DependsOn(backward) && !done.Contains(tensor) && seen.Add(tensor)) residuals.Add(tensor);

        var stored = Build(
            (c, x) =>
            {
                Tensor[] inputs = [.. c, .. x];
                var known = Replace(Graph.Sort([.. residuals], t => !t.DependsOn(forward)), primal.Zip(inputs));
                return (Body.Apply([.. constants, .. inputs])[..Carries], [.. residuals.Select(t => known.GetValueOrDefault(t, t))]);
            },
            carry, sequences, Length, IsReverse, false).Results;
        return Build(
            (c, x) =>
            {
                var given = residuals.Concat(carried).Concat(slices).Zip([.. x[..residuals.Count], .. c[..moving], .. x[residuals.Count..]]);
                var known = Replace(operations, given);
                return accumulate(c, [.. outputs.Select(t => known.GetValueOrDefault(t, t))]);
            },
            start, [.. stored, .. incoming], Length, !IsReverse, false);

        static bool IsCheap(Tensor t) => t.Source?.Primitive is Broadcast;

        static Dictionary<Tensor, Tensor> Replace(List<Operation> operations, IEnumerable<(Tensor, Tensor)> given)
        {
            var known = given.ToDictionary(g => g.Item1, g => g.Item2);
            foreach (var operation in operations)
            {
                var results = Tensor.Bind(operation.Primitive, Array.ConvertAll(operation.Inputs.ToArray(), t => known.GetValueOrDefault(t, t)));
                for (var i = 0; i < results.Length; i++) known[operation.Outputs[i]] = results[i];
            }
            return known;
        }
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (constants, carry, sequences) = Parts(inputs);
        var (isConstantBatched, isCarryBatched, isSequenceBatched) = Parts(batched);
        // A carry is batched when it starts so or when the body makes it so.
        var isBatched = isCarryBatched.ToArray();
        while (true)
        {
            bool[] after = Body.Dependent([.. isConstantBatched, .. isBatched, .. isSequenceBatched]);
            if (!Enumerable.Range(0, Carries).Any(i => after[i] && !isBatched[i])) break;
            for (var i = 0; i < Carries; i++) isBatched[i] |= after[i];
        }
        var start = carry.Select((t, i) => isBatched[i] && !isCarryBatched[i] ? Tensor.AddBatchAxis(t, size) : t).ToArray();
        // Slices are taken along the first axis, so the batch goes second in sequences.
        var moved = sequences.Select((t, i) => isSequenceBatched[i] ? t.MoveAxis(0, 1) : t).ToArray();
        var (last, results) = Build(
            (c, x) =>
            {
                var (outputs, are) = Body.Batch([.. constants, .. c, .. x], [.. isConstantBatched, .. isBatched, .. isSequenceBatched], size);
                var full = outputs.Select((t, i) => are[i] || (i < Carries && !isBatched[i]) ? t : Tensor.AddBatchAxis(t, size)).ToArray();
                return (full[..Carries], [.. full[Carries..], .. c]);
            },
            start, moved, Length, IsReverse, Rematerialises);
        var history = results[Results..].Select((t, i) => isBatched[i] ? t.MoveAxis(1, 0) : Tensor.AddBatchAxis(t, size));
        return
        [
            .. last.Select((t, i) => isBatched[i] ? t : Tensor.AddBatchAxis(t, size)),
            .. results[..Results].Select(t => t.MoveAxis(1, 0)),
            .. history,
        ];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => Length * Body.Cost;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (constants, carry, sequences) = Parts(inputs);
        var stacked = operation.Outputs[Carries..].ToArray().Select(t => new ReferenceArray(t.Type)).ToArray();
        for (var step = 0; step < Length; step++)
        {
            var at = IsReverse ? Length - 1 - step : step;
            var slices = sequences.Select(s => Slice(s, at));
            var outputs = evaluator.Run(Body, [.. constants, .. carry, .. slices]);
            var row = outputs[Carries..].Concat(carry).ToArray();
            for (var i = 0; i < row.Length; i++)
                for (var k = 0; k < row[i].Count; k++) stacked[i].CopyElement(at * row[i].Count + k, row[i], k);
            carry = outputs[..Carries];
        }
        return [.. carry, .. stacked];

        static ReferenceArray Slice(ReferenceArray sequence, int at)
        {
            var shape = sequence.Shape.Remove(0);
            var slice = new ReferenceArray(sequence.Type with { Shape = shape });
            for (var k = 0; k < slice.Count; k++) slice.CopyElement(k, sequence, at * slice.Count + k);
            return slice;
        }
    }

    /// <summary>Whether a body keeps the types of what it carries.</summary>
    internal static void RequireSameCarry(string name, IReadOnlyList<Tensor> before, IReadOnlyList<Tensor> after)
    {
        if (after.Select(t => t.Type).SequenceEqual(before.Select(t => t.Type))) return;
        throw new ShapeException($"{name}: the body makes a carry ({Types(after)}) of ({Types(before)}): it must keep the types.");

        static string Types(IReadOnlyList<Tensor> tensors) => string.Join(", ", tensors.Select(t => t.Type));
    }

    private (T[] Constants, T[] Carry, T[] Sequences) Parts<T>(T[] inputs) =>
        (inputs[..Constants], inputs[Constants..(Constants + Carries)], inputs[(Constants + Carries)..]);

    /// <summary>Tensors put at places of an array that is null elsewhere.</summary>
    private static Tensor?[] Spread(ReadOnlySpan<Tensor> tensors, int[] places, int count)
    {
        var result = new Tensor?[count];
        for (var i = 0; i < places.Length; i++) result[places[i]] = tensors[i];
        return result;
    }
}

/// <summary>
/// A body run while a condition on the carry holds. The inputs are constants of the condition, constants of the body and the first carry; the
/// outputs are the last carry. It has a forward derivative; the number of steps is unknown, so there is no reverse one.
/// </summary>
public sealed record While(Computation Condition, Computation Body, int ConditionConstants, int BodyConstants) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "while";

    /// <inheritdoc/>
    public override string Attributes => $"constants={ConditionConstants}+{BodyConstants}";

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Condition, Body];

    /// <summary>Traces a condition and a body and applies the loop.</summary>
    internal static Tensor[] Build(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body, Tensor[] initial)
    {
        var types = initial.Select(t => t.Type).ToArray();
        var test = Computation.TraceLoop("while", c => [condition(c)], types, out var testCaptured);
        if (test.Outputs[0].Type != new TensorType(ElementType.Bool, Shape.Scalar))
            throw new ShapeException($"while: the condition is {test.Outputs[0].Type} but must be one bool: reduce it with Any or All.");
        var step = Computation.TraceLoop("while", body, types, out var captured);
        Scan.RequireSameCarry("while", initial, step.Outputs);
        return Tensor.Bind(new While(test, step, testCaptured.Length, captured.Length), [.. testCaptured, .. captured, .. initial]);
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => inputs[(ConditionConstants + BodyConstants)..].ToArray();

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var (conditionConstants, constants, carry) = Parts(operation.Inputs.ToArray());
        var (_, dConstants, dCarry) = Parts(tangents);
        int[] moving = [.. Enumerable.Range(0, carry.Length).Where(i => carry[i].ElementType.IsDifferentiable())];
        var outputs = Build(
            c => Condition.Apply([.. conditionConstants, .. c[..carry.Length]])[0],
            c =>
            {
                var inputTangents = new Tensor?[carry.Length];
                for (var i = 0; i < moving.Length; i++) inputTangents[moving[i]] = c[carry.Length + i];
                var (next, nextTangents) = ForwardMode.Of(t => Body.Apply(t), [.. constants, .. c[..carry.Length]], [.. dConstants, .. inputTangents]);
                return [.. next, .. moving.Select(i => nextTangents[i] ?? Tensor.ZerosLike(carry[i]))];
            },
            [.. carry, .. moving.Select(i => dCarry[i] ?? Tensor.ZerosLike(carry[i]))]);
        var result = new Tensor?[carry.Length];
        for (var i = 0; i < moving.Length; i++) result[moving[i]] = outputs[carry.Length + i];
        return result;
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) =>
        throw new TransformException("while: there is no reverse derivative, since the number of steps is not known: use Scan, or a forward derivative (Jvp).");

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (conditionConstants, constants, carry) = Parts(inputs);
        var (isConditionBatched, isConstantBatched, isCarryBatched) = Parts(batched);
        var start = carry.Select((t, i) => isCarryBatched[i] ? t : Tensor.AddBatchAxis(t, size)).ToArray();
        bool[] all = [.. Enumerable.Repeat(true, carry.Length)];
        // It runs until every example is done; those that are done keep their carry.
        Tensor Holds(Tensor[] c)
        {
            var (holds, are) = Condition.Batch([.. conditionConstants, .. c], [.. isConditionBatched, .. all], size);
            return are[0] ? holds[0] : Tensor.AddBatchAxis(holds[0], size);
        }
        return Build(
            c => Holds(c).Any(),
            c =>
            {
                var holds = Holds(c);
                var (next, are) = Body.Batch([.. constants, .. c], [.. isConstantBatched, .. all], size);
                return [.. next.Select((t, i) => Tensor.Where(holds.Reshape([size, .. Enumerable.Repeat(1, c[i].Rank - 1)]), are[i] ? t : Tensor.AddBatchAxis(t, size), c[i]))];
            },
            start);
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => Condition.Cost + Body.Cost;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (conditionConstants, constants, carry) = Parts(inputs);
        while (evaluator.Run(Condition, [.. conditionConstants, .. carry])[0].Integers[0] != 0) carry = evaluator.Run(Body, [.. constants, .. carry]);
        return carry;
    }

    private (T[] Condition, T[] Body, T[] Carry) Parts<T>(T[] inputs) =>
        (inputs[..ConditionConstants], inputs[ConditionConstants..(ConditionConstants + BodyConstants)], inputs[(ConditionConstants + BodyConstants)..]);
}

/// <summary>One of two branches, as a bool scalar tells. The inputs are the condition, the inputs of the first branch, those of the second.</summary>
public sealed record Cond(Computation Then, Computation Else) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "cond";

    /// <inheritdoc/>
    public override IReadOnlyList<Computation> Bodies => [Then, Else];

    /// <summary>Traces two branches and applies the choice.</summary>
    internal static Tensor[] Build(Tensor condition, Func<Tensor[]> then, Func<Tensor[]> otherwise)
    {
        var first = Computation.TraceBlock("cond", _ => then(), [], out var firstCaptured);
        var second = Computation.TraceBlock("cond", _ => otherwise(), [], out var secondCaptured);
        if (!first.Outputs.Select(t => t.Type).SequenceEqual(second.Outputs.Select(t => t.Type)))
        {
            throw new ShapeException(
                $"cond: the branches give ({string.Join(", ", first.Outputs.Select(t => t.Type))}) and ({string.Join(", ", second.Outputs.Select(t => t.Type))}): both must give the same types.");
        }
        return Tensor.Bind(new Cond(first, second), [condition, .. firstCaptured, .. secondCaptured]);
    }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0] != new TensorType(ElementType.Bool, Shape.Scalar))
            throw new ShapeException($"cond: the condition {inputs[0]} must be one bool: reduce it with Any or All, or choose elementwise with Where.");
        return [.. Then.Outputs.Select(t => t.Type)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var (condition, then, otherwise) = Parts(operation.Inputs.ToArray());
        var (_, dThen, dElse) = Parts(tangents);
        int[] moving = [.. Enumerable.Range(0, Then.Outputs.Count).Where(i => Then.Outputs[i].ElementType.IsDifferentiable())];
        Tensor[] Branch(Computation body, Tensor[] inputs, Tensor?[] inputTangents)
        {
            var outputs = ForwardMode.Of(t => body.Apply(t), inputs, inputTangents).Tangents;
            return [.. moving.Select(i => outputs[i] ?? Tensor.ZerosLike(Then.Outputs[i]))];
        }
        var outputs = Build(condition, () => Branch(Then, then, dThen), () => Branch(Else, otherwise, dElse));
        var result = new Tensor?[Then.Outputs.Count];
        for (var i = 0; i < moving.Length; i++) result[moving[i]] = outputs[i];
        return result;
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        var inputs = operation.Inputs.ToArray();
        var (condition, then, otherwise) = Parts(inputs);
        int[] wanted = [.. Enumerable.Range(1, inputs.Length - 1).Where(i => needed[i])];
        Tensor[] Branch(Computation body, Tensor[] operands, int offset)
        {
            using var trace = new Trace("Vjp", isAbstract: false);
            var aliases = Array.ConvertAll(operands, trace.Alias);
            var pulled = ReverseMode.Pull(body.Apply(aliases), cotangents, trace, aliases);
            return [.. wanted.Select(i => (i >= offset && i < offset + operands.Length ? pulled[i - offset] : null) ?? Tensor.ZerosLike(inputs[i]))];
        }
        var outputs = Build(condition, () => Branch(Then, then, 1), () => Branch(Else, otherwise, 1 + then.Length));
        var result = new Tensor?[inputs.Length];
        for (var i = 0; i < wanted.Length; i++) result[wanted[i]] = outputs[i];
        return result;
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (condition, then, otherwise) = Parts(inputs);
        var isThenBatched = batched[1..(1 + then.Length)];
        var isElseBatched = batched[(1 + then.Length)..];
        Tensor[] Branch(Computation body, Tensor[] operands, bool[] are)
        {
            var (outputs, isBatched) = body.Batch(operands, are, size);
            return [.. outputs.Select((t, i) => isBatched[i] ? t : Tensor.AddBatchAxis(t, size))];
        }
        if (!batched[0]) return Build(condition, () => Branch(Then, then, isThenBatched), () => Branch(Else, otherwise, isElseBatched));
        // A choice for each example: both branches run and elements are selected.
        var (first, second) = (Branch(Then, then, isThenBatched), Branch(Else, otherwise, isElseBatched));
        return [.. first.Zip(second, (a, b) => Tensor.Where(condition.Reshape([size, .. Enumerable.Repeat(1, a.Rank - 1)]), a, b))];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => Then.Cost.Flops >= Else.Cost.Flops ? Then.Cost : Else.Cost;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (condition, then, otherwise) = Parts(inputs);
        return condition.Integers[0] != 0 ? evaluator.Run(Then, then) : evaluator.Run(Else, otherwise);
    }

    private (T Condition, T[] Then, T[] Else) Parts<T>(T[] inputs) => (inputs[0], inputs[1..(1 + Then.Inputs.Count)], inputs[(1 + Then.Inputs.Count)..]);
}
