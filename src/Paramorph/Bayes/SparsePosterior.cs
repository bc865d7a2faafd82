namespace Paramorph.Bayes;

/// <summary>What a <see cref="SparseGaussianProcess"/> knows after examples.</summary>
/// <param name="Decomposition">The process.</param>
/// <param name="Regression">The posterior of its features.</param>
/// <param name="Noise">The variance of the noise: f64 [].</param>
[Tree]
public sealed partial record SparsePosterior(OrthogonalDecomposition Decomposition, WhitenedRegression Regression, Tensor Noise)
{
    /// <summary>Means [n, outputs] and variances [n] of the function at points, without noise.</summary>
    /// <param name="x">f64 [n, inputs].</param>
    public (Tensor Means, Tensor Variances) Call(Tensor x)
    {
        var (principal, orthogonal) = Decomposition.Features(x);
        static Tensor Gained(Tensor root, Tensor features) => Tensor.Square(LinearAlgebra.TriangularSolve(root, features)).Sum(0) - Tensor.Square(features).Sum(0);
        var variances = Decomposition.Kernel.Variances(x) + Gained(Regression.PrincipalRoot, principal);
        if (orthogonal is not null) variances += Gained(Regression.OrthogonalRoot!, orthogonal);
        return (Means(principal, orthogonal), Tensor.Maximum(variances, 0.0));
    }

    /// <summary>The means as a layer.</summary>
    /// <param name="offset">What is added: [outputs].</param>
    public SparseAnswers Answers(Tensor offset)
    {
        var (principal, orthogonal) = Decomposition.Coefficients(Regression.PrincipalMeans, Regression.OrthogonalMeans);
        return new(Decomposition.Kernel, Decomposition.Principal, Decomposition.Orthogonal, principal, orthogonal, offset);
    }

    /// <summary>What the mean would be at each example without it, features and hyperparameters as they are: [n, outputs].</summary>
    /// <param name="x">The examples, f64 [n, inputs].</param>
    /// <param name="y">Their values, f64 [n, outputs].</param>
    public Tensor LeaveOneOut(Tensor x, Tensor y)
    {
        var (principal, orthogonal) = Decomposition.Features(x);
        return y - (y - Means(principal, orthogonal)) / (1.0 - Regression.Leverages(principal, orthogonal, Noise)).ExpandDims(-1);
    }

    private Tensor Means(Tensor principal, Tensor? orthogonal)
    {
        var means = Tensor.MatMul(principal.T, Regression.PrincipalMeans);
        return orthogonal is null ? means : means + Tensor.MatMul(orthogonal.T, Regression.OrthogonalMeans!);
    }
}
