using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// Several operands of one shape put in order along an axis, by the first <paramref name="Keys"/> of them: ties of the first key are decided by the
/// second, and so on; full ties keep their order. NaN is above all numbers. The results are the operands in order and, last, the i32 permutation: where along
/// the axis each element stood.
/// </summary>
/// <param name="Axis">The axis.</param>
/// <param name="Keys">Number of operands that are compared.</param>
/// <param name="IsDescending">Whether large elements come first.</param>
public sealed record Sort(int Axis, int Keys, bool IsDescending) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "sort";

    /// <inheritdoc/>
    public override string Attributes => $"axis={Axis}" + (Keys > 1 ? $", keys={Keys}" : "") + (IsDescending ? ", descending" : "");

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (Keys < 1 || Keys > inputs.Length) throw new ShapeException($"sort: {Keys} keys of {inputs.Length} operands: at least one operand is compared and at most all.");
        var shape = inputs[0].Shape;
        if ((uint)Axis >= (uint)shape.Rank) throw new ShapeException($"sort: {inputs[0]} has no axis {Axis}.");
        foreach (var input in inputs)
            if (input.Shape != shape) throw new ShapeException($"sort: {inputs[0]} and {input} must have one shape to be put in order together.");
        foreach (var key in inputs[..Keys])
            if (key.ElementType.IsComplex()) throw new ElementTypeException($"sort: the key {key} is complex and has no order: take its Abs or its Real part.");
        return [.. inputs, new(ElementType.Int32, shape)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) =>
        [.. tangents.Select(t => t is null ? null : Gather.Along(t, operation.Outputs[^1], Axis)), null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { Axis = Axis + 1 }, BatchAll(inputs, batched, size));

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new((long)Keys * inputs[0].Shape.ElementCount * Comparisons(inputs[0].Shape[Axis]), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        var shape = inputs[0].Shape;
        var (size, inner) = (shape[Axis], shape[(Axis + 1)..].ElementCount);
        for (var line = 0; line < shape[..Axis].ElementCount * inner; line++)
        {
            var start = line / inner * size * inner + line % inner;
            var order = Order(inputs[..Keys], start, inner, size, IsDescending);
            for (var i = 0; i < size; i++)
            {
                for (var k = 0; k < inputs.Length; k++) results[k].CopyElement(start + i * inner, inputs[k], start + order[i] * inner);
                results[^1].Integers[start + i * inner] = order[i];
            }
        }
        return results;
    }

    /// <summary>Comparisons an element.</summary>
    internal static long Comparisons(int size) => (long)Math.Ceiling(Math.Log2(Math.Max(2, size)));

    /// <summary>The stable order of the elements of a line, by keys.</summary>
    internal static int[] Order(ReferenceArray[] keys, int start, int step, int size, bool isDescending)
    {
        return [.. Enumerable.Range(0, size).Order(Comparer<int>.Create(Compare))];

        int Compare(int a, int b)
        {
            foreach (var key in keys)
            {
                var order = CompareElements(key, start + a * step, start + b * step, isDescending);
                if (order != 0) return order;
            }
            return 0;
        }
    }

    private static int CompareElements(ReferenceArray key, int a, int b, bool isDescending)
    {
        if (!key.IsReal) return isDescending ? key.Integers[b].CompareTo(key.Integers[a]) : key.Integers[a].CompareTo(key.Integers[b]);
        var (x, y) = (key.Reals[a], key.Reals[b]);
        // CompareTo puts NaN below all numbers.
        var order = double.IsNaN(x) || double.IsNaN(y) ? double.IsNaN(x).CompareTo(double.IsNaN(y)) : x.CompareTo(y);
        return isDescending ? -order : order;
    }
}

/// <summary>
/// The largest elements along the last axis in descending order, and their i32 indices: the first elements of a descending <see cref="Sort"/>, so
/// that of equal elements the earlier ones are taken, and NaN before all numbers.
/// </summary>
public sealed record TopK(int Count) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "top_k";

    /// <inheritdoc/>
    public override string Attributes => $"count={Count}";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (type, shape) = inputs[0];
        if (type.IsComplex()) throw new ElementTypeException($"top_k: {inputs[0]} is complex and has no order: take its Abs or its Real part.");
        if (shape.Rank == 0 || Count < 0 || Count > shape[^1])
            throw new ShapeException($"top_k: the last axis of {inputs[0]} does not have {Count} elements to choose.");
        var result = shape.With(shape.Rank - 1, Count);
        return [new(type, result), new(ElementType.Int32, result)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) =>
        [tangents[0] is { } tangent ? Gather.Along(tangent, operation.Outputs[1], tangent.Rank - 1) : null, null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new(inputs[0].Shape.ElementCount * Sort.Comparisons(Count), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        var (x, size) = (inputs[0], inputs[0].Shape[^1]);
        for (var line = 0; line < x.Shape[..^1].ElementCount; line++)
        {
            var order = Sort.Order(inputs, line * size, 1, size, isDescending: true);
            for (var i = 0; i < Count; i++)
            {
                results[0].CopyElement(line * Count + i, x, line * size + order[i]);
                results[1].Integers[line * Count + i] = order[i];
            }
        }
        return results;
    }
}
