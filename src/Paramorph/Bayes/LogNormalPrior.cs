namespace Paramorph.Bayes;

/// <summary>Broad priors of positive hyperparameters: their logarithms are normal.</summary>
internal static class LogNormalPrior
{
    /// <summary>Minus the logarithm of the density, up to a constant.</summary>
    /// <param name="logarithms">The logarithms of the hyperparameters.</param>
    /// <param name="mean">The mean of each logarithm.</param>
    /// <param name="deviation">Its standard deviation.</param>
    public static Tensor Of(Tensor logarithms, double mean, double deviation) => 0.5 * Tensor.Square((logarithms - mean) / deviation).Sum();
}
