using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// Slices taken at indices known only at run time. The operand has shape [batch..., indexed..., rest...], the indices [batch..., place...,
/// number of indexed axes] of i32 or i64, the result [batch..., place..., rest...]. An index outside its axis is an error.
/// </summary>
/// <param name="Indexed">Number of indexed axes.</param>
/// <param name="BatchRank">Number of leading axes that operand and indices share.</param>
public sealed record Gather(int Indexed, int BatchRank) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    public override string Attributes => $"indexed={Indexed}" + (BatchRank > 0 ? $", batch={BatchRank}" : "") + (HasUniqueIndices ? ", unique" : "");

    /// <summary>Whether no two places of a batch position hold the same indices, as who made them knows: what is scattered to them then needs no sums.</summary>
    internal bool HasUniqueIndices { get; init; }

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check(Name, inputs[0], inputs[1]);
        return [inputs[0] with { Shape = ResultShape(inputs[0].Shape, inputs[1].Shape) }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) =>
        Tensor.Bind(new Scatter(ScatterKind.Add, Indexed, BatchRank) { HasUniqueIndices = HasUniqueIndices }, Tensor.ZerosLike(operation.Input), operation.Inputs[1], cotangent)[0];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        // The indices of all examples then meet in one operand.
        if (BatchRank == 0 && !batched[0]) return Tensor.Bind(this with { HasUniqueIndices = false }, inputs);
        if (BatchRank == 0 && !batched[1])
        {
            // The new axis joins the rest, so that the indices need not be repeated.
            var gathered = Tensor.Bind(this, inputs[0].MoveAxis(0, Indexed), inputs[1])[0];
            return [gathered.MoveAxis(inputs[1].Rank - 1, 0)];
        }
        return Tensor.Bind(this with { BatchRank = BatchRank + 1 }, BatchAll(inputs, batched, size));
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, 2 * Bytes(outputs) + inputs[1].Bytes);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        var (rows, inner) = Rows(Name, inputs[0].Shape, inputs[1], result.Shape.ElementCount);
        for (var i = 0; i < rows.Length; i++)
            for (var r = 0; r < inner; r++)
                result.CopyElement(i * inner + r, inputs[0], rows[i] * inner + r);
        return [result];
    }

    /// <summary>For each place the element whose index along an axis <paramref name="indices"/> holds: none is negative, and all other sizes are equal.</summary>
    internal static Tensor Along(Tensor x, Tensor indices, int axis, bool hasUniqueIndices = false) =>
        Tensor.Bind(new Gather(1, x.Rank - 1) { HasUniqueIndices = hasUniqueIndices }, x.MoveAxis(axis, -1), indices.MoveAxis(axis, -1).ExpandDims(-1))[0].MoveAxis(-1, axis);

    internal Shape ResultShape(Shape operand, Shape indices) => [.. indices.Sizes[..^1], .. operand.Sizes[(BatchRank + Indexed)..]];

    internal void Check(string name, TensorType operand, TensorType indices)
    {
        if (indices.ElementType is not (ElementType.Int32 or ElementType.Int64))
            throw new ElementTypeException($"{name}: the indices {indices} must be i32 or i64: cast them with AsType.");
        var fits = indices.Shape.Rank > BatchRank && indices.Shape[^1] == Indexed && operand.Shape.Rank >= BatchRank + Indexed
            && operand.Shape.Sizes[..BatchRank].SequenceEqual(indices.Shape.Sizes[..BatchRank]);
        if (!fits)
        {
            throw new ShapeException(
                $"{name}: indices {indices} do not address {operand}: their last axis must hold {Indexed} numbers, and the first {BatchRank} sizes must be equal.");
        }
    }

    /// <summary>For each place the number of the row of the operand, and the length of a row.</summary>
    internal (int[] Rows, int Inner) Rows(string name, Shape operand, ReferenceArray indices, int count)
    {
        var places = indices.Shape[..^1].ElementCount;
        var batches = operand[..BatchRank].ElementCount;
        var rows = new int[places];
        for (var i = 0; i < places; i++)
        {
            var row = batches == 0 ? 0 : i / (places / batches);
            for (var k = 0; k < Indexed; k++)
            {
                var (index, size) = (indices.Integers[i * Indexed + k], operand[BatchRank + k]);
                if (index < 0 || index >= size)
                    throw OutOfRange(name, operand, k, index);
                row = row * size + (int)index;
            }
            rows[i] = row;
        }
        return (rows, places == 0 ? 0 : count / places);
    }

    /// <summary>The error of an index that does not exist along the indexed axis <paramref name="k"/>.</summary>
    internal EvaluationException OutOfRange(string name, Shape operand, int k, long index)
    {
        var size = operand[BatchRank + k];
        // Indices from the end have been moved by the size before they come here.
        var given = index < 0 ? index - size : index;
        return new($"{name}: index {given} lies outside axis {BatchRank + k} of {operand}: indices run from 0 to {size - 1}, or from {-size} to -1.");
    }
}

