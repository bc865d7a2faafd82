using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class RegressionFunctionsTests
{
    [Fact]
    public void Friedman_1_is_its_formula_and_five_columns_do_not_matter()
    {
        var (inputs, targets) = RegressionFunctions.Friedman1(Key.Of(1), 50, noise: 0);
        foreach (var (x, y) in inputs.ToDoubles().Chunk(10).Zip(targets.ToDoubles()))
            Assert.Equal(10 * Math.Sin(Math.PI * x[0] * x[1]) + 20 * Math.Pow(x[2] - 0.5, 2) + 10 * x[3] + 5 * x[4], y, 12);
    }

    [Fact]
    public void Products_are_of_the_first_two_normal_numbers()
    {
        var (inputs, targets) = RegressionFunctions.NormalProduct(Key.Of(5), 4000, 3);
        Numbers.Close([.. inputs.ToDoubles().Chunk(3).Select(x => x[0] * x[1])], targets.ToDoubles(), 1e-12);
        Assert.Equal(1, Tensor.Square(inputs).Mean().Item(), 0.05);
    }

    [Fact]
    public void Impedance_and_phase_are_of_one_circuit()
    {
        var (inputs, impedance) = RegressionFunctions.Friedman2(Key.Of(2), 50, noise: 0);
        var phase = RegressionFunctions.Friedman3(Key.Of(2), 50, noise: 0).Targets.ToDoubles();
        foreach (var (x, z, angle) in inputs.ToDoubles().Chunk(4).Zip(impedance.ToDoubles(), phase)) Assert.Equal(x[0], z * Math.Cos(angle), 8);
    }

    [Fact]
    public void Noise_has_the_deviation_that_was_asked_for()
    {
        const int Count = 20_000;
        var (noisy, plain) = (RegressionFunctions.Friedman1(Key.Of(3), Count, noise: 1).Targets.ToDoubles(), RegressionFunctions.Friedman1(Key.Of(3), Count, noise: 0).Targets.ToDoubles());
        // Inputs differ with and without noise; what the variances differ by is that of the noise.
        double Variance(double[] values) => values.Average(value => value * value) - Math.Pow(values.Average(), 2);
        Assert.Equal(1, Variance(noisy) - Variance(plain), 0.8);
        Assert.Equal(noisy.Average(), plain.Average(), 0.2);
    }

    [Fact]
    public void More_water_flows_through_a_wider_borehole()
    {
        var (inputs, flow) = RegressionFunctions.Borehole(Key.Of(4), 2000, noise: 0);
        var rows = inputs.ToDoubles().Chunk(8).Zip(flow.ToDoubles()).OrderBy(row => row.First[0]).ToArray();
        // 2 pi T (H_u - H_l) is the most that flows where nothing resists: about 77 cubic metres a year in the middle of the ranges.
        Assert.InRange(rows.Average(row => row.Second), 60, 95);
        Assert.True(rows[..500].Average(row => row.Second) * 3 < rows[^500..].Average(row => row.Second));
    }

    [Fact]
    public void Noise_grows_with_the_fourth_column()
    {
        var (inputs, targets) = RegressionFunctions.Heteroscedastic(Key.Of(5), 4000, noise: 0.2);
        var errors = inputs.ToDoubles().Chunk(4).Zip(targets.ToDoubles(), (x, y) => (x[3], Error: y - (Math.Sin(2 * Math.PI * x[0]) + x[1] * x[1] - x[0] * x[2]))).OrderBy(pair => pair.Item1).Select(pair => pair.Error).ToArray();
        double Deviation(double[] some) => Math.Sqrt(some.Average(error => error * error));
        // The mean of exp(2 x) over a half is exp(2 b) - exp(2 a).
        Assert.Equal(0.2 * Math.Sqrt(Math.Exp(2) - Math.Exp(1)), Deviation(errors[^1000..]), 0.03);
        Assert.Equal(0.2 * Math.Sqrt(Math.Exp(-1) - Math.Exp(-2)), Deviation(errors[..1000]), 0.01);
    }
}
