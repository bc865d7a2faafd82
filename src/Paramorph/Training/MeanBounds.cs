using Paramorph.Data;

namespace Paramorph.Training;

/// <summary>Bounds of the mean of some scores as they come, which it leaves in a given share of cases while all is as usual, and in more if something has changed.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public sealed record MeanBounds(double Low, double High)
{
    /// <summary>Bounds outside of which a part of usual means is, one half of it on each side.</summary>
    /// <param name="means">Means while all is as usual.</param>
    /// <param name="cases">One in so many is outside.</param>
    public static MeanBounds Of(IEnumerable<double> means, int cases)
    {
        double[] usual = [.. means.Order()];
        var outside = usual.Length / (2 * cases);
        return new(usual[outside], usual[^(1 + outside)]);
    }

    /// <summary>Means of scores that are drawn with replacement.</summary>
    /// <param name="scores">All scores.</param>
    /// <param name="watched">Scores of a mean.</param>
    /// <param name="count">How many means.</param>
    /// <param name="random">Draws them.</param>
    public static double[] Means(IReadOnlyList<double> scores, int watched, int count, KeyRandom random) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, watched).Average(_ => scores[random.Integer(scores.Count)]))];

    /// <summary>The share of means that leave the bounds; those that are no numbers do.</summary>
    /// <param name="means">The means.</param>
    public double Left(IEnumerable<double> means) => means.Average(mean => mean < Low || mean > High || double.IsNaN(mean) ? 1.0 : 0);
}
