namespace Paramorph.Problems;

/// <summary>The period of a season, found by autocorrelation.</summary>
internal static class SeasonalPeriod
{
    private const int Longest = 1000, MostChannels = 32;
    private const double Clear = 0.3, AsHigh = 0.9;

    /// <summary>
    /// The shortest lag at which the autocorrelation, the mean over channels whose linear trend is taken off, has a peak almost as high as its highest one; null where none is clear.
    /// </summary>
    /// <param name="values">[times, channels], row by row.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="times">How many times count, from the first on.</param>
    public static int? Of(ReadOnlySpan<double> values, int channels, int times)
    {
        var most = Math.Min(Longest, times / 3);
        if (most < 3) return null;
        var correlation = new double[most + 1];
        // A season that is clear shows in some of many channels.
        var stride = (channels + MostChannels - 1) / MostChannels;
        var looked = (channels + stride - 1) / stride;
        for (var channel = 0; channel < channels; channel += stride)
        {
            var x = Detrended(values, channels, channel, times);
            var variance = x.Sum(value => value * value);
            if (variance == 0) continue;
            for (var lag = 0; lag <= most; lag++)
            {
                var sum = 0.0;
                for (var t = lag; t < times; t++) sum += x[t] * x[t - lag];
                // Divided by the number of products, so that long lags do not count less.
                correlation[lag] += sum / variance * times / (times - lag) / looked;
            }
        }
        int[] peaks = [.. Enumerable.Range(2, most - 2).Where(lag => IsPeak(correlation, lag) && correlation[lag] > Clear)];
        if (peaks.Length == 0) return null;
        var highest = peaks.Max(lag => correlation[lag]);
        return peaks.First(lag => correlation[lag] >= AsHigh * highest);
    }

    private static bool IsPeak(double[] x, int place) => x[place] > x[place - 1] && x[place] >= x[place + 1];

    private static double[] Detrended(ReadOnlySpan<double> values, int channels, int channel, int times)
    {
        var x = new double[times];
        for (var t = 0; t < times; t++) x[t] = values[t * channels + channel];
        var (mean, middle) = (x.Average(), (times - 1) / 2.0);
        var (rise, squares) = (0.0, 0.0);
        for (var t = 0; t < times; t++) (rise, squares) = (rise + (t - middle) * (x[t] - mean), squares + (t - middle) * (t - middle));
        for (var t = 0; t < times; t++) x[t] -= mean + rise / squares * (t - middle);
        return x;
    }
}
