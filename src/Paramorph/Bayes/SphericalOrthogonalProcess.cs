using Paramorph.Methods;

namespace Paramorph.Bayes;

/// <summary>
/// A sparse Gaussian process on the sphere whose principal features are neurons and whose orthogonal ones are points: neurons give a mean like a network's, and points the variance that neurons of few harmonics cannot.
/// (Tiao, Dutordoir and Picheny, "Spherical inducing features for orthogonally-decoupled Gaussian processes", 2023.)
/// </summary>
public static class SphericalOrthogonalProcess
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = SparseMethod.Of(
        "spherical-orth-gp", "A Gaussian process on the sphere that is told by neurons, and by points of what they leave.",
        "functions of a few columns that go on outside of their data as a network does, with thousands of rows; among the data sparse-gaussian-process is mostly as good or better", "Tiao, Dutordoir and Picheny, Spherical inducing features for orthogonally-decoupled Gaussian processes, 2023",
        [
            Hyperparameter.Word("kernel", "Matérn's of order 5/2 on the sphere, or the arc-cosine kernel", "matern", "arc-cosine"),
            Hyperparameter.Word("activation", "softplus, or the rectifier", "softplus", "relu"),
            Hyperparameter.Whole("degrees", "degrees of harmonics", 8, 4, 16),
        ],
        (configuration, x, key) => Start(
            key, x, configuration.Whole("features"), SphericalCovariance.Start(x.Shape[1], configuration.Word("kernel") == "matern" ? SphericalCovariance.Matern : SphericalCovariance.ArcCosine),
            configuration.Word("activation") == "softplus" ? SphericalFeatures.Softplus : SphericalFeatures.Relu, configuration.Whole("degrees"))) with
    {
        // Weights that are learned from indicators set the examples so far apart that no number makes logits of the answers: classes are for others.
        Kinds = ["table-regression"],
    };

    /// <summary>Where learning begins: half of the features are neurons in directions drawn evenly, and half points at some of the training inputs.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="x">Training inputs, f64 [n, inputs].</param>
    /// <param name="count">Features of both kinds together.</param>
    /// <param name="kernel">The covariance.</param>
    /// <param name="activation">The activation of neurons.</param>
    /// <param name="degrees">Degrees of harmonics.</param>
    public static SparseGaussianProcess Start(Key key, Tensor x, int count, SphericalCovariance kernel, Func<Tensor, Tensor> activation, int degrees) =>
        SparseGaussianProcess.Start(kernel, SphericalFeatures.Drawn(key.Fold(0), x.Shape[1], count / 2, activation, degrees), InducingPoints.Drawn(key.Fold(1), x, count - count / 2));
}
