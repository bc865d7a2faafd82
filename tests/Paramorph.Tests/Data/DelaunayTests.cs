using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class DelaunayTests
{
    private static readonly (double X, double Y)[] points = [.. Drawn(60)];

    [Fact]
    public void No_point_lies_within_the_circle_of_a_triangle()
    {
        foreach (var (a, b, c) in Delaunay.Triangles(points))
        {
            for (var d = 0; d < points.Length; d++)
                if (d != a && d != b && d != c) Assert.True(InCircle(points[a], points[b], points[c], points[d]) < 1e-5);
        }
    }

    [Fact]
    public void Triangles_turn_left_and_fill_the_hull()
    {
        var areas = Delaunay.Triangles(points).Select(t => Area(points[t.A], points[t.B], points[t.C])).ToArray();
        Assert.All(areas, area => Assert.True(area > 0));
        Assert.Equal(HullArea(points), areas.Sum(), 4);
    }

    [Fact]
    public void Points_on_a_grid_have_two_triangles_a_square()
    {
        (double, double)[] grid = [.. Enumerable.Range(0, 25).Select(i => ((double)(i % 5), (double)(i / 5)))];
        Assert.Equal(16, Delaunay.Triangles(grid).Sum(t => Area(grid[t.A], grid[t.B], grid[t.C])), 4);
    }

    [Fact]
    public void Two_points_have_no_triangle() => Assert.Empty(Delaunay.Triangles([(0, 0), (1, 1)]));

    private static IEnumerable<(double, double)> Drawn(int count)
    {
        var random = new Random(3);
        for (var i = 0; i < count; i++) yield return (random.NextDouble(), random.NextDouble());
    }

    private static double Area((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) => ((b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X)) / 2;

    /// <summary>The determinant that is positive where d lies within the circle through a, b and c, which turn left.</summary>
    private static double InCircle((double X, double Y) a, (double X, double Y) b, (double X, double Y) c, (double X, double Y) d)
    {
        double Lifted((double X, double Y) p) => (p.X - d.X) * (p.X - d.X) + (p.Y - d.Y) * (p.Y - d.Y);
        double Cross((double X, double Y) p, (double X, double Y) q) => (p.X - d.X) * (q.Y - d.Y) - (p.Y - d.Y) * (q.X - d.X);
        return Lifted(a) * Cross(b, c) - Lifted(b) * Cross(a, c) + Lifted(c) * Cross(a, b);
    }

    /// <summary>By the hull's corners in order (Andrew's chains).</summary>
    private static double HullArea((double X, double Y)[] points)
    {
        List<(double X, double Y)> Chain(IEnumerable<(double X, double Y)> ordered)
        {
            var chain = new List<(double X, double Y)>();
            foreach (var point in ordered)
            {
                while (chain.Count > 1 && Area(chain[^2], chain[^1], point) <= 0) chain.RemoveAt(chain.Count - 1);
                chain.Add(point);
            }
            return chain[..^1];
        }
        var hull = Chain(points.Order()).Concat(Chain(points.OrderDescending())).ToArray();
        return hull.Select((point, i) => point.X * hull[(i + 1) % hull.Length].Y - point.Y * hull[(i + 1) % hull.Length].X).Sum() / 2;
    }
}
