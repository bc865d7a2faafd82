namespace Paramorph.Bayes;

/// <summary>
/// A normal distribution of parameters by the places that a training with noisy steps came through: half of its covariance is their variances, half what few of them say of directions. (SWAG: Maddox, Garipov, Izmailov, Vetrov
/// and Wilson, "A simple baseline for Bayesian uncertainty in deep learning", 2019.)
/// </summary>
/// <param name="Mean">The mean of the places: [dimensions].</param>
/// <param name="Variance">The variance of each number over them: [dimensions].</param>
/// <param name="Apart">By how much the last places differ from the mean of those up to them: [rank, dimensions].</param>
[Tree]
public sealed partial record TrajectoryNormal(Tensor Mean, Tensor Variance, Tensor Apart)
{
    /// <summary>The distribution of places.</summary>
    /// <param name="places">In order: [places, dimensions].</param>
    /// <param name="rank">How many of the last ones say something of directions, from 2 to their number.</param>
    /// <exception cref="ShapeException">There are fewer places than that.</exception>
    public static TrajectoryNormal Of(Tensor places, int rank)
    {
        if (places.Rank != 2 || rank < 2 || rank > places.Shape[0]) throw new ShapeException($"trajectory: {places.Type} is not [places, dimensions] with at least {rank} places, which are at least 2.");
        var means = places.CumulativeSum(0) / (1.0 + Tensor.Arange(places.Shape[0]).AsType(places.ElementType)).ExpandDims(1);
        var mean = places.Mean(0);
        return new(mean, Tensor.Square(places - mean).Mean(0), (places - means).SliceAxis(0, places.Shape[0] - rank, places.Shape[0]));
    }

    /// <summary>Draws: [draws, dimensions].</summary>
    /// <param name="key">The key.</param>
    /// <param name="draws">How many.</param>
    public Tensor Draw(Key key, int draws)
    {
        var (type, rank) = (Mean.ElementType, Apart.Shape[0]);
        var alone = Tensor.Sqrt(0.5 * Variance) * Sample.Normal(key.Fold(0), [draws, Mean.Count], type);
        return Mean + alone + Sample.Normal(key.Fold(1), [draws, rank], type).Dot(Apart) / Math.Sqrt(2.0 * (rank - 1));
    }
}
