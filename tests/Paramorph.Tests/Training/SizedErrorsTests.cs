using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class SizedErrorsTests
{
    [Fact]
    public void The_slope_is_the_power_of_errors_and_the_best_is_chosen_by_validation()
    {
        SizedErrors[] sizes = [.. ((int[])[10, 30, 100]).Select((size, i) => new SizedErrors(size, (i - 1) * (i - 1), 7 * Math.Pow(size, -1.5)))];
        Assert.Equal(-1.5, SizedErrors.Slope(sizes), 1e-9);
        Assert.Equal(30, SizedErrors.Best([.. sizes, new(1, double.NaN, 0)]).Parameters);
    }

    [Fact]
    public void Errors_are_roots_of_mean_squares()
    {
        var map = new Linear(Tensor.From(new double[,] { { 2 } }), null);
        RegressionData Data(params double[] targets) => new(Tensor.From(new double[,] { { 1 }, { 2 } }), Tensor.From(targets, [2, 1]));
        Assert.Equal(new(1, Math.Sqrt(0.5), 5), SizedErrors.Of(map, Data(2, 5), Data(-3, 9)));
    }
}
