using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class ImageTests
{
    [Fact]
    public void Shapes_are_drawn_in_two_colours_within_the_image()
    {
        var data = ShapeImages.Of(Key.Of(1), 12, 48, noise: 0);
        Assert.Equal([12, 3, 48, 48], data.Inputs.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], data.Labels.ToArray<int>());
        for (var n = 0; n < 12; n++)
        {
            // All but the pixels of the edge have the ground's colour or the shape's.
            var colours = data.Inputs[n, 0].ToArray<float>().GroupBy(x => x).Select(g => g.Count()).OrderDescending().ToArray();
            Assert.InRange(colours[0] + colours[1], 1700, 2304);
            Assert.InRange(colours[1], 40, 1100);
        }
    }

    [Fact]
    public void Classes_of_shapes_have_about_the_same_area()
    {
        // At one scale: the area within the unit square from uniform points, after the shapes are scaled alike by the same key.
        var data = ShapeImages.Of(Key.Of(2), 240, 24, noise: 0);
        var areas = new double[6];
        for (var n = 0; n < 240; n++)
        {
            var counts = data.Inputs[n, 0].ToArray<float>().GroupBy(x => x).Select(g => g.Count()).OrderDescending().ToArray();
            areas[n % 6] += counts[1];
        }
        Assert.All(areas, a => Assert.InRange(a / areas.Average(), 0.6, 1.4));
    }

    [Fact]
    public void A_picture_is_the_same_at_any_resolution()
    {
        var picture = new TexturedImage(Key.Of(3));
        var fine = picture.Render(128, 128).Reshape(64, 2, 64, 2).Mean(1, 3);
        var coarse = picture.Render(64, 64);
        Assert.InRange(Tensor.Abs(fine - coarse).Mean().Item(), 0, 0.04);
    }

    [Fact]
    public void A_picture_has_detail_on_all_scales()
    {
        var picture = new TexturedImage(Key.Of(4)).Render(128, 128);
        Assert.All(picture.ToArray<float>(), x => Assert.InRange(x, 0, 1));
        for (var scale = 1; scale <= 16; scale *= 4)
        {
            var smooth = picture.Reshape(128 / scale, scale, 128 / scale, scale).Mean(1, 3);
            Assert.InRange(Tensor.Abs(smooth[1..] - smooth[..^1]).Mean().Item(), 0.01, 0.3);
        }
    }
}
