namespace Paramorph.Bayes;

/// <summary>
/// Regression on whitened features, whose weights have the standard normal prior: the means of all weights are those of their joint posterior, whatever covariances a posterior has that is a product of one of principal and one of
/// orthogonal features; of the latter each has the one that it would have without the other.
/// </summary>
/// <param name="PrincipalRoot">The Cholesky factor R of the precision of the principal weights, I + Φ Φᵀ / noise.</param>
/// <param name="Coupling">R⁻¹ times the part of the precision between principal and orthogonal weights; null where there are none.</param>
/// <param name="OrthogonalRoot">The Cholesky factor of the precision of the orthogonal weights.</param>
/// <param name="RestRoot">The Cholesky factor of that of the orthogonal weights when the principal ones are not known.</param>
/// <param name="PrincipalMeans">[m, outputs].</param>
/// <param name="OrthogonalMeans">[k, outputs].</param>
/// <param name="Explained">The part of the sum of squares of the values that the means of the weights explain, less what these cost: yᵀ y less it is noise times yᵀ (Φᵀ Φ + noise)⁻¹ y.</param>
/// <param name="LogDeterminant">The logarithms of the determinants of both precisions.</param>
[Tree]
public sealed partial record WhitenedRegression(
    Tensor PrincipalRoot, Tensor? Coupling, Tensor? OrthogonalRoot, Tensor? RestRoot, Tensor PrincipalMeans, Tensor? OrthogonalMeans, Tensor Explained, Tensor LogDeterminant)
{
    /// <summary>The regression.</summary>
    /// <param name="principal">f64 [m, n].</param>
    /// <param name="orthogonal">f64 [k, n], or null.</param>
    /// <param name="y">f64 [n, outputs].</param>
    /// <param name="noise">The variance of the noise: f64 [].</param>
    public static WhitenedRegression Of(Tensor principal, Tensor? orthogonal, Tensor y, Tensor noise)
    {
        var root = LinearAlgebra.Cholesky(Precision(principal, noise));
        var own = LinearAlgebra.TriangularSolve(root, Tensor.MatMul(principal, y));
        var (explained, logarithm) = (Tensor.Square(own).Sum() / noise, LogDeterminantOf(root));
        if (orthogonal is null) return new(root, null, null, null, LinearAlgebra.TriangularSolve(root, own, form: MatrixForm.Transposed) / noise, null, explained, logarithm);
        var coupling = LinearAlgebra.TriangularSolve(root, Tensor.MatMul(principal, orthogonal.T) / noise);
        var precision = Precision(orthogonal, noise);
        var (orthogonalRoot, rest) = (LinearAlgebra.Cholesky(precision), LinearAlgebra.Cholesky(precision - Tensor.MatMul(coupling.T, coupling)));
        var further = LinearAlgebra.TriangularSolve(rest, Tensor.MatMul(orthogonal, y) - Tensor.MatMul(coupling.T, own));
        var means = LinearAlgebra.TriangularSolve(rest, further, form: MatrixForm.Transposed) / noise;
        return new(
            root, coupling, orthogonalRoot, rest, LinearAlgebra.TriangularSolve(root, own / noise - Tensor.MatMul(coupling, means), form: MatrixForm.Transposed), means,
            explained + Tensor.Square(further).Sum() / noise, logarithm + LogDeterminantOf(orthogonalRoot));
    }

    /// <summary>The part of each value in its own mean, by which errors of values left out follow from those of all: f64 [n].</summary>
    /// <param name="principal">f64 [m, n].</param>
    /// <param name="orthogonal">f64 [k, n], or null.</param>
    /// <param name="noise">The variance of the noise.</param>
    public Tensor Leverages(Tensor principal, Tensor? orthogonal, Tensor noise)
    {
        var own = LinearAlgebra.TriangularSolve(PrincipalRoot, principal);
        var squares = Tensor.Square(own).Sum(0);
        if (orthogonal is not null) squares += Tensor.Square(LinearAlgebra.TriangularSolve(RestRoot!, orthogonal - Tensor.MatMul(Coupling!.T, own))).Sum(0);
        return squares / noise;
    }

    private static Tensor Precision(Tensor features, Tensor noise) => Tensor.Eye(features.Shape[0], ElementType.Float64) + Tensor.MatMul(features, features.T) / noise;

    private static Tensor LogDeterminantOf(Tensor root) => 2.0 * Tensor.Log(LinearAlgebra.Diagonal(root)).Sum();
}
