namespace Paramorph.Bayes;

/// <summary>
/// The search for the step size at which a chain accepts a given share of its moves: the logarithm of the step follows the mean error of the acceptance, and its average with falling weights is what is kept.
/// (Hoffman and Gelman, "The no-U-turn sampler", 2014, section 3.2, with γ = 0.05, t₀ = 10 and κ = 0.75.)
/// </summary>
/// <param name="Centre">The logarithm to which the step is drawn: that of ten times the first one; [...], as all others.</param>
/// <param name="Errors">The sum of target minus acceptance.</param>
/// <param name="LogStep">The logarithm of the step to be tried next.</param>
/// <param name="LogAverage">The logarithm of the step to be kept.</param>
/// <param name="Count">How many moves were told of.</param>
[Tree]
public sealed partial record DualAveraging(Tensor Centre, Tensor Errors, Tensor LogStep, Tensor LogAverage, Tensor Count)
{
    private const double Gamma = 0.05, First = 10, Kappa = 0.75;

    /// <summary>The step to be tried next.</summary>
    public Tensor Step => Tensor.Exp(LogStep);

    /// <summary>The step to be kept when the search ends.</summary>
    public Tensor Average => Tensor.Exp(LogAverage);

    /// <summary>The search before the first move.</summary>
    /// <param name="step">First steps, positive: [...], a search each.</param>
    public static DualAveraging Start(Tensor step) => new(Tensor.Log(10.0 * step), Tensor.ZerosLike(step), Tensor.Log(step), Tensor.ZerosLike(step), Tensor.ZerosLike(step));

    /// <summary>The search after one more move.</summary>
    /// <param name="acceptance">With which probability it was accepted: [...].</param>
    /// <param name="target">The probability that is sought.</param>
    public DualAveraging Next(Tensor acceptance, double target)
    {
        var (count, errors) = (Count + 1.0, Errors + (target - acceptance));
        var logStep = Centre - Tensor.Sqrt(count) / Gamma * errors / (count + First);
        var weight = Tensor.Exp(-Kappa * Tensor.Log(count));
        return new(Centre, errors, logStep, weight * logStep + (1.0 - weight) * LogAverage, count);
    }
}
