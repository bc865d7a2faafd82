using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class HighEntropyAlloyTests
{
    private static MetallicElement Element(string symbol) => MetallicElement.All.Single(element => element.Symbol == symbol);

    [Theory]
    [InlineData("Cr", "Fe", -1)]
    [InlineData("Co", "Cr", -4)]
    [InlineData("Ni", "Zr", -49)]
    [InlineData("Ni", "Ti", -35)]
    [InlineData("Cu", "Ni", 4)]
    [InlineData("Cu", "Fe", 13)]
    [InlineData("Cu", "Mo", 19)]
    public void Enthalpies_of_transition_metals_are_those_of_tables_within_a_factor_of_two(string first, string second, double tabulated)
    {
        // Takeuchi and Inoue, "Classification of bulk metallic glasses by atomic size difference, heat of mixing and period of constituent elements", 2005.
        var enthalpy = Element(first).MixingEnthalpy(Element(second));
        Assert.InRange(enthalpy / tabulated, 0.5, 2);
        Assert.Equal(enthalpy, Element(second).MixingEnthalpy(Element(first)), 12);
    }

    [Fact]
    public void Descriptors_of_two_metals_in_equal_parts_are_those_by_hand()
    {
        var alloy = new HighEntropyAlloy([(Element("Fe"), 0.5), (Element("Al"), 0.5)]);
        Assert.Equal(100 * (143.2 - 124.1) / (143.2 + 124.1), alloy.Misfit, 9);
        Assert.Equal(Element("Al").MixingEnthalpy(Element("Fe")), alloy.MixingEnthalpy, 9);
        Assert.Equal(8.314 * Math.Log(2), alloy.MixingEntropy, 9);
        Numbers.Close([alloy.Misfit, alloy.MixingEnthalpy, 5.5, 1.72, 11, 1372, alloy.MixingEntropy, 123], alloy.Descriptors, 1e-9);
    }

    [Fact]
    public void Drawn_alloys_have_three_to_five_elements_with_shares_that_add_up_to_one()
    {
        var random = new KeyRandom(Key.Of(1));
        var alloys = Enumerable.Range(0, 200).Select(_ => HighEntropyAlloy.Draw(random)).ToArray();
        Assert.Equal([3, 4, 5], alloys.Select(alloy => alloy.Shares.Count).Distinct().Order());
        Assert.All(alloys, alloy => Assert.Equal(1, alloy.Shares.Sum(part => part.Share), 12));
        Assert.All(alloys, alloy => Assert.InRange(alloy.Shares.Max(part => part.Share) / alloy.Shares.Min(part => part.Share), 1, 1 / 0.3));
    }

    [Fact]
    public void Moduli_leave_noise_of_the_said_deviation_around_their_rule()
    {
        var data = AlloyProperties.BulkModuli(Key.Of(2), 2000);
        var rows = data.Inputs.ToDoubles().Chunk(8).Zip(data.Targets.ToDoubles(), (x, y) => y - x[7] * (1 - 0.015 * x[0] - 0.004 * x[1])).ToArray();
        Assert.Equal(0, rows.Average(), 0.4);
        Assert.Equal(4, Math.Sqrt(rows.Average(left => left * left)), 0.3);
    }

    [Fact]
    public void Rolling_hardens_what_is_annealed_coldly_and_not_what_is_annealed_hotly()
    {
        var data = AlloyProperties.YieldStrengths(Key.Of(3), 4000);
        var rows = data.Inputs.ToDoubles().Chunk(11).Zip(data.Targets.ToDoubles(), (x, y) => (Misfit: x[0], Kelvin: x[8], Rolled: x[10], Strength: y)).ToArray();
        double Gain(Func<double, bool> isAt) =>
            rows.Where(row => isAt(row.Kelvin) && row.Rolled > 0.6).Average(row => row.Strength) - rows.Where(row => isAt(row.Kelvin) && row.Rolled < 0.1).Average(row => row.Strength);
        Assert.InRange(Gain(kelvin => kelvin < 900), 300, 600);
        Assert.InRange(Gain(kelvin => kelvin > 1450), -60, 60);
    }

    [Fact]
    public void One_phase_is_told_by_misfit_and_enthalpy()
    {
        var data = AlloyProperties.Phases(Key.Of(4), 1000);
        var told = data.Inputs.ToDoubles().Chunk(8).Select(x => x[0] < 6.6 && x[1] is > -15 and < 5 ? 1 : 0);
        Assert.InRange(told.Zip(data.Labels.ToArray<int>()).Count(pair => pair.First == pair.Second), 880, 990);
    }
}
