namespace Paramorph.Bayes;

/// <summary>
/// A distribution of a real number made of bars: a probability for each interval between borders, spread evenly over it, and for the two outermost ones a half-normal
/// tail without end, half of whose probability lies within the outermost border. A network gives the logits of the bars, so it can answer with any shape of
/// distribution. (Müller et al., "Transformers can do Bayesian inference", 2022, section 4, who call it Riemann distribution.)
/// </summary>
public sealed class BarDistribution
{
    /// <summary>The median of the half-normal distribution of scale one.</summary>
    private const double HalfNormalMedian = 0.67448975019608171;

    private readonly double[] borders;

    /// <summary>The bars between borders.</summary>
    /// <param name="borders">Two more than there are inner borders: rising, four or more.</param>
    /// <exception cref="ArgumentException">They are too few or do not rise.</exception>
    public BarDistribution(params ReadOnlySpan<double> borders)
    {
        this.borders = borders.ToArray();
        if (borders.Length < 4) throw new ArgumentException($"{borders.Length} borders make fewer than three bars: there must be four or more.", nameof(borders));
        for (var i = 1; i < borders.Length; i++)
            if (!(borders[i] > borders[i - 1])) throw new ArgumentException($"borders must rise, but border {i} is {borders[i]} after {borders[i - 1]}.", nameof(borders));
    }

    /// <summary>Number of bars.</summary>
    public int Bars => borders.Length - 1;

    /// <summary>The borders, one more than bars.</summary>
    public IReadOnlyList<double> Borders => borders;

    /// <summary>Bars that are equally probable among some values, such as those of a prior.</summary>
    /// <param name="values">Any number of values, more than bars.</param>
    /// <param name="bars">How many.</param>
    /// <exception cref="ArgumentException">So many values are equal that bars would have no width.</exception>
    public static BarDistribution OfQuantiles(Tensor values, int bars)
    {
        var sorted = values.ToDoubles();
        Array.Sort(sorted);
        if (bars < 3 || sorted.Length <= bars) throw new ArgumentException($"{sorted.Length} values do not make {bars} bars: there are three or more, and more values than bars.", nameof(bars));
        return new([.. Enumerable.Range(0, bars + 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / bars)])]);
    }

    /// <summary>The logarithm of the density at values.</summary>
    /// <param name="logits">[..., bars].</param>
    /// <param name="values">[...].</param>
    /// <returns>[...].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor LogDensity(Tensor logits, Tensor values)
    {
        Check(logits, values);
        var value = values.ExpandDims(-1);
        var type = logits.ElementType;
        // Each bar holds its left border; the outermost ones hold all that is beyond.
        var lefts = Constant([double.NegativeInfinity, .. borders[1..^1]], type);
        var rights = Constant([.. borders[1..^1], double.PositiveInfinity], type);
        var within = (value >= lefts) & (value < rights);
        var logWidths = Constant([0, .. Enumerable.Range(1, Bars - 2).Select(i => Math.Log(borders[i + 1] - borders[i])), 0], type);
        var inner = Tensor.Where(within, logits.LogSoftmax() - logWidths, 0.0).Sum(-1);
        var (left, right) = Tails;
        Tensor LogHalfNormal(Tensor distance, double scale) => 0.5 * Math.Log(2 / Math.PI) - Math.Log(scale) - 0.5 * Tensor.Square(distance / scale);
        return inner
            + Tensor.Where(values < left.Border, LogHalfNormal(left.Border - values, left.Scale), 0.0)
            + Tensor.Where(values >= right.Border, LogHalfNormal(values - right.Border, right.Scale), 0.0);
    }

    /// <summary>The mean.</summary>
    /// <param name="logits">[..., bars].</param>
    /// <returns>[...].</returns>
    public Tensor Mean(Tensor logits)
    {
        var (left, right) = Tails;
        var mean = Math.Sqrt(2 / Math.PI);
        double[] centres = [left.Border - left.Scale * mean, .. Enumerable.Range(1, Bars - 2).Select(i => (borders[i] + borders[i + 1]) / 2), right.Border + right.Scale * mean];
        return logits.Softmax().Dot(Constant(centres, logits.ElementType));
    }

    /// <summary>The probability of more than some values.</summary>
    /// <param name="logits">[..., bars].</param>
    /// <param name="values">[...].</param>
    /// <returns>[...], from 0 to 1.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor ProbabilityAbove(Tensor logits, Tensor values)
    {
        Check(logits, values);
        var type = logits.ElementType;
        var value = values.ExpandDims(-1);
        var lefts = Constant(borders[..^1], type);
        var above = 1.0 - Tensor.Clamp((value - lefts) / Constant([.. Enumerable.Range(0, Bars).Select(i => borders[i + 1] - borders[i])], type), 0.0, 1.0);
        var (left, right) = Tails;
        var leftAbove = Tensor.Erf(Tensor.Maximum(left.Border - value, 0.0) / (left.Scale * Math.Sqrt(2)));
        var rightAbove = Tensor.Erfc(Tensor.Maximum(value - right.Border, 0.0) / (right.Scale * Math.Sqrt(2)));
        return (logits.Softmax() * Tensor.Concatenate([leftAbove, above[TensorIndex.Ellipsis, 1..^1], rightAbove], -1)).Sum(-1);
    }

    /// <summary>The value below which the distribution has a probability.</summary>
    /// <param name="logits">[..., bars].</param>
    /// <param name="probability">Between 0 and 1.</param>
    /// <returns>[...].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public Tensor Quantile(Tensor logits, double probability)
    {
        if (!(probability is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability of a quantile lies between 0 and 1.");
        var probabilities = logits.Softmax();
        // How much of each bar lies below; the inner bars add up from the first inner border, and the tails go beyond the first and the last.
        var part = Tensor.Clamp((probability - (probabilities.CumulativeSum(-1) - probabilities)) / Tensor.Maximum(probabilities, 1e-30), 0.0, 1.0);
        double[] widths = [0, .. Enumerable.Range(1, Bars - 2).Select(i => borders[i + 1] - borders[i]), 0];
        var (left, right) = Tails;
        Tensor Reach(Tensor share, double scale) => scale * Math.Sqrt(2) * Tensor.Erfinv(Tensor.Clamp(share, 0.0, 1 - 1e-6));
        return left.Border + part.Dot(Constant(widths, logits.ElementType))
            - Reach(1.0 - part[TensorIndex.Ellipsis, 0], left.Scale) + Reach(part[TensorIndex.Ellipsis, Bars - 1], right.Scale);
    }

    /// <summary>Where each tail begins, and the scale of its half-normal distribution.</summary>
    private ((double Border, double Scale) Left, (double Border, double Scale) Right) Tails =>
        ((borders[1], (borders[1] - borders[0]) / HalfNormalMedian), (borders[^2], (borders[^1] - borders[^2]) / HalfNormalMedian));

    private void Check(Tensor logits, Tensor values)
    {
        if (logits.Rank == 0 || logits.Shape[^1] != Bars || logits.Rank != values.Rank + 1)
            throw new ShapeException($"bar distribution: logits {logits.Type} of values {values.Type} are not [..., {Bars}] of [...].");
    }

    private static Tensor Constant(double[] values, ElementType type) => Tensor.From<double>(values, [values.Length]).AsType(type);
}
