namespace Paramorph;

/// <summary>
/// B-splines: piecewise polynomials of a degree with m knots, of which there are m - degree - 1. Between the knots number degree and m - degree - 1
/// they sum to 1.
/// </summary>
public static class BSpline
{
    /// <summary>
    /// Knots that divide [low, high] into equal intervals and go on for a degree beyond both ends: there are intervals + degree splines.
    /// </summary>
    public static Tensor UniformKnots(double low, double high, int intervals, int degree, ElementType type = ElementType.Float32)
    {
        Check(degree);
        if (intervals < 1 || !(low < high))
            throw new ShapeException($"b_spline: [{low}, {high}] in {intervals} intervals has no knots: low < high and at least 1 interval.");
        var step = (high - low) / intervals;
        return Tensor.From<double>([.. Enumerable.Range(-degree, intervals + 2 * degree + 1).Select(i => low + i * step)]).AsType(type);
    }

    /// <summary>Knots that divide [low, high] into equal intervals and repeat the ends, so that the outer splines are 1 there.</summary>
    public static Tensor ClampedKnots(double low, double high, int intervals, int degree, ElementType type = ElementType.Float32)
    {
        var uniform = UniformKnots(low, high, intervals, degree, type);
        return Tensor.Clamp(uniform, uniform[degree], uniform[intervals + degree]);
    }

    /// <summary>
    /// The values of all splines at places, by the recursion of Cox and de Boor; differentiable in the places and in the knots. Outside the knots
    /// they are 0; the last interval holds its upper end.
    /// </summary>
    /// <param name="x">[...].</param>
    /// <param name="knots">Ascending [m]; repeated knots are allowed.</param>
    /// <param name="degree">0 for steps, 1 for hats, 3 for cubic splines.</param>
    /// <returns>[..., m - degree - 1].</returns>
    /// <exception cref="ShapeException">There are too few knots.</exception>
    public static Tensor Basis(Tensor x, Tensor knots, int degree)
    {
        Check(degree);
        if (knots.Rank != 1 || knots.Count < degree + 2)
            throw new ShapeException($"b_spline: knots {knots.Type} are too few for degree {degree}: a vector of at least {degree + 2} is needed.");
        var (at, count) = (x.ExpandDims(-1), knots.Count);
        var (low, high) = (knots[..^1], knots[1..]);
        var isIn = Tensor.GreaterEqual(at, low) & Tensor.Less(at, high);
        var isEnd = Tensor.Equal(at, high) & Tensor.Equal(high, knots[^1]) & Tensor.Less(low, high);
        var basis = (isIn | isEnd).AsType(x.ElementType);
        for (var k = 1; k <= degree; k++)
        {
            // Spline i rises from knot i to knot i + k and falls from knot i + 1 to knot i + k + 1; one with no width is 0.
            var inverse = Inverse(knots[k..] - knots[..(count - k)]);
            var rising = (at - knots[..(count - k - 1)]) * inverse[..^1];
            var falling = (knots[(k + 1)..] - at) * inverse[1..];
            basis = rising * basis[TensorIndex.Ellipsis, ..^1] + falling * basis[TensorIndex.Ellipsis, 1..];
        }
        return basis;
    }

    /// <summary>The spline with given coefficients at places.</summary>
    /// <param name="x">[...].</param>
    /// <param name="knots">Ascending [m].</param>
    /// <param name="coefficients">[m - degree - 1, outputs...].</param>
    /// <param name="degree">The degree.</param>
    /// <returns>[..., outputs...].</returns>
    public static Tensor Evaluate(Tensor x, Tensor knots, Tensor coefficients, int degree) => Basis(x, knots, degree).Dot(coefficients);

    private static Tensor Inverse(Tensor width)
    {
        var isEmpty = Tensor.Equal(width, 0.0);
        return Tensor.Where(isEmpty, 0.0, 1.0 / Tensor.Where(isEmpty, 1.0, width));
    }

    private static void Check(int degree)
    {
        if (degree < 0) throw new ShapeException($"b_spline: degree {degree} does not exist: degrees are 0 or more.");
    }
}
