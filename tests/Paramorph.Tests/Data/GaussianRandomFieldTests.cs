using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class GaussianRandomFieldTests
{
    private static readonly GaussianRandomField Field = new(2, 3, 5);

    [Fact]
    public void A_periodic_field_has_the_covariance_of_its_series()
    {
        var samples = Field.Periodic(Key.Of(1), 20_000, [16]).ToArray<double>();
        for (var lag = 0; lag < 16; lag += 4)
        {
            var measured = Enumerable.Range(0, 20_000).Average(n => samples[n * 16] * samples[n * 16 + lag]);
            var expected = Enumerable.Range(-8, 16).Sum(k => 25 * Math.Pow(4 * Math.PI * Math.PI * k * k + 9, -2) * Math.Cos(2 * Math.PI * k * lag / 16));
            Assert.InRange(measured, expected - 0.01, expected + 0.01);
        }
    }

    [Fact]
    public void A_field_of_zero_slope_has_the_variance_of_its_series_in_two_dimensions()
    {
        var samples = Field.ZeroSlope(Key.Of(2), 20_000, [4, 6]).ToArray<double>();
        const int Row = 1, Column = 4;
        var measured = Enumerable.Range(0, 20_000).Average(n => Math.Pow(samples[n * 24 + Row * 6 + Column], 2));
        static double Cosine(int k, double x) => k == 0 ? 1 : Math.Sqrt(2) * Math.Cos(Math.PI * k * x);
        var expected = 0.0;
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 6; j++)
                expected += 25 * Math.Pow(Math.PI * Math.PI * (i * i + j * j) + 9, -2) * Math.Pow(Cosine(i, (Row + 0.5) / 4) * Cosine(j, (Column + 0.5) / 6), 2);
        }
        Assert.InRange(measured, 0.96 * expected, 1.04 * expected);
    }

    [Fact]
    public void Without_the_constant_every_function_has_mean_zero()
    {
        var field = Field with { HasConstant = false };
        Expect.Close(Tensor.Zeros([5], ElementType.Float64), field.Periodic(Key.Of(3), 5, [8, 8]).Mean(1, 2), 1e-12);
        Expect.Close(Tensor.Zeros([5], ElementType.Float64), field.ZeroSlope(Key.Of(3), 5, [8]).Mean(1), 1e-12);
    }
}
