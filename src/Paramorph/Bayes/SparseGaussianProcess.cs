using Paramorph.Methods;

namespace Paramorph.Bayes;

/// <summary>
/// A Gaussian process that is told by inducing features, of values with normal noise. The posterior of the features that makes the bound of the likelihood highest is known, so the bound is a function of the hyperparameters and of
/// where the features are. With inducing points and no orthogonal ones it is that of Titsias ("Variational learning of inducing variables in sparse Gaussian processes", 2009); with both kinds, the posterior is the product of one of
/// the principal and one of the orthogonal features. (Shi, Titsias and Mnih, "Sparse orthogonal variational inference for Gaussian processes", 2020, Eq. 8; Tiao, Dutordoir and Picheny, "Spherical inducing features for
/// orthogonally-decoupled Gaussian processes", 2023.)
/// </summary>
/// <param name="Kernel">The covariance.</param>
/// <param name="Principal">The principal features.</param>
/// <param name="Orthogonal">The points of orthogonal features; none when null.</param>
/// <param name="LogNoise">Logarithm of the variance of the noise: f64 [].</param>
[Tree]
public sealed partial record SparseGaussianProcess(ICovariance Kernel, IInducingFeatures Principal, InducingPoints? Orthogonal, Tensor LogNoise)
{
    /// <summary>The least variance of the noise.</summary>
    private const double LeastNoise = 1e-6;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = SparseMethod.Of(
        "sparse-gaussian-process", "A Gaussian process with a length scale for each feature that is told by inducing points; of classes on their indicators.",
        "smooth functions of a few columns, some of which matter more than others, with thousands of rows",
        "Titsias, Variational learning of inducing variables in sparse Gaussian processes, 2009",
        [Hyperparameter.Word("kernel", "Matérn's of order 5/2, or the squared exponential", "matern", "squared-exponential")],
        (configuration, x, key) => Start(
            StationaryCovariance.Start(x.Shape[1], configuration.Word("kernel") == "matern" ? StationaryKernel.Matern : StationaryKernel.SquaredExponential),
            InducingPoints.Drawn(key, x, configuration.Whole("features"))));

    /// <summary>Where learning begins: a tenth of the variance of standardised values is noise.</summary>
    /// <param name="kernel">The covariance.</param>
    /// <param name="principal">The principal features.</param>
    /// <param name="orthogonal">The points of orthogonal features, or null.</param>
    public static SparseGaussianProcess Start(ICovariance kernel, IInducingFeatures principal, InducingPoints? orthogonal = null) => new(kernel, principal, orthogonal, Tensor.Scalar(Math.Log(0.1)));

    /// <summary>The variance of the noise.</summary>
    public Tensor Noise => Tensor.Exp(LogNoise) + LeastNoise;

    /// <summary>A lower bound of the logarithm of the marginal likelihood, of an output; the mean over outputs, which are independent functions of one process.</summary>
    /// <param name="x">f64 [n, inputs].</param>
    /// <param name="y">f64 [n, outputs].</param>
    /// <exception cref="ShapeException">x and y are not such.</exception>
    public Tensor Bound(Tensor x, Tensor y)
    {
        var (count, outputs) = Checked(x, y);
        var (principal, orthogonal) = OrthogonalDecomposition.Of(Kernel, Principal, Orthogonal).Features(x);
        var solved = WhitenedRegression.Of(principal, orthogonal, y, Noise);
        var told = Tensor.Square(principal).Sum() + (orthogonal is null ? 0.0 : Tensor.Square(orthogonal).Sum());
        var squares = (Tensor.Square(y).Sum() - solved.Explained) / outputs + (Kernel.Variances(x).Sum() - told);
        return -0.5 * (count * Tensor.Log(2 * Math.PI * Noise) + solved.LogDeterminant + squares / Noise);
    }

    /// <summary>What learning minimises, a row: minus the bound, and minus the logarithm of broad priors of the hyperparameters.</summary>
    /// <inheritdoc cref="Bound"/>
    public Tensor Loss(Tensor x, Tensor y) => (Kernel.NegativeLogPrior() + LogNormalPrior.Of(LogNoise, -3, 3) - Bound(x, y)) / x.Shape[0];

    /// <summary>The posterior of the highest bound.</summary>
    /// <inheritdoc cref="Bound"/>
    public SparsePosterior Posterior(Tensor x, Tensor y)
    {
        Checked(x, y);
        var decomposition = OrthogonalDecomposition.Of(Kernel, Principal, Orthogonal);
        var (principal, orthogonal) = decomposition.Features(x);
        return new(decomposition, WhitenedRegression.Of(principal, orthogonal, y, Noise), Noise);
    }

    private static (int Count, int Outputs) Checked(Tensor x, Tensor y) => x.Rank == 2 && y.Rank == 2 && x.Shape[0] == y.Shape[0]
        ? (x.Shape[0], y.Shape[1])
        : throw new ShapeException($"sparse Gaussian process: inputs {x.Type} and values {y.Type} are not [n, inputs] and [n, outputs].");
}
