using Paramorph.Sequences;

namespace Paramorph.Tests.Sequences;

public sealed class RetrievalEquationsTests
{
    [Fact]
    public void Pairs_without_noise_have_the_capacity_of_Amit_Gutfreund_and_Sompolinsky() => Assert.Equal(0.138, new RetrievalEquations(2, 0).CriticalLoad(), 0.0005);

    [Fact]
    public void Without_temperature_a_dense_network_has_the_capacity_of_its_closed_equation()
    {
        // m = erf(m³ / sqrt(12 load)): with u = m³ / sqrt(12 load) the load is erf(u)⁶ / (12 u²), whose largest value this is.
        var largest = Enumerable.Range(1, 3000).Select(i => i * 1e-3).Max(u => Math.Pow(MathNet.Numerics.SpecialFunctions.Erf(u), 6) / (12 * u * u));
        Assert.Equal(largest, new RetrievalEquations(4, 0).CriticalLoad(), 1e-4);
    }

    [Theory]
    [InlineData(2, 0.8)]
    [InlineData(4, 0.4)]
    public void Without_load_the_magnetisation_is_that_of_a_ferromagnet(int order, double temperature)
    {
        var magnetisation = new RetrievalEquations(order, 0, temperature).Solve().Magnetisation;
        Assert.True(magnetisation > 0.5);
        Assert.Equal(Math.Tanh(Math.Pow(magnetisation, order - 1) / temperature), magnetisation, 1e-8);
    }

    [Theory]
    [InlineData(2, 1.02)]
    [InlineData(4, 0.5)]
    public void Above_its_critical_temperature_a_ferromagnet_is_not_magnetised(int order, double temperature) =>
        Assert.Equal(0, new RetrievalEquations(order, 0, temperature).Solve().Magnetisation, 1e-3);

    [Theory]
    [InlineData(2, 0.06, 0.1)]
    [InlineData(4, 0.02, 0.0)]
    public void Many_examples_make_the_network_that_stores_the_patterns(int order, double load, double temperature)
    {
        var (stored, learned) = (new RetrievalEquations(order, load, temperature).Solve(), new RetrievalEquations(order, load, temperature, 0.5, 20_000).Solve());
        Assert.Equal(stored.Magnetisation, learned.Magnetisation, 1e-3);
        Assert.Equal(stored.Overlap, learned.Overlap, 1e-3);
        Assert.Equal(stored.SpinGlass, learned.SpinGlass, 1e-3);
    }

    [Fact]
    public void Zero_temperature_is_the_limit_of_low_ones()
    {
        var equations = new RetrievalEquations(4, 0.02, 0, 0.7, 5);
        Assert.Equal(equations.Solve().Magnetisation, (equations with { Temperature = 0.01 }).Solve().Magnetisation, 1e-3);
    }

    [Fact]
    public void Without_load_and_temperature_spins_follow_the_majority_of_the_examples()
    {
        // Of three examples at least two are right with the probability p³ + 3 p² (1 - p).
        const double Quality = 0.3, Right = (1 + Quality) / 2;
        Assert.Equal(2 * (Right * Right * Right + 3 * Right * Right * (1 - Right)) - 1, new RetrievalEquations(4, 0, 0, Quality, 3).Solve().Magnetisation, 1e-12);
    }

    [Fact]
    public void Noisy_examples_take_more_of_the_capacity_of_pairs_than_of_quadruples()
    {
        double Kept(int order) => new RetrievalEquations(order, 0, 0, RetrievalEquations.QualityOf(1, 41), 41).CriticalLoad() / new RetrievalEquations(order, 0).CriticalLoad();
        Assert.True(Kept(2) < 0.2 * Kept(4));
    }

    [Fact]
    public void Quality_and_data_entropy_are_inverse() =>
        Assert.Equal(0.7, new RetrievalEquations(4, 0, 0, RetrievalEquations.QualityOf(0.7, 9), 9).DataEntropy, 1e-12);

    [Fact]
    public void Examples_of_no_quality_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RetrievalEquations(4, 0, 0, Quality: 0).Solve());

    [Fact]
    public void A_negative_load_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RetrievalEquations(4, -1).Solve());
}
