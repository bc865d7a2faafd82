using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class ExclusiveOrTaskTests
{
    private const int Dimensions = 9;

    private static ExclusiveOrTask Task(double separability, double noise = 0.3) => ExclusiveOrTask.Of(Key.Of(1), 4000, Dimensions, separability, noise);

    [Fact]
    public void Centres_lie_in_the_plane_where_the_separability_puts_them()
    {
        var places = Task(0.36).Plane(Task(0.36).Centres.T);
        var (along, within) = (Math.Sqrt(Dimensions) * 0.6, Math.Sqrt(Dimensions * 0.64 / 2));
        Numbers.Close([.. ExclusiveOrTask.Classes.Select(side => side ? along : -along)], [.. places.Select(at => at.X)], 1e-5);
        Numbers.Close([within, within, -within, -within], [.. places.Select(at => at.Y)], 1e-5);
    }

    [Fact]
    public void Examples_take_turns_among_the_clusters_and_lie_around_their_centres()
    {
        var task = Task(0.2);
        Numbers.Close(task.Centres.ToDoubles(), task.Inputs.Reshape(1000, 4, Dimensions).Mean(0).ToDoubles(), 0.06);
        Assert.Equal(ExclusiveOrTask.Classes.Select(side => side ? 1f : 0f), task.Labels[..4].ToArray<float>());
    }

    [Fact]
    public void The_noise_does_not_move_the_centres() => Assert.Equal(Task(0.2, 0.1).Centres.ToDoubles(), Task(0.2, 0.9).Centres.ToDoubles());
}
