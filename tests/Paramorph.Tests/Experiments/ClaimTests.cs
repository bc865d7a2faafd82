using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class ClaimTests
{
    // Quantiles of Student's t at 0.95 from a printed table.
    private const double TwoDegrees = 2.920, FourDegrees = 2.132;

    [Theory]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, 2, TwoDegrees)]
    [InlineData(new[] { 4.0, 4.0, 5.0, 6.0, 6.0 }, 5, FourDegrees)]
    public void An_interval_is_the_mean_with_a_quantile_of_t(double[] values, double mean, double quantile)
    {
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        var interval = PairedInterval.Of(values);
        Assert.Equal(mean, interval.Centre, 12);
        Assert.Equal(mean - quantile * deviation / Math.Sqrt(values.Length), interval.Low, 3);
        Assert.Equal(mean + quantile * deviation / Math.Sqrt(values.Length), interval.High, 3);
    }

    [Fact]
    public void One_seed_decides_nothing() => Assert.Equal(Verdict.Inconclusive, Claim.Below("a", "b", "error").Decide([Seed(1, 100)]).Verdict);

    [Fact]
    public void A_clear_difference_holds() => Assert.Equal(Verdict.Held, Claim.Below("a", "b", "error").Decide([Seed(1, 2), Seed(1.1, 2.3), Seed(0.9, 1.7)]).Verdict);

    [Fact]
    public void A_clear_difference_the_other_way_does_not_hold() =>
        Assert.Equal(Verdict.NotHeld, Claim.Below("b", "a", "error").Decide([Seed(1, 2), Seed(1.1, 2.3), Seed(0.9, 1.7)]).Verdict);

    [Fact]
    public void Seeds_that_disagree_are_inconclusive() =>
        Assert.Equal(Verdict.Inconclusive, Claim.Below("a", "b", "error").Decide([Seed(1, 2), Seed(2, 1), Seed(1, 1.5)]).Verdict);

    [Fact]
    public void A_factor_that_is_not_reached_does_not_hold() =>
        Assert.Equal(Verdict.NotHeld, Claim.Below("a", "b", "error", factor: 3).Decide([Seed(1, 2), Seed(1, 2.1), Seed(1, 1.9)]).Verdict);

    [Fact]
    public void The_effect_of_a_ratio_is_its_geometric_mean() =>
        Assert.Equal(4, Claim.Below("a", "b", "error").Decide([Seed(1, 2), Seed(1, 8), Seed(1, 4)]).Effect, 12);

    [Fact]
    public void A_bound_may_be_reached_exactly() => Assert.Equal(Verdict.Held, Claim.AtMost("a", "error", 0).Decide([Seed(0, 1), Seed(0, 1), Seed(0, 1)]).Verdict);

    [Fact]
    public void Being_above_needs_more_than_being_equal() => Assert.Equal(Verdict.NotHeld, Claim.Above("a", "b", "error").Decide([Seed(1, 1), Seed(1, 1), Seed(1, 1)]).Verdict);

    [Fact]
    public void A_margin_allows_to_be_a_little_lower() =>
        Assert.Equal(Verdict.Held, Claim.NoLower("a", "b", "error", margin: 0.1).Decide([Seed(0.95, 1), Seed(0.96, 1), Seed(0.94, 1)]).Verdict);

    [Fact]
    public void What_measured_no_number_does_not_hold() => Assert.Equal(Verdict.NotHeld, Claim.Below("a", "b", "error").Decide([Seed(1, 2), Seed(double.NaN, 2), Seed(1, 2)]).Verdict);

    [Fact]
    public void An_arm_that_did_not_measure_is_an_error() => Assert.Throws<ExperimentException>(() => Claim.Below("a", "c", "error").Decide([Seed(1, 2)]));

    private static SeedMeasures Seed(double a, double b) => new(new Dictionary<string, IReadOnlyDictionary<string, double>>
    {
        ["a"] = new Dictionary<string, double> { ["error"] = a },
        ["b"] = new Dictionary<string, double> { ["error"] = b },
    });
}
