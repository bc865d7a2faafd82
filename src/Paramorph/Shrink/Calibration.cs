namespace Paramorph.Shrink;

/// <summary>
/// How the range of a quantiser is chosen from a sample: of weights themselves, or of activations on some examples. (Gholami et al., "A Survey of
/// Quantization Methods for Efficient Neural Network Inference", 2021, section III.B; Wu et al., "Integer Quantization for Deep Learning Inference", 2020.)
/// </summary>
public sealed class Calibration
{
    /// <summary>Parts of the whole range that <see cref="LeastSquares"/> tries.</summary>
    private const int Candidates = 40;

    /// <summary>Numbers, evenly chosen, on which it tries them.</summary>
    private const int MostTried = 1 << 14;

    private readonly Func<float[], Grid, (double Low, double High)> choose;

    private Calibration(Func<float[], Grid, (double Low, double High)> choose) => this.choose = choose;

    /// <summary>From the smallest to the largest number: nothing is clamped.</summary>
    public static Calibration MinMax { get; } = new((values, _) => Ends(values));

    /// <summary>The part of the whole range that gives the least sum of squared errors, of forty parts between a tenth and all of it. Of a large sample some numbers count.</summary>
    public static Calibration LeastSquares { get; } = new(Best);

    /// <summary>From one percentile to its mirror image: outliers are clamped.</summary>
    /// <param name="percent">The upper one, above 50 and at most 100: 99.9 leaves out a thousandth on each side.</param>
    public static Calibration Percentile(double percent)
    {
        if (percent is not (> 50 and <= 100)) throw new ArgumentOutOfRangeException(nameof(percent), percent, "a percentile for calibration lies above 50 and is at most 100.");
        return new((values, _) =>
        {
            var sorted = values.Order().ToArray();
            var outside = (int)((1 - percent / 100) * sorted.Length);
            return (sorted[outside], sorted[^(outside + 1)]);
        });
    }

    /// <summary>The quantiser for a sample.</summary>
    /// <param name="sample">Real numbers of the kind that will be quantised.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <param name="channelAxis">The axis whose channels have ranges of their own; null for one range.</param>
    /// <param name="isSymmetric">Whether zero is in the middle of the codes.</param>
    public Quantiser Of(Tensor sample, int bits, int? channelAxis = null, bool isSymmetric = true)
    {
        Quantiser.CheckBits(bits);
        var axis = channelAxis is { } given ? (given + sample.Rank) % sample.Rank : -1;
        var channels = axis < 0 ? 1 : sample.Shape[axis];
        var (lows, highs) = (new float[channels], new float[channels]);
        var grid = new Grid(bits, isSymmetric);
        foreach (var (values, channel) in ByChannel(sample, axis).Select((values, channel) => (values, channel)))
        {
            var (low, high) = values.Length == 0 ? (0, 0) : choose(values, grid);
            (lows[channel], highs[channel]) = ((float)low, (float)high);
        }
        Shape shape = [.. sample.Shape.Select((_, a) => axis >= 0 && a == axis ? channels : 1)];
        if (axis < 0) shape = [];
        var (lowest, highest) = (Tensor.From(lows, shape), Tensor.From(highs, shape));
        return isSymmetric ? Quantiser.Symmetric(Tensor.Maximum(-lowest, highest), bits) : Quantiser.Asymmetric(lowest, highest, bits);
    }

    private static IEnumerable<float[]> ByChannel(Tensor sample, int axis)
    {
        var values = sample.AsType(ElementType.Float32).ToArray<float>();
        if (axis < 0) return [values];
        var (inner, channels) = (sample.Shape[(axis + 1)..].ElementCount, sample.Shape[axis]);
        var outer = sample.Shape[..axis].ElementCount;
        return Enumerable.Range(0, channels).Select(channel =>
        {
            var own = new float[outer * inner];
            for (var o = 0; o < outer; o++) values.AsSpan((o * channels + channel) * inner, inner).CopyTo(own.AsSpan(o * inner));
            return own;
        });
    }

    private static (double Low, double High) Ends(float[] values) => (values.Min(), values.Max());

    private static (double Low, double High) Best(float[] values, Grid grid)
    {
        var (low, high) = Ends(values);
        var parts = Enumerable.Range(0, Candidates).Select(i => 0.1 + 0.9 * i / (Candidates - 1));
        // Multiples of the golden ratio spread over the sample without falling into step with its axes.
        var tried = values.Length <= MostTried ? values : [.. Enumerable.Range(0, MostTried).Select(i => values[(int)(i * 0.6180339887498949 % 1 * values.Length)])];
        var best = parts.MinBy(part => grid.SquaredError(tried, part * low, part * high));
        return (best * low, best * high);
    }

    /// <summary>The codes of a quantiser, for the error of a range.</summary>
    private readonly record struct Grid(int Bits, bool IsSymmetric)
    {
        public double SquaredError(float[] values, double low, double high)
        {
            var (steps, bound) = ((1 << Bits) - 1, Math.Max(-low, high));
            if (IsSymmetric) (low, high, steps) = (-bound, bound, steps - 1);
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
            var scale = (high - low) / steps;
            if (scale <= 0) return values.Sum(value => (double)value * value);
            var (first, last) = (Math.Round(low / scale), Math.Round(low / scale) + steps);
            var sum = 0.0;
            foreach (var value in values)
            {
                var error = value - scale * Math.Clamp(Math.Round(value / scale), first, last);
                sum += error * error;
            }
            return sum;
        }
    }
}
