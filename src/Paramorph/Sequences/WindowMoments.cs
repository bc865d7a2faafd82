using Paramorph.Problems;

namespace Paramorph.Sequences;

/// <summary>
/// Sums over the windows of a series of its values and their products, of which linear forecasts are solved. Windows overlap, so that a product of places i + 1 and j + 1 differs from that of i and j
/// only at both ends of the series: all products cost as much as the first of each row.
/// </summary>
internal sealed class WindowMoments
{
    private readonly float[] series;
    private readonly (int First, int Count)[] runs;
    private readonly int channels;
    private readonly int lookback;
    private readonly double[] reference;

    /// <param name="problem">The series with the windows that train.</param>
    /// <param name="reference">What each seen time counts in the level that is taken off a window: [lookback], adding to 1, or all 0.</param>
    public WindowMoments(Forecasting problem, double[] reference)
    {
        (series, channels, lookback, this.reference) = (problem.Standardised.ToArray(), problem.Signature.Input[1], problem.Signature.Input[0], reference);
        (runs, Width, Count) = ([.. Runs(problem.Split.Train.ToArray<int>())], lookback + problem.Signature.Output[0], problem.Split.Train.Count);
    }

    /// <summary>Times of a window with those that follow it.</summary>
    public int Width { get; }

    /// <summary>Windows.</summary>
    public int Count { get; }

    /// <summary>The means of a channel at the places of a window, less its level: [width].</summary>
    public double[] Means(int channel)
    {
        var sums = new double[Width];
        foreach (var (first, count) in runs)
        {
            for (var i = 0; i < Width; i++)
                for (var s = first; s < first + count; s++) sums[i] += At(s + i, channel);
        }
        var level = 0.0;
        for (var i = 0; i < lookback; i++) level += reference[i] * sums[i];
        return [.. sums.Select(sum => (sum - level) / Count)];
    }

    /// <summary>The covariances of two channels at the places of a window, less their levels: [width, width], row by row.</summary>
    public double[] Covariances(int a, int b)
    {
        var products = new double[Width * Width];
        foreach (var (first, count) in runs) AddProducts(products, a, b, first, count);
        TakeOffLevels(products);
        var (left, right) = (Means(a), Means(b));
        for (var i = 0; i < Width; i++)
            for (var j = 0; j < Width; j++) products[i * Width + j] = products[i * Width + j] / Count - left[i] * right[j];
        return products;
    }

    private static IEnumerable<(int First, int Count)> Runs(int[] starts)
    {
        var sorted = starts.Order().ToArray();
        var from = 0;
        for (var i = 1; i <= sorted.Length; i++)
        {
            if (i < sorted.Length && sorted[i] == sorted[i - 1] + 1) continue;
            yield return (sorted[from], i - from);
            from = i;
        }
    }

    private double At(int time, int channel) => series[time * channels + channel];

    private void AddProducts(double[] products, int a, int b, int first, int count)
    {
        var own = new double[Width * Width];
        double Product(int i, int j)
        {
            var sum = 0.0;
            for (var s = first; s < first + count; s++) sum += At(s + i, a) * At(s + j, b);
            return sum;
        }
        for (var i = 0; i < Width; i++) (own[i], own[i * Width]) = (Product(0, i), Product(i, 0));
        for (var i = 1; i < Width; i++)
        {
            for (var j = 1; j < Width; j++)
            {
                own[i * Width + j] = own[(i - 1) * Width + j - 1]
                    - At(first + i - 1, a) * At(first + j - 1, b) + At(first + count + i - 1, a) * At(first + count + j - 1, b);
            }
        }
        for (var i = 0; i < own.Length; i++) products[i] += own[i];
    }

    /// <summary>P G P' with P = 1 - (ones)(reference)', which takes the level of a window off each of its values.</summary>
    private void TakeOffLevels(double[] g)
    {
        var (ofRows, ofColumns, ofBoth) = (new double[Width], new double[Width], 0.0);
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j < lookback; j++)
            {
                ofRows[i] += g[i * Width + j] * reference[j];
                ofColumns[i] += g[j * Width + i] * reference[j];
            }
        }
        for (var i = 0; i < lookback; i++) ofBoth += reference[i] * ofRows[i];
        for (var i = 0; i < Width; i++)
            for (var j = 0; j < Width; j++) g[i * Width + j] += ofBoth - ofRows[i] - ofColumns[j];
    }
}
