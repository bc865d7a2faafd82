using Paramorph.Methods;

namespace Paramorph.Tests.Methods;

public sealed class SobolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Every_power_of_two_of_points_has_one_in_each_interval_of_each_axis(int dimensions)
    {
        var points = Sobol.Points(Key.Of(5), 64, dimensions);
        foreach (var count in (int[])[2, 8, 32, 64])
            for (var d = 0; d < dimensions; d++)
                Assert.Equal(count, points.Take(count).Select(point => (int)(point[d] * count)).Distinct().Count());
    }

    [Fact]
    public void Sixteen_points_have_one_in_each_of_sixteen_boxes_of_the_first_two_axes()
    {
        var points = Sobol.Points(Key.Of(9), 16, 2);
        foreach (var (columns, rows) in (ReadOnlySpan<(int, int)>)[(16, 1), (8, 2), (4, 4), (2, 8), (1, 16)])
            Assert.Equal(16, points.Select(point => ((int)(point[0] * columns), (int)(point[1] * rows))).Distinct().Count());
    }

    [Fact]
    public void Keys_shift_the_points()
    {
        Assert.Equal(Sobol.Points(Key.Of(1), 4, 3), Sobol.Points(Key.Of(1), 4, 3));
        Assert.NotEqual(Sobol.Points(Key.Of(1), 4, 3), Sobol.Points(Key.Of(2), 4, 3));
    }
}
