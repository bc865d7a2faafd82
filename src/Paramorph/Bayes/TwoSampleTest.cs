namespace Paramorph.Bayes;

/// <summary>
/// How well a classifier tells draws of one distribution from those of another: 0.5 where it cannot, 1 where it always can. (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", 2017, whose
/// second classifier is the one of nearest neighbours.)
/// </summary>
public static class TwoSampleTest
{
    /// <summary>
    /// The leave-one-out accuracy of the nearest neighbours: the share of draws of both sides the most of whose nearest others are of their own side; equally many of both count as half.
    /// </summary>
    /// <param name="one">[n, dimensions]; distances are in units of its standard deviations.</param>
    /// <param name="other">[n, dimensions].</param>
    /// <param name="neighbours">How many of the nearest are asked, of the 2 n - 1 others.</param>
    /// <exception cref="ShapeException">The sides are not of equally many draws of the same dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many neighbours.</exception>
    public static double Accuracy(Tensor one, Tensor other, int neighbours = 10)
    {
        if (one.Rank != 2 || !one.Shape.Equals(other.Shape)) throw new ShapeException($"two-sample test: {one.Type} and {other.Type} are not both [n, dimensions].");
        var count = one.Shape[0];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neighbours);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(neighbours, 2 * count);
        var both = Tensor.Concatenate([one, other]) / Tensor.Sqrt(one.Variance(0));
        var (_, nearest) = (-(Distance.SquaredEuclidean(both, both) + 1e9 * Tensor.Eye(2 * count))).TopK(neighbours);
        var places = nearest.ToArray<int>();
        double Right(int i) => Math.Sign(2 * places.Skip(i * neighbours).Take(neighbours).Count(place => place < count == i < count) - neighbours) / 2.0 + 0.5;
        return Enumerable.Range(0, 2 * count).Average(Right);
    }
}
