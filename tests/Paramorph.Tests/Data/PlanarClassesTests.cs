using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class PlanarClassesTests
{
    public static TheoryData<string> Names => [.. Generators.Keys];

    private static readonly Dictionary<string, Func<Key, LabelledData>> Generators = new()
    {
        ["spirals"] = key => PlanarClasses.TwoSpirals(key, 200),
        ["rings"] = key => PlanarClasses.Rings(key, 200),
        ["moons"] = key => PlanarClasses.Moons(key, 200),
        ["checkerboard"] = key => PlanarClasses.Checkerboard(key, 200),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Classes_are_of_equal_size_and_follow_from_the_key(string name)
    {
        var data = Generators[name](Key.Of(1));
        Assert.Equal([200, 2], data.Inputs.Shape);
        Assert.Equal(100, data.Labels.ToArray<int>().Sum());
        Assert.Equal(data.Inputs.ToArray<float>(), Generators[name](Key.Of(1)).Inputs.ToArray<float>());
        Assert.NotEqual(data.Inputs.ToArray<float>(), Generators[name](Key.Of(2)).Inputs.ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_nearest_neighbour_tells_the_class_where_the_sample_is_dense(string name)
    {
        var data = Generators[name](Key.Of(3));
        var (points, labels) = (data.Inputs.ToArray<float>(), data.Labels.ToArray<int>());
        double Square(int i, int j) => Math.Pow(points[2 * i] - points[2 * j], 2) + Math.Pow(points[2 * i + 1] - points[2 * j + 1], 2);
        var right = Enumerable.Range(0, 200).Count(i => labels[Enumerable.Range(0, 200).Where(j => j != i).MinBy(j => Square(i, j))] == labels[i]);
        Assert.InRange(right, 165, 200);
    }

    [Fact]
    public void Rings_lie_within_their_radii()
    {
        var data = PlanarClasses.Rings(Key.Of(4), 300, classes: 3, gap: 0.5, noise: 0);
        var (points, labels) = (data.Inputs.ToArray<float>(), data.Labels.ToArray<int>());
        for (var i = 0; i < 300; i++)
        {
            var radius = Math.Sqrt(points[2 * i] * points[2 * i] + points[2 * i + 1] * points[2 * i + 1]);
            Assert.InRange(radius, (labels[i] == 0 ? 0 : labels[i] + 0.5) / 3 - 1e-6, (labels[i] + 1) / 3.0 + 1e-6);
        }
    }

    [Fact]
    public void Points_of_spirals_without_noise_lie_on_them()
    {
        var data = PlanarClasses.TwoSpirals(Key.Of(5), 100, turns: 1, noise: 0);
        var (points, labels) = (data.Inputs.ToArray<float>(), data.Labels.ToArray<int>());
        for (var i = 0; i < 100; i++)
        {
            var (x, y) = (points[2 * i], points[2 * i + 1]);
            var expected = 2 * Math.PI * (Math.Sqrt(x * x + y * y) + labels[i] / 2.0);
            Assert.Equal(1, Math.Cos(Math.Atan2(y, x) - expected), 4);
        }
    }
}
