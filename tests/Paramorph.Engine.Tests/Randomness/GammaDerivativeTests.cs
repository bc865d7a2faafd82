using MathNet.Numerics.Distributions;

namespace Paramorph.Tests.Randomness;

public class GammaDerivativeTests
{
    /// <summary>A gamma number is a quantile: at a fixed probability it moves with the concentration as the inverse distribution function.</summary>
    [Theory]
    [InlineData(0.05, 1e-6)]
    [InlineData(0.4, 1e-6)]
    [InlineData(1.0, 1e-6)]
    [InlineData(3.0, 1e-6)]
    [InlineData(50.0, 1e-6)]
    public void The_derivative_in_the_concentration_is_that_of_the_quantile(double concentration, double tolerance)
    {
        var a = Tensor.Scalar(concentration);
        var (values, slopes) = Jvp.Of(a, Tensor.Scalar(1.0), c => Sample.Gamma(Key.Of(1), c, [60]));

        foreach (var (x, slope) in values.ToDoubles().Zip(slopes.ToDoubles())) Assert.Equal(1, slope / SlopeOfQuantile(concentration, x), tolerance);
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(2f)]
    [InlineData(200f)]
    public void Single_precision_keeps_four_digits(float concentration)
    {
        var a = Tensor.Scalar(concentration);
        var (values, slopes) = Jvp.Of(a, Tensor.Scalar(1f), c => Sample.Gamma(Key.Of(1), c, [60]));

        foreach (var (x, slope) in values.ToDoubles().Zip(slopes.ToDoubles())) Assert.Equal(1, slope / SlopeOfQuantile(concentration, x), 1e-4);
    }

    [Fact]
    public void Both_modes_agree()
    {
        var a = Tensor.From(0.3, 2.0, 7.0);

        var gradient = Gradient.Of(a, c => Sample.Gamma(Key.Of(1), c).Sum());

        Expect.Close(Jvp.Of(a, Tensor.OnesLike(a), c => Sample.Gamma(Key.Of(1), c)).Tangent, gradient, 1e-12);
    }

    [Fact]
    public void The_mean_of_beta_numbers_moves_as_it_should()
    {
        // The mean a / (a + b) has the derivative b / (a + b)^2 in a.
        var slope = Gradient.Of(Tensor.Scalar(2.0), a => Sample.Beta(Key.Of(3), a, Tensor.Scalar(3.0), [4000]).Mean());

        Assert.InRange(slope.Item(), 3.0 / 25 - 0.005, 3.0 / 25 + 0.005);
    }

    /// <summary>For tiny x from F = x^a / Gamma(a + 1); otherwise -(dF/da) / f, with dF/da by differences of the distribution function of MathNet.Numerics.</summary>
    private static double SlopeOfQuantile(double a, double x)
    {
        if (x < 1e-12) return x / a * (MathNet.Numerics.SpecialFunctions.DiGamma(a + 1) - Math.Log(x));
        var h = 1e-3 * a;
        double F(double c) => MathNet.Numerics.SpecialFunctions.GammaLowerRegularized(c, x);
        var slope = (8 * (F(a + h) - F(a - h)) - (F(a + 2 * h) - F(a - 2 * h))) / (12 * h);
        return -slope / Gamma.PDF(a, 1, x);
    }
}
