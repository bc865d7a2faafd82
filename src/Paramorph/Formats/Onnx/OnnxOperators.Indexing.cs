namespace Paramorph.Formats;

/// <content>Elements taken and put at indices, counted from the end when negative; sorting.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Indexing => new()
    {
        ["ArgMax"] = n => [ArgExtreme(n, isMax: true)],
        ["ArgMin"] = n => [ArgExtreme(n, isMax: false)],
        ["Gather"] = n => [n[0].Take(n[1], n.Int("axis", 0))],
        ["GatherElements"] = n => [GatherElements(n[0], n[1], n.Axis(n.Int("axis", 0), n[0].Rank))],
        ["GatherND"] = n => [GatherNd(n)],
        ["OneHot"] = n => [OneHot(n)],
        ["Scatter"] = n => [ScatterElements(n)],
        ["ScatterElements"] = n => [ScatterElements(n)],
        ["ScatterND"] = n => [ScatterNd(n)],
        ["TopK"] = TopK,
    };

    private static Tensor Wrapped(Tensor indices, int size) => Tensor.Where(Tensor.Less(indices, 0), indices + size, indices);

    private static Tensor ArgExtreme(OnnxNode node, bool isMax)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", 0), node[0].Rank));
        // The last of several is the first from the other end.
        if (node.Flag("select_last_index")) x = x.Flip(axis);
        var place = (isMax ? x.ArgMax(axis) : x.ArgMin(axis)).AsType(ElementType.Int64);
        if (node.Flag("select_last_index")) place = (long)(x.Shape[axis] - 1) - place;
        return node.Flag("keepdims", true) ? place.ExpandDims(axis) : place;
    }

    /// <summary>The other sizes of the indices may be smaller than those of the tensor: then its first elements are meant.</summary>
    private static Tensor GatherElements(Tensor x, Tensor indices, int axis)
    {
        for (var a = 0; a < x.Rank; a++)
            if (a != axis && indices.Shape[a] < x.Shape[a]) x = x.SliceAxis(a, 0, indices.Shape[a]);
        return x.TakeAlong(indices, axis);
    }

    /// <summary>Tuples of indices along the last axis, each wrapped by its size, as one index into the axes joined.</summary>
    private static (Tensor Index, int Rank) Joined(Tensor x, Tensor indices, int batch)
    {
        var rank = indices.Shape[^1];
        Tensor? sum = null;
        for (var k = 0; k < rank; k++)
        {
            var place = Wrapped(indices.SliceAxis(-1, k, k + 1).Squeeze(-1), x.Shape[batch + k]);
            sum = sum is null ? place : sum * x.Shape[batch + k] + place;
        }
        return (sum!, rank);
    }

    private static Tensor GatherNd(OnnxNode node)
    {
        var (x, indices, batch) = (node[0], node[1], node.Int("batch_dims", 0));
        var (index, rank) = Joined(x, indices, batch);
        var examples = x.Shape[..batch].ElementCount;
        var flat = x.ReshapeTo([examples, x.Shape.Sizes[batch..(batch + rank)].ToArray().Aggregate(1, (a, b) => a * b), .. x.Shape.Sizes[(batch + rank)..]]);
        var rows = index.ReshapeTo([examples, index.Count / Math.Max(1, examples)]);
        var joined = flat.ReshapeTo([flat.Shape[0] * flat.Shape[1], .. flat.Shape.Sizes[2..]]);
        var places = rows + Tensor.Arange(examples, rows.ElementType).ExpandDims(-1) * flat.Shape[1];
        return joined.Take(places).ReshapeTo([.. index.Shape, .. x.Shape.Sizes[(batch + rank)..]]);
    }

    private static Tensor ScatterNd(OnnxNode node)
    {
        var (x, indices, updates) = (node[0], node[1], node[2]);
        var (index, rank) = Joined(x, indices, 0);
        Shape slice = x.Shape[rank..];
        var flat = x.ReshapeTo([x.Shape[..rank].ElementCount, .. slice]);
        return Scattered(node, flat, index.ReshapeTo([index.Count]), updates.ReshapeTo([index.Count, .. slice])).ReshapeTo(x.Shape);
    }

    private static Tensor ScatterElements(OnnxNode node)
    {
        var (x, indices, updates) = (node[0], node[1], node[2]);
        var axis = node.Axis(node.Int("axis", 0), x.Rank);
        Tensor? places = null;
        for (var a = 0; a < x.Rank; a++)
        {
            var place = a == axis ? Wrapped(indices, x.Shape[a]) : Tensor.Iota(indices.Shape, a, indices.ElementType);
            places = places is null ? place : places * x.Shape[a] + place;
        }
        return Scattered(node, x.Flatten(), places!.Flatten(), updates.Flatten()).ReshapeTo(x.Shape);
    }

    private static Tensor Scattered(OnnxNode node, Tensor x, Tensor places, Tensor updates) => node.Text("reduction", "none") switch
    {
        "none" => x.ScatterSet(places, updates),
        "add" => x.ScatterAdd(places, updates),
        "max" => x.ScatterMax(places, updates),
        "min" => x.ScatterMin(places, updates),
        var other => throw node.Unsupported($"the reduction {other}"),
    };

    private static Tensor OneHot(OnnxNode node)
    {
        var (indices, depth) = (node[0].AsType(ElementType.Int64), (int)node.Doubles(1)[0]);
        var axis = node.Axis(node.Int("axis", -1), indices.Rank + 1);
        var values = node[2];
        var places = Wrapped(indices, depth).ExpandDims(axis);
        var isHot = Tensor.Equal(places, Tensor.Iota(places.Shape.With(axis, depth), axis, ElementType.Int64));
        return Tensor.Where(isHot, values[1], values[0]);
    }

    private static Tensor[] TopK(OnnxNode node)
    {
        var (x, axis) = (node[0], node.Axis(node.Int("axis", -1), node[0].Rank));
        var count = node.Opset < 10 ? node.Int("k", 1) : node.Sizes(1)[0];
        var order = x.ArgSort(axis, node.Flag("largest", true)).SliceAxis(axis, 0, count);
        return [x.TakeAlong(order, axis), order.AsType(ElementType.Int64)];
    }
}
