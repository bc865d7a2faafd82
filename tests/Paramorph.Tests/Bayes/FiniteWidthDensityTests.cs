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

    [Fact]
    public void What_the_series_leaves_falls_with_its_order()
    {
        var density = new FiniteWidthDensity(Math.Tanh);
        double[] left = [.. Enumerable.Range(0, 3).Select(order => density.TotalVariation(16, order))];
        Assert.True(left[0] > 4 * left[1] && left[1] > 2 * left[2], string.Join(", ", left));
        // The first correction is half the integral of |λ₄ / (24 N) He₄| under the normal density.
        var first = density.Kurtosis / 24 / 16 * places.Sum(z => Math.Abs(FiniteWidthDensity.Hermite(z).Fourth) * FiniteWidthDensity.Normal(z)) * Step / 2;
        Assert.Equal(first, left[0], left[1]);
    }

    [Fact]
    public void Shares_of_bins_are_differences_of_the_distribution()
    {
        var bins = new HistogramBins(2, 4);
        double Below(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);
        Numbers.Close([Below(-2), Below(-1) - Below(-2), Below(0) - Below(-1), Below(1) - Below(0), Below(2) - Below(1), 1 - Below(2)], bins.Shares(FiniteWidthDensity.Normal), 1e-6);
        Assert.Equal([1, 0, 1, 2, 0, 1], bins.Counts(Tensor.From(-5f, -0.5f, 0f, 0.9f, 2f)).ToDoubles());
        // All draws in one bin differ from the density by all that is elsewhere.
        Assert.Equal(1 - (Below(0) - Below(-1)), bins.TotalVariation([0, 0, 7, 0, 0, 0], FiniteWidthDensity.Normal), 1e-6);
    }

    [Fact]
    public void Drawn_answers_have_the_density_of_their_width()
    {
        const int Width = 4;
        var bins = new HistogramBins(3, 12);
        var answers = RandomReluAnswers.Draw(Key.Of(7), Tensor.From(0.6f, 0.8f), Width, 200_000, bins);
        Assert.Equal(200_000, answers.Counts.Sum());
        Assert.Equal(15.0 / Width, answers.Hermite, 0.5);
        var density = new FiniteWidthDensity(x => Math.Max(0, x));
        double Distance(int order) => bins.TotalVariation(answers.Counts, z => density.Series(z, Width, order));
        Assert.True(Distance(1) < Distance(0));
    }
}
