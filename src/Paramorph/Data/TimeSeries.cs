namespace Paramorph.Data;

/// <summary>Series to forecast, f32 [times, channels].</summary>
public static class TimeSeries
{
    /// <summary>Sums of a trend, seasons of given periods with two harmonics each, and noise that remembers (autoregressive with coefficient 0.7).</summary>
    /// <param name="key">The key.</param>
    /// <param name="length">Number of times.</param>
    /// <param name="channels">Number of series, which share periods and differ in all else.</param>
    /// <param name="periods">Periods in steps; a day and a week of hours when null.</param>
    /// <param name="noise">The standard deviation of the noise; a season has amplitudes about 1.</param>
    /// <param name="trend">The standard deviation of the rise over the whole series.</param>
    public static Tensor Seasonal(Key key, int length, int channels = 1, IReadOnlyList<double>? periods = null, double noise = 0.2, double trend = 1)
    {
        const double Memory = 0.7;
        periods ??= [24, 168];
        var random = new KeyRandom(key);
        var values = new float[length * channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var rise = trend * random.Normal() / Math.Max(1, length - 1);
            var waves = periods.SelectMany(p => new[] { (Period: p, Height: 1.0), (Period: p / 2, Height: 0.4) })
                .Select(w => (w.Period, Height: w.Height * random.Uniform(0.5, 1.5), Phase: random.Uniform(0, 2 * Math.PI))).ToArray();
            var error = noise * random.Normal();
            for (var t = 0; t < length; t++)
            {
                values[t * channels + channel] = (float)(rise * t + error + waves.Sum(w => w.Height * Math.Sin(2 * Math.PI * t / w.Period + w.Phase)));
                error = Memory * error + Math.Sqrt(1 - Memory * Memory) * noise * random.Normal();
            }
        }
        return Tensor.From(values, [length, channels]);
    }

    /// <summary>
    /// The chaotic series of Mackey and Glass ("Oscillation and chaos in physiological control systems", 1977), x' = 0.2 x(t - tau) / (1 + x(t - tau)^10)
    /// - 0.1 x, one number a unit of time, after the time that it takes to forget its random beginning. Fourth order in steps of 0.1.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="length">Number of times.</param>
    /// <param name="delay">tau; chaotic from about 17 on.</param>
    /// <returns>f32 [length, 1].</returns>
    public static Tensor MackeyGlass(Key key, int length, int delay = 17)
    {
        const int StepsPerUnit = 10;
        const int Forgotten = 500;
        var random = new KeyRandom(key);
        var (lag, total) = (delay * StepsPerUnit, (Forgotten + length) * StepsPerUnit);
        var x = new double[lag + total + 1];
        var (start, slopes) = (random.Uniform(0.6, 1.3), new double[x.Length]);
        Array.Fill(x, start, 0, lag + 1);
        static double Rate(double now, double before) => 0.2 * before / (1 + Math.Pow(before, 10)) - 0.1 * now;
        const double H = 1.0 / StepsPerUnit;
        for (var n = lag; n + 1 < x.Length; n++)
        {
            // Half way between two past points the cubic through them and their slopes.
            var (from, to) = (x[n - lag], x[n - lag + 1]);
            var middle = (from + to) / 2 + H / 8 * (slopes[n - lag] - slopes[n - lag + 1]);
            var k1 = slopes[n] = Rate(x[n], from);
            var k2 = Rate(x[n] + H / 2 * k1, middle);
            var k3 = Rate(x[n] + H / 2 * k2, middle);
            var k4 = Rate(x[n] + H * k3, to);
            x[n + 1] = x[n] + H / 6 * (k1 + 2 * (k2 + k3) + k4);
        }
        return Tensor.From<float>([.. Enumerable.Range(0, length).Select(t => (float)x[lag + (Forgotten + t) * StepsPerUnit])], [length, 1]);
    }
}
