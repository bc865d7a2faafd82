namespace Paramorph.Bayes;

/// <summary>Equal bins within ±reach and the two tails beyond, by which draws are compared with a density.</summary>
/// <param name="Reach">Where the tails begin.</param>
/// <param name="Count">Bins without the tails.</param>
public sealed record HistogramBins(double Reach, int Count)
{
    private const int Fine = 200;

    /// <summary>How many values are below the bins, in each bin, and above: f32 [count + 2]. What stands on an edge belongs to the bin above.</summary>
    /// <param name="values">f32 [n].</param>
    public Tensor Counts(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var bins = Tensor.SearchSorted(Tensor.Linspace(-Reach, Reach, Count + 1), values, isRight: true);
        return Segment.Sum(Tensor.Ones([values.Count]), bins, Count + 2);
    }

    /// <summary>The shares of a density below the bins, in each bin, and above, by the midpoints of 200 cells a bin; the tails are followed to three times the reach.</summary>
    public double[] Shares(Func<double, double> density)
    {
        ArgumentNullException.ThrowIfNull(density);
        var shares = new double[Count + 2];
        var cell = 2 * Reach / Count / Fine;
        for (var k = -Fine * Count; k < 2 * Fine * Count; k++) shares[Math.Clamp((int)Math.Floor((double)k / Fine) + 1, 0, Count + 1)] += density(-Reach + (k + 0.5) * cell) * cell;
        return shares;
    }

    /// <summary>The total variation between draws and a density, as far as bins tell them apart: half the sum of the differences of shares.</summary>
    /// <param name="counts">What <see cref="Counts"/> says of the draws.</param>
    /// <param name="density">The density.</param>
    public double TotalVariation(IReadOnlyList<double> counts, Func<double, double> density)
    {
        var all = counts.Sum();
        return Shares(density).Zip(counts, (share, count) => Math.Abs(share - count / all)).Sum() / 2;
    }
}
