using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class PathPictureTests
{
    [Fact]
    public void A_dot_ends_a_pale_line_from_the_origin_to_the_right_or_upward()
    {
        (double X, double Y)[][] places = [[(0, 0), (0, 0)], [(1, 0), (0, 0.5)]];
        var picture = PathPicture.Draw(places, point => point == 0 ? new(200, 0, 0) : new(0, 0, 200), side: 210);
        Colour At(int x, int y) => picture.Pixels.Slice(3 * (y * picture.Width + x), 3) is var bytes ? new(bytes[0], bytes[1], bytes[2]) : default;
        Assert.Equal(new(200, 0, 0), At(205, 105));
        Assert.Equal(new(0, 0, 200), At(105, 55));
        Assert.True(At(150, 105) is { Red: > 200, Green: > 100 and < 200 });
        Assert.True(At(105, 80) is { Blue: > 200, Red: > 100 and < 200 });
        Assert.Equal(new(220, 220, 220), At(20, 105));
        Assert.Equal(new(255, 255, 255), At(20, 20));
    }
}
