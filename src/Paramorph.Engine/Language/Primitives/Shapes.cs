using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>The elements in another shape of the same count.</summary>
public sealed record Reshape(Shape Shape) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override string Attributes => $"shape={Shape}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0].Shape.ElementCount != Shape.ElementCount)
            throw new ShapeException($"reshape: {inputs[0]} has {inputs[0].Shape.ElementCount} elements but {Shape} has {Shape.ElementCount}: the count must stay.");
        return [inputs[0] with { Shape = Shape }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => cotangent.ReshapeTo(operation.Input.Shape);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => [inputs[0].ReshapeTo(Shape.Insert(0, size))];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => default;

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs) => [inputs[0].WithShape(Shape)];
}

/// <summary>The tensor whose axis i is axis <c>Permutation[i]</c> of the input.</summary>
public sealed record Transpose(Sequence<int> Permutation) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "transpose";

    /// <inheritdoc/>
    public override string Attributes => $"permutation={Permutation}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var shape = inputs[0].Shape;
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, shape.Rank)))
            throw new ShapeException($"transpose: {Permutation} is not a permutation of the {shape.Rank} axes of {inputs[0]}.");
        return [inputs[0] with { Shape = [.. Permutation.Select(a => shape[a])] }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var inverse = new int[Permutation.Count];
        for (var i = 0; i < inverse.Length; i++) inverse[Permutation[i]] = i;
        return cotangent.Transpose(inverse);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        [inputs[0].Transpose([0, .. Permutation.Select(a => a + 1)])];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var from = inputs[0].Shape.Strides();
        return [inputs[0].Rearrange(operation.Output.Shape, at => Index(at, from))];

        int Index(int[] at, int[] strides)
        {
            var index = 0;
            for (var i = 0; i < at.Length; i++) index += at[i] * strides[Permutation[i]];
            return index;
        }
    }
}

/// <summary>The input repeated along new axes: its axis i becomes axis <c>Axes[i]</c> of the result, with the same size.</summary>
public sealed record Broadcast(Shape Shape, Sequence<int> Axes) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "broadcast";

    /// <inheritdoc/>
    public override string Attributes => $"shape={Shape}, axes={Axes}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var from = inputs[0].Shape;
        var fits = Axes.Count == from.Rank;
        for (var i = 0; fits && i < from.Rank; i++)
            fits = Axes[i] >= 0 && Axes[i] < Shape.Rank && Shape[Axes[i]] == from[i] && (i == 0 || Axes[i] > Axes[i - 1]);
        if (!fits) throw new ShapeException($"broadcast: {inputs[0]} does not become {Shape} with its axes at {Axes}: sizes must be equal and axes increase.");
        return [inputs[0] with { Shape = Shape }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        int[] added = [.. Enumerable.Range(0, Shape.Rank).Except(Axes)];
        return added.Length == 0 ? cotangent : Tensor.Bind(new Reduce(ReductionKind.Sum, [.. added]), cotangent)[0];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(new Broadcast(Shape.Insert(0, size), [0, .. Axes.Select(a => a + 1)]), inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var strides = inputs[0].Shape.Strides();
        return [inputs[0].Rearrange(Shape, at =>
        {
            var index = 0;
            for (var i = 0; i < strides.Length; i++) index += at[Axes[i]] * strides[i];
            return index;
        })];
    }
}

