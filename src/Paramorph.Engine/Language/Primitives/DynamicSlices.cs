using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>A block of static sizes that begins at indices known only at run time. The indices are moved so that the block lies inside.</summary>
public sealed record DynamicSlice(Shape Sizes) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "dynamic_slice";

    /// <inheritdoc/>
    public override string Attributes => $"sizes={Sizes}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check(Name, inputs[0], inputs[1], Sizes);
        return [inputs[0] with { Shape = Sizes }];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent) =>
        Tensor.ZerosLike(operation.Input).DynamicUpdate(operation.Inputs[1], cotangent);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        if (Sizes.Rank == 0) return [batched[0] ? inputs[0] : Tensor.AddBatchAxis(inputs[0], size)];
        if (!batched[1]) return [inputs[0].DynamicSlice(PrependZero(inputs[1]), [size, .. Sizes])];
        var x = batched[0] ? inputs[0] : Tensor.AddBatchAxis(inputs[0], size);
        return Tensor.Bind(new Gather(Sizes.Rank, 1), x, Indices(inputs[1], operation.Input.Shape, Sizes));
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, 2 * Bytes(outputs));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var start = Clamp(inputs[1], inputs[0].Shape, Sizes);
        var strides = inputs[0].Shape.Strides();
        return [inputs[0].Rearrange(Sizes, at =>
        {
            var index = 0;
            for (var a = 0; a < at.Length; a++) index += (start[a] + at[a]) * strides[a];
            return index;
        })];
    }

    internal static void Check(string name, TensorType whole, TensorType starts, Shape block)
    {
        if (starts.ElementType != ElementType.Int32 || starts.Shape != [whole.Shape.Rank])
            throw new ShapeException($"{name}: the starts {starts} must be an i32 vector of {whole.Shape.Rank} indices, one an axis of {whole}.");
        var fits = block.Rank == whole.Shape.Rank;
        for (var a = 0; fits && a < block.Rank; a++) fits = block[a] <= whole.Shape[a];
        if (!fits) throw new ShapeException($"{name}: a block {block} does not lie in {whole}: it must have as many axes and no larger sizes.");
    }

    internal static int[] Clamp(ReferenceArray starts, Shape whole, Shape block)
    {
        var result = new int[block.Rank];
        for (var a = 0; a < result.Length; a++) result[a] = (int)Math.Clamp(starts.Integers[a], 0, whole[a] - block[a]);
        return result;
    }

    internal static Tensor PrependZero(Tensor starts) => Tensor.Concatenate([Tensor.Zeros([1], ElementType.Int32), starts]);

    /// <summary>For each example the indices [batch, block..., rank] of the elements of the block.</summary>
    internal static Tensor Indices(Tensor starts, Shape whole, Shape block)
    {
        var batch = starts.Shape[0];
        var axes = new Tensor[block.Rank];
        for (var a = 0; a < axes.Length; a++)
        {
            var start = Tensor.Clamp(starts.SliceAxis(1, a, a + 1), 0, whole[a] - block[a]).Reshape([batch, .. Enumerable.Repeat(1, block.Rank)]);
            axes[a] = (start + Tensor.Iota(block, a)).BroadcastTo(block.Insert(0, batch));
        }
        return Tensor.Stack(axes, -1);
    }
}

/// <summary>A tensor with a block replaced that begins at indices known only at run time. The indices are moved so that the block lies inside.</summary>
public sealed record DynamicUpdate : Primitive
{
    /// <inheritdoc/>
    public override string Name => "dynamic_update";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Joint;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        DynamicSlice.Check(Name, inputs[0], inputs[1], inputs[2].Shape);
        if (inputs[0].ElementType != inputs[2].ElementType)
            throw new ElementTypeException($"{Name}: the block {inputs[2]} must have the element type of {inputs[0]}.");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var (starts, block) = (operation.Inputs[1], operation.Inputs[2]);
        return input == 0 ? cotangent.DynamicUpdate(starts, Tensor.ZerosLike(block)) : cotangent.DynamicSlice(starts, block.Shape.Sizes);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (whole, block) = (batched[0] ? inputs[0] : Tensor.AddBatchAxis(inputs[0], size), batched[2] ? inputs[2] : Tensor.AddBatchAxis(inputs[2], size));
        if (operation.Input.Rank == 0) return [block];
        if (!batched[1]) return [whole.DynamicUpdate(DynamicSlice.PrependZero(inputs[1]), block)];
        var indices = DynamicSlice.Indices(inputs[1], operation.Input.Shape, operation.Inputs[2].Shape);
        return Tensor.Bind(new Scatter(ScatterKind.Set, operation.Input.Rank, 1), whole, indices, block);
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) => new(0, 2 * inputs[2].Bytes);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (result, block) = (inputs[0].Copy(), inputs[2]);
        var start = DynamicSlice.Clamp(inputs[1], result.Shape, block.Shape);
        var strides = result.Shape.Strides();
        var i = 0;
        foreach (var at in ReferenceArray.Places(block.Shape))
        {
            var index = 0;
            for (var a = 0; a < at.Length; a++) index += (start[a] + at[a]) * strides[a];
            result.CopyElement(index, block, i++);
        }
        return [result];
    }
}
