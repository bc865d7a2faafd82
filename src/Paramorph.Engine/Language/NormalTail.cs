namespace Paramorph;

/// <summary>The normal distribution far from its mean, where the error function is 1 within rounding.</summary>
internal static class NormalTail
{
    /// <summary>Where the tail starts: from here on the continued fraction below gives all digits of double precision.</summary>
    public const double Start = 2.5;

    private const int Terms = 40;

    /// <summary>Newton's steps: each doubles the digits of the first guess.</summary>
    private const int Steps = 5;

    /// <summary>Beyond this distance from a bound in the tail lies less than the smallest number.</summary>
    private const double Far = 40;

    /// <summary>The number above which the given share lies of what lies between two bounds from <see cref="Start"/> on.</summary>
    /// <remarks>
    /// With the upper tail Q = M times the density, M being Mills' ratio, and x = low + d, Newton's method solves log Q(x) - log Q(low) = log r for d, where r runs
    /// from 1 at the lower bound to Q(high) / Q(low); the difference of logarithms is log M(x) - log M(low) - d (2 low + d) / 2, which loses no digits.
    /// </remarks>
    public static Tensor Quantile(Tensor low, Tensor high, Tensor share)
    {
        var width = Tensor.Minimum(high - low, Far);
        var atLow = Tensor.Log(Mills(low));
        var target = Tensor.Log1p(share * Tensor.Expm1(Tensor.Log(Mills(low + width)) - atLow - Fall(low, width)));
        // As if the density fell as fast everywhere as at the lower bound.
        var distance = -2.0 * target / (low + Tensor.Sqrt(low * low - 2.0 * target));
        for (var i = 0; i < Steps; i++)
        {
            var ratio = Mills(low + distance);
            distance += ratio * (Tensor.Log(ratio) - atLow - Fall(low, distance) - target);
        }
        return Tensor.Clamp(low + distance, low, high);
    }

    private static Tensor Fall(Tensor low, Tensor distance) => distance * (low + 0.5 * distance);

    /// <summary>Mills' ratio Q(x) / density(x) = 1 / (x + 1 / (x + 2 / (x + 3 / ...))). (Laplace.)</summary>
    private static Tensor Mills(Tensor x)
    {
        var fraction = x;
        for (var k = Terms; k > 0; k--) fraction = x + k / fraction;
        return 1.0 / fraction;
    }
}
