using Paramorph.Sequences;

namespace Paramorph.Tests.Sequences;

public sealed class RetrievalSimulationTests
{
    [Fact]
    public void The_mean_field_of_one_pattern_is_that_of_all_spins_but_ones_own()
    {
        const double Temperature = 0.7;
        var conditions = new RetrievalConditions(Key.Of(1), 20, 1, Temperature, Quality: 1, Examples: 1);
        var mean = Enumerable.Range(0, 12).Aggregate(1.0, (mean, _) => Math.Tanh(19.0 / 20 * mean / Temperature));
        var (magnetisation, flops) = RetrievalSimulation.MeanField(order: 2, chains: 3, steps: 12).Retrieve(conditions, Key.Of(2));
        Assert.Equal(mean, magnetisation, 1e-5);
        Assert.True(flops > 0);
    }

    [Theory]
    [InlineData(2, 0.6)]
    [InlineData(4, 0.4)]
    public void Glauber_s_dynamics_keeps_what_the_equations_say(int order, double temperature)
    {
        var conditions = new RetrievalConditions(Key.Of(3), 300, 1, temperature, Quality: 0.8, Examples: 5);
        var found = RetrievalSimulation.Glauber(order, chains: 20, sweeps: 60, blocks: 10).Retrieve(conditions, Key.Of(4)).Magnetisation;
        Assert.Equal(conditions.Equations(order).Solve().Magnetisation, found, 0.05);
    }

    [Fact]
    public void Numbers_follow_from_keys_in_whatever_order_sizes_are_asked_for()
    {
        var conditions = new RetrievalConditions(Key.Of(5), 20, 8, 0.4, 0.7, 3);
        var simulation = RetrievalSimulation.Glauber(2, chains: 6, sweeps: 4, blocks: 2);
        var first = simulation.Retrieve(conditions, Key.Of(6));
        simulation.Retrieve(conditions with { Neurons = 30 }, Key.Of(6));
        Assert.Equal(first, simulation.Retrieve(conditions, Key.Of(6)));
        Assert.NotEqual(first, simulation.Retrieve(conditions with { Draw = 1 }, Key.Of(6)));
    }
}
