namespace Paramorph.Data;

/// <summary>The triangulation of points in the plane in which no point lies within the circle through the corners of a triangle.</summary>
public static class Delaunay
{
    /// <summary>By how much points are moved, in their extent, so that no four lie on a circle and no three on a line.</summary>
    private const double Jitter = 1e-7;

    /// <summary>The triangles of points, point after point: all triangles whose circle holds the next one give way to such between it and their rim. (Bowyer, 1981; Watson, 1981.)</summary>
    /// <param name="points">The points; where several are at one place, each has its own triangles.</param>
    /// <returns>The numbers of the corners of each, counterclockwise; none of fewer than three points.</returns>
    public static IReadOnlyList<(int A, int B, int C)> Triangles(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 3) return [];
        var (x0, x1, y0, y1) = (points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
        var extent = Math.Max(Math.Max(x1 - x0, y1 - y0), 1e-12);
        var random = new KeyRandom(Key.Of(points.Count));
        double Moved(double value, double low) => (value - low) / extent + random.Uniform(-Jitter, Jitter);
        // A triangle far around everything begins; what keeps a corner of it is left out at the end.
        const double Far = 1e4;
        var n = points.Count;
        (double X, double Y)[] at = [.. points.Select(p => (Moved(p.X, x0), Moved(p.Y, y0))), (-Far, -Far), (Far, -Far), (0, Far)];
        var triangles = new List<Circle> { Circle.Through(at, n, n + 1, n + 2) };
        var rim = new HashSet<(int From, int To)>();
        for (var point = 0; point < n; point++)
        {
            rim.Clear();
            for (var i = triangles.Count - 1; i >= 0; i--)
            {
                if (!triangles[i].Holds(at[point])) continue;
                var (a, b, c) = triangles[i].Corners;
                // An edge between two of these triangles is passed in both directions, and is not of the rim.
                foreach (var (from, to) in ((int, int)[])[(a, b), (b, c), (c, a)])
                    if (!rim.Remove((to, from))) rim.Add((from, to));
                triangles[i] = triangles[^1];
                triangles.RemoveAt(triangles.Count - 1);
            }
            foreach (var (from, to) in rim) triangles.Add(Circle.Through(at, from, to, point));
        }
        return [.. triangles.Select(triangle => triangle.Corners).Where(corners => corners.A < n && corners.B < n && corners.C < n)];
    }

    private readonly record struct Circle((int A, int B, int C) Corners, double X, double Y, double Square)
    {
        public static Circle Through((double X, double Y)[] at, int a, int b, int c)
        {
            var (bx, by, cx, cy) = (at[b].X - at[a].X, at[b].Y - at[a].Y, at[c].X - at[a].X, at[c].Y - at[a].Y);
            var (twice, bb, cc) = (2 * (bx * cy - by * cx), bx * bx + by * by, cx * cx + cy * cy);
            var (x, y) = ((cy * bb - by * cc) / twice, (bx * cc - cx * bb) / twice);
            return new((a, b, c), at[a].X + x, at[a].Y + y, x * x + y * y);
        }

        public bool Holds((double X, double Y) point) => (point.X - X) * (point.X - X) + (point.Y - Y) * (point.Y - Y) < Square;
    }
}
