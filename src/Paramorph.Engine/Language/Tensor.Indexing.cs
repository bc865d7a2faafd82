using System.Runtime.CompilerServices;
using Paramorph.Primitives;

namespace Paramorph;

/// <content>
/// Indexing, as in NumPy: <c>x[0]</c>, <c>x[1..^1, ^1]</c>, <c>x[TensorIndex.Ellipsis, 3]</c>, <c>x[rows, columns]</c> with integer tensors. As in PyTorch,
/// a position beside integer tensors is taken before them and does not count as one of them.
/// </content>
public sealed partial class Tensor
{
    /// <summary>The elements at an index. Axes that it does not name are kept whole.</summary>
    /// <exception cref="ShapeException">A position lies outside its axis, or there are more parts than axes.</exception>
    [IndexerName("At")]
    public Tensor this[params ReadOnlySpan<TensorIndex> index]
    {
        get
        {
            var (starts, limits, strides, flips, sizes, tensors) = Resolve(index);
            var x = Slice(starts, limits, strides);
            if (flips.Count > 0) x = x.Flip([.. flips]);
            // Positions have been cut to size 1 and now disappear; new axes appear.
            x = x.Reshape([.. sizes]);
            return tensors.Count == 0 ? x : x.TakeAt(tensors);
        }
    }

    /// <summary>Slices at positions along an axis: the shape of the indices takes the place of the axis. Negative indices count from the end.</summary>
    /// <exception cref="EvaluationException">When it runs: an index lies outside the axis.</exception>
    public Tensor Take(Tensor indices, int axis = 0) => TakeAt([(Shape.Axis(axis, "take"), indices)]);

    /// <summary>For each place the element whose index along an axis <paramref name="indices"/> holds; all other sizes are equal or broadcast.</summary>
    public Tensor TakeAlong(Tensor indices, int axis)
    {
        axis = Shape.Axis(axis, "take_along");
        var (x, at) = AlignAlong(indices, axis, "take_along");
        return Gather.Along(x, at, axis);
    }

    /// <summary>This tensor with <paramref name="updates"/> added to the slices at positions of the first axis.</summary>
    /// <param name="indices">Integers of any shape.</param>
    /// <param name="updates">[shape of the indices..., sizes of the other axes...].</param>
    public Tensor ScatterAdd(Tensor indices, Tensor updates) => Scattered(ScatterKind.Add, indices, updates);

    /// <summary>This tensor with the larger of <paramref name="updates"/> and the slices at positions of the first axis.</summary>
    public Tensor ScatterMax(Tensor indices, Tensor updates) => Scattered(ScatterKind.Max, indices, updates);

    /// <summary>This tensor with the smaller of <paramref name="updates"/> and the slices at positions of the first axis.</summary>
    public Tensor ScatterMin(Tensor indices, Tensor updates) => Scattered(ScatterKind.Min, indices, updates);

    /// <summary>This tensor with the slices at positions of the first axis replaced; of several for one place the last stays.</summary>
    public Tensor ScatterSet(Tensor indices, Tensor updates) => Scattered(ScatterKind.Set, indices, updates);

    private static Tensor Wrapped(Tensor indices, int size)
    {
        if (!indices.ElementType.IsInteger()) throw new ElementTypeException($"index: {indices.Type} does not index: positions are integers.");
        var wide = indices.ElementType is ElementType.Int32 or ElementType.Int64 ? indices : indices.AsType(ElementType.Int32);
        return Where(Less(wide, 0), wide + size, wide);
    }

    private Tensor Scattered(ScatterKind kind, Tensor indices, Tensor updates)
    {
        if (Rank == 0) throw new ShapeException("scatter: a scalar has no axis to scatter along.");
        return ScatteredAt(kind, Wrapped(indices, Shape[0]), updates);
    }

    /// <summary>The same where negative positions do not count from the end, and are none.</summary>
    internal Tensor ScatteredAt(ScatterKind kind, Tensor indices, Tensor updates)
    {
        updates = (updates.Weak is null ? updates : updates.AsType(ElementType)).BroadcastTo([.. indices.Shape, .. Shape.Sizes[1..]]);
        return Bind(new Scatter(kind, 1, 0), this, indices.ExpandDims(-1), updates)[0];
    }