/// <summary>What becomes of an element when a value is scattered onto it.</summary>
public enum ScatterKind
{
    /// <summary>The value is added.</summary>
    Add,

    /// <summary>The larger stays.</summary>
    Max,

    /// <summary>The smaller stays.</summary>
    Min,

    /// <summary>The value replaces it; of several values for one place the last one stays.</summary>
    Set,
}

/// <summary>
/// Slices put at indices known only at run time, with the shapes of <see cref="Gather"/>: the operand [batch..., indexed..., rest...], the indices
/// [batch..., place..., number of indexed axes], the updates [batch..., place..., rest...]. The result has the shape of the operand.
/// </summary>
public sealed record Scatter(ScatterKind Kind, int Indexed, int BatchRank) : Primitive
{
    /// <inheritdoc/>
    public override string Name => $"scatter_{Kind.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public override string Attributes => Addressing.Attributes;

    /// <inheritdoc/>
    public override Linearity Linearity => Kind == ScatterKind.Add ? Linearity.Joint : Linearity.None;

    /// <summary>As of a gather.</summary>
    internal bool HasUniqueIndices { get; init; }

    internal Gather Addressing => new(Indexed, BatchRank) { HasUniqueIndices = HasUniqueIndices };

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Addressing.Check(Name, inputs[0], inputs[1]);
        var expected = inputs[0] with { Shape = Addressing.ResultShape(inputs[0].Shape, inputs[1].Shape) };
        if (inputs[2] != expected)
            throw new ShapeException($"{Name}: the updates {inputs[2]} for {inputs[0]} at {inputs[1]} must be {expected}.");
        if (inputs[0].ElementType == ElementType.Bool && Kind == ScatterKind.Add)
            throw new ElementTypeException($"{Name}: is not defined on {inputs[0]}: booleans do not add; use ScatterMax for \"any of them\".");
        if (inputs[0].ElementType.IsComplex() && Kind is ScatterKind.Max or ScatterKind.Min)
            throw new ElementTypeException($"{Name}: {inputs[0]} is complex and has no order.");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (Kind == ScatterKind.Add) return base.Jvp(operation, tangents);
        if (!operation.Output.ElementType.IsDifferentiable()) return [null];
        var (x, indices, updates) = (operation.Input, operation.Inputs[1], operation.Inputs[2]);
        var (dx, du) = (tangents[0] ?? Tensor.ZerosLike(x), tangents[2] ?? Tensor.ZerosLike(updates));
        var type = x.ElementType;
        if (Kind == ScatterKind.Set)
        {
            // Which update stays is found by setting their numbers; the others have no influence.
            var numbers = Tensor.Iota([updates.Count], 0).ReshapeTo(updates.Shape);
            var winner = Tensor.Bind(this, Tensor.Full(x.Shape, -1, ElementType.Int32), indices, numbers)[0];
            var stays = Tensor.Equal(Tensor.Bind(Addressing, winner, indices)[0], numbers);
            return [Tensor.Where(Tensor.Less(winner, 0), dx, 0.0) + Add(Tensor.ZerosLike(x), indices, Tensor.Where(stays, du, 0.0))];
        }
        // Ties share the derivative equally.
        var y = operation.Output;
        var fromOperand = Tensor.Equal(x, y).AsType(type);
        var fromUpdate = Tensor.Equal(updates, Tensor.Bind(Addressing, y, indices)[0]).AsType(type);
        return [Add(dx * fromOperand, indices, du * fromUpdate) / Add(fromOperand, indices, fromUpdate)];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) =>
        input == 0 ? cotangent : Tensor.Bind(Addressing, cotangent, operation.Inputs[1])[0];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { BatchRank = BatchRank + 1 }, BatchAll(inputs, batched, size));

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(inputs[2].Shape.ElementCount, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (result, updates) = (inputs[0].Copy(), inputs[2]);
        var (rows, inner) = Addressing.Rows(Name, result.Shape, inputs[1], updates.Count);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var r = 0; r < inner; r++)
            {
                var (to, from) = (rows[i] * inner + r, i * inner + r);
                if (Kind == ScatterKind.Set) result.CopyElement(to, updates, from);
                else Reduce.Accumulate(Kind switch { ScatterKind.Add => ReductionKind.Sum, ScatterKind.Max => ReductionKind.Max, _ => ReductionKind.Min }, result, to, updates, from);
            }
        }
        return [result];
    }

    private Tensor Add(Tensor operand, Tensor indices, Tensor updates) =>
        Tensor.Bind(this with { Kind = ScatterKind.Add }, operand, indices, updates)[0];
}
