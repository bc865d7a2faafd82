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
