using Paramorph.Data;
using Paramorph.Search;

namespace Paramorph.Tests.Search;

public sealed class BoundSearchTests
{
    /// <summary>Minus the squared distance from a point.</summary>
    private static readonly SearchObjective objective = new(4, x => -x.Sum(value => (value - 0.6) * (value - 0.6)), 0);

    [Fact]
    public void With_the_function_as_its_own_bound_there_is_hardly_regret()
    {
        var told = new List<double>();
        var (regret, lowest) = new BoundSearch(5, 12, Noise: 0).Run(
            objective, Key.Of(1), (x, y) => (at => -Tensor.Square(at - 0.6).Sum(-1), (at, value) => told.Add(value)), (query, sum) => Assert.Equal(query, told.Count));
        Assert.Equal(12, told.Count);
        Assert.Equal(-told.Average(), regret, 1e-12);
        Assert.Equal(-told.Max(), lowest, 1e-12);
        Assert.InRange(regret, 0, 0.05);
    }

    [Fact]
    public void Without_a_bound_regret_is_that_of_random_points_and_values_are_noisy()
    {
        var (values, first) = (new List<(double[] At, double Value)>(), 0);
        var (regret, _) = new BoundSearch(7, 300, Noise: 0.5).Run(objective, Key.Of(2), (x, y) =>
        {
            first = y.Count;
            return (at => Tensor.Zeros([at.Shape[0]]), (at, value) => values.Add((at.ToDoubles(), value)));
        });
        Assert.Equal(7, first);
        Assert.Equal(0.5, Math.Sqrt(values.Average(query => Math.Pow(query.Value - objective.Of(query.At), 2))), 0.08);
        Assert.Equal(-values.Average(query => objective.Of(query.At)), regret, 1e-9);
        Assert.True(regret > 0.3);
    }
}
