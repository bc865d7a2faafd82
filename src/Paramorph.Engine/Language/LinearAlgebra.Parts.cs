namespace Paramorph;

/// <content>Parts of matrices, and matrices made of parts.</content>
public static partial class LinearAlgebra
{
    /// <summary>The transposed conjugate A^H; of real matrices the transpose.</summary>
    public static Tensor Adjoint(Tensor a) => Tensor.Conjugate(a).T;

    /// <summary>The sum of the diagonal: [..., m, n] gives [...].</summary>
    public static Tensor Trace(Tensor a) => Diagonal(a).Sum(-1);

    /// <summary>The elements a[..., i, i + offset].</summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="offset">How far above the main diagonal; negative below it.</param>
    /// <returns>[..., number of such elements].</returns>
    public static Tensor Diagonal(Tensor a, int offset = 0)
    {
        if (a.Rank < 2) throw new ShapeException($"diagonal: {a.Type} is no matrix: it needs two axes, behind those of the batch.");
        var (m, n) = (a.Shape[^2], a.Shape[^1]);
        var start = offset >= 0 ? offset : -offset * n;
        var count = Math.Max(0, offset >= 0 ? Math.Min(m, n - offset) : Math.Min(m + offset, n));
        var rows = a.ReshapeTo([.. a.Shape[..^2], m * n]);
        return count == 0 ? rows.SliceAxis(-1, 0, 0) : rows.SliceAxis(-1, start, start + (count - 1) * (n + 1) + 1, n + 1);
    }

    /// <summary>The square matrices with a vector on a diagonal and zeros elsewhere.</summary>
    /// <param name="diagonal">[..., count].</param>
    /// <param name="offset">How far above the main diagonal; negative below it.</param>
    /// <returns>[..., n, n] with n = count + |offset|.</returns>
    public static Tensor DiagonalMatrix(Tensor diagonal, int offset = 0)
    {
        if (diagonal.Rank == 0) throw new ShapeException($"diagonal_matrix: {diagonal.Type} is no vector: it needs an axis, behind those of the batch.");
        var (count, outer) = (diagonal.Shape[^1], diagonal.Rank - 1);
        var n = count + Math.Abs(offset);
        // In row-major order the elements lie n + 1 places apart.
        var start = count == 0 ? 0 : offset >= 0 ? offset : -offset * n;
        var rest = n * n - start - (count == 0 ? 0 : (count - 1) * (n + 1) + 1);
        int[] none = new int[outer];
        return diagonal.PadWith([.. none, start], [.. none, rest], [.. none, n]).ReshapeTo([.. diagonal.Shape[..^1], n, n]);
    }

    /// <summary>The lower triangle: a[..., i, j] where j &lt;= i + offset, zero elsewhere.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="offset">How many diagonals above the main one are kept; negative drops some below it.</param>
    public static Tensor Lower(Tensor a, int offset = 0)
    {
        var (row, column) = Places("lower", a);
        return Tensor.Where(Tensor.LessEqual(column, row + offset), a, 0);
    }

    /// <summary>The upper triangle: a[..., i, j] where j &gt;= i + offset, zero elsewhere.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="offset">How many diagonals above the main one are dropped; negative keeps some below it.</param>
    public static Tensor Upper(Tensor a, int offset = 0)
    {
        var (row, column) = Places("upper", a);
        return Tensor.Where(Tensor.GreaterEqual(column, row + offset), a, 0);
    }

    /// <summary>The product of Kronecker: every element of a times the matrix b, [..., m, n] and [..., p, q] give [..., m p, n q].</summary>
    public static Tensor Kronecker(Tensor a, Tensor b)
    {
        if (a.Rank < 2 || b.Rank < 2) throw new ShapeException($"kronecker: {a.Type} and {b.Type} must be matrices, with two axes behind those of the batch.");
        var product = a.ExpandDims(-1).ExpandDims(-3) * b.ExpandDims(-2).ExpandDims(-4);
        return product.ReshapeTo([.. product.Shape[..^4], a.Shape[^2] * b.Shape[^2], a.Shape[^1] * b.Shape[^1]]);
    }

    private static (Tensor Row, Tensor Column) Places(string name, Tensor a)
    {
        if (a.Rank < 2) throw new ShapeException($"{name}: {a.Type} is no matrix: it needs two axes, behind those of the batch.");
        var shape = a.Shape[^2..];
        return (Tensor.Iota(shape, 0), Tensor.Iota(shape, 1));
    }
}
