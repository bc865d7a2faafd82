using MathNet.Numerics.Distributions;

namespace Paramorph.Experiments;

/// <summary>Between which numbers a success rate lies, given how often something succeeded.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="Rate">The share of successes.</param>
/// <param name="High">The upper end.</param>
public readonly record struct BinomialInterval(double Low, double Rate, double High)
{
    /// <summary>Wilson's score interval, which holds for rates near 0 and 1, too. (Wilson, "Probable inference, the law of succession, and statistical inference", 1927.)</summary>
    /// <param name="successes">How often it succeeded.</param>
    /// <param name="trials">How often it was tried, 1 or more.</param>
    /// <param name="level">The share of cases in which the interval holds the true rate, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or there are more successes than trials.</exception>
    public static BinomialInterval Wilson(int successes, int trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var (rate, z) = ((double)successes / trials, Normal.InvCDF(0, 1, (1 + level) / 2));
        var shrink = 1 / (1 + z * z / trials);
        var (centre, reach) = (shrink * (rate + z * z / (2 * trials)), shrink * z * Math.Sqrt(rate * (1 - rate) / trials + z * z / (4.0 * trials * trials)));
        return new(Math.Max(0, centre - reach), rate, Math.Min(1, centre + reach));
    }
}
