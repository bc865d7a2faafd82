namespace Paramorph.Bayes;

/// <summary>
/// How much features depend on responses of which only distances are known, such as distributions, points of a sphere or positive definite matrices: what an encoder is trained to make large, so
/// that few features say of the response all that the inputs say.
/// </summary>
public static class MetricDependence
{
    /// <summary>
    /// The weight of each pair of responses in <see cref="CumulativeCovariance"/>: the share of balls around one response, with another on their edge, that hold both. It depends on the order of
    /// distances alone, so that a response far away has no more to say than any other. Takes n³ operations, once.
    /// </summary>
    /// <param name="distances">Between all responses: [n, n].</param>
    /// <returns>[n, n], positive semidefinite.</returns>
    public static Tensor BallWeights(Tensor distances)
    {
        if (distances.Rank != 2 || distances.Shape[0] != distances.Shape[1]) throw new ShapeException($"ball weights: {distances.Type} are not distances [n, n].");
        // The share of radii around centre i that reach response k; a ball holds two if it reaches the farther one.
        var reached = (distances.ExpandDims(1) >= distances.ExpandDims(2)).AsType(distances.ElementType).Mean(2);
        return Tensor.Minimum(reached.ExpandDims(2), reached.ExpandDims(1)).Mean(0);
    }

    /// <summary>
    /// Fréchet cumulative covariance: the squared covariance of features with the indicator of a ball of responses, summed over features and averaged over balls, whose centres and edges are the
    /// responses themselves. (Yuan, Wang and Yu, "Fréchet cumulative covariance net for deep nonlinear sufficient dimension reduction with random objects", 2025.)
    /// </summary>
    /// <param name="features">[n, d].</param>
    /// <param name="balls">What <see cref="BallWeights"/> gives for the responses: [n, n].</param>
    /// <returns>A scalar; 0 without dependence and many examples.</returns>
    public static Tensor CumulativeCovariance(Tensor features, Tensor balls)
    {
        var centred = Centred(features);
        return (centred * Tensor.MatMul(balls, centred)).Sum() / Math.Pow(features.Shape[0], 2);
    }

    /// <summary>The squared distance covariance. (Székely, Rizzo and Bakirov, "Measuring and testing dependence by correlation of distances", 2007.)</summary>
    /// <param name="first">Distances between n of the one side: [n, n].</param>
    /// <param name="second">Distances between those of the other: [n, n].</param>
    /// <returns>A scalar, which is not negative.</returns>
    public static Tensor DistanceCovariance(Tensor first, Tensor second) => (CentredTwice(first) * CentredTwice(second)).Mean();

    /// <summary>The distance correlation, the root of the squared one: from 0 to 1, 1 where one side is a scaled rotation of the other, and 0 where a side has no distances.</summary>
    /// <inheritdoc cref="DistanceCovariance"/>
    public static Tensor DistanceCorrelation(Tensor first, Tensor second)
    {
        var scale = Tensor.Sqrt(DistanceCovariance(first, first) * DistanceCovariance(second, second));
        return Tensor.Where(scale > 0.0, Tensor.Sqrt(Tensor.Maximum(DistanceCovariance(first, second), 0.0) / Tensor.Where(scale > 0.0, scale, 1.0)), 0.0);
    }

    /// <summary>Distances in units of their median.</summary>
    /// <param name="distances">[n, n], not half of them zero.</param>
    public static Tensor OverMedian(Tensor distances) => distances / distances.Flatten().Median();

    /// <summary>Distances that an outlier cannot make large: d / (median + d), which are distances again, below 1.</summary>
    /// <inheritdoc cref="OverMedian"/>
    public static Tensor Bounded(Tensor distances)
    {
        var scaled = OverMedian(distances);
        return scaled / (1.0 + scaled);
    }

    /// <summary>The squared Frobenius distance of the covariance of features from the identity: a penalty that keeps them at one scale and apart.</summary>
    /// <param name="features">[n, d].</param>
    public static Tensor CovariancePenalty(Tensor features)
    {
        var centred = Centred(features);
        return Tensor.Square(Tensor.MatMul(centred.T, centred) / features.Shape[0] - Tensor.Eye(features.Shape[1], features.ElementType)).Sum();
    }

    private static Tensor Centred(Tensor features) => features - features.Mean(0);

    private static Tensor CentredTwice(Tensor distances) => distances - distances.Mean(0) - distances.Mean(1).ExpandDims(1) + distances.Mean();
}
