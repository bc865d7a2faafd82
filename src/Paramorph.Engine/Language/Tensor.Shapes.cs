using Paramorph.Primitives;

namespace Paramorph;

/// <content>Rearranging elements.</content>
public sealed partial class Tensor
{
    /// <summary>The transposed matrix, or the tensor with its last two axes exchanged.</summary>
    /// <exception cref="ShapeException">There are fewer than two axes.</exception>
    public Tensor T => Rank >= 2 ? SwapAxes(-1, -2) : throw new ShapeException($"transpose: {Type} has fewer than two axes.");

    /// <summary>The elements in another shape; one size may be -1 and is then computed.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var known = 1;
        var open = -1;
        int[] full = [.. sizes];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < -1 || (sizes[i] == -1 && open >= 0))
                throw new ShapeException($"reshape: {Type} does not become [{string.Join(", ", full)}]: sizes are 0 or more, and one of them may be -1.");
            if (sizes[i] == -1) open = i;
            else known *= sizes[i];
        }
        if (open >= 0)
        {
            if (known == 0 || Count % known != 0)
                throw new ShapeException($"reshape: {Type} does not fit [{string.Join(", ", full)}]: {Count} elements do not divide by {known}.");
            full[open] = Count / known;
        }
        return ReshapeTo(Shape.Create(full));
    }

    /// <summary>The elements in another shape of the same count.</summary>
    public Tensor ReshapeTo(Shape shape) => shape == Shape ? this : Bind(new Reshape(shape), this)[0];

    /// <summary>The tensor whose axis i is axis <c>permutation[i]</c> of this one.</summary>
    public Tensor Transpose(params ReadOnlySpan<int> permutation)
    {
        var axes = new int[permutation.Length];
        for (var i = 0; i < axes.Length; i++) axes[i] = Shape.Axis(permutation[i], "transpose");
        var isIdentity = axes.Length == Rank && axes.Select((a, i) => a == i).All(x => x);
        return isIdentity ? this : Bind(new Transpose([.. axes]), this)[0];
    }

    /// <summary>Two axes exchanged.</summary>
    public Tensor SwapAxes(int a, int b)
    {
        var permutation = Enumerable.Range(0, Rank).ToArray();
        (a, b) = (Shape.Axis(a, "swap_axes"), Shape.Axis(b, "swap_axes"));
        (permutation[a], permutation[b]) = (b, a);
        return Transpose(permutation);
    }

    /// <summary>An axis moved to another place, the others in order.</summary>
    public Tensor MoveAxis(int from, int to)
    {
        (from, to) = (Shape.Axis(from, "move_axis"), Shape.Axis(to, "move_axis"));
        var permutation = Enumerable.Range(0, Rank).Where(a => a != from).ToList();
        permutation.Insert(to, from);
        return Transpose([.. permutation]);
    }

    /// <summary>The tensor repeated to a larger shape by the rule of NumPy: from the last axis backward, sizes are equal or 1.</summary>
    /// <exception cref="ShapeException">The shape does not follow from this one.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        if (shape == Shape) return this;
        if (shape.Rank < Rank || Shape.Broadcast(Shape, shape, "broadcast_to") != shape)
            throw new ShapeException($"broadcast_to: {Type} does not broadcast to {shape}: from the last axis backward, sizes must be equal or 1.");
        var offset = shape.Rank - Rank;
        // Axes of size 1 that grow are dropped first, so that the primitive only adds axes.
        int[] kept = [.. Enumerable.Range(0, Rank).Where(a => Shape[a] == shape[a + offset])];
        var squeezed = ReshapeTo([.. kept.Select(a => Shape[a])]);
        return Bind(new Broadcast(shape, [.. kept.Select(a => a + offset)]), squeezed)[0];
    }

    /// <summary>The tensor with an axis of size 1 more.</summary>
    public Tensor ExpandDims(int axis)
    {
        var at = axis < 0 ? axis + Rank + 1 : axis;
        if (at < 0 || at > Rank) throw new ShapeException($"expand_dims: {Type} takes a new axis at {-Rank - 1} to {Rank}, not at {axis}.");
        return ReshapeTo(Shape.Insert(at, 1));
    }

    /// <summary>The tensor without the given axes of size 1; without all of them when none is given.</summary>
    /// <exception cref="ShapeException">A given axis has another size.</exception>
    public Tensor Squeeze(params ReadOnlySpan<int> axes)
    {
        var drop = new bool[Rank];
        for (var a = 0; a < Rank; a++) drop[a] = axes.Length == 0 && Shape[a] == 1;
        foreach (var axis in axes)
        {
            var a = Shape.Axis(axis, "squeeze");
            if (Shape[a] != 1) throw new ShapeException($"squeeze: axis {axis} of {Type} has size {Shape[a]}, not 1.");
            drop[a] = true;
        }
        return ReshapeTo([.. Shape.Where((_, a) => !drop[a])]);
    }

    /// <summary>All axes from <paramref name="start"/> on as one.</summary>
    public Tensor Flatten(int start = 0) => Rank == 0 ? Reshape(1) : Reshape([.. Shape.Sizes[..Shape.Axis(start, "flatten")], -1]);

    /// <summary>The tensor turned round along axes; along all when none is given.</summary>
    public Tensor Flip(params ReadOnlySpan<int> axes) => Bind(new Reverse([.. Shape.Axes(axes, "flip")]), this)[0];

    /// <summary>The tensor with elements moved along an axis; those that leave at one end come in at the other.</summary>
    public Tensor Roll(int shift, int axis)
    {
        axis = Shape.Axis(axis, "roll");
        var size = Shape[axis];
        var cut = size == 0 ? 0 : (((-shift) % size) + size) % size;
        return cut == 0 ? this : Concatenate([SliceAxis(axis, cut, size), SliceAxis(axis, 0, cut)], axis);
    }

    /// <summary>Tensors joined along an axis; their other sizes are equal.</summary>
    public static Tensor Concatenate(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        if (tensors.Count == 0) throw new ShapeException("concatenate: there is nothing to join: give at least one tensor.");
        axis = tensors[0].Shape.Axis(axis, "concatenate");
        return tensors.Count == 1 ? tensors[0] : Bind(new Concatenate(axis), Promote(tensors, "concatenate"))[0];
    }

    /// <summary>Tensors of one shape side by side along a new axis.</summary>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        if (tensors.Count == 0) throw new ShapeException("stack: there is nothing to stack: give at least one tensor.");
        foreach (var tensor in tensors)
            if (tensor.Shape != tensors[0].Shape) throw new ShapeException($"stack: {tensors[0].Type} and {tensor.Type} differ in shape: all must have one shape.");
        return Concatenate([.. Promote(tensors, "stack").Select(t => t.ExpandDims(axis))], axis);
    }

    /// <summary>The tensor cut along an axis into equal parts.</summary>
    /// <exception cref="ShapeException">The size does not divide.</exception>
    public Tensor[] Split(int parts, int axis = 0)
    {
        axis = Shape.Axis(axis, "split");
        if (parts < 1 || Shape[axis] % parts != 0)
            throw new ShapeException($"split: axis {axis} of {Type} has size {Shape[axis]}, which does not divide into {parts} equal parts.");
        var size = Shape[axis] / parts;
        return [.. Enumerable.Range(0, parts).Select(i => SliceAxis(axis, i * size, (i + 1) * size))];
    }

    /// <summary>The tensor cut along an axis at the given positions.</summary>
    public Tensor[] SplitAt(ReadOnlySpan<int> positions, int axis = 0)
    {
        axis = Shape.Axis(axis, "split_at");
        int[] cuts = [0, .. positions, Shape[axis]];
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => SliceAxis(axis, from, to))];
    }

    /// <summary>The elements from <paramref name="start"/> to before <paramref name="limit"/> along an axis.</summary>
    public Tensor SliceAxis(int axis, int start, int limit, int stride = 1)
    {
        axis = Shape.Axis(axis, "slice");
        var (starts, limits, strides) = (new int[Rank], Shape.Sizes.ToArray(), Enumerable.Repeat(1, Rank).ToArray());
        (starts[axis], limits[axis], strides[axis]) = (start, limit, stride);
        return Slice(starts, limits, strides);
    }

    /// <summary>The elements from starts to before limits, by positive strides, along every axis.</summary>
    public Tensor Slice(ReadOnlySpan<int> starts, ReadOnlySpan<int> limits, ReadOnlySpan<int> strides)
    {
        var slice = new Slice([.. starts], [.. limits], [.. strides]);
        return slice.IsWhole(Shape) ? this : Bind(slice, this)[0];
    }

    /// <summary>A block of the given sizes that begins at indices known only at run time, which are moved so that it lies inside.</summary>
    /// <param name="starts">An i32 vector of one index an axis.</param>
    /// <param name="sizes">The sizes of the block.</param>
    public Tensor DynamicSlice(Tensor starts, ReadOnlySpan<int> sizes) => Bind(new DynamicSlice(Shape.Create(sizes)), this, starts)[0];

    /// <summary>This tensor with a block replaced that begins at indices known only at run time, which are moved so that it lies inside.</summary>
    /// <param name="starts">An i32 vector of one index an axis.</param>
    /// <param name="block">What is put there.</param>
    public Tensor DynamicUpdate(Tensor starts, Tensor block) => Bind(new DynamicUpdate(), this, starts, block.AsType(ElementType))[0];

    /// <summary>A constant put around; negative amounts cut.</summary>
    /// <param name="padding">Amounts before and after, an axis.</param>
    /// <param name="value">The constant.</param>
    public Tensor Pad(IReadOnlyList<(int Low, int High)> padding, Tensor? value = null)
    {
        if (padding.Count != Rank) throw new ShapeException($"pad: {Type} has {Rank} axes but {padding.Count} amounts are given: one pair an axis.");
        if (padding.All(p => p is (0, 0))) return this;
        return PadWith([.. padding.Select(p => p.Low)], [.. padding.Select(p => p.High)], new int[Rank], value);
    }

    /// <summary>A constant put around and between elements.</summary>
    internal Tensor PadWith(int[] low, int[] high, int[] interior, Tensor? value = null) =>
        Bind(new Pad([.. low], [.. high], [.. interior]), this, (value ?? 0).AsType(ElementType))[0];

    /// <summary>The tensor repeated along a new leading axis.</summary>
    internal static Tensor AddBatchAxis(Tensor x, int size) => x.BroadcastTo(x.Shape.Insert(0, size));
}
