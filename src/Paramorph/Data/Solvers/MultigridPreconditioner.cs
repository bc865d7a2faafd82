namespace Paramorph.Data.Solvers;

/// <summary>
/// A V-cycle of multigrid for a <see cref="FivePointMatrix"/> on a grid with walls, as a preconditioner of conjugate gradients: one sweep of Gauss and Seidel forward on the way down and one
/// backward on the way up, so that it is symmetric and positive. Coarse cells are those of twice the side; their matrix joins what the cells in them join, at half the weight since the distance is twice
/// that of the fine cells; corrections are interpolated linearly around walls. (Wesseling, "An introduction to multigrid methods", 1992, chapter 5; the weight is that of Braess, "Towards algebraic multigrid
/// for elliptic problems of second order", 1995.)
/// </summary>
public sealed class MultigridPreconditioner
{
    /// <summary>A side that is not halved any more.</summary>
    private const int Coarsest = 4;

    /// <summary>Sweeps in both directions on the coarsest grid, which leave little of its error.</summary>
    private const int CoarsestSweeps = 10;

    private readonly Level[] levels;

    /// <summary>The cycle of a matrix.</summary>
    /// <param name="matrix">A positive M-matrix on a grid that does not wrap round.</param>
    /// <param name="isFree">1 in cells that are joined with others, 0 in walls, whose rows are those of the unit matrix: [rows, columns].</param>
    /// <exception cref="ShapeException">The mask has another shape than the grid.</exception>
    public MultigridPreconditioner(FivePointMatrix matrix, Tensor isFree)
    {
        if (isFree.Shape != matrix.Diagonal.Shape) throw new ShapeException($"multigrid: the free cells {isFree.Type} do not fit a matrix of {matrix.Diagonal.Type}.");
        var (rows, columns) = (isFree.Shape[0], isFree.Shape[1]);
        List<Level> found = [new(rows, columns, matrix.Diagonal.ToDoubles(), matrix.East.ToDoubles(), matrix.South.ToDoubles(), isFree.ToDoubles())];
        while (found[^1] is { Rows: var r, Columns: var c } && r % 2 == 0 && c % 2 == 0 && Math.Min(r, c) > Coarsest) found.Add(found[^1].Coarser());
        levels = [.. found];
    }

    /// <summary>The cycle from zero.</summary>
    /// <param name="right">The residual: f64 [rows, columns].</param>
    /// <exception cref="ShapeException">It has another shape than the grid.</exception>
    public Tensor Apply(Tensor right)
    {
        if (right.ElementType != ElementType.Float64 || right.Rank != 2 || right.Shape[0] != levels[0].Rows || right.Shape[1] != levels[0].Columns)
            throw new ShapeException($"multigrid: a right-hand side {right.Type} does not fit: it is f64[{levels[0].Rows}, {levels[0].Columns}].");
        return Tensor.From(Cycle(0, right.ToDoubles()), right.Shape);
    }

    private double[] Cycle(int level, double[] right)
    {
        var (grid, u) = (levels[level], new double[right.Length]);
        if (level == levels.Length - 1)
        {
            for (var sweep = 0; sweep < CoarsestSweeps; sweep++)
            {
                grid.Sweep(u, right, forward: true);
                grid.Sweep(u, right, forward: false);
            }
            return u;
        }
        grid.Sweep(u, right, forward: true);
        grid.Add(u, Cycle(level + 1, grid.Restricted(grid.Residual(u, right))));
        grid.Sweep(u, right, forward: false);
        return u;
    }

    /// <summary>A grid: its matrix, the free share of each cell, and how cells of twice the side are interpolated to it.</summary>
    private sealed class Level
    {
        private readonly double[] diagonal, east, south, free;
        private readonly int[] sources;
        private readonly double[] weights;

        public Level(int rows, int columns, double[] diagonal, double[] east, double[] south, double[] free)
        {
            (Rows, Columns, this.diagonal, this.east, this.south, this.free) = (rows, columns, diagonal, east, south, free);
            (sources, weights) = (new int[4 * free.Length], new double[4 * free.Length]);
            if (rows % 2 == 0 && columns % 2 == 0) Interpolate(Mean(free));
        }

        public int Rows { get; }

        public int Columns { get; }

