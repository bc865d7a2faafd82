namespace Paramorph.Bayes;

/// <summary>
/// A Gaussian process f as the sum of three independent ones: what principal features tell of it, what orthogonal ones tell of the rest, and what is left. The second are values, at points of their own, of f less what the first tell.
/// (Shi, Titsias and Mnih, "Sparse orthogonal variational inference for Gaussian processes", 2020, section 3.)
/// </summary>
/// <param name="Kernel">The covariance of f.</param>
/// <param name="Principal">The principal features.</param>
/// <param name="Orthogonal">The points of orthogonal features; none when null.</param>
/// <param name="Root">The Cholesky factor of the covariance of the principal features: [m, m].</param>
/// <param name="Projection">Principal features of the orthogonal points, whitened: [m, k].</param>
/// <param name="OrthogonalRoot">The Cholesky factor of the covariance of the orthogonal features: [k, k].</param>
[Tree]
public sealed partial record OrthogonalDecomposition(
    ICovariance Kernel, IInducingFeatures Principal, InducingPoints? Orthogonal, Tensor Root, Tensor? Projection, Tensor? OrthogonalRoot)
{
    /// <summary>The share of the variance of each feature that is added to it as noise, by which matrices stay positive definite.</summary>
    private const double Jitter = 1e-6;

    /// <summary>The decomposition.</summary>
    /// <param name="kernel">The covariance of f.</param>
    /// <param name="principal">The principal features.</param>
    /// <param name="orthogonal">The points of orthogonal features; none when null.</param>
    public static OrthogonalDecomposition Of(ICovariance kernel, IInducingFeatures principal, InducingPoints? orthogonal)
    {
        var own = principal.Covariance(kernel);
        var root = LinearAlgebra.Cholesky(own + Noise(own));
        if (orthogonal is null) return new(kernel, principal, null, root, null, null);
        var projection = LinearAlgebra.TriangularSolve(root, principal.With(kernel, orthogonal.Points));
        var values = orthogonal.Covariance(kernel);
        var rest = values - Tensor.MatMul(projection.T, projection);
        return new(kernel, principal, orthogonal, root, projection, LinearAlgebra.Cholesky(rest + Noise(values)));
    }

    /// <summary>Whitened features of points: products of their columns are the covariances of the first process, and of the second.</summary>
    /// <param name="x">f64 [n, inputs].</param>
    /// <returns>[m, n], and [k, n] or null.</returns>
    public (Tensor Principal, Tensor? Orthogonal) Features(Tensor x)
    {
        var principal = LinearAlgebra.TriangularSolve(Root, Principal.With(Kernel, x));
        return (principal, Orthogonal is null ? null : LinearAlgebra.TriangularSolve(OrthogonalRoot!, Orthogonal.With(Kernel, x) - Tensor.MatMul(Projection!.T, principal)));
    }

    /// <summary>What functions of whitened features are as functions of the features: an answer is the sum of coefficients times covariances with the features.</summary>
    /// <param name="principal">Weights of whitened principal features: [m, outputs].</param>
    /// <param name="orthogonal">Weights of whitened orthogonal features: [k, outputs], or null.</param>
    internal (Tensor Principal, Tensor? Orthogonal) Coefficients(Tensor principal, Tensor? orthogonal)
    {
        var own = orthogonal is null ? null : LinearAlgebra.TriangularSolve(OrthogonalRoot!, orthogonal, form: MatrixForm.Transposed);
        return (LinearAlgebra.TriangularSolve(Root, own is null ? principal : principal - Tensor.MatMul(Projection!, own), form: MatrixForm.Transposed), own);
    }

    private static Tensor Noise(Tensor covariance) => Jitter * Tensor.Eye(covariance.Shape[0], ElementType.Float64) * LinearAlgebra.Diagonal(covariance);
}
