using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class ThresholdTests
{
    /// <summary>A margin that is straight over the logarithm, and is used up at a place.</summary>
    private static Func<double, double> Until(double place, List<double>? asked = null) => x =>
    {
        asked?.Add(x);
        return Math.Log(place / x);
    };

    [Fact]
    public void Doubling_finds_where_a_straight_margin_ends_from_values_in_order()
    {
        var asked = new List<double>();
        Assert.Equal(11, Threshold.ByDoubling(Until(11, asked), 0.5, 10), 1e-12);
        Assert.Equal([0.5, 1, 2, 4, 8, 16], asked);
    }

    [Fact]
    public void Doubling_gives_the_start_or_the_last_place_where_there_is_nothing_between()
    {
        Assert.Equal(3, Threshold.ByDoubling(_ => -1, 3, 4));
        Assert.Equal(48, Threshold.ByDoubling(_ => 1, 3, 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Halving_finds_where_a_straight_margin_ends(int halvings) => Assert.Equal(45, Threshold.ByHalving(Until(45), 2, Until(45)(2), halvings), 1e-10);

    [Fact]
    public void Halving_comes_nearer_to_where_a_step_is()
    {
        double Found(int halvings) => Threshold.ByHalving(x => x < 100 ? 1 : -1, 2, 1, halvings);
        Assert.Equal(64 * Math.Sqrt(2), Found(0), 1e-10);
        Assert.Equal(100, Found(12), 0.02);
    }

    [Fact]
    public void A_step_before_the_first_place_is_found_with_the_margin_below_it() => Assert.Equal(2 * Math.Sqrt(2), Threshold.ByHalving(_ => -0.25, 2, 0.25, 0), 1e-12);
}
