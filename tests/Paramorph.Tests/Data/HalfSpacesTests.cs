using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class HalfSpacesTests
{
    [Fact]
    public void The_class_is_the_side_of_the_plane()
    {
        var data = HalfSpaces.Of(Key.Of(1), 500, 3);
        var (rows, labels) = (data.Inputs.ToDoubles().Chunk(3).ToArray(), data.Labels.ToArray<int>());
        Assert.All(rows.Zip(labels), example => Assert.Equal(example.First[0] + example.First[1] > 0, example.Second == 1));
        Assert.InRange(labels.Sum(), 200, 300);
    }
}
