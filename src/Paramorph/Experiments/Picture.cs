using Paramorph.Formats;

namespace Paramorph.Experiments;

/// <summary>A picture of red, green and blue bytes, made of data: heat maps, images, outlines drawn over them.</summary>
public sealed class Picture
{
    private const int Gap = 8;
    private readonly byte[] pixels;

    /// <summary>A white picture.</summary>
    public Picture(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (Width, Height) = (width, height);
        pixels = new byte[3 * width * height];
        pixels.AsSpan().Fill(255);
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>The bytes: red, green, blue of each pixel, row by row from the top.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>A heat map of numbers in a table; the first row is at the top.</summary>
    /// <param name="values">[height, width].</param>
    /// <param name="low">The number that is darkest; by default the smallest.</param>
    /// <param name="high">The number that is brightest; by default the largest.</param>
    /// <param name="scale">Pixels across and down for each number.</param>
    public static Picture HeatMap(double[,] values, double? low = null, double? high = null, int scale = 1)
    {
        var (from, to) = (low ?? values.Cast<double>().Min(), high ?? values.Cast<double>().Max());
        var picture = new Picture(values.GetLength(1) * scale, values.GetLength(0) * scale);
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++)
                picture.Set(x, y, Colour.OfLevel(to > from ? (values[y / scale, x / scale] - from) / (to - from) : 0.5));
        return picture;
    }

    /// <inheritdoc cref="HeatMap(double[,], double?, double?, int)"/>
    public static Picture HeatMap(Tensor values, double? low = null, double? high = null, int scale = 1)
    {
        var table = new double[values.Shape[0], values.Shape[1]];
        Buffer.BlockCopy(values.ToDoubles(), 0, table, 0, sizeof(double) * table.Length);
        return HeatMap(table, low, high, scale);
    }

    /// <summary>A dot for each pair of numbers, over the line on which both are equal.</summary>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upward; as many.</param>
    /// <param name="low">The number at the left and at the bottom.</param>
    /// <param name="high">The number at the right and at the top.</param>
    /// <param name="side">Pixels along a side.</param>
    public static Picture Scatter(IReadOnlyList<double> x, IReadOnlyList<double> y, double low, double high, int side = 260)
    {
        var picture = new Picture(side, side);
        double At(double value) => side * (value - low) / (high - low);
        picture.Line(0, side, side, 0, new(190, 190, 190));
        foreach (var (a, b) in x.Zip(y)) picture.Dot(At(a), side - At(b), 3, new(40, 90, 170));
        return picture;
    }

    /// <summary>A dot for each pair of numbers, and over them a curve, the second number as a function of the first.</summary>
    /// <param name="x">To the right.</param>
    /// <param name="y">Upward; as many.</param>
    /// <param name="curve">The curve.</param>
    /// <param name="across">Range across.</param>
    /// <param name="upward">Range upward.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels up.</param>
    public static Picture OverCurve(
        IReadOnlyList<double> x, IReadOnlyList<double> y, Func<double, double> curve, (double Low, double High) across, (double Low, double High) upward, int width = 560, int height = 420)
    {
        var picture = new Picture(width, height);
        void Put(double a, double b, double radius, Colour colour) =>
            picture.Dot(width * (a - across.Low) / (across.High - across.Low), height * (upward.High - b) / (upward.High - upward.Low), radius, colour);
        foreach (var (a, b) in x.Zip(y)) Put(a, b, 1.5, Colour.Distinct[0]);
        for (var i = 0.0; i < width; i += 0.5) Put(across.Low + (across.High - across.Low) * i / width, curve(across.Low + (across.High - across.Low) * i / width), 1, Colour.Distinct[1]);
        return picture;
    }

    /// <summary>Kernels of convolutions as heat maps, the first input of each alone, those of a tensor in a row; the ends of the scale are minus and plus the largest modulus in the first tensor.</summary>
    /// <param name="kernels">[outputs, inputs, height, width] each.</param>
    /// <param name="scale">Pixels across and down for each number.</param>
    public static Picture Kernels(IReadOnlyList<Tensor> kernels, int scale = 16)
    {
        var bound = Tensor.Abs(kernels[0]).Max().Item();
        return Column([.. kernels.Select(row => Row([.. Enumerable.Range(0, row.Shape[0]).Select(k => HeatMap(row[k, 0].Evaluate(), -bound, bound, scale))]))]);
    }

    /// <summary>A picture of a function of two variables, sampled at the centres of the pixels; the second variable grows upward.</summary>
    /// <param name="values">Values of the points [n, 2], one each; called once.</param>
    /// <param name="x">Range across.</param>
    /// <param name="y">Range upward.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels up.</param>
    /// <param name="low">The number that is darkest; by default the smallest.</param>
    /// <param name="high">The number that is brightest; by default the largest.</param>
    public static Picture Of(Func<Tensor, Tensor> values, (double Low, double High) x, (double Low, double High) y, int width, int height, double? low = null, double? high = null)
    {
        var points = new float[2 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            points[2 * i] = (float)(x.Low + (x.High - x.Low) * (i % width + 0.5) / width);
            points[2 * i + 1] = (float)(y.High - (y.High - y.Low) * (i / width + 0.5) / height);
        }
        return HeatMap(values(Tensor.From(points, [width * height, 2])).Reshape(height, width), low, high);
    }

