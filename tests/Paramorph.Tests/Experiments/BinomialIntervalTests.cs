using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class BinomialIntervalTests
{
    [Theory]
    [InlineData(0, 10, 0.0, 0.2775)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(29, 29, 0.8830, 1.0)]
    public void Wilsons_interval_has_the_published_ends(int successes, int trials, double low, double high)
    {
        // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        var interval = BinomialInterval.Wilson(successes, trials);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void More_successes_than_trials_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(3, 2));
}
