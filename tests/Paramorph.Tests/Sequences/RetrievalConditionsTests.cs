using Paramorph.Sequences;

namespace Paramorph.Tests.Sequences;

public sealed class RetrievalConditionsTests
{
    private static readonly RetrievalConditions usual = new(Key.Of(1), 100, 4, 0.1, 0.6, 3);

    [Fact]
    public void The_load_counts_patterns_in_units_of_a_power_of_the_neurons()
    {
        Assert.Equal(0.04, usual.Equations(2).Load, 1e-15);
        Assert.Equal(4e-6, usual.Equations(4).Load, 1e-18);
    }

    [Fact]
    public void The_data_entropy_is_that_of_the_equations() => Assert.Equal(2.5, usual.WithEntropy(2.5).Equations(4).DataEntropy, 1e-12);

    [Fact]
    public void The_majority_of_three_is_right_when_two_are()
    {
        const double Right = 0.8;
        Assert.Equal(2 * (Right * Right * Right + 3 * Right * Right * (1 - Right)) - 1, usual.MajorityMagnetisation(), 1e-12);
    }

    [Fact]
    public void Deviations_are_from_the_equations_where_these_retrieve()
    {
        Assert.Equal(0.125, usual.Deviation(4, usual.Equations(4).Solve().Magnetisation - 0.125)!.Value, 1e-12);
        Assert.Null((usual with { Patterns = 30 }).Deviation(2, 0.5));
    }

    [Fact]
    public void A_capacity_is_where_three_quarters_are_left()
    {
        // A magnetisation that falls from one to a half while the patterns grow from 10 to 1000.
        var capacity = RetrievalMeasures.Capacity(usual, 6, conditions => 1 - 0.25 * Math.Log10(conditions.Patterns / 10.0));
        Assert.Equal(100, capacity, 1.0);
    }

    [Fact]
    public void A_tolerated_entropy_is_where_nine_tenths_of_the_majoritys_magnetisation_are_left()
    {
        var entropy = RetrievalMeasures.ToleratedEntropy(usual, (entropy, noisy) =>
        {
            Assert.Equal(entropy, noisy.Equations(4).DataEntropy, 1e-9);
            return noisy.MajorityMagnetisation() * (0.9 + 0.01 * Math.Log(5 / entropy));
        });
        Assert.Equal(5, entropy, 1e-9);
    }

    [Fact]
    public void A_phase_diagram_is_bright_at_low_loads_and_temperatures_alone()
    {
        var picture = RetrievalDiagram.Draw(4, 1, 1, columns: 5, rows: 4, scale: 2);
        Assert.Equal((10, 8), (picture.Width, picture.Height));
        int Brightness(int x, int y) => picture.Pixels[3 * (y * 10 + x)] + picture.Pixels[3 * (y * 10 + x) + 1];
        Assert.True(Brightness(0, 7) > 400);
        Assert.True(Brightness(9, 7) < 100);
        Assert.True(Brightness(0, 0) < 100);
    }
}