/// <summary>The elements from starts to before limits, by positive strides.</summary>
public sealed record Slice(Sequence<int> Starts, Sequence<int> Limits, Sequence<int> Strides) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    public override string Attributes => $"starts={Starts}, limits={Limits}, strides={Strides}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var shape = inputs[0].Shape;
        if (Starts.Count != shape.Rank || Limits.Count != shape.Rank || Strides.Count != shape.Rank)
            throw new ShapeException($"slice: {inputs[0]} has {shape.Rank} axes: give a start, a limit and a stride for each, not {Starts}, {Limits}, {Strides}.");
        var sizes = new int[shape.Rank];
        for (var a = 0; a < sizes.Length; a++)
        {
            if (Starts[a] < 0 || Limits[a] > shape[a] || Starts[a] > Limits[a] || Strides[a] < 1)
            {
                throw new ShapeException(
                    $"slice: {Starts[a]}..{Limits[a]} by {Strides[a]} does not lie in axis {a} of {inputs[0]}: bounds run from 0 to {shape[a]} and strides are positive.");
            }
            sizes[a] = (Limits[a] - Starts[a] + Strides[a] - 1) / Strides[a];
        }
        return [inputs[0] with { Shape = Shape.Create(sizes) }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var (whole, part) = (operation.Input.Shape, cotangent.Shape);
        var (high, interior) = (new int[whole.Rank], new int[whole.Rank]);
        for (var a = 0; a < whole.Rank; a++)
        {
            interior[a] = Strides[a] - 1;
            high[a] = whole[a] - Starts[a] - (part[a] == 0 ? 0 : (part[a] - 1) * Strides[a] + 1);
        }
        return cotangent.PadWith([.. Starts], high, interior);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(new Slice([0, .. Starts], [size, .. Limits], [1, .. Strides]), inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, 2 * Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var strides = inputs[0].Shape.Strides();
        return [inputs[0].Rearrange(operation.Output.Shape, at =>
        {
            var index = 0;
            for (var a = 0; a < at.Length; a++) index += (Starts[a] + at[a] * Strides[a]) * strides[a];
            return index;
        })];
    }

    internal bool IsWhole(Shape shape)
    {
        for (var a = 0; a < shape.Rank; a++)
            if (a >= Starts.Count || a >= Limits.Count || a >= Strides.Count || Starts[a] != 0 || Limits[a] != shape[a] || Strides[a] != 1) return false;
        return Starts.Count == shape.Rank;
    }
}

/// <summary>A value put before, after and between the elements along each axis; negative amounts before and after cut elements off.</summary>
public sealed record Pad(Sequence<int> Low, Sequence<int> High, Sequence<int> Interior) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override string Attributes => $"low={Low}, high={High}, interior={Interior}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (type, shape) = inputs[0];
        if (inputs[1].Shape.Rank != 0 || inputs[1].ElementType != type)
            throw new ShapeException($"pad: the value {inputs[1]} beside {inputs[0]} must be a scalar of the same element type.");
        if (Low.Count != shape.Rank || High.Count != shape.Rank || Interior.Count != shape.Rank)
            throw new ShapeException($"pad: {inputs[0]} has {shape.Rank} axes: give an amount before, after and between for each, not {Low}, {High}, {Interior}.");
        var sizes = new int[shape.Rank];
        for (var a = 0; a < sizes.Length; a++)
        {
            sizes[a] = Low[a] + High[a] + Dilated(shape[a], Interior[a]);
            if (sizes[a] < 0 || Interior[a] < 0)
                throw new ShapeException($"pad: {Low[a]} before, {High[a]} after and {Interior[a]} between leave {sizes[a]} elements on axis {a} of {inputs[0]}.");
        }
        return [inputs[0] with { Shape = Shape.Create(sizes) }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var kept = Unpad(operation.Input.Shape, cotangent);
        return input == 0 ? kept : cotangent.Sum() - kept.Sum();
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var padded = new Pad([0, .. Low], [0, .. High], [0, .. Interior]);
        var x = batched[0] ? inputs[0] : Tensor.AddBatchAxis(inputs[0], size);
        if (!batched[1]) return Tensor.Bind(padded, x, inputs[1]);
        // A value for each example: pad a mask and select.
        var inside = Tensor.Bind(padded, Tensor.Full(x.Shape, 1, ElementType.Bool), Tensor.Full(Shape.Scalar, 0, ElementType.Bool))[0];
        var zero = Tensor.Bind(padded, x, Tensor.Full(Shape.Scalar, 0, x.ElementType))[0];
        return [Tensor.Where(inside, zero, inputs[1].Reshape([size, .. Enumerable.Repeat(1, x.Rank - 1)]))];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (shape, strides) = (inputs[0].Shape, inputs[0].Shape.Strides());
        return [inputs[0].Rearrange(
            operation.Output.Shape,
            at =>
            {
                var index = 0;
                for (var a = 0; a < at.Length; a++)
                {
                    var (place, between) = (at[a] - Low[a], Interior[a] + 1);
                    if (place < 0 || place % between != 0 || place / between >= shape[a]) return -1;
                    index += place / between * strides[a];
                }
                return index;
            },
            inputs[1])];
    }

    /// <summary>Number of places of <paramref name="size"/> elements with gaps between them.</summary>
    internal static int Dilated(int size, int interior) => size == 0 ? 0 : size + (size - 1) * interior;

    /// <summary>The elements of a padded tensor that come from the operand, and zeros for those that were cut off.</summary>
    private Tensor Unpad(Shape shape, Tensor padded)
    {
        var rank = shape.Rank;
        // Negative padding is undone by zeros, then a strided slice picks the elements.
        var grown = padded.PadWith([.. Low.Select(l => Math.Max(0, -l))], [.. High.Select(h => Math.Max(0, -h))], new int[rank]);
        var (starts, limits) = (new int[rank], new int[rank]);
        for (var a = 0; a < rank; a++)
        {
            starts[a] = Math.Max(0, Low[a]);
            limits[a] = starts[a] + Dilated(shape[a], Interior[a]);
        }
        return grown.Slice(starts, limits, [.. Interior.Select(i => i + 1)]);
    }
}

