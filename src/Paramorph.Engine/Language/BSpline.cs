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
        Check(degree, low, high, intervals);
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

    /// <summary>
    /// The values of all splines on equal intervals, as <see cref="Basis"/> gives them on <see cref="UniformKnots"/>, without its recursion: in an interval the degree + 1 splines that are not 0 there
    /// are powers of the place within it times <see cref="Matrix"/>. (Qin, "General matrix representations for B-splines", 2000; Coffman and Chen, "MatrixKAN", 2025.)
    /// </summary>
    /// <param name="x">[...].</param>
    /// <param name="low">Where the intervals begin.</param>
    /// <param name="high">Where they end.</param>
    /// <param name="intervals">How many there are.</param>
    /// <param name="degree">The degree.</param>
    /// <returns>[..., intervals + degree].</returns>
    /// <exception cref="ShapeException">There is no interval, or the degree is below 0.</exception>
    public static Tensor UniformBasis(Tensor x, double low, double high, int intervals, int degree)
    {
        Check(degree, low, high, intervals);
        var place = (x - low) * (intervals / (high - low)) + degree;
        var interval = Tensor.Floor(place);
        var within = (place - interval).ExpandDims(-1);
        var powers = new List<Tensor> { Tensor.OnesLike(within) };
        while (powers.Count <= degree) powers.Add(powers[^1] * within);
        var values = Tensor.Concatenate(powers, -1).Dot(Matrix(degree, x.ElementType).T);
        // Spline s is the r-th of those that are not 0 in interval s + degree - r.
        var first = interval.ExpandDims(-1) - Tensor.Arange(intervals + degree, x.ElementType);
        var basis = Tensor.Where(Tensor.Equal(first, 0.0), values[TensorIndex.Ellipsis, degree..], 0.0);
        for (var r = 0; r < degree; r++) basis += Tensor.Where(Tensor.Equal(first, (double)(degree - r)), values[TensorIndex.Ellipsis, r..(r + 1)], 0.0);
        return basis;
    }

    /// <summary>
    /// What the splines are within an interval of equal ones: row r has the coefficients of that which is the r-th, from the left, of those that are not 0 there, by powers of the place in the
    /// interval, which runs from 0 to 1.
    /// </summary>
    /// <returns>[degree + 1, degree + 1].</returns>
    public static Tensor Matrix(int degree, ElementType type = ElementType.Float32)
    {
        Check(degree);
        double[,] matrix = { { 1 } };
        for (var k = 1; k <= degree; k++)
        {
            // The recursion of Cox and de Boor with the place u: k N(r) = (u + k - r) N'(r - 1) + (r + 1 - u) N'(r).
            var next = new double[k + 1, k + 1];
            for (var r = 0; r <= k; r++)
            {
                for (var power = 0; power < k; power++)
                {
                    var (rising, falling) = (r > 0 ? matrix[r - 1, power] / k : 0, r < k ? matrix[r, power] / k : 0);
                    next[r, power] += (k - r) * rising + (r + 1) * falling;
                    next[r, power + 1] += rising - falling;
                }
            }
            matrix = next;
        }
        return Tensor.From(matrix).AsType(type);
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

    private static void Check(int degree, double low, double high, int intervals)
    {
        Check(degree);
        if (intervals < 1 || !(low < high))
            throw new ShapeException($"b_spline: [{low}, {high}] in {intervals} intervals has no knots: low < high and at least 1 interval.");
    }

    private static void Check(int degree)
    {
        if (degree < 0) throw new ShapeException($"b_spline: degree {degree} does not exist: degrees are 0 or more.");
    }
}
