namespace Paramorph.Boosting;

/// <summary>
/// Features cut into bins at quantiles of the values that they have, so that trees look for thresholds among a hundred places and not among all values. A value is in the bin whose number is
/// the count of thresholds below it, which is what <c>x &gt; threshold</c> says when a tree is called.
/// </summary>
internal sealed class FeatureBins
{
    /// <summary>Bins of a feature; their numbers fit in a byte.</summary>
    private const int Most = 128;

    private FeatureBins(float[][] thresholds, byte[][] bins) => (Thresholds, Bins) = (thresholds, bins);

    /// <summary>The rising thresholds of each feature; none of a constant one.</summary>
    public float[][] Thresholds { get; }

    /// <summary>The bin of each row, by feature.</summary>
    public byte[][] Bins { get; }

    /// <summary>Bins for examples.</summary>
    /// <param name="inputs">[rows, features], one row after the other.</param>
    /// <param name="features">How many features there are.</param>
    public static FeatureBins Of(ReadOnlySpan<float> inputs, int features)
    {
        var rows = inputs.Length / features;
        var (thresholds, bins, column) = (new float[features][], new byte[features][], new float[rows]);
        for (var f = 0; f < features; f++)
        {
            for (var i = 0; i < rows; i++) column[i] = inputs[i * features + f];
            var sorted = (float[])column.Clone();
            Array.Sort(sorted);
            thresholds[f] = Cuts(sorted);
            bins[f] = new byte[rows];
            for (var i = 0; i < rows; i++) bins[f][i] = (byte)Below(thresholds[f], column[i]);
        }
        return new(thresholds, bins);
    }

    /// <summary>Places half way between neighbouring values: between all of them, or between those at equal shares of the rows.</summary>
    private static float[] Cuts(float[] sorted)
    {
        var cuts = new List<float>();
        var distinct = 1;
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i] > sorted[i - 1]) distinct++;
        var share = distinct <= Most ? 0 : (double)sorted.Length / Most;
        var next = share;
        for (var i = 1; i < sorted.Length; i++)
        {
            if (!(sorted[i] > sorted[i - 1]) || i < next || cuts.Count == Most - 1) continue;
            var middle = sorted[i - 1] + (sorted[i] - sorted[i - 1]) / 2;
            // Rounding must not lift a threshold onto the upper value, which would then not be above it.
            cuts.Add(middle < sorted[i] ? middle : sorted[i - 1]);
            while (share > 0 && next <= i) next += share;
        }
        return [.. cuts];
    }

    private static int Below(float[] thresholds, float value)
    {
        var (low, high) = (0, thresholds.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value > thresholds[middle]) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