/// <summary>Tensors joined along an axis.</summary>
public sealed record Concatenate(int Axis) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "concatenate";

    /// <inheritdoc/>
    public override string Attributes => $"axis={Axis}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var first = inputs[0];
        var size = 0;
        foreach (var input in inputs)
        {
            if (input.ElementType != first.ElementType || input.Shape.Rank != first.Shape.Rank || input.Shape.With(Axis, 0) != first.Shape.With(Axis, 0))
                throw new ShapeException($"concatenate: {first} and {input} do not join along axis {Axis}: types and all other sizes must be equal.");
            size += input.Shape[Axis];
        }
        return [first with { Shape = first.Shape.With(Axis, size) }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var start = 0;
        for (var i = 0; i < input; i++) start += operation.Inputs[i].Shape[Axis];
        return cotangent.SliceAxis(Axis, start, start + operation.Inputs[input].Shape[Axis]);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(new Concatenate(Axis + 1), BatchAll(inputs, batched, size));

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        var (shape, start) = (result.Shape, 0);
        var inner = shape[(Axis + 1)..].ElementCount;
        var outer = shape[..Axis].ElementCount;
        foreach (var input in inputs)
        {
            var size = input.Shape[Axis];
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < size * inner; i++)
                    result.CopyElement((o * shape[Axis] + start) * inner + i, input, o * size * inner + i);
            start += size;
        }
        return [result];
    }
}

/// <summary>The elements in opposite order along axes.</summary>
public sealed record Reverse(Sequence<int> Axes) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "reverse";

    /// <inheritdoc/>
    public override string Attributes => $"axes={Axes}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [inputs[0]];

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => Tensor.Bind(this, cotangent)[0];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(new Reverse([.. Axes.Select(a => a + 1)]), inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (shape, strides) = (inputs[0].Shape, inputs[0].Shape.Strides());
        var isReversed = new bool[shape.Rank];
        foreach (var axis in Axes) isReversed[axis] = true;
        return [inputs[0].Rearrange(shape, at =>
        {
            var index = 0;
            for (var a = 0; a < at.Length; a++) index += (isReversed[a] ? shape[a] - 1 - at[a] : at[a]) * strides[a];
            return index;
        })];
    }
}

/// <summary>The index along an axis, at every place of a shape.</summary>
public sealed record Iota(TensorType Type, int Axis) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "iota";

    /// <inheritdoc/>
    public override string Attributes => $"type={Type}, axis={Axis}";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [Type];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        throw new InvalidOperationException("iota has no inputs to batch.");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var inner = Type.Shape[(Axis + 1)..].ElementCount;
        var size = Type.Shape[Axis];
        return [ReferenceArray.Of(Type, i => i / inner % size)];
    }
}
