namespace Paramorph.Experiments;

/// <summary>Where a number that costs much to know, such as the success of an experiment, falls below a level, found from few values over a logarithmic scale.</summary>
public static class Threshold
{
    /// <summary>Doubles x until the margin is negative, and takes the place between the last two on a straight line over the logarithm of x.</summary>
    /// <param name="margin">How far above the level it is at x; asked in increasing order.</param>
    /// <param name="start">The first x, above 0.</param>
    /// <param name="doublings">How often it is doubled at most.</param>
    /// <returns>The start if the margin is negative there, and the last x if it never is.</returns>
    public static double ByDoubling(Func<double, double> margin, double start, int doublings)
    {
        var (x, before) = (start, double.NaN);
        for (var i = 0; i <= doublings; i++, x *= 2)
        {
            var value = margin(x);
            if (value < 0) return i == 0 ? x : x * Math.Pow(2, value / (before - value));
            before = value;
        }
        return x / 2;
    }

    /// <summary>
    /// Doubles x until the margin is not positive, halves the interval on the logarithmic scale, and takes the place in what is left on a straight line over the logarithm of
    /// x. Doubling must come to an end.
    /// </summary>
    /// <param name="margin">How far above the level it is at x.</param>
    /// <param name="low">An x, above 0, that is not asked for; the first one asked is twice as large.</param>
    /// <param name="marginAtLow">The margin there, above 0, as it is known or supposed.</param>
    /// <param name="halvings">How often the interval is halved.</param>
    public static double ByHalving(Func<double, double> margin, double low, double marginAtLow, int halvings)
    {
        var (above, high, below) = (marginAtLow, 2 * low, margin(2 * low));
        while (below > 0) (low, above, high, below) = (high, below, 2 * high, margin(2 * high));
        for (var i = 0; i < halvings; i++)
        {
            var middle = Math.Sqrt(low * high);
            var value = margin(middle);
            if (value > 0) (low, above) = (middle, value);
            else (high, below) = (middle, value);
        }
        return low * Math.Pow(high / low, above / (above - below));
    }
}
