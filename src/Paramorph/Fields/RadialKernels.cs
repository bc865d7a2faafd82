namespace Paramorph.Fields;

/// <summary>Where radial kernels are and how wide: the start of an <see cref="AdaptiveRadialField"/>.</summary>
/// <param name="Centres">c: [kernels, dimensions].</param>
/// <param name="Scales">The diagonals of A, where r = |A (x - c)|: [kernels, dimensions].</param>
/// <param name="Shears">A below its diagonal, row by row: [kernels, dimensions (dimensions - 1) / 2].</param>
[Tree]
public sealed partial record RadialKernels(Tensor Centres, Tensor Scales, Tensor Shears)
{
    private const int Iterations = 10;

    /// <summary>
    /// Kernels where the signal changes, as the paper of NeuRBF places them: weighted k-means of points, where r^2 is x^T C^-1 x for twice the weighted
    /// covariance C of each cluster. (Chen et al., 2023, section 3.2.)
    /// </summary>
    /// <param name="key">Draws the first centres, among the points by their weights.</param>
    /// <param name="points">Where the signal is known: [n, dimensions].</param>
    /// <param name="weights">How much it changes there, such as the length of its gradient; not negative: [n].</param>
    /// <param name="kernels">How many, at most n.</param>
    /// <param name="narrowest">The least width, a standard deviation: narrower clusters are widened.</param>
    /// <exception cref="ShapeException">The shapes do not belong together, or there are more kernels than points.</exception>
    public static RadialKernels Fitted(Key key, Tensor points, Tensor weights, int kernels, double narrowest)
    {
        if (points.Rank != 2 || weights.Rank != 1 || weights.Shape[0] != points.Shape[0] || kernels < 1 || kernels > points.Shape[0])
            throw new ShapeException($"radial kernels: {kernels} kernels cannot be fitted to points {points.Type} with weights {weights.Type}: points are [n, dimensions], weights [n], and kernels 1 to n.");
        var (start, step, end) = (
            Compile.Of((Key key, Tensor points, Tensor weights) => points.Take((Tensor.Log(weights) + Sample.Gumbel(key, weights.Shape, weights.ElementType)).TopK(kernels).Indices)),
            Compile.Of((Tensor points, Tensor weights, Tensor centres) => Means(points, weights, centres)),
            Compile.Of((Tensor points, Tensor weights, Tensor centres) => Shaped(points, weights, centres, narrowest)));
        var centres = start(key, points, weights);
        for (var i = 0; i < Iterations; i++) centres = step(points, weights, centres);
        return end(points, weights, centres);
    }

    /// <summary>Round kernels on a regular grid over the unit box, as wide as half its spacing.</summary>
    /// <param name="dimensions">Number of coordinates.</param>
    /// <param name="perAxis">Kernels along an axis, 2 or more.</param>
    /// <param name="type">f32 or f64.</param>
    public static RadialKernels Regular(int dimensions, int perAxis, ElementType type = ElementType.Float32)
    {
        var count = (int)Math.Pow(perAxis, dimensions);
        var places = new double[count * dimensions];
        for (var i = 0; i < count; i++)
            for (int d = 0, rest = i; d < dimensions; d++, rest /= perAxis) places[i * dimensions + d] = rest % perAxis / (perAxis - 1.0);
        return new(
            Tensor.From(places, [count, dimensions]).AsType(type).Evaluate(),
            Tensor.Full([count, dimensions], 2.0 * (perAxis - 1), type).Evaluate(),
            Tensor.Zeros([count, dimensions * (dimensions - 1) / 2], type).Evaluate());
    }

    /// <summary>These kernels so many times as wide.</summary>
    public RadialKernels Widened(double times) => this with { Scales = (Scales / times).Evaluate(), Shears = (Shears / times).Evaluate() };

    /// <summary>The indices of the kernels whose centres are nearest to points, the nearest first: points [n, dimensions] give i32 [n, count].</summary>
    /// <remarks>It looks at all kernels; call it once for the points of a training set, whose nearest kernels change little while centres are trained.</remarks>
    /// <param name="points">The points.</param>
    /// <param name="count">How many kernels, at most all.</param>
    public Tensor Nearest(Tensor points, int count) =>
        Compile.Of((Tensor points, Tensor centres) => NearestOf(points, centres, count))(points, Centres);

    /// <inheritdoc cref="Nearest"/>
    internal static Tensor NearestOf(Tensor points, Tensor centres, int count) => (-SquaredDistances(points, centres)).TopK(count).Indices;

    /// <summary>[n, dimensions] and [kernels, dimensions] give [n, kernels].</summary>
    private static Tensor SquaredDistances(Tensor points, Tensor centres) =>
        Enumerable.Range(0, points.Shape[1]).Select(d => Tensor.Square(points[.., d..(d + 1)] - centres[.., d])).Aggregate((a, b) => a + b);

    /// <summary>The weighted mean of the points of each cluster; that of an empty one stays.</summary>
    private static Tensor Means(Tensor points, Tensor weights, Tensor centres)
    {
        var cluster = SquaredDistances(points, centres).ArgMin(1);
        var mass = Tensor.ZerosLike(centres[.., 0]).ScatterAdd(cluster, weights).ExpandDims(1);
        var sum = Tensor.ZerosLike(centres).ScatterAdd(cluster, weights.ExpandDims(1) * points);
        return Tensor.Where(mass > 0.0, sum / Tensor.Where(mass > 0.0, mass, 1.0), centres);
    }

    /// <summary>A is the inverse of the Cholesky factor L of C = L L^T, so that |A x|^2 = x^T C^-1 x.</summary>
    private static RadialKernels Shaped(Tensor points, Tensor weights, Tensor centres, double narrowest)
    {
        var dimensions = points.Shape[1];
        var cluster = SquaredDistances(points, centres).ArgMin(1);
        var apart = points - centres.Take(cluster);
        Tensor Sum(Tensor values) => Tensor.ZerosLike(centres[.., 0]).ScatterAdd(cluster, values);
        var mass = Sum(weights);
        Tensor Covariance(int i, int j) =>
            2.0 * Sum(weights * apart[.., i] * apart[.., j]) / Tensor.Where(mass > 0.0, mass, 1.0) + (i == j ? 2.0 * narrowest * narrowest : 0.0);
        var (factor, inverse) = (new Tensor[dimensions, dimensions], new Tensor[dimensions, dimensions]);
        for (var i = 0; i < dimensions; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = Covariance(i, j);
                for (var k = 0; k < j; k++) rest -= factor[i, k] * factor[j, k];
                factor[i, j] = i == j ? Tensor.Sqrt(rest) : rest / factor[j, j];
            }
            inverse[i, i] = 1.0 / factor[i, i];
            for (var j = 0; j < i; j++)
            {
                var product = factor[i, j] * inverse[j, j];
                for (var k = j + 1; k < i; k++) product += factor[i, k] * inverse[k, j];
                inverse[i, j] = -product * inverse[i, i];
            }
        }
        Tensor[] below = [.. Enumerable.Range(0, dimensions).SelectMany(i => Enumerable.Range(0, i).Select(j => inverse[i, j]))];
        return new(
            centres,
            Tensor.Stack([.. Enumerable.Range(0, dimensions).Select(i => inverse[i, i])], 1),
            below.Length > 0 ? Tensor.Stack(below, 1) : Tensor.Zeros([centres.Shape[0], 0], centres.ElementType));
    }
}
