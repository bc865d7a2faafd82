namespace Paramorph.Data.Solvers;

/// <summary>
/// The incomplete Cholesky factors of a <see cref="FivePointMatrix"/> without fill: A ≈ M = (D + L) D^-1 (D + L)^T, where L is the part of A below its
/// diagonal and the diagonal D is chosen so that M equals A wherever A is not zero. M is symmetric and positive, and the usual preconditioner of
/// conjugate gradients. (Meijerink and van der Vorst, "An iterative solution method for linear systems of which the coefficient matrix is a symmetric
/// M-matrix", 1977.)
/// </summary>
public sealed class IncompleteCholesky
{
    private readonly Shape shape;
    private readonly double[] pivots;
    private readonly double[] east;
    private readonly double[] south;

    /// <summary>The factors of a matrix.</summary>
    /// <param name="matrix">A positive M-matrix on a grid that does not wrap round.</param>
    /// <exception cref="ShapeException">The grid wraps round.</exception>
    /// <exception cref="EvaluationException">A pivot is not positive.</exception>
    public IncompleteCholesky(FivePointMatrix matrix)
    {
        shape = matrix.Diagonal.Shape;
        var (rows, columns) = (shape[0], shape[1]);
        (pivots, east, south) = (matrix.Diagonal.ToArray<double>(), matrix.East.ToArray<double>(), matrix.South.ToArray<double>());
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var p = row * columns + column;
                if ((column == columns - 1 && east[p] != 0) || (row == rows - 1 && south[p] != 0))
                    throw new ShapeException($"incomplete Cholesky: the grid of {matrix.Diagonal.Type} wraps round, but the factors without fill are those of a grid with edges.");
                if (column > 0) pivots[p] -= east[p - 1] * east[p - 1] / pivots[p - 1];
                if (row > 0) pivots[p] -= south[p - columns] * south[p - columns] / pivots[p - columns];
                if (!(pivots[p] > 0)) throw new EvaluationException($"incomplete Cholesky: the pivot of row {row}, column {column} is {pivots[p]:G4}: the matrix is no positive M-matrix.");
            }
        }
    }

    /// <summary>M^-1 r, by substitution forward and backward.</summary>
    /// <param name="right">r: f64 [rows, columns].</param>
    /// <exception cref="ShapeException">r has another shape than the grid.</exception>
    public Tensor Apply(Tensor right)
    {
        if (right.ElementType != ElementType.Float64 || right.Shape != shape)
            throw new ShapeException($"incomplete Cholesky: a right-hand side {right.Type} does not fit: it is f64{shape}.");
        var (columns, z) = (shape[1], right.ToArray<double>());
        // No neighbour is left of the first column or right of the last one: the weight across is 0.
        for (var p = 0; p < z.Length; p++)
        {
            if (p > 0) z[p] += east[p - 1] * z[p - 1];
            if (p >= columns) z[p] += south[p - columns] * z[p - columns];
            z[p] /= pivots[p];
        }
        for (var p = z.Length - 1; p >= 0; p--)
        {
            if (p + 1 < z.Length) z[p] += east[p] * z[p + 1] / pivots[p];
            if (p + columns < z.Length) z[p] += south[p] * z[p + columns] / pivots[p];
        }
        return Tensor.From(z, shape);
    }
}
