namespace Paramorph.Data.Solvers;

/// <summary>Approximate eigenvectors of large symmetric matrices by the method of Lanczos.</summary>
public static class Lanczos
{
    /// <summary>
    /// The Ritz values and vectors of a matrix: its eigenvalues and eigenvectors in the space of start, A start, A^2 start and so on. Those at the ends of the
    /// spectrum come first. Every vector is made orthogonal to all before it, twice, so that none comes again.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="start">A vector with a share of all eigenvectors, for example random numbers: f64 [rows, columns].</param>
    /// <param name="count">Vectors, at most as many as the grid has points.</param>
    /// <returns>The values f64 [count] in ascending order, and orthonormal vectors f64 [count, rows, columns].</returns>
    /// <exception cref="EvaluationException">The space has fewer dimensions than vectors are wanted.</exception>
    public static (Tensor Values, Tensor Vectors) RitzVectors(FivePointMatrix matrix, Tensor start, int count)
    {
        var size = matrix.Diagonal.Count;
        if (start.ElementType != ElementType.Float64 || start.Shape != matrix.Diagonal.Shape || count < 1 || count > size)
            throw new ShapeException($"Lanczos: {count} vectors from a start {start.Type} do not fit: there are 1 to {size} from f64{matrix.Diagonal.Shape}.");
        var product = new ConjugateGradients(matrix);
        var (basis, projected, next) = (new double[count * size], new double[count * count], start.ToArray<double>());
        for (var k = 0; k < count; k++)
        {
            var length = Math.Sqrt(ConjugateGradients.Dot(next, next));
            if (!(length > 1e-12)) throw new EvaluationException($"Lanczos: the space of the start has only {k} dimensions, fewer than {count}.");
            var vector = basis.AsSpan(k * size, size);
            for (var p = 0; p < size; p++) vector[p] = next[p] / length;
            if (k > 0) projected[k * count + k - 1] = projected[(k - 1) * count + k] = length;
            product.Apply(vector, next);
            projected[k * count + k] = ConjugateGradients.Dot(vector, next);
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j <= k; j++)
                {
                    var other = basis.AsSpan(j * size, size);
                    var share = ConjugateGradients.Dot(other, next);
                    for (var p = 0; p < size; p++) next[p] -= share * other[p];
                }
            }
        }
        var (values, vectors) = Compile.Of((Tensor basis, Tensor projected) =>
        {
            var (values, coefficients) = LinearAlgebra.Eigh(projected);
            return new TreePair<Tensor, Tensor>(values, coefficients.T.Dot(basis));
        })(Tensor.From(basis, [count, size]), Tensor.From(projected, [count, count]));
        return (values, vectors.Reshape([count, .. matrix.Diagonal.Shape]).Evaluate());
    }
}
