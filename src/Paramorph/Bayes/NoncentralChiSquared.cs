using MathNet.Numerics;

namespace Paramorph.Bayes;

/// <summary>
/// A scaled noncentral chi-squared distribution: of scale times the sum of squares of normal numbers of unit variance whose squared means add up to the noncentrality. It stands for the distribution of
/// mean squared errors over functions drawn at random, whose lower tail, far below all that were drawn, says how much bias it takes to find one that generalises.
/// (Boopathy et al., "Towards exact computation of inductive bias", 2024.)
/// </summary>
/// <param name="Degrees">Degrees of freedom, positive; not whole in general.</param>
/// <param name="Noncentrality">At least 0.</param>
/// <param name="Scale">Positive.</param>
public sealed record NoncentralChiSquared(double Degrees, double Noncentrality, double Scale)
{
    /// <summary>Noncentralities in degrees of freedom that a fit tries.</summary>
    private static readonly double[] ratios = [0, .. Enumerable.Range(0, 13).Select(i => 0.01 * Math.Pow(1e4, i / 12.0))];

    private const int Steps = 50;

    /// <summary>Terms that are smaller than the largest by e to this power are left out.</summary>
    private const double Negligible = 40;

    /// <summary>The mean: scale times degrees and noncentrality.</summary>
    public double Mean => Scale * (Degrees + Noncentrality);

    /// <summary>The distribution of the highest likelihood among those with the mean of the values.</summary>
    /// <param name="values">Positive numbers.</param>
    public static NoncentralChiSquared Fit(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        NoncentralChiSquared At(double logDegrees, double ratio)
        {
            var degrees = Math.Exp(logDegrees);
            return new(degrees, ratio * degrees, mean / (degrees * (1 + ratio)));
        }
        double Likelihood(NoncentralChiSquared at) => at.LogLikelihood(values);
        NoncentralChiSquared Best(double ratio)
        {
            // The likelihood has one peak along the degrees; golden sections close in on it.
            var (low, high) = (Math.Log(0.05), Math.Log(5000));
            var golden = (Math.Sqrt(5) - 1) / 2;
            var (left, right) = (high - golden * (high - low), low + golden * (high - low));
            var (first, second) = (Likelihood(At(left, ratio)), Likelihood(At(right, ratio)));
            for (var i = 0; i < Steps && high - low > 1e-3; i++)
            {
                if (first > second)
                {
                    (high, right, second) = (right, left, first);
                    left = high - golden * (high - low);
                    first = Likelihood(At(left, ratio));
                }
                else
                {
                    (low, left, first) = (left, right, second);
                    right = low + golden * (high - low);
                    second = Likelihood(At(right, ratio));
                }
            }
            return At((low + high) / 2, ratio);
        }
        return ratios.Select(Best).MaxBy(Likelihood)!;
    }

    /// <summary>The logarithm of the probability of a value below one, exact in the far tail, too: a mean over Poisson's distribution of central ones.</summary>
    /// <param name="value">Positive.</param>
    public double LogProbability(double value)
    {
        var (half, mean) = (value / (2 * Scale), Noncentrality / 2);
        if (mean == 0) return LogLowerGamma(Degrees / 2, half);
        double Log(int index) => index * Math.Log(mean) - mean - SpecialFunctions.GammaLn(index + 1) + LogLowerGamma(Degrees / 2 + index, half);
        // Terms rise to one peak and fall behind it.
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var step in (int[])[1, -1])
        {
            for (var index = step > 0 ? Peak(half) : Peak(half) - 1; index >= 0; index += step)
            {
                var log = Log(index);
                if (log > largest) (largest, sum) = (log, sum * Math.Exp(largest - log) + 1);
                else sum += Math.Exp(log - largest);
                if (log < largest - Negligible) break;
            }
        }
        return largest + Math.Log(sum);
    }

    /// <summary>The logarithm of the density of values, added up. Each is a sum over j of (half λ half x)ʲ / (j! Γ(k / 2 + j)), whose terms follow from their neighbours.</summary>
    /// <param name="values">Positive numbers.</param>
    private double LogLikelihood(IReadOnlyList<double> values) => values.Sum(value =>
    {
        var half = value / (2 * Scale);
        var (product, peak) = (half * Noncentrality / 2, Noncentrality == 0 ? 0 : Peak(half));
        var sum = 1.0;
        for (var (index, term) = (peak, 1.0); term > 1e-17 && product > 0; index++) sum += term *= product / ((index + 1) * (Degrees / 2 + index));
        for (var (index, term) = (peak, 1.0); term > 1e-17 && index > 0; index--) sum += term *= index * (Degrees / 2 + index - 1) / product;
        var first = (peak == 0 ? 0 : peak * Math.Log(product)) - SpecialFunctions.GammaLn(peak + 1) - SpecialFunctions.GammaLn(Degrees / 2 + peak);
        return first + Math.Log(sum) - half - Noncentrality / 2 + (Degrees / 2 - 1) * Math.Log(half) - Math.Log(2 * Scale);
    });

    /// <summary>The largest term of the density at half a value in units of the scale, near which those of the probability are largest as well.</summary>
    private int Peak(double half)
    {
        var quarter = Degrees / 4;
        return (int)Math.Max(0, Math.Sqrt(quarter * quarter + half * Noncentrality / 2) - quarter);
    }

    /// <summary>The logarithm of the regularised lower incomplete gamma function, by its series where it may be small.</summary>
    private static double LogLowerGamma(double a, double x)
    {
        if (x > a + 1) return Math.Log(SpecialFunctions.GammaLowerRegularized(a, x));
        var (term, sum) = (1.0, 1.0);
        for (var n = 1; term > 1e-17 * sum; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return a * Math.Log(x) - x - SpecialFunctions.GammaLn(a + 1) + Math.Log(sum);
    }
}
