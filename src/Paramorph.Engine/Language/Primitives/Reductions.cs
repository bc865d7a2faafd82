using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>What a reduction makes of the elements.</summary>
public enum ReductionKind
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The largest; NaN when one is NaN.</summary>
    Max,

    /// <summary>The smallest; NaN when one is NaN.</summary>
    Min,

    /// <summary>Whether one of the booleans holds.</summary>
    Any,

    /// <summary>Whether all of the booleans hold.</summary>
    All,
}

/// <summary>Elements along axes made into one: their sum, product, extreme or conjunction. The axes disappear.</summary>
public sealed record Reduce(ReductionKind Kind, Sequence<int> Axes) : Primitive
{
    /// <inheritdoc/>
    public override string Name => $"reduce_{Kind.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public override string Attributes => $"axes={Axes}";

    /// <inheritdoc/>
    public override Linearity Linearity => Kind == ReductionKind.Sum ? Linearity.Joint : Linearity.None;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var shape = inputs[0].Shape;
        CheckType(Name, Kind, inputs[0]);
        if (Kind is ReductionKind.Max or ReductionKind.Min && Axes.Any(a => shape[a] == 0))
            throw new ShapeException($"{Name}: {inputs[0]} has no elements along {Axes}, and an extreme of nothing does not exist.");
        return [inputs[0] with { Shape = [.. shape.Where((_, a) => !Axes.Contains(a))] }];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (Kind == ReductionKind.Sum) return base.Jvp(operation, tangents);
        if (tangents[0] is not { } tangent || !operation.Output.ElementType.IsDifferentiable()) return [null];
        var x = operation.Input;
        var sum = this with { Kind = ReductionKind.Sum };
        if (Kind == ReductionKind.Product) return Tensor.Bind(sum, tangent * ProductOfOthers(x));
        // Ties share the derivative equally.
        var isExtreme = Tensor.Equal(x, Restore(operation.Output, x.Shape)).AsType(x.ElementType);
        return [Tensor.Bind(sum, tangent * isExtreme)[0] / Tensor.Bind(sum, isExtreme)[0]];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => Restore(cotangent, operation.Input.Shape);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(new Reduce(Kind, [.. Axes.Select(a => a + 1)]), inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(Elements(inputs), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, result) = (inputs[0], new ReferenceArray(operation.Output.Type));
        var strides = ResultStrides(x.Shape, result.Shape);
        result.Fill(Initial(Kind, x.ElementType));
        var i = 0;
        foreach (var at in ReferenceArray.Places(x.Shape))
        {
            var to = 0;
            for (var a = 0; a < at.Length; a++) to += at[a] * strides[a];
            Accumulate(Kind, result, to, x, i++);
        }
        return [result];
    }

    /// <exception cref="ElementTypeException">Such elements cannot be reduced so.</exception>
    internal static void CheckType(string name, ReductionKind kind, TensorType input)
    {
        var type = input.ElementType;
        var isLogical = kind is ReductionKind.Any or ReductionKind.All;
        if (isLogical != (type == ElementType.Bool) || (type.IsComplex() && kind is ReductionKind.Max or ReductionKind.Min))
            throw new ElementTypeException($"{name}: is not defined on {input}: {(isLogical ? "it takes booleans" : "it takes numbers, and only ordered ones have extremes")}.");
    }

    /// <summary>What a reduction of nothing is, as a real number.</summary>
    internal static double Initial(ReductionKind kind, ElementType type) => kind switch
    {
        ReductionKind.Product or ReductionKind.All => 1,
        ReductionKind.Max => type.IsFloating() ? double.NegativeInfinity : long.MinValue,
        ReductionKind.Min => type.IsFloating() ? double.PositiveInfinity : long.MaxValue,
        _ => 0,
    };

    internal static void Accumulate(ReductionKind kind, ReferenceArray result, int to, ReferenceArray x, int from)
    {
        if (x.IsReal)
        {
            ref var r = ref result.Reals[to];
            var value = x.Reals[from];
            r = kind switch
            {
                ReductionKind.Sum => r + value,
                ReductionKind.Product => r * value,
                ReductionKind.Max => Math.Max(r, value),
                _ => Math.Min(r, value),
            };
        }
        else if (x.IsComplex)
        {
            ref var r = ref result.Complexes[to];
            r = kind == ReductionKind.Sum ? r + x.Complexes[from] : r * x.Complexes[from];
        }
        else
        {
            ref var r = ref result.Integers[to];
            var value = x.Integers[from];
            r = kind switch
            {
                ReductionKind.Sum => r + value,
                ReductionKind.Product => r * value,
                ReductionKind.Max => Math.Max(r, value),
                ReductionKind.Min => Math.Min(r, value),
                ReductionKind.Any => r | value,
                _ => r & value,
            };
        }
    }

    /// <summary>A result repeated along the axes that were reduced.</summary>
    private Tensor Restore(Tensor reduced, Shape shape) =>
        Tensor.Bind(new Broadcast(shape, [.. Enumerable.Range(0, shape.Rank).Except(Axes)]), reduced)[0];

