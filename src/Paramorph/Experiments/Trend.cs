namespace Paramorph.Experiments;

/// <summary>What points say of one number over another: slopes, correlations, crossings.</summary>
public static class Trend
{
    /// <summary>The slope of the straight line with the least squared error in y; NaN of a single point.</summary>
    /// <param name="x">Where.</param>
    /// <param name="y">What is there; as many.</param>
    public static double Slope(IReadOnlyList<double> x, IReadOnlyList<double> y) => Covariance(x, y) / Covariance(x, x);

    /// <summary>The power of x with which y grows: the slope of their logarithms.</summary>
    /// <inheritdoc cref="Slope"/>
    public static double Power(IReadOnlyList<double> x, IReadOnlyList<double> y) => Slope([.. x.Select(value => Math.Log(value))], [.. y.Select(value => Math.Log(value))]);

    /// <summary>Pearson's correlation, 0 where one side is constant.</summary>
    /// <inheritdoc cref="Slope"/>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Covariance(x, x) * Covariance(y, y) is > 0 and var spread ? Covariance(x, y) / Math.Sqrt(spread) : 0;

    /// <summary>Spearman's correlation: that of the ranks, those of equal values the mean of theirs; 0 where one side is constant.</summary>
    /// <inheritdoc cref="Slope"/>
    public static double RankCorrelation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (ranksOfX, ranksOfY, n) = (Ranks(x), Ranks(y), (double)x.Count);
        // Where no values are equal, squared differences of ranks say the same, and are whole numbers.
        return n < 2 || x.Distinct().Count() < n || y.Distinct().Count() < n ? Correlation(ranksOfX, ranksOfY) : 1 - 6 * ranksOfX.Zip(ranksOfY, (a, b) => (a - b) * (a - b)).Sum() / (n * (n * n - 1));
    }

    /// <summary>The share of the variance of values that their predictions leave, 1 - R²: sum of squared errors over sum of squared distances from the mean.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="truth">The values; as many, and not all equal.</param>
    public static double Unexplained(IReadOnlyList<double> predictions, IReadOnlyList<double> truth)
    {
        var mean = truth.Average();
        return predictions.Zip(truth, (a, b) => (a - b) * (a - b)).Sum() / truth.Sum(b => (b - mean) * (b - mean));
    }

    /// <summary>The coefficient of variation: the standard deviation of values, all of which are meant, as a part of their mean.</summary>
    public static double Variation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / mean;
    }

    /// <summary>Where falling values first pass a level, on a straight line over the logarithm of x; NaN if they begin below it or never pass.</summary>
    /// <param name="x">Positive numbers in increasing order.</param>
    /// <param name="y">The values.</param>
    /// <param name="level">The level.</param>
    public static double Passing(IReadOnlyList<double> x, IReadOnlyList<double> y, double level)
    {
        for (var i = 1; i < x.Count; i++)
            if (y[i - 1] > level && y[i] <= level) return x[i - 1] * Math.Pow(x[i] / x[i - 1], (y[i - 1] - level) / (y[i - 1] - y[i]));
        return double.NaN;
    }

    private static double[] Ranks(IReadOnlyList<double> values) => [.. values.Select(value => values.Count(other => other < value) + (values.Count(other => other == value) - 1) / 2.0)];

    private static double Covariance(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Average();
    }
}
