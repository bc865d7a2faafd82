namespace Paramorph.Bayes;

/// <summary>
/// How rare small errors are among functions that are drawn at random, by a distribution that is fitted to the errors of some: minus the binary logarithm of the probability of a target
/// is the inductive bias, in bits, that a space of functions lacks to reach it. (Boopathy et al., "Towards exact computation of inductive bias", 2024.)
/// </summary>
/// <param name="LogProbability">From an error to the natural logarithm of the probability of a smaller one.</param>
public sealed record ErrorTail(Func<double, double> LogProbability)
{
    private const double Far = 30;

    private static readonly double ln2 = Math.Log(2);

    /// <summary>By a scaled noncentral chi-squared distribution (<see cref="NoncentralChiSquared"/>).</summary>
    /// <param name="errors">Mean squared errors of drawn functions.</param>
    public static ErrorTail ChiSquared(IReadOnlyList<double> errors) => new(NoncentralChiSquared.Fit(errors).LogProbability);

    /// <summary>By a normal distribution of their mean and variance.</summary>
    /// <inheritdoc cref="ChiSquared"/>
    public static ErrorTail Normal(IReadOnlyList<double> errors)
    {
        var mean = errors.Average();
        var deviation = Math.Sqrt(errors.Average(error => Math.Pow(error - mean, 2)));
        if (!(deviation > 1e-12 * Math.Abs(mean))) throw new ArgumentException("errors that are all equal have no distribution.", nameof(errors));
        // Below the mean, by as many deviations; far out by the leading term, since the distribution itself underflows.
        return new(error =>
        {
            var z = (mean - error) / deviation;
            return z < Far ? Math.Log(MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z)) : -0.5 * z * z - Math.Log(z * Math.Sqrt(2 * Math.PI));
        });
    }

    /// <summary>The bits that are lacking to reach a target; at least 0.</summary>
    public double Bits(double target) => Math.Max(0, -LogProbability(target) / ln2);

    /// <summary>How far bits are from those by counting, relatively, at the error that a share of other functions reach.</summary>
    /// <param name="errors">Errors of functions to which the distribution was not fitted.</param>
    /// <param name="share">The share, below 1.</param>
    public double Gap(IReadOnlyList<double> errors, double share)
    {
        double[] ordered = [.. errors.Order()];
        var reached = Math.Max(1, (int)(share * ordered.Length));
        var counted = -Math.Log((double)reached / ordered.Length) / ln2;
        return Math.Abs(-LogProbability(ordered[reached - 1]) / ln2 / counted - 1);
    }
}
