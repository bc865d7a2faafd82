using Paramorph.Data;
using Paramorph.Sequences;

namespace Paramorph.Tests.Sequences;

public sealed class DenseHebbianNetworkTests
{
    private static readonly Func<DenseHebbianNetwork, Tensor, Tensor> energy = Compile.Of((DenseHebbianNetwork network, Tensor spins) => network.Energy(spins));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_energy_is_the_sum_over_all_sets_of_distinct_neurons(int order)
    {
        var (network, spins) = (Network(1, 9, 5, order), Spins(2, 3, 9));
        Close(LoopEnergy(network, spins), energy(network, spins), 1e-12);
    }

    [Fact]
    public void With_pairs_it_is_the_network_of_Hopfield()
    {
        var (network, spins) = (Network(3, 20, 7, 2), Spins(4, 5, 20));
        var couplings = network.Patterns.Dot(network.Patterns.T) / 20.0 * (1.0 - Tensor.Eye(20, ElementType.Float64));
        Close(spins.Dot(couplings), network.Field(spins), 1e-12);
        Close(-0.5 * (spins * spins.Dot(couplings)).Sum(-1), energy(network, spins), 1e-12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_field_is_half_the_energy_of_turning_a_spin(int order)
    {
        var (network, spins) = (Network(5, 12, 6, order), Spins(6, 1, 12));
        var turned = spins * (1.0 - 2.0 * Tensor.Eye(12, ElementType.Float64));
        var costs = energy(network, turned) - energy(network, spins);
        Close(costs, 2.0 * (spins * network.Field(spins))[0], 1e-11);
    }

    [Fact]
    public void The_field_of_mean_spins_is_minus_the_gradient_of_the_energy()
    {
        var (network, means) = (Network(7, 10, 6, 4), 0.9 * Tensor.Sin(Tensor.Arange(10, ElementType.Float64).ExpandDims(0)));
        Close(-Gradient.Of(means, m => network.Energy(m).Sum()), network.Field(means), 1e-12);
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(4, 200)]
    public void The_energy_never_rises_at_zero_temperature_when_spins_turn_one_by_one(int order, int patterns)
    {
        var (network, spins) = (Network(8, 24, patterns, order), Spins(9, 6, 24));
        var sweep = Compile.Of((DenseHebbianNetwork network, Key key, Tensor spins) => network.Sweep(key, spins, 0.0, blocks: 24));
        for (var step = 0; step < 5; step++)
        {
            var next = sweep(network, Key.Of(10).Fold(step), spins);
            Assert.True((energy(network, next) - energy(network, spins)).Max().Item() <= 1e-12);
            spins = next;
        }
        Assert.True((spins * network.Field(spins)).Min().Item() >= 0);
    }

    [Fact]
    public void Sweeps_of_single_spins_sample_Boltzmanns_distribution()
    {
        const int Neurons = 5, Chains = 4000;
        var network = Network(11, Neurons, 3, 4);
        var sweeps = Compile.Of((Key key, Tensor spins) => Control.Repeat(20, (step, spins) => network.Sweep(key.Fold(step), spins, 0.4, Neurons), spins));
        var drawn = energy(network, sweeps(Key.Of(12), Spins(13, Chains, Neurons)));
        double[] energies = [.. Enumerable.Range(0, 1 << Neurons).Select(state => energy(network, State(state, Neurons)).Item())];
        double[] weights = [.. energies.Select(value => Math.Exp(-value / 0.4))];
        var mean = energies.Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum();
        var variance = energies.Zip(weights, (value, weight) => (value - mean) * (value - mean) * weight).Sum() / weights.Sum();
        Assert.Equal(mean, drawn.Mean().Item(), 4 * Math.Sqrt(variance / Chains));
    }

    [Fact]
    public void A_step_of_the_mean_field_dynamics_descends_the_free_energy()
    {
        const double Temperature = 0.3;
        var (network, means) = (Network(14, 16, 4, 4), 0.5 * Spins(15, 1, 16));
        // The energy of independent spins less T times their entropy.
        double Free(Tensor m) => (energy(network, m).Sum() + Temperature * ((1 + m) / 2 * Tensor.Log((1 + m) / 2) + (1 - m) / 2 * Tensor.Log((1 - m) / 2)).Sum()).Item();
        var before = Free(means);
        for (var step = 0; step < 5; step++)
        {
            means = network.MeanFieldStep(means, Temperature, rate: 0.2);
            Assert.True(Free(means) < before);
            before = Free(means);
        }
    }

    [Fact]
    public void Averages_of_examples_have_the_mean_and_variance_that_quality_and_number_give()
    {
        const double Quality = 0.4;
        const int Examples = 5;
        var patterns = Spins(16, 1, 100_000)[0];
        var averages = Compile.Of((Key key, Tensor patterns) => DenseHebbianNetwork.Average(key, patterns, Quality, Examples))(Key.Of(17), patterns);
        Assert.Equal(1, Tensor.Square(averages).Mean().Item(), 0.02);
        Assert.Equal(1 / Math.Sqrt(1 + new RetrievalEquations(4, 0, 0, Quality, Examples).DataEntropy), (averages * patterns).Mean().Item(), 0.01);
    }

    [Fact]
    public void Perfect_examples_are_the_patterns() => Close(Spins(18, 3, 4), DenseHebbianNetwork.Average(Key.Of(1), Spins(18, 3, 4), 1, 7), 0);

    [Fact]
    public void Blocks_that_do_not_divide_the_neurons_are_refused() =>
        Assert.Throws<ShapeException>(() => Network(1, 10, 2, 4).Sweep(Key.Of(1), Spins(1, 1, 10), 0.0, 3));

    [Fact]
    public void Averages_of_nothing_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DenseHebbianNetwork.Average(Key.Of(1), Spins(1, 1, 10), 0.5, 0));

    private static Tensor LoopEnergy(DenseHebbianNetwork network, Tensor spins)
    {
        var (neurons, patterns, order) = (network.Neurons, network.Patterns.Shape[1], network.Order);
        var (x, s) = (network.Patterns.ToDoubles(), spins.ToDoubles());
        var factor = Enumerable.Range(1, order - 1).Aggregate(1.0, (product, k) => product * k / neurons);
        double Sum(int chain, int pattern, int first, int left) =>
            left == 0 ? 1 : Enumerable.Range(first, neurons - first).Sum(i => x[i * patterns + pattern] * s[chain * neurons + i] * Sum(chain, pattern, i + 1, left - 1));
        return Tensor.From<double>([.. Enumerable.Range(0, spins.Shape[0]).Select(chain => -factor * Enumerable.Range(0, patterns).Sum(pattern => Sum(chain, pattern, 0, order)))]);
    }

    private static DenseHebbianNetwork Network(int seed, int neurons, int patterns, int order) => new(Sample.Normal(Key.Of(seed), [neurons, patterns], ElementType.Float64), order);

    private static Tensor Spins(int seed, params int[] sizes) => Sample.Rademacher(Key.Of(seed), [.. sizes], ElementType.Float64);

    private static Tensor State(int bits, int neurons) => Tensor.From<double>([.. Enumerable.Range(0, neurons).Select(i => (bits >> i) % 2 == 0 ? -1.0 : 1.0)], [1, neurons]);

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(Tensor.Abs(expected - actual).Max().Item() <= tolerance, $"{expected} and {actual}");
    }
}
