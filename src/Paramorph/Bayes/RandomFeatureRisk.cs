namespace Paramorph.Bayes;

/// <summary>
/// What ridge regression on random features is expected to reach, from the eigenvalues of the kernel that infinitely many features have and the target's coefficients in its eigenfunctions. (Simon et
/// al., "More is better in modern machine learning", 2023, section 4: the omniscient risk estimate; with infinitely many features it is that of kernel ridge regression.)
/// </summary>
/// <param name="Test">The expected squared error on new examples, with their noise.</param>
/// <param name="Train">The expected squared error on the training examples.</param>
/// <param name="SampleThreshold">κ: eigenvalues must exceed it to be learned from the samples.</param>
/// <param name="FeatureThreshold">γ: eigenvalues must exceed it to be learned at all; κ itself for infinitely many features.</param>
public sealed record RandomFeatureRisk(double Test, double Train, double SampleThreshold, double FeatureThreshold)
{
    private const int Halvings = 200;

    /// <summary>The estimate.</summary>
    /// <param name="eigenvalues">Of the kernel, each as often as it occurs.</param>
    /// <param name="squares">The squared coefficients of the target, in the same order.</param>
    /// <param name="samples">Training examples n.</param>
    /// <param name="features">Random features k, over whose number their products are averaged; may be infinite.</param>
    /// <param name="ridge">What is added to the diagonal of the kernel matrix; positive.</param>
    /// <param name="noise">The variance of the noise on targets.</param>
    public static RandomFeatureRisk Of(IReadOnlyList<double> eigenvalues, IReadOnlyList<double> squares, double samples, double features, double ridge, double noise)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ridge);
        double Learned(double threshold) => eigenvalues.Sum(value => value / (value + threshold));
        // n = z + ridge / κ and k = z + k κ / γ with z = Σ λ / (λ + γ): the second gives κ of γ, and what the first then asks for falls in γ.
        double Kappa(double gamma) => gamma * (1 - Learned(gamma) / features);
        var (low, high) = (Math.Log(1e-30 * eigenvalues.Max()), Math.Log(1e6 * (eigenvalues.Sum() + ridge)));
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Kappa(Math.Exp(middle)) is var at and > 0 && Learned(Math.Exp(middle)) + ridge / at < samples) high = middle;
            else low = middle;
        }
        var gamma = Math.Exp(high);
        var (kappa, z, q) = (Kappa(gamma), Learned(gamma), eigenvalues.Sum(value => Math.Pow(value / (value + gamma), 2)));
        var share = 1 - q / features;
        var error = noise + eigenvalues.Zip(squares, (value, square) => square * (gamma / (value + gamma) - kappa * value / (Math.Pow(value + gamma, 2) * share))).Sum();
        var test = error / (1 - (q * (1 - 2 * z / features) + z * z / features) / (samples * share));
        return new(test, test * Math.Pow(ridge / (samples * kappa), 2), kappa, gamma);
    }
}
