using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class FiniteWidthDensityTests
{
    private const double Step = 0.02;

    private static readonly double[] places = [.. Enumerable.Range(-500, 1001).Select(i => i * Step)];

    [Fact]
    public void Cumulants_of_a_linear_neuron_are_those_of_a_product_of_normal_numbers()
    {
        // E (v h)⁴ = 9 and E (v h)⁶ = 225.
        var density = new FiniteWidthDensity(x => x);
        Assert.Equal(6, density.Kurtosis, 9);
        Assert.Equal(225 - 15 * 9 + 30, density.Sixth, 8);
    }

    [Fact]
    public void Cumulants_of_a_rectified_neuron_are_known() => Assert.Equal(15, new FiniteWidthDensity(x => Math.Max(0, x), variance: 3).Kurtosis, 6);

    [Fact]
    public void Two_linear_neurons_give_a_two_sided_exponential()
    {
        // v₁ h₁ + v₂ h₂ has the density exp(-|s|) / 2, of variance 2; its kink keeps the inversion from being exact.
        var exact = new FiniteWidthDensity(x => x).Exact([0.5, 1.0, 2.0], 2);
        for (var i = 0; i < 3; i++) Assert.Equal(Math.Exp(-Math.Sqrt(2) * new[] { 0.5, 1.0, 2.0 }[i]) / Math.Sqrt(2), exact[i], 0.001);
    }

    [Theory]
    [InlineData(SymmetricLaw.Normal)]
    [InlineData(SymmetricLaw.Uniform)]
    [InlineData(SymmetricLaw.Laplace)]
    [InlineData(SymmetricLaw.Sign)]
    public void The_density_has_the_cumulants(SymmetricLaw law)
    {
        const int Neurons = 16;
        var density = new FiniteWidthDensity(Math.Tanh, readout: law);
        var exact = density.Exact(places, Neurons);
        double Moment(int order) => places.Zip(exact, (z, p) => Math.Pow(z, order) * p).Sum() * Step;
        Assert.Equal(1, Moment(0), 8);
        Assert.Equal(1, Moment(2), 8);
        Assert.Equal(density.Kurtosis / Neurons, Moment(4) - 3, 6);
        Assert.Equal(density.Sixth / (Neurons * Neurons), Moment(6) - 15 * Moment(4) + 30, 4);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void What_a_series_leaves_falls_with_the_next_power_of_the_width(int order, int power)
    {
        var density = new FiniteWidthDensity(Math.Tanh);
        double Left(int neurons) => density.Exact(places, neurons).Zip(places, (p, z) => Math.Abs(p - density.Series(z, neurons, order))).Sum() * Step / 2;
        Assert.InRange(Math.Log2(Left(32) / Left(64)), power - 0.15, power + 0.15);
    }

    [Fact]
    public void Drawn_networks_have_the_density()
    {
        const int Draws = 40_000, Neurons = 8;
        var random = new KeyRandom(Key.Of(3));
        var density = new FiniteWidthDensity(Math.Tanh);
        var deviation = Math.Sqrt(Enumerable.Range(-4000, 8001).Sum(i => Math.Pow(Math.Tanh(i * 0.003), 2) * FiniteWidthDensity.Normal(i * 0.003)) * 0.003);
        var inside = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0.0;
            for (var i = 0; i < Neurons; i++) sum += random.Normal() * Math.Tanh(random.Normal());
            if (Math.Abs(sum / Math.Sqrt(Neurons) / deviation) < 0.5) inside++;
        }
        var middle = Enumerable.Range(0, 50).Select(i => -0.49 + 0.02 * i).ToArray();
        Assert.Equal(density.Exact(middle, Neurons).Sum() * Step, (double)inside / Draws, 0.012);
    }

    [Fact]
    public void An_unknown_order_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new FiniteWidthDensity(Math.Tanh).Series(0, 8, 3));
}
