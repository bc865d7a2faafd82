using MathNet.Numerics.Distributions;
using Paramorph.Fitting;

namespace Paramorph.Tests.Fitting;

public sealed class ErrorDensityTests
{
    [Theory]
    [InlineData(2.0, 3.0)]
    [InlineData(0.01, 1.5)]
    [InlineData(50, 20)]
    public void The_logarithm_is_that_of_students_t(double scale, double freedom)
    {
        foreach (var error in (double[])[0, 0.3 * scale, -2 * scale, 40 * scale])
            Assert.Equal(StudentT.PDFLn(0, scale, freedom, error), new ErrorDensity(scale, freedom).LogOf(error), 1e-10);
    }

    [Fact]
    public void Gaussian_errors_have_their_own_deviation_and_light_tails()
    {
        var density = ErrorDensity.Of(Drawn(p => Normal.InvCDF(0, 3, p)));
        Assert.True(density.Freedom >= 20);
        Assert.Equal(3, density.Scale, 0.1);
    }

    [Fact]
    public void Heavy_tails_are_found()
    {
        var density = ErrorDensity.Of(Drawn(p => StudentT.InvCDF(0, 0.5, 3, p)));
        Assert.Equal(3, density.Freedom);
        Assert.Equal(0.5, density.Scale, 0.02);
    }

    [Fact]
    public void No_errors_at_all_give_a_finite_density() => Assert.True(double.IsFinite(ErrorDensity.Of(new double[10]).LogOf(0)));

    /// <summary>Errors at the quantiles of a distribution.</summary>
    private static double[] Drawn(Func<double, double> quantile) => [.. Enumerable.Range(0, 2000).Select(i => quantile((i + 0.5) / 2000))];
}
