namespace Paramorph;

/// <content>Patterns: indicators, triangles, repetitions, products of structure.</content>
public sealed partial class Tensor
{
    /// <summary>1 at the class of each index and 0 elsewhere, along a new last axis; zeros for an index that is no class.</summary>
    public static Tensor OneHot(Tensor indices, int classes, ElementType type = ElementType.Float32)
    {
        if (!indices.ElementType.IsInteger()) throw new ElementTypeException($"one_hot: {indices.Type} does not index: classes are integers.");
        // Numbers of eight bits do not count to all classes.
        if (indices.ElementType is ElementType.Int8 or ElementType.UInt8) indices = indices.AsType(ElementType.Int32);
        return Equal(indices.ExpandDims(-1), Arange(classes, indices.ElementType)).AsType(type);
    }

    /// <summary>The tensor repeated as a whole along each axis; with more numbers than axes, axes of size 1 are put first.</summary>
    public Tensor Tile(params ReadOnlySpan<int> repetitions)
    {
        var rank = Math.Max(Rank, repetitions.Length);
        Shape shape = [.. Enumerable.Repeat(1, rank - Rank), .. Shape];
        int[] times = [.. Enumerable.Repeat(1, rank - repetitions.Length), .. repetitions];
        // Axes come in pairs: the repetition, then the axis itself.
        var pairs = ReshapeTo([.. shape.SelectMany(size => (int[])[1, size])]);
        return pairs.BroadcastTo([.. shape.SelectMany((size, a) => (int[])[times[a], size])]).ReshapeTo([.. shape.Select((size, a) => size * times[a])]);
    }

    /// <summary>Each slice along an axis repeated so many times in place.</summary>
    public Tensor Repeat(int count, int axis)
    {
        axis = Shape.Axis(axis, "repeat");
        return ExpandDims(axis + 1).BroadcastTo(Shape.Insert(axis + 1, count)).ReshapeTo(Shape.With(axis, Shape[axis] * count));
    }

    /// <summary>True on and below a diagonal of a matrix: 0 is the main one, positive ones lie above.</summary>
    public static Tensor LowerTriangle(int rows, int columns, int diagonal = 0) =>
        GreaterEqual(Iota([rows, columns], 0) + diagonal, Iota([rows, columns], 1));

    /// <summary>Matrices [..., rows, columns] with zeros above a diagonal.</summary>
    public Tensor Tril(int diagonal = 0)
    {
        if (Rank < 2) throw new ShapeException($"tril: {Type} is no matrix.");
        return Where(LowerTriangle(Shape[^2], Shape[^1], diagonal), this, ZerosLike(this));
    }

    /// <summary>Matrices [..., rows, columns] with zeros below a diagonal.</summary>
    public Tensor Triu(int diagonal = 0)
    {
        if (Rank < 2) throw new ShapeException($"triu: {Type} is no matrix.");
        return Where(LowerTriangle(Shape[^2], Shape[^1], diagonal - 1), ZerosLike(this), this);
    }

    /// <summary>Powers 1, x, ..., x^(count - 1) along a new last axis.</summary>
    public static Tensor Vander(Tensor x, int count)
    {
        if (count < 1) throw new ShapeException($"vander: {count} powers make no matrix: at least 1 does.");
        var powers = new Tensor[count];
        powers[0] = OnesLike(x);
        for (var i = 1; i < count; i++) powers[i] = i == 1 ? x : powers[i - 1] * x;
        return Stack(powers, -1);
    }

    /// <summary>The Kronecker product of two tensors of equal rank: every element of the first times the whole second.</summary>
    public static Tensor Kron(Tensor a, Tensor b)
    {
        if (a.Rank != b.Rank) throw new ShapeException($"kron: {a.Type} and {b.Type} differ in rank: both must have as many axes.");
        var product = a.ReshapeTo([.. a.Shape.SelectMany(size => (int[])[size, 1])]) * b.ReshapeTo([.. b.Shape.SelectMany(size => (int[])[1, size])]);
        return product.ReshapeTo([.. a.Shape.Zip(b.Shape, (x, y) => x * y)]);
    }

    /// <summary>The cross product of vectors of three components along an axis; the other axes broadcast.</summary>
    public static Tensor Cross(Tensor a, Tensor b, int axis = -1)
    {
        if (a.Shape[a.Shape.Axis(axis, "cross")] != 3 || b.Shape[b.Shape.Axis(axis, "cross")] != 3)
            throw new ShapeException($"cross: {a.Type} and {b.Type} must have 3 components along axis {axis}.");
        return a.Roll(-1, axis) * b.Roll(-2, axis) - a.Roll(-2, axis) * b.Roll(-1, axis);
    }

    /// <summary>
    /// Where values belong in sorted numbers, as i32: the number of elements below each value, or with <paramref name="isRight"/> not above it. By
    /// bisection.
    /// </summary>
    /// <param name="sorted">Ascending along the last axis: [n], or [batch..., n].</param>
    /// <param name="values">Any shape for [n]; otherwise [batch..., m], where batches broadcast.</param>
    /// <param name="isRight">Whether equal elements count.</param>
    public static Tensor SearchSorted(Tensor sorted, Tensor values, bool isRight = false)
    {
        if (sorted.Rank == 0) throw new ShapeException($"search_sorted: {sorted.Type} has no axis along which it is sorted.");
        (sorted, values) = Promote(sorted, values, "search_sorted");
        if (sorted.Rank == 1 && values.Rank != 1) return SearchSorted(sorted, values.Reshape(-1), isRight).ReshapeTo(values.Shape);
        if (sorted.Rank != values.Rank)
        {
            throw new ShapeException(
                $"search_sorted: {sorted.Type} and {values.Type} differ in rank: sorted numbers [batch..., n] take values [batch..., m].");
        }
        var batch = Shape.Broadcast(sorted.Shape[..^1], values.Shape[..^1], "search_sorted");
        var x = values.BroadcastTo([.. batch, values.Shape[^1]]);
        var count = sorted.Shape[^1];
        var start = Zeros(x.Shape, ElementType.Int32);
        if (count == 0) return start;
        // The position grows bit by bit, from the highest, while what lies before it belongs before the value.
        var bits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)count);
        return Control.Repeat(
            bits,
            (step, position) =>
            {
                var further = position + (Scalar(1) << (bits - 1 - step));
                var element = sorted.TakeAlong(Clamp(further - 1, 0, count - 1), -1);
                var isBefore = isRight ? LessEqual(element, x) : Less(element, x);
                return Where(isBefore & LessEqual(further, count), further, position);
            },
            start);
    }

    /// <summary>
    /// How many elements lie in each bin, as i32: a bin holds its lower edge, the last one also its upper edge. Others are not counted.
    /// </summary>
    /// <param name="edges">Ascending [bins + 1].</param>
    public Tensor Histogram(Tensor edges)
    {
        if (edges.Rank != 1 || edges.Count < 2)
            throw new ShapeException($"histogram: {edges.Type} bounds no bins: edges are a vector of at least 2.");
        var bins = edges.Count - 1;
        var x = Reshape(-1);
        var bin = SearchSorted(edges, x, isRight: true) - 1;
        bin = Where(Equal(x, edges[^1]), bins - 1, bin);
        var isInside = GreaterEqual(bin, 0) & Less(bin, bins);
        return Zeros([bins], ElementType.Int32).ScatterAdd(Clamp(bin, 0, bins - 1), isInside.AsType(ElementType.Int32));
    }
}