    /// <summary>An image.</summary>
    /// <param name="image">[height, width] or [height, width, 3], real, of which 0 is dark and 1 is bright.</param>
    /// <param name="scale">Pixels across and down for each of the image.</param>
    public static Picture Image(Tensor image, int scale = 1)
    {
        var (height, width) = (image.Shape[0], image.Shape[1]);
        var channels = image.Rank == 3 ? image.Shape[2] : 1;
        var values = image.AsType(ElementType.Float64).ToArray<double>();
        var picture = new Picture(width * scale, height * scale);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var at = (y / scale * width + x / scale) * channels;
                picture.Set(x, y, Colour.OfUnit(values[at], values[at + (channels > 1 ? 1 : 0)], values[at + (channels > 2 ? 2 : 0)]));
            }
        }
        return picture;
    }

    /// <summary>Pictures side by side, with a white gap.</summary>
    public static Picture Row(params ReadOnlySpan<Picture> pictures)
    {
        var (width, height) = (-Gap, 0);
        foreach (var picture in pictures) (width, height) = (width + picture.Width + Gap, Math.Max(height, picture.Height));
        var row = new Picture(width, height);
        var left = 0;
        foreach (var picture in pictures)
        {
            row.Paste(picture, left, 0);
            left += picture.Width + Gap;
        }
        return row;
    }

    /// <summary>Pictures one below the other, with a white gap.</summary>
    public static Picture Column(params ReadOnlySpan<Picture> pictures)
    {
        var (width, height) = (0, -Gap);
        foreach (var picture in pictures) (width, height) = (Math.Max(width, picture.Width), height + picture.Height + Gap);
        var column = new Picture(width, height);
        var top = 0;
        foreach (var picture in pictures)
        {
            column.Paste(picture, 0, top);
            top += picture.Height + Gap;
        }
        return column;
    }

    /// <summary>Colours a pixel; outside the picture nothing happens.</summary>
    public void Set(int x, int y, Colour colour)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height) return;
        var at = 3 * (y * Width + x);
        (pixels[at], pixels[at + 1], pixels[at + 2]) = (colour.Red, colour.Green, colour.Blue);
    }

    /// <summary>Draws the outline of an ellipse.</summary>
    /// <param name="x">Centre, pixels from the left.</param>
    /// <param name="y">Centre, pixels from the top.</param>
    /// <param name="first">One half axis, as a vector in pixels.</param>
    /// <param name="second">The other half axis.</param>
    /// <param name="colour">Its colour.</param>
    public void Ellipse(double x, double y, (double X, double Y) first, (double X, double Y) second, Colour colour)
    {
        var length = 2 * Math.PI * Math.Max(double.Hypot(first.X, first.Y), double.Hypot(second.X, second.Y));
        var points = (int)Math.Clamp(2 * length, 8, 20_000);
        for (var i = 0; i < points; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / points);
            Set((int)Math.Round(x + cos * first.X + sin * second.X), (int)Math.Round(y + cos * first.Y + sin * second.Y), colour);
        }
    }

    /// <summary>Draws a dot.</summary>
    /// <param name="x">Centre, pixels from the left.</param>
    /// <param name="y">Centre, pixels from the top.</param>
    /// <param name="radius">Radius in pixels.</param>
    /// <param name="colour">Its colour.</param>
    public void Dot(double x, double y, double radius, Colour colour)
    {
        for (var j = (int)Math.Floor(y - radius); j <= y + radius; j++)
            for (var i = (int)Math.Floor(x - radius); i <= x + radius; i++)
                if ((i - x) * (i - x) + (j - y) * (j - y) <= radius * radius) Set(i, j, colour);
    }

    /// <summary>Draws a straight line.</summary>
    public void Line(double x0, double y0, double x1, double y1, Colour colour)
    {
        var steps = (int)Math.Ceiling(Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
        for (var i = 0; i <= steps; i++)
        {
            var t = steps == 0 ? 0 : (double)i / steps;
            Set((int)Math.Round(x0 + t * (x1 - x0)), (int)Math.Round(y0 + t * (y1 - y0)), colour);
        }
    }

    /// <summary>Writes it as a PNG file.</summary>
    public void Save(string path) => Png.Write(path, Tensor.From<byte>(pixels, [Height, Width, 3]));

    private void Paste(Picture picture, int left, int top)
    {
        for (var y = 0; y < picture.Height; y++)
            picture.pixels.AsSpan(3 * y * picture.Width, 3 * picture.Width).CopyTo(pixels.AsSpan(3 * ((top + y) * Width + left)));
    }
}
