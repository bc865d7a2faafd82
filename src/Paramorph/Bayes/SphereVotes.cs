namespace Paramorph.Bayes;

/// <summary>
/// Classifiers of points of a unit sphere that are sums over the examples: from points f64 [n, coordinates], labels of -1 and 1 [n] and points that are asked about [m, coordinates] to scores [m],
/// whose sign is the class. All but the vote of neighbours are limits of very deep networks (<see cref="DeepTangentKernel"/>).
/// </summary>
public static class SphereVotes
{
    /// <summary>The label of the example with the largest cosine.</summary>
    public static Tensor Nearest(Tensor points, Tensor labels, Tensor asked) => labels.Take(Tensor.MatMul(asked, points.T).ArgMax(-1));

    /// <summary>A vote of the nearest examples, the root of their number of them, made odd.</summary>
    public static Tensor Neighbours(Tensor points, Tensor labels, Tensor asked) =>
        labels.Take(Tensor.MatMul(asked, points.T).TopK((int)Math.Sqrt(points.Shape[0]) | 1).Indices).Sum(-1);

    /// <summary>A vote of all examples, wherever they are.</summary>
    public static Tensor Majority(Tensor points, Tensor labels, Tensor asked) => labels.Sum() * Tensor.Ones([asked.Shape[0]], ElementType.Float64);

    /// <summary>The smoother with a singular kernel: labels are weighed by a power of their inverse distance. (Devroye, Györfi and Krzyżak, "The Hilbert kernel regression estimate", 1998.)</summary>
    /// <param name="order">The power.</param>
    /// <param name="points">The examples.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="asked">Other points.</param>
    public static Tensor Singular(double order, Tensor points, Tensor labels, Tensor asked) => Tensor.Exp(-0.5 * order * Tensor.Log(2.0 - 2.0 * Tensor.MatMul(asked, points.T))).Dot(labels);
}
