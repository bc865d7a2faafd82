namespace Paramorph.Data;

/// <summary>A drawn line: points joined by straight pieces, in a plane where x runs to the right and y down.</summary>
internal readonly record struct Stroke((double X, double Y)[] Points)
{
    private const int PiecesPerSpan = 6;

    /// <summary>A smooth line through points: a Catmull-Rom spline. Its tangents at the ends are those of the first and last chord.</summary>
    public static Stroke Through(ReadOnlySpan<(double X, double Y)> knots)
    {
        if (knots.Length < 3) return new(knots.ToArray());
        var points = new List<(double X, double Y)> { knots[0] };
        var isClosed = knots[0] == knots[^1];
        for (var i = 0; i + 1 < knots.Length; i++)
        {
            var before = i > 0 ? knots[i - 1] : isClosed ? knots[^2] : knots[0];
            var after = i + 2 < knots.Length ? knots[i + 2] : isClosed ? knots[1] : knots[^1];
            for (var piece = 1; piece <= PiecesPerSpan; piece++)
            {
                var t = (double)piece / PiecesPerSpan;
                points.Add((
                    Spline(before.X, knots[i].X, knots[i + 1].X, after.X, t),
                    Spline(before.Y, knots[i].Y, knots[i + 1].Y, after.Y, t)));
            }
        }
        return new([.. points]);
    }

    /// <summary>The stroke whose points are moved by a map.</summary>
    public Stroke Mapped(Func<(double X, double Y), (double X, double Y)> map) => new(Array.ConvertAll(Points, p => map(p)));

    /// <summary>
    /// Draws on an image, brighter pixels staying as they are. Coordinates are pixels, and pixel (i, j) is centred at (i + 1/2, j + 1/2). The edge falls
    /// from full to no brightness over one pixel.
    /// </summary>
    /// <param name="image">Brightness [height, width].</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="thickness">Pixels across.</param>
    /// <param name="brightness">How bright, up to 1.</param>
    public void Draw(Span<float> image, int width, double thickness, double brightness = 1)
    {
        var height = image.Length / width;
        var reach = thickness / 2 + 0.5;
        for (var n = 0; n + 1 < Points.Length; n++)
        {
            var (a, b) = (Points[n], Points[n + 1]);
            var (left, right) = Covered(Math.Min(a.X, b.X) - reach, Math.Max(a.X, b.X) + reach, width);
            var (top, bottom) = Covered(Math.Min(a.Y, b.Y) - reach, Math.Max(a.Y, b.Y) + reach, height);
            for (var j = top; j < bottom; j++)
            {
                for (var i = left; i < right; i++)
                {
                    var covered = Math.Clamp(reach - Distance(i + 0.5, j + 0.5, a, b), 0, 1);
                    ref var pixel = ref image[j * width + i];
                    pixel = Math.Max(pixel, (float)(brightness * covered));
                }
            }
        }
    }

    private static (int From, int To) Covered(double low, double high, int size) =>
        ((int)Math.Clamp(Math.Floor(low), 0, size), (int)Math.Clamp(Math.Ceiling(high), 0, size));

    private static double Distance(double x, double y, (double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var square = dx * dx + dy * dy;
        var t = square > 0 ? Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / square, 0, 1) : 0;
        var (ex, ey) = (x - a.X - t * dx, y - a.Y - t * dy);
        return Math.Sqrt(ex * ex + ey * ey);
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