        /// <summary>The grid of cells of twice the side.</summary>
        public Level Coarser()
        {
            const double HalfWeight = 0.5;
            var count = free.Length / 4;
            double[] d = new double[count], e = new double[count], s = new double[count], share = Mean(free);
            for (var p = 0; p < free.Length; p++)
            {
                // Walls are held on every grid.
                if (free[p] == 0) continue;
                var (row, column, block) = (p / Columns, p % Columns, Block(p));
                d[block] += HalfWeight * diagonal[p];
                Join(e, p, p + 1, column + 1 < Columns, east[p], isInside: column % 2 == 0);
                Join(s, p, p + Columns, row + 1 < Rows, south[p], isInside: row % 2 == 0);
            }
            void Join(double[] weights, int p, int q, bool isThere, double weight, bool isInside)
            {
                if (!isThere || weight == 0) return;
                // What cells of a block exchange among themselves no one else feels.
                if (isInside) d[Block(p)] -= 2 * HalfWeight * weight;
                else weights[Block(p)] += HalfWeight * weight;
            }
            for (var block = 0; block < count; block++)
                if (share[block] == 0) d[block] = 1;
            return new(Rows / 2, Columns / 2, d, e, s, share);
        }

        /// <summary>A sweep of Gauss and Seidel.</summary>
        public void Sweep(double[] u, double[] right, bool forward)
        {
            for (var i = 0; i < u.Length; i++)
            {
                var p = forward ? i : u.Length - 1 - i;
                u[p] = (right[p] + Neighbours(u, p)) / diagonal[p];
            }
        }

        public double[] Residual(double[] u, double[] right)
        {
            var residual = new double[u.Length];
            for (var p = 0; p < u.Length; p++) residual[p] = right[p] - diagonal[p] * u[p] + Neighbours(u, p);
            return residual;
        }

        /// <summary>The adjoint of the interpolation.</summary>
        public double[] Restricted(double[] residual)
        {
            var coarse = new double[residual.Length / 4];
            for (var i = 0; i < sources.Length; i++) coarse[sources[i]] += weights[i] * residual[i / 4];
            return coarse;
        }

        /// <summary>Adds what is interpolated from the grid of twice the side.</summary>
        public void Add(double[] u, double[] coarse)
        {
            for (var i = 0; i < sources.Length; i++) u[i / 4] += weights[i] * coarse[sources[i]];
        }

        // No neighbour is left of the first column or right of the last one: the weight across is 0.
        private double Neighbours(double[] u, int p) =>
            (p + 1 < u.Length ? east[p] * u[p + 1] : 0) + (p > 0 ? east[p - 1] * u[p - 1] : 0)
            + (p + Columns < u.Length ? south[p] * u[p + Columns] : 0) + (p >= Columns ? south[p - Columns] * u[p - Columns] : 0);

        private int Block(int p) => p / Columns / 2 * (Columns / 2) + p % Columns / 2;

        private double[] Mean(double[] shares)
        {
            var means = new double[shares.Length / 4];
            for (var p = 0; p < shares.Length; p++) means[Block(p)] += shares[p] / 4;
            return means;
        }

        /// <summary>
        /// Linear interpolation between the centres of the four nearest coarse cells, to zero beyond the edge, which count by their free share: the weights are divided by the sum of those that are
        /// free, so that what is constant around a wall stays so.
        /// </summary>
        private void Interpolate(double[] coarse)
        {
            var (rows, columns) = (Rows / 2, Columns / 2);
            for (var p = 0; p < free.Length; p++)
            {
                var (row, column) = (p / Columns, p % Columns);
                var (down, across) = (row % 2 == 0 ? -1 : 1, column % 2 == 0 ? -1 : 1);
                var (open, all) = (0.0, 0.0);
                for (var i = 0; i < 4; i++)
                {
                    var (r, c) = (row / 2 + (i / 2 == 1 ? down : 0), column / 2 + (i % 2 == 1 ? across : 0));
                    if (free[p] == 0 || r < 0 || r >= rows || c < 0 || c >= columns) continue;
                    var weight = (i / 2 == 1 ? 0.25 : 0.75) * (i % 2 == 1 ? 0.25 : 0.75);
                    (sources[4 * p + i], weights[4 * p + i]) = (r * columns + c, weight * coarse[r * columns + c]);
                    (open, all) = (open + weights[4 * p + i], all + weight);
                }
                for (var i = 0; i < 4 && open > 0; i++) weights[4 * p + i] *= all / open;
            }
        }
    }
}
