using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>The elements of each window made into one: their sum, product, extreme or conjunction. Padding does not take part.</summary>
public sealed record WindowReduce(ReductionKind Kind, Window Window) : Primitive
{
    /// <inheritdoc/>
    public override string Name => $"window_{Kind.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public override string Attributes => Window.ToString();

    /// <inheritdoc/>
    public override Linearity Linearity => Kind == ReductionKind.Sum ? Linearity.Joint : Linearity.None;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Reduce.CheckType(Name, Kind, inputs[0]);
        var shape = Window.ResultShape(inputs[0], Name);
        if (Kind is ReductionKind.Max or ReductionKind.Min) Window.CheckNoneEmpty(inputs[0], shape, Name);
        return [inputs[0] with { Shape = shape }];
    }

    /// <inheritdoc/>
    /// <remarks>The derivative of an extreme is that of the first element which attains it.</remarks>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (Kind is not (ReductionKind.Max or ReductionKind.Min)) return base.Jvp(operation, tangents);
        if (tangents[0] is not { } tangent) return [null];
        var places = Tensor.Bind(new WindowArgReduce(Kind == ReductionKind.Max, Window), operation.Input)[0];
        // Axes of the window go last and become one, which the places index.
        int[] others = [.. Enumerable.Range(0, tangent.Rank).Except(Window.Axes)];
        int[] order = [.. others, .. Window.Axes], inverse = [.. Enumerable.Range(0, order.Length).OrderBy(i => order[i])];
        var (moved, at) = (tangent.Transpose(order), places.Transpose(order));
        var batch = moved.Shape[..others.Length];
        var flat = moved.ReshapeTo([.. batch, moved.Shape[others.Length..].ElementCount]);
        var picked = Gather.Along(flat, at.ReshapeTo([.. batch, at.Shape[others.Length..].ElementCount]), others.Length, Window.AreDisjoint);
        return [picked.ReshapeTo(at.Shape).Transpose(inverse)];
    }

    /// <inheritdoc/>
    /// <remarks>An element received what each window that holds it passed on: a window sum over the cotangents spread by the stride.</remarks>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var x = operation.Input;
        if (x.Count == 0) return Tensor.ZerosLike(x);
        int[] low = new int[x.Rank], high = new int[x.Rank], interior = new int[x.Rank];
        for (var k = 0; k < Window.Axes.Count; k++)
        {
            var axis = Window.Axes[k];
            interior[axis] = Window.Strides[k] - 1;
            low[axis] = Window.Extent(k) - 1 - Window.Low[k];
            high[axis] = x.Shape[axis] - 1 + Window.Extent(k) - low[axis] - Pad.Dilated(cotangent.Shape[axis], interior[axis]);
        }
        int[] ones = [.. Window.Axes.Select(_ => 1)], zeros = new int[ones.Length];
        var window = Window with { Strides = [.. ones], Low = [.. zeros], High = [.. zeros] };
        return Tensor.Bind(this with { Window = window }, cotangent.PadWith(low, high, interior))[0];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { Window = Window.Shifted() }, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new(Window.Count * Elements(outputs), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, result) = (inputs[0], new ReferenceArray(operation.Output.Type));
        var strides = x.Shape.Strides();
        result.Fill(Reduce.Initial(Kind, x.ElementType));
        var to = 0;
        foreach (var at in ReferenceArray.Places(result.Shape))
        {
            foreach (var (from, _) in Window.Elements(at, x.Shape, strides)) Reduce.Accumulate(Kind, result, to, x, from);
            to++;
        }
        return [result];
    }
}

/// <summary>
/// Where the largest or smallest element of each window lies: its i32 index in row-major order within the axes of the window, of the operand without
/// padding. The first of several; a NaN counts as extreme.
/// </summary>
public sealed record WindowArgReduce(bool IsMax, Window Window) : Primitive
{
    /// <inheritdoc/>
    public override string Name => IsMax ? "window_argmax" : "window_argmin";

    /// <inheritdoc/>
    public override string Attributes => Window.ToString();

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs[0].ElementType.IsComplex()) throw new ElementTypeException($"{Name}: {inputs[0]} is complex and has no order: take its Abs.");
        var shape = Window.ResultShape(inputs[0], Name);
        Window.CheckNoneEmpty(inputs[0], shape, Name);
        return [new(ElementType.Int32, shape)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents) => [null];

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed) => [null];

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this with { Window = Window.Shifted() }, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        new(Window.Count * Elements(outputs), Bytes(inputs) + Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (x, result) = (inputs[0], new ReferenceArray(operation.Output.Type));
        var strides = x.Shape.Strides();
        var to = 0;
        foreach (var at in ReferenceArray.Places(result.Shape))
        {
            (int Index, int Inner)? best = null;
            foreach (var element in Window.Elements(at, x.Shape, strides))
                if (best is null || ArgReduce.IsBetter(IsMax, x, element.Index, best.Value.Index)) best = element;
            result.Integers[to++] = best!.Value.Inner;
        }
        return [result];
    }
}
