namespace Paramorph;

/// <summary>Distances between all pairs of points: x [..., m, d] and y [..., n, d] give [..., m, n].</summary>
public static class Distance
{
    /// <summary>
    /// The squared Euclidean distance, from the differences themselves: never negative, and exact for points that are close together, where the form
    /// |x|^2 + |y|^2 - 2 x y loses everything.
    /// </summary>
    public static Tensor SquaredEuclidean(Tensor x, Tensor y)
    {
        Check(x, y);
        var difference = x.ExpandDims(-2) - y.ExpandDims(-3);
        return (difference * difference).Sum(-1);
    }

    /// <summary>The Euclidean distance; its derivative is 0 where two points coincide.</summary>
    public static Tensor Euclidean(Tensor x, Tensor y) => Tensor.SafeSqrt(SquaredEuclidean(x, y));

    /// <summary>1 minus the cosine of the angle, in [0, 2] up to rounding; 1 where a point is the origin.</summary>
    public static Tensor Cosine(Tensor x, Tensor y)
    {
        Check(x, y);
        return 1.0 - Tensor.MatMul(Direction(x), Direction(y).T);
    }

    private static Tensor Direction(Tensor x)
    {
        var norm = x.Norm(2, -1).ExpandDims(-1);
        return x / Tensor.Where(Tensor.Equal(norm, 0.0), 1.0, norm);
    }

    private static void Check(Tensor x, Tensor y)
    {
        if (x.Rank < 2 || y.Rank < 2 || x.Shape[^1] != y.Shape[^1])
            throw new ShapeException($"distance: {x.Type} and {y.Type} are not points [..., m, d] and [..., n, d] of one dimension.");
    }
}
