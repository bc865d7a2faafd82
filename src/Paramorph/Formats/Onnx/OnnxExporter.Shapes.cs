using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Rearrangements.</content>
internal sealed partial class OnnxExporter
{
    private OnnxValue Reshape(OnnxValue x, Shape shape)
    {
        var type = x.Type with { Shape = shape };
        // A number repeated is that number repeated in any shape.
        if (x.Actual.Rank == 0) return new(type, Shape.Scalar, x.Name);
        x = Full(x);
        return x.Shape == shape ? x : new(type, Reshaped(x.Name, shape));
    }

    /// <summary>A size of 0 means 0 only when the operator is told so.</summary>
    private string Reshaped(string name, Shape shape) => shape.Contains(0)
        ? graph.Node("Reshape", [name, graph.Integers(shape)], OnnxBuilder.Attribute("allowzero", 1))
        : graph.Node("Reshape", [name, graph.Integers(shape)]);

    private OnnxValue Transpose(OnnxValue x, int[] permutation)
    {
        var type = x.Type with { Shape = [.. permutation.Select(axis => x.Shape[axis])] };
        if (permutation.SequenceEqual(Enumerable.Range(0, permutation.Length))) return x;
        return new(type, graph.Node("Transpose", [Full(x).Name], OnnxBuilder.Attribute("perm", permutation)));
    }

    /// <summary>Only the rank changes, and only where axes lie between or behind those of the operand: operators broadcast by themselves.</summary>
    private OnnxValue Broadcast(OnnxValue x, Broadcast broadcast, TensorType result)
    {
        if (x.Actual.ElementCount == 1 && x.Actual.Rank == 0) return new(result, Shape.Scalar, x.Name);
        x = Full(x);
        if (x.Shape.Rank == 0) return new(result, Shape.Scalar, x.Name);
        var first = broadcast.Axes[0];
        var sizes = Enumerable.Repeat(1, result.Shape.Rank - first).ToArray();
        for (var i = 0; i < x.Shape.Rank; i++) sizes[broadcast.Axes[i] - first] = x.Shape[i];
        var actual = Shape.Create(sizes);
        return new(result, actual, actual == x.Shape ? x.Name : Reshaped(x.Name, actual));
    }

