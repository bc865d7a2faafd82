using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SearchObjectiveTests
{
    private static double[][] Points(int dimensions, int count)
    {
        var random = new KeyRandom(Key.Of(1));
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimensions).Select(_ => random.Uniform(-1, 1)).ToArray())];
    }

    [Fact]
    public void Styblinski_and_Tang_have_their_highest_value_at_minus_2_9()
    {
        var objective = SearchObjective.StyblinskiTang(3);
        Assert.Equal(objective.Highest, objective.Of([.. Enumerable.Repeat(-2.903534 / 5, 3)]), 1e-5);
        Assert.Equal(1, Deviation(objective), 0.05);
    }

    [Fact]
    public void No_point_is_higher_than_the_highest_value_of_a_perceptron()
    {
        var objective = SearchObjective.Perceptron(Key.Of(2), 2, 5);
        var found = Points(2, 2000).Max(objective.Of);
        Assert.InRange(found, objective.Highest - 0.1, objective.Highest + 1e-9);
        Assert.Equal(1, Deviation(objective), 0.1);
    }

    private static double Deviation(SearchObjective objective)
    {
        double[] values = [.. Points(objective.Dimensions, 4000).Select(objective.Of)];
        return Math.Sqrt(values.Average(value => value * value) - Math.Pow(values.Average(), 2));
    }
}