    /// <summary>For each element the product of all others with which it is reduced, right where some are zero.</summary>
    private Tensor ProductOfOthers(Tensor x)
    {
        int[] kept = [.. Enumerable.Range(0, x.Rank).Except(Axes)];
        int[] order = [.. kept, .. Axes];
        var rows = x.Transpose(order);
        var (moved, count) = (rows.Shape, rows.Shape[kept.Length..].ElementCount);
        rows = rows.Reshape([.. moved.Sizes[..kept.Length], count]);
        var others = Exclusive(rows, isReverse: false) * Exclusive(rows, isReverse: true);
        var inverse = new int[x.Rank];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return others.ReshapeTo(moved).Transpose(inverse);

        static Tensor Exclusive(Tensor rows, bool isReverse)
        {
            var (last, size) = (rows.Rank - 1, rows.Shape[^1]);
            if (size == 0) return rows;
            var padding = Enumerable.Repeat((0, 0), last).Append(isReverse ? (0, 1) : (1, 0)).ToArray();
            var shifted = rows.SliceAxis(last, isReverse ? 1 : 0, isReverse ? size : size - 1).Pad(padding, 1);
            return shifted.CumulativeProduct(last, isReverse);
        }
    }

    private int[] ResultStrides(Shape shape, Shape result)
    {
        var (strides, to, next) = (new int[shape.Rank], result.Strides(), 0);
        for (var a = 0; a < shape.Rank; a++) strides[a] = Axes.Contains(a) ? 0 : to[next++];
        return strides;
    }
}

/// <summary>The i32 index of the largest or smallest element along an axis: the first of several; a NaN counts as extreme.</summary>
public sealed record ArgReduce(bool IsMax, int Axis) : Primitive
{
    /// <inheritdoc/>
    public override string Name => IsMax ? "argmax" : "argmin";

    /// <inheritdoc/>
    public override string Attributes => $"axis={Axis}";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (type, shape) = inputs[0];
        if (type.IsComplex()) throw new ElementTypeException($"{Name}: {inputs[0]} is complex and has no order: take its Abs.");
        if (shape[Axis] == 0) throw new ShapeException($"{Name}: {inputs[0]} has no elements along axis {Axis}.");
        return [new(ElementType.Int32, shape.Remove(Axis))];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) => [null];

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) => [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(new ArgReduce(IsMax, Axis + 1), inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(Elements(inputs), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var x = inputs[0];
        var (size, inner) = (x.Shape[Axis], x.Shape[(Axis + 1)..].ElementCount);
        return [ReferenceArray.Of(operation.Output.Type, i =>
        {
            var start = i / inner * size * inner + i % inner;
            var best = 0;
            for (var k = 1; k < size; k++)
                if (IsBetter(IsMax, x, start + k * inner, start + best * inner)) best = k;
            return best;
        })];
    }

    /// <summary>Whether an element is to be preferred to an earlier one.</summary>
    internal static bool IsBetter(bool isMax, ReferenceArray x, int candidate, int best)
    {
        if (!x.IsReal) return isMax ? x.Integers[candidate] > x.Integers[best] : x.Integers[candidate] < x.Integers[best];
        var (c, b) = (x.Reals[candidate], x.Reals[best]);
        if (double.IsNaN(b)) return false;
        return double.IsNaN(c) || (isMax ? c > b : c < b);
    }
}

/// <summary>The sum, product or extreme of all elements up to each place along an axis, or from each place on when reversed.</summary>
public sealed record Cumulative(ReductionKind Kind, int Axis, bool IsReverse) : Primitive
{
    /// <inheritdoc/>
    public override string Name => $"cumulative_{Kind.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public override string Attributes => $"axis={Axis}" + (IsReverse ? ", reverse" : "");

    /// <inheritdoc/>
    public override Linearity Linearity => Kind == ReductionKind.Sum ? Linearity.Joint : Linearity.None;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var type = inputs[0].ElementType;
        if (type == ElementType.Bool || (type.IsComplex() && Kind is ReductionKind.Max or ReductionKind.Min))
            throw new ElementTypeException($"{Name}: is not defined on {inputs[0]}: it takes numbers, and only ordered ones have extremes.");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (Kind == ReductionKind.Sum) return base.Jvp(operation, tangents);
        if (tangents[0] is not { } tangent || !operation.Output.ElementType.IsDifferentiable()) return [null];
        var x = operation.Input;
        if (Kind == ReductionKind.Product)
        {
            // The product rule as an associative scan of pairs (p, t): right where elements are zero.
            return [AssociativeScan.Of([x, tangent], (a, b) => [a[0] * b[0], a[1] * b[0] + a[0] * b[1]], Axis, IsReverse)[1]];
        }
        // The place of the latest element that equals the running extreme.
        var places = Tensor.Iota(x.Shape, Axis);
        var isExtreme = Tensor.Equal(x, operation.Output);
        var latest = IsReverse
            ? Tensor.Where(isExtreme, places, x.Shape[Axis] - 1).CumulativeMin(Axis, true)
            : Tensor.Where(isExtreme, places, 0).CumulativeMax(Axis);
        return [tangent.TakeAlong(latest, Axis)];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) => Tensor.Bind(this with { IsReverse = !IsReverse }, cotangent)[0];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this with { Axis = Axis + 1 }, inputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = inputs[0].Copy();
        var (size, inner) = (result.Shape[Axis], result.Shape[(Axis + 1)..].ElementCount);
        for (var i = 0; i < result.Count; i++)
        {
            // Elements are visited so that the neighbour from which each accumulates is done.
            var at = IsReverse ? result.Count - 1 - i : i;
            var place = at / inner % size;
            if (place != (IsReverse ? size - 1 : 0)) Reduce.Accumulate(Kind, result, at, result, IsReverse ? at + inner : at - inner);
        }
        return [result];
    }
}
