using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class SphereClassesTests
{
    private static readonly SphereClasses task = SphereClasses.Of(Key.Of(3), 20_000, 4000, 3);

    [Fact]
    public void Points_are_on_the_positive_part_of_the_sphere()
    {
        Assert.Equal([20_000, 3], task.Points.Shape.ToArray());
        Assert.True(task.Points.Min().Item() >= 0);
        Assert.Equal(1, Tensor.Square(task.Asked).Sum(-1).Max().Item(), 1e-12);
    }

    [Fact]
    public void Classes_are_as_frequent_as_their_probability() => Assert.Equal(2 * task.Probabilities.Average() - 1, task.Labels.Mean().Item(), 0.03);

    [Fact]
    public void The_best_answers_have_no_excess_error_and_their_opposites_the_most()
    {
        bool[] best = [.. task.Probabilities.Select(probability => probability > 0.5)];
        Assert.Equal(0, task.ExcessError(best));
        Assert.Equal(task.Probabilities.Average(probability => Math.Max(probability, 1 - probability) - Math.Min(probability, 1 - probability)), task.ExcessError([.. best.Select(one => !one)]), 1e-12);
    }
}
