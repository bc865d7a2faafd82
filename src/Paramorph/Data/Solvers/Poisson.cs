namespace Paramorph.Data.Solvers;

/// <summary>
/// Poisson's equation -Laplacian u = f on a grid of square cells with obstacles, by the five-point formula: second order. It is the pressure equation of a
/// flow around bodies, and the linear system that learned solvers are tried on.
/// </summary>
public static class Poisson
{
    /// <summary>The matrix A with A u = h^2 f for cells of side h. Rows of obstacles are those of the unit matrix.</summary>
    /// <param name="isFree">True outside of obstacles: bool [rows, columns].</param>
    /// <param name="edge">What holds at the edge of the rectangle.</param>
    /// <param name="obstacle">What holds at obstacles: Neumann (a wall) or Dirichlet (u = 0).</param>
    /// <exception cref="ShapeException">The mask is not bool [rows, columns].</exception>
    public static FivePointMatrix Matrix(
        Tensor isFree, EdgeCondition edge = EdgeCondition.Dirichlet, EdgeCondition obstacle = EdgeCondition.Dirichlet)
    {
        if (isFree.ElementType != ElementType.Bool || isFree.Rank != 2)
            throw new ShapeException($"poisson: {isFree.Type} is no mask of free cells: it is bool[rows, columns].");
        return CellMatrix.Of(Tensor.From(isFree.ToDoubles(), isFree.Shape), edge, obstacle);
    }

    /// <summary>A domain with obstacles at random places: discs and turned rectangles, which may overlap. What they cut off from the largest free part belongs to them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">Cells down.</param>
    /// <param name="columns">Cells across.</param>
    /// <param name="count">Number of obstacles.</param>
    /// <param name="size">The smallest and largest half width of an obstacle, as a share of the smaller side of the domain.</param>
    /// <returns>True outside of obstacles: bool [rows, columns].</returns>
    public static Tensor RandomObstacles(Key key, int rows, int columns, int count, (double Small, double Large)? size = null)
    {
        var random = new KeyRandom(key);
        var (small, large) = size ?? (0.04, 0.12);
        var side = Math.Min(rows, columns);
        var isFree = new bool[rows * columns];
        Array.Fill(isFree, true);
        for (var n = 0; n < count; n++)
        {
            var (x, y) = (random.Uniform(0, columns), random.Uniform(0, rows));
            var (a, b) = (side * random.Uniform(small, large), side * random.Uniform(small, large));
            var (sin, cos) = Math.SinCos(random.Uniform(0, Math.PI));
            var isDisc = random.Chance(0.5);
            for (var p = 0; p < isFree.Length; p++)
            {
                var (dx, dy) = (p % columns + 0.5 - x, p / columns + 0.5 - y);
                var (u, v) = ((cos * dx + sin * dy) / a, (cos * dy - sin * dx) / b);
                if (isDisc ? dx * dx + dy * dy < a * a : Math.Abs(u) < 1 && Math.Abs(v) < 1) isFree[p] = false;
            }
        }
        Connect(isFree, columns);
        return Tensor.From(isFree, [rows, columns]);
    }

    /// <summary>Leaves the largest part of the free cells that hang together by their sides: walls around another would make its equations singular.</summary>
    private static void Connect(bool[] isFree, int columns)
    {
        var parts = new int[isFree.Length];
        var sizes = new List<int> { 0 };
        var next = new Stack<int>();
        for (var start = 0; start < isFree.Length; start++)
        {
            if (!isFree[start] || parts[start] > 0) continue;
            var part = sizes.Count;
            sizes.Add(0);
            Reach(start);
            while (next.TryPop(out var p))
            {
                sizes[part]++;
                if (p >= columns) Reach(p - columns);
                if (p + columns < isFree.Length) Reach(p + columns);
                if (p % columns > 0) Reach(p - 1);
                if ((p + 1) % columns > 0) Reach(p + 1);
            }

            void Reach(int p)
            {
                if (!isFree[p] || parts[p] > 0) return;
                parts[p] = part;
                next.Push(p);
            }
        }
        var largest = sizes.IndexOf(sizes.Max());
        for (var p = 0; p < isFree.Length; p++) isFree[p] &= parts[p] == largest;
    }

    /// <summary>Random right-hand sides: normal numbers in free cells, with mean 0, and 0 in obstacles.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isFree">True outside of obstacles: bool [rows, columns].</param>
    /// <param name="count">How many.</param>
    /// <returns>f64 [count, rows, columns].</returns>
    public static Tensor RandomRightHandSides(Key key, Tensor isFree, int count)
    {
        var random = new KeyRandom(key);
        var free = isFree.ToArray<bool>();
        int[] places = [.. Enumerable.Range(0, free.Length).Where(p => free[p])];
        var right = new double[count * free.Length];
        for (var n = 0; n < count; n++)
        {
            var numbers = Array.ConvertAll(places, _ => random.Normal());
            var mean = numbers.DefaultIfEmpty().Average();
            for (var i = 0; i < places.Length; i++) right[n * free.Length + places[i]] = numbers[i] - mean;
        }
        return Tensor.From(right, [count, .. isFree.Shape]);
    }
}