    /// <summary>Several axes indexed together, by tensors that broadcast against each other.</summary>
    private Tensor TakeAt(IReadOnlyList<(int Axis, Tensor Indices)> tensors)
    {
        var shape = tensors.Select(t => t.Indices.Shape).Aggregate((a, b) => Shape.Broadcast(a, b, "index"));
        var wide = tensors.Any(t => t.Indices.ElementType == ElementType.Int64) ? ElementType.Int64 : ElementType.Int32;
        var at = Stack([.. tensors.Select(t => Wrapped(t.Indices, Shape[t.Axis]).AsType(wide).BroadcastTo(shape))], -1);
        int[] axes = [.. tensors.Select(t => t.Axis)];
        int[] rest = [.. Enumerable.Range(0, Rank).Except(axes)];
        var taken = Bind(new Gather(axes.Length, 0), Transpose([.. axes, .. rest]), at)[0];
        // Neighbouring indexed axes are replaced in place; others go first, as in NumPy.
        var isTogether = axes.Zip(axes.Skip(1), (a, b) => b == a + 1).All(x => x);
        var before = isTogether ? axes[0] : 0;
        var places = Enumerable.Range(0, shape.Rank).ToArray();
        return taken.Transpose([.. Enumerable.Range(shape.Rank, before), .. places, .. Enumerable.Range(shape.Rank + before, rest.Length - before)]);
    }

    /// <summary>This and indices along one axis, broadcast against each other along all others.</summary>
    private (Tensor X, Tensor At) AlignAlong(Tensor indices, int axis, string name)
    {
        if (indices.Rank != Rank) throw new ShapeException($"{name}: indices {indices.Type} must have as many axes as {Type}.");
        var outer = Shape.Broadcast(Shape.With(axis, 1), indices.Shape.With(axis, 1), name);
        return (BroadcastTo(outer.With(axis, Shape[axis])), Wrapped(indices, Shape[axis]).BroadcastTo(outer.With(axis, indices.Shape[axis])));
    }

    private (int[] Starts, int[] Limits, int[] Strides, List<int> Flips, List<int> Sizes, List<(int, Tensor)> Tensors) Resolve(ReadOnlySpan<TensorIndex> index)
    {
        var named = 0;
        var ellipses = 0;
        foreach (var part in index)
        {
            if (part.Kind == TensorIndex.Kinds.Ellipsis) ellipses++;
            else if (part.Kind != TensorIndex.Kinds.NewAxis) named++;
        }
        if (named > Rank || ellipses > 1)
            throw new ShapeException($"index: {named} parts and {ellipses} ellipses do not fit {Type}: one part an axis at most, and one ellipsis.");

        var (starts, limits, strides) = (new int[Rank], Shape.Sizes.ToArray(), Enumerable.Repeat(1, Rank).ToArray());
        var (flips, sizes, tensors) = (new List<int>(), new List<int>(), new List<(int, Tensor)>());
        var axis = 0;
        foreach (var part in index)
        {
            switch (part.Kind)
            {
                case TensorIndex.Kinds.NewAxis:
                    sizes.Add(1);
                    break;
                case TensorIndex.Kinds.Ellipsis:
                    for (var skipped = Rank - named; skipped > 0; skipped--) sizes.Add(Shape[axis++]);
                    break;
                case TensorIndex.Kinds.Position:
                    starts[axis] = part.Position.GetOffset(Shape[axis]);
                    if ((uint)starts[axis] >= (uint)Shape[axis])
                        throw new ShapeException($"index: position {part.Position} lies outside axis {axis} of {Type}, which has {Shape[axis]} elements.");
                    limits[axis] = starts[axis] + 1;
                    axis++;
                    break;
                case TensorIndex.Kinds.Tensor:
                    tensors.Add((sizes.Count, part.Tensor!));
                    sizes.Add(Shape[axis++]);
                    break;
                default:
                    (starts[axis], limits[axis], strides[axis]) = ResolveRange(part, axis);
                    if (part.Stride < 0) flips.Add(axis);
                    sizes.Add((limits[axis] - starts[axis] + strides[axis] - 1) / strides[axis]);
                    axis++;
                    break;
            }
        }
        while (axis < Rank) sizes.Add(Shape[axis++]);
        return (starts, limits, strides, flips, sizes, tensors);
    }

    /// <summary>A range within its axis; like NumPy, bounds beyond the end are cut to it.</summary>
    private (int Start, int Limit, int Stride) ResolveRange(TensorIndex part, int axis)
    {
        var size = Shape[axis];
        var start = Math.Clamp(part.Range.Start.GetOffset(size), 0, size);
        var limit = Math.Clamp(part.Range.End.GetOffset(size), start, size);
        if (part.Stride > 0) return (start, limit, part.Stride);
        // Backward from the last element: the first that is taken when walking forward leaves a whole number of strides.
        var stride = -part.Stride;
        return limit == start ? (start, limit, stride) : (start + (limit - 1 - start) % stride, limit, stride);
    }
}