    private OnnxValue Slice(OnnxValue x, Slice slice, TensorType result)
    {
        int[] axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(a => slice.Starts[a] != 0 || slice.Limits[a] != x.Shape[a] || slice.Strides[a] != 1)];
        return axes.Length == 0
            ? x
            : new(result, Sliced(Full(x).Name, axes, axes.Select(a => slice.Starts[a]), axes.Select(a => slice.Limits[a]), axes.Select(a => slice.Strides[a])));
    }

    private string Sliced(string name, IEnumerable<int> axes, IEnumerable<int> starts, IEnumerable<int> limits, IEnumerable<int> strides) =>
        graph.Node("Slice", [name, graph.Integers(starts), graph.Integers(limits), graph.Integers(axes), graph.Integers(strides)]);

    private OnnxValue Concatenate(OnnxValue[] x, int axis, TensorType result) =>
        x.Length == 1 ? x[0] : new(result, graph.Node("Concat", FullNames(x), OnnxBuilder.Attribute("axis", axis)));

    private OnnxValue Reverse(OnnxValue x, Reverse reverse, TensorType result)
    {
        if (reverse.Axes.Count == 0) return x;
        var backward = graph.Integers(reverse.Axes.Select(_ => -1));
        var end = graph.Integers(reverse.Axes.Select(_ => -long.MaxValue));
        return new(result, graph.Node("Slice", [Full(x).Name, backward, end, graph.Integers(reverse.Axes), backward]));
    }

    private OnnxValue Iota(Iota iota, TensorType result)
    {
        var size = result.Shape[iota.Axis];
        var places = graph.Node("Range", [Integer(0), Integer(size), Integer(1)]);
        var vector = new OnnxExpression(graph, places, ElementType.Int64).As(result.ElementType).Name;
        Shape actual = [size, .. Enumerable.Repeat(1, result.Shape.Rank - iota.Axis - 1)];
        return new(result, actual, actual.Rank == 1 ? vector : Reshaped(vector, actual));
    }

    /// <summary>A number of i64.</summary>
    private string Integer(long value) => graph.Constant(Tensor.Scalar(value), "integer");

    private OnnxValue Pad(OnnxValue x, OnnxValue value, Pad pad, TensorType result)
    {
        x = Full(x);
        var fill = Full(value).Name;
        for (var axis = 0; axis < x.Shape.Rank; axis++)
            if (pad.Interior[axis] > 0 && x.Shape[axis] > 1) x = Dilate(x, fill, axis, pad.Interior[axis]);
        var rank = x.Shape.Rank;
        var (starts, limits) = (new int[rank], new int[rank]);
        for (var axis = 0; axis < rank; axis++)
        {
            starts[axis] = Math.Max(0, -pad.Low[axis]);
            limits[axis] = Math.Min(x.Shape[axis], x.Shape[axis] + pad.High[axis]);
            // Nothing is left of it: the result is the value everywhere.
            if (starts[axis] >= limits[axis]) return new(result, Shape.Scalar, fill);
        }
        Shape kept = [.. starts.Zip(limits, (start, limit) => limit - start)];
        x = Slice(x, new Slice([.. starts], [.. limits], [.. Enumerable.Repeat(1, rank)]), x.Type with { Shape = kept });
        if (kept == result.Shape) return x;
        var amounts = graph.Integers([.. pad.Low.Select(low => Math.Max(0, low)), .. pad.High.Select(high => Math.Max(0, high))]);
        return new(result, graph.Node("Pad", [x.Name, amounts, fill]));
    }

    /// <summary>The value put between elements: behind each on an axis of its own, which is then joined.</summary>
    private OnnxValue Dilate(OnnxValue x, string value, int axis, int interior)
    {
        var rank = x.Shape.Rank;
        var apart = Reshaped(x.Name, x.Shape.Insert(axis + 1, 1));
        var amounts = new int[2 * (rank + 1)];
        amounts[rank + 1 + axis + 1] = interior;
        var filled = graph.Node("Pad", [apart, graph.Integers(amounts), value]);
        var size = x.Shape[axis];
        var joined = Reshaped(filled, x.Shape.With(axis, size * (interior + 1)));
        var dilated = size + (size - 1) * interior;
        return new(x.Type with { Shape = x.Shape.With(axis, dilated) }, Sliced(joined, [axis], [0], [dilated], [1]));
    }

    private OnnxValue Gather(OnnxValue x, OnnxValue indices, Gather gather, TensorType result)
    {
        var places = Expression(Full(indices)).As(ElementType.Int64).Name;
        if (gather is { Indexed: 1, BatchRank: 0 })
        {
            var numbers = Reshaped(places, indices.Shape[..^1]);
            return new(result, graph.Node("Gather", [Full(x).Name, numbers], OnnxBuilder.Attribute("axis", 0)));
        }
        return new(result, graph.Node("GatherND", [Full(x).Name, places], OnnxBuilder.Attribute("batch_dims", gather.BatchRank)));
    }

    /// <summary>ScatterND knows no batch axes: the index of the example becomes an index like others.</summary>
    private OnnxValue Scatter(OnnxValue[] x, Scatter scatter, TensorType result)
    {
        var places = Expression(Full(x[1])).As(ElementType.Int64).Name;
        var shape = x[1].Shape;
        for (var axis = scatter.BatchRank - 1; axis >= 0; axis--)
        {
            var examples = Iota(new Iota(new(ElementType.Int64, shape.With(shape.Rank - 1, 1)), axis), new(ElementType.Int64, shape.With(shape.Rank - 1, 1)));
            places = graph.Node("Concat", [Full(examples).Name, places], OnnxBuilder.Attribute("axis", -1));
        }
        var reduction = scatter.Kind == ScatterKind.Set ? "none" : scatter.Kind.ToString().ToLowerInvariant();
        if (scatter.Kind is ScatterKind.Max or ScatterKind.Min) graph.Require(18, "ScatterND with an extreme");
        return new(result, graph.Node("ScatterND", [Full(x[0]).Name, places, Full(x[2]).Name], OnnxBuilder.Attribute("reduction", reduction)));
    }

    /// <summary>Where a block begins when it is moved inside.</summary>
    private OnnxExpression Inside(OnnxValue starts, Shape whole, Shape block)
    {
        var last = new OnnxExpression(graph, graph.Integers(whole.Zip(block, (size, part) => size - part)), ElementType.Int64);
        var first = Expression(Full(starts)).As(ElementType.Int64);
        return first.Maximum(first.Constant(0)).Minimum(last);
    }

    private OnnxValue DynamicSlice(OnnxValue x, OnnxValue starts, TensorType result)
    {
        var rank = result.Shape.Rank;
        if (rank == 0) return x;
        var first = Inside(starts, x.Shape, result.Shape);
        var limits = first + new OnnxExpression(graph, graph.Integers(result.Shape), ElementType.Int64);
        return new(result, graph.Node("Slice", [Full(x).Name, first.Name, limits.Name, graph.Integers(Enumerable.Range(0, rank))]));
    }

    private OnnxValue DynamicUpdate(OnnxValue[] x, TensorType result)
    {
        var (block, rank) = (x[2].Shape, result.Shape.Rank);
        if (rank == 0) return x[2];
        var places = Inside(x[1], result.Shape, block);
        OnnxValue[] grid = [.. Enumerable.Range(0, rank).Select(axis => Iota(new Iota(new(ElementType.Int64, block.Insert(rank, 1)), axis), new(ElementType.Int64, block.Insert(rank, 1))))];
        var indices = new OnnxExpression(graph, graph.Node("Concat", FullNames(grid), OnnxBuilder.Attribute("axis", -1)), ElementType.Int64) + places;
        return new(result, graph.Node("ScatterND", [Full(x[0]).Name, indices.Name, Full(x[2]).Name]));
    }
}
