using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class NoncentralChiSquaredTests
{
    [Fact]
    public void Two_central_degrees_are_an_exponential_distribution()
    {
        foreach (var value in (double[])[1e-4, 0.3, 4, 40])
            Assert.Equal(Math.Log(1 - Math.Exp(-value / 6)), new NoncentralChiSquared(2, 0, 3).LogProbability(value), 7);
    }

    [Fact]
    public void One_degree_is_the_square_of_a_shifted_normal_number()
    {
        // P(|z + μ| < r) by the normal distribution, with μ² = 5.
        var mean = Math.Sqrt(5);
        foreach (var value in (double[])[0.01, 1, 9])
        {
            var root = Math.Sqrt(value / 0.7);
            var direct = MathNet.Numerics.Distributions.Normal.CDF(0, 1, root - mean) - MathNet.Numerics.Distributions.Normal.CDF(0, 1, -root - mean);
            Assert.Equal(Math.Log(direct), new NoncentralChiSquared(1, 5, 0.7).LogProbability(value), 8);
        }
    }

    [Fact]
    public void The_far_tail_is_that_of_its_leading_power()
    {
        // For small x the probability is e^(-λ / 2) (x / 2)^(k / 2) / Γ(k / 2 + 1).
        var (degrees, value) = (80.0, 1e-6);
        var leading = -15 + 40 * Math.Log(value / 2) - MathNet.Numerics.SpecialFunctions.GammaLn(41);
        Assert.Equal(leading, new NoncentralChiSquared(degrees, 30, 1).LogProbability(value), 5);
    }

    [Fact]
    public void A_fit_finds_the_tail_of_what_was_drawn()
    {
        var random = new KeyRandom(Key.Of(1));
        double[] values = [.. Enumerable.Range(0, 500).Select(_ => 0.1 * Enumerable.Range(0, 12).Sum(i => Math.Pow(random.Normal() + (i < 6 ? 1 : 0), 2)))];
        var (truth, fit) = (new NoncentralChiSquared(12, 6, 0.1), NoncentralChiSquared.Fit(values));
        Assert.Equal(values.Average(), fit.Mean, 10);
        Assert.Equal(1, fit.LogProbability(0.4) / truth.LogProbability(0.4), 0.15);
    }
}
