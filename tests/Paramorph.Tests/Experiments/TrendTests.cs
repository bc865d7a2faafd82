using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class TrendTests
{
    [Fact]
    public void Points_on_a_line_have_its_slope_and_a_correlation_of_one()
    {
        double[] x = [1, 2, 5], y = [3, 1, -5];
        Assert.Equal(-2, Trend.Slope(x, y), 1e-12);
        Assert.Equal(-1, Trend.Correlation(x, y), 1e-12);
        Assert.Equal(0, Trend.Correlation(x, [4, 4, 4]));
        Assert.True(double.IsNaN(Trend.Slope([1], [2])));
    }

    [Fact]
    public void A_slope_is_that_of_least_squares() => Assert.Equal(MathNet.Numerics.LinearRegression.SimpleRegression.Fit([1, 2, 4, 7], [2, 1, 5, 3]).B, Trend.Slope([1, 2, 4, 7], [2, 1, 5, 3]), 1e-12);

    [Fact]
    public void A_power_law_has_its_power() => Assert.Equal(2.5, Trend.Power([2, 3, 9], [.. new[] { 2.0, 3, 9 }.Select(x => 7 * Math.Pow(x, 2.5))]), 1e-12);

    [Fact]
    public void Ranks_correlate_as_another_program_has_them()
    {
        double[] x = [3, 1, 4, 1, 5, 9, 2, 6], y = [2, 7, 1, 8, 2, 8, 1, 8];
        Assert.Equal(MathNet.Numerics.Statistics.Correlation.Spearman(x, y), Trend.RankCorrelation(x, y), 1e-12);
        Assert.Equal(MathNet.Numerics.Statistics.Correlation.Spearman([3, 1, 4, 5], [2, 7, 1, 8]), Trend.RankCorrelation([3, 1, 4, 5], [2, 7, 1, 8]), 1e-12);
        Assert.Equal(1, Trend.RankCorrelation([1, 2, 3], [0, 10, 1e6]));
        Assert.Equal(0, Trend.RankCorrelation([1], [2]));
        Assert.Equal(0, Trend.RankCorrelation(x[..2], [4, 4]));
    }

    [Fact]
    public void What_predictions_leave_is_a_share_of_the_variance()
    {
        double[] truth = [1, 2, 4, 7];
        Assert.Equal(0, Trend.Unexplained(truth, truth));
        Assert.Equal(1, Trend.Unexplained([3.5, 3.5, 3.5, 3.5], truth), 1e-12);
        var (intercept, slope) = MathNet.Numerics.LinearRegression.SimpleRegression.Fit([0, 1, 2, 3], truth);
        double[] line = [.. Enumerable.Range(0, 4).Select(i => intercept + slope * i)];
        Assert.Equal(1 - MathNet.Numerics.GoodnessOfFit.RSquared(line, truth), Trend.Unexplained(line, truth), 1e-12);
    }

    [Fact]
    public void Variation_is_the_deviation_as_a_part_of_the_mean()
    {
        double[] values = [2, 3, 7];
        Assert.Equal(MathNet.Numerics.Statistics.Statistics.PopulationStandardDeviation(values) / 4, Trend.Variation(values), 1e-12);
    }

    [Fact]
    public void A_level_is_passed_between_points()
    {
        // The value falls by one for each doubling.
        double[] x = [1, 2, 4, 8], y = [3, 2, 1, 0];
        Assert.Equal(Math.Pow(2, 1.5), Trend.Passing(x, y, 1.5), 1e-12);
        Assert.True(double.IsNaN(Trend.Passing(x, y, 4)));
        Assert.True(double.IsNaN(Trend.Passing(x, y, -1)));
    }

    [Fact]
    public void The_fastest_of_each_work_counts()
    {
        var counts = new int[2];
        var seconds = Timing.InTurns(3, () => counts[0]++, () => Thread.Sleep(counts[1]++ == 1 ? 1 : 15));
        Assert.True(counts[0] >= 3 && counts[0] == counts[1]);
        Assert.InRange(seconds[1], 0.0005, 1);
    }
}
