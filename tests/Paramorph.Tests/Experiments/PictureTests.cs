using Paramorph.Experiments;

namespace Paramorph.Tests.Experiments;

public sealed class PictureTests
{
    [Fact]
    public void A_confusion_chart_has_a_cell_for_each_pair_of_classes_and_the_counts_in_them()
    {
        var drawing = System.Xml.Linq.XDocument.Parse(ConfusionChart.Draw(["a<b", "a very long name of a class"], new[,] { { 7, 0 }, { 2, 11 } })).Root!;
        Assert.Equal(4, drawing.Elements().Count(element => element.Name.LocalName == "rect" && element.Attribute("stroke") is not null));
        string[] texts = [.. drawing.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Equal(["7", "2", "11"], texts.Where(text => int.TryParse(text, out _)));
        Assert.Contains("a<b", texts);
        Assert.DoesNotContain(texts, text => text.Length > 14);
    }

    [Fact]
    public void A_chart_says_what_its_axes_are()
    {
        var drawing = System.Xml.Linq.XDocument.Parse(LineChart.Draw("loss", [("x", [new(0, 1), new(1, 2)])], "time, s < 1", "loss")).Root!;
        Assert.Contains(drawing.Elements(), element => element.Value == "time, s < 1" && element.Attribute("transform") is null);
        Assert.Contains(drawing.Elements(), element => element.Value == "loss" && element.Attribute("transform") is not null);
    }

    [Fact]
    public void Levels_grow_brighter()
    {
        double Luminance(Colour c) => 0.2126 * c.Red + 0.7152 * c.Green + 0.0722 * c.Blue;
        var brightness = Enumerable.Range(0, 33).Select(i => Luminance(Colour.OfLevel(i / 32.0))).ToArray();
        Assert.All(brightness.Zip(brightness.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Fact]
    public void A_function_grows_upward_and_to_the_right()
    {
        var picture = Picture.Of(p => p[.., 0] + 2.0 * p[.., 1], (0, 1), (0, 1), 8, 8);
        double At(int x, int y) => picture.Pixels[3 * (y * 8 + x)] + picture.Pixels[3 * (y * 8 + x) + 1] + picture.Pixels[3 * (y * 8 + x) + 2];
        Assert.True(At(7, 0) > At(0, 0));
        Assert.True(At(0, 0) > At(0, 7));
    }

    [Fact]
    public void Pictures_stand_side_by_side()
    {
        var row = Picture.Row(new Picture(4, 3), new Picture(5, 7));
        Assert.True(row.Width >= 9);
        Assert.Equal(7, row.Height);
    }

    [Fact]
    public void What_is_drawn_outside_is_left_out()
    {
        var picture = new Picture(5, 5);
        picture.Ellipse(0, 0, (10, 0), (0, 10), new(0, 0, 0));
        picture.Dot(4, 4, 3, new(1, 2, 3));
        Assert.Equal(1, picture.Pixels[^3]);
    }

    [Fact]
    public void A_chart_of_constant_or_missing_values_is_still_a_drawing()
    {
        foreach (var points in (ChartPoint[][])[[], [new(0, 1)], [new(0, double.NaN), new(1, double.PositiveInfinity)], [new(0, 0), new(5, 0)]])
            System.Xml.Linq.XDocument.Parse(LineChart.Draw("a < b", [("x", points)]));
    }

    [Fact]
    public void The_line_of_equal_coordinates_goes_from_corner_to_corner_and_a_long_title_ends_within_the_drawing()
    {
        ChartPoint[] points = [new(0.9, 0.5), new(0.95, 0.7), new(1, 0.75)];
        var title = string.Join(' ', Enumerable.Repeat("certainty", 15));
        var drawing = System.Xml.Linq.XDocument.Parse(LineChart.Scatter(title, [("model", points)])).Root!;
        double At(System.Xml.Linq.XElement element, string name) => double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
        var line = drawing.Elements().Single(element => element.Name.LocalName == "line" && element.Attribute("stroke")!.Value == "#999999");
        var circles = drawing.Elements().Where(element => element.Name.LocalName == "circle").ToArray();
        Assert.Equal(3, circles.Length);
        // The least of all coordinates is 0.5 and the largest 1: places along the line are linear in them.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(At(line, "x1") + (At(line, "x2") - At(line, "x1")) * (points[i].X - 0.5) / 0.5, At(circles[i], "cx"), 0.06);
            Assert.Equal(At(line, "y1") + (At(line, "y2") - At(line, "y1")) * (points[i].Y - 0.5) / 0.5, At(circles[i], "cy"), 0.06);
        }
        var heading = drawing.Elements().First(element => element.Name.LocalName == "text");
        Assert.True(At(heading, "x") + 0.5 * At(heading, "font-size") * title.Length < 720);
    }

    [Fact]
    public void Dots_lie_over_their_curve()
    {
        var picture = Picture.OverCurve([1], [3], x => x, (0, 4), (0, 4), width: 40, height: 40);
        Colour At(int x, int y) => new(picture.Pixels[3 * (y * 40 + x)], picture.Pixels[3 * (y * 40 + x) + 1], picture.Pixels[3 * (y * 40 + x) + 2]);
        Assert.Equal(Colour.Distinct[0], At(10, 10));
        Assert.Equal(Colour.Distinct[1], At(20, 20));
        Assert.Equal(new Colour(255, 255, 255), At(30, 30));
    }

    [Fact]
    public void Kernels_stand_in_a_row_for_each_tensor()
    {
        var kernels = Tensor.Zeros([3, 2, 4, 5]) + 1.0;
        var picture = Picture.Kernels([kernels, kernels * 0.5], scale: 2);
        Assert.Equal((3 * 10 + 2 * 8, 2 * 8 + 8), (picture.Width, picture.Height));
    }
}
