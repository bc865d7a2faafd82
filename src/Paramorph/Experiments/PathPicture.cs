namespace Paramorph.Experiments;

/// <summary>Pictures of points that move in a plane.</summary>
public static class PathPicture
{
    /// <summary>The way of each point in a pale colour, over grey axes, and a dot where it ends. The origin is in the middle.</summary>
    /// <param name="places">Where the points are, time by time: as many each time, not all at the origin.</param>
    /// <param name="colour">The colour of a point, by its number.</param>
    /// <param name="side">Pixels along a side.</param>
    public static Picture Draw(IReadOnlyList<(double X, double Y)[]> places, Func<int, Colour> colour, int side = 480)
    {
        var reach = 1.05 * places.SelectMany(at => at).Max(at => Math.Max(Math.Abs(at.X), Math.Abs(at.Y)));
        (double X, double Y) Pixel((double X, double Y) at) => (side / 2 * (1 + at.X / reach), side / 2 * (1 - at.Y / reach));
        var picture = new Picture(side, side);
        picture.Line(0, side / 2, side, side / 2, new(220, 220, 220));
        picture.Line(side / 2, 0, side / 2, side, new(220, 220, 220));
        for (var point = 0; point < places[0].Length; point++)
        {
            var own = colour(point);
            var pale = Colour.OfUnit(0.6 + own.Red / 640.0, 0.6 + own.Green / 640.0, 0.6 + own.Blue / 640.0);
            for (var i = 1; i < places.Count; i++)
            {
                var (from, to) = (Pixel(places[i - 1][point]), Pixel(places[i][point]));
                picture.Line(from.X, from.Y, to.X, to.Y, pale);
            }
            var (x, y) = Pixel(places[^1][point]);
            picture.Dot(x, y, 3, own);
        }
        return picture;
    }
}
