namespace Paramorph.Data.Solvers;

/// <summary>
/// A symmetric matrix on the points of a grid in which every point is joined with its four neighbours: (A u)_p = diagonal_p u_p - sum over neighbours q of
/// w_pq u_q. It is applied within compiled functions, solved with conjugate gradients, and given as a list of entries. Axes may wrap round.
/// </summary>
/// <param name="Diagonal">f64 [rows, columns].</param>
/// <param name="East">w to the neighbour in the next column, that of the last column being the first; 0 where they are not joined: f64 [rows, columns].</param>
/// <param name="South">w to the neighbour in the next row, likewise: f64 [rows, columns].</param>
[Tree]
public sealed partial record FivePointMatrix(Tensor Diagonal, Tensor East, Tensor South)
{
    /// <summary>A u, as a tensor expression.</summary>
    /// <param name="u">[batch..., rows, columns] of the type of the matrix.</param>
    public Tensor Apply(Tensor u)
    {
        Tensor Along(Tensor weight, int axis) => weight * u.Roll(-1, axis) + (weight * u).Roll(1, axis);
        return Diagonal * u - Along(East, -1) - Along(South, -2);
    }

    /// <summary>The solutions of A u = b, by conjugate gradients with the diagonal as preconditioner.</summary>
    /// <param name="right">b: f64 [batch..., rows, columns].</param>
    /// <param name="tolerance">The residual's norm over that of b.</param>
    /// <returns>u, of the shape of b. Where A has the constants as kernel (no point is held), b needs a zero mean, and u gets one.</returns>
    /// <exception cref="EvaluationException">They do not converge: the matrix is not positive, or b does not lie in its range.</exception>
    public Tensor Solve(Tensor right, double tolerance = 1e-10)
    {
        if (right.ElementType != ElementType.Float64 || right.Rank < 2 || right.Shape[^2..] != Diagonal.Shape)
            throw new ShapeException($"five-point matrix: right-hand sides {right.Type} do not fit: they are f64[batch..., {Diagonal.Shape[0]}, {Diagonal.Shape[1]}].");
        var solver = new ConjugateGradients(this);
        var (b, size) = (right.ToArray<double>(), Diagonal.Count);
        var solutions = new double[b.Length];
        Parallel.For(0, size == 0 ? 0 : b.Length / size, n => solver.Solve(b.AsSpan(n * size, size), solutions.AsSpan(n * size, size), tolerance));
        return Tensor.From(solutions, right.Shape);
    }

    /// <summary>The entries that are not zero, row by row; points are numbered row-major.</summary>
    /// <returns>Row numbers i32 [entries], column numbers i32 [entries], values f64 [entries].</returns>
    public (Tensor Rows, Tensor Columns, Tensor Values) Entries()
    {
        var (height, width) = (Diagonal.Shape[0], Diagonal.Shape[1]);
        double[] diagonal = Diagonal.ToArray<double>(), east = East.ToArray<double>(), south = South.ToArray<double>();
        // An axis of one or two points that wraps joins a pair twice: weights of a pair add up.
        var entries = new SortedDictionary<(int Row, int Column), double>();
        void Add(int row, int column, double value)
        {
            if (value != 0) entries[(row, column)] = entries.GetValueOrDefault((row, column)) + value;
        }
        for (var p = 0; p < diagonal.Length; p++)
        {
            var (nextColumn, nextRow) = (p / width * width + (p + 1) % width, (p + width) % (height * width));
            Add(p, p, diagonal[p]);
            Add(p, nextColumn, -east[p]);
            Add(nextColumn, p, -east[p]);
            Add(p, nextRow, -south[p]);
            Add(nextRow, p, -south[p]);
        }
        return (
            Tensor.From([.. entries.Keys.Select(k => k.Row)]),
            Tensor.From([.. entries.Keys.Select(k => k.Column)]),
            Tensor.From([.. entries.Values]));
    }
}
