using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>
/// A non-uniform quantiser: a number stands for the nearest of some levels, and its code is that level's place. (Gholami et al., "A Survey of Quantization
/// Methods for Efficient Neural Network Inference", 2021, section III.F, Eq. 6.)
/// </summary>
/// <param name="Levels">The levels in ascending order, f32 [levels]. A leaf, so that they may be learned.</param>
[Tree]
public sealed partial record Codebook(Tensor Levels)
{
    private const int Rounds = 40;

    /// <summary>
    /// The levels with the least sum of squared errors that Lloyd's algorithm finds from the quantiles of a sample on (k-means in one dimension: Han, Mao and
    /// Dally, "Deep Compression", 2016).
    /// </summary>
    /// <param name="sample">Real numbers of the kind that will be quantised.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    public static Codebook KMeans(Tensor sample, int bits)
    {
        Quantiser.CheckBits(bits);
        var sorted = sample.AsType(ElementType.Float64).ToArray<double>().Order().ToArray();
        if (sorted.Length == 0) throw new ShapeException($"codebook: {sample.Type} has no numbers from which levels could be found.");
        var count = 1 << bits;
        var sums = new double[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++) sums[i + 1] = sums[i] + sorted[i];
        double[] levels = [.. Enumerable.Range(0, count).Select(k => sorted[(int)((k + 0.5) * sorted.Length / count)])];
        for (var round = 0; round < Rounds; round++)
        {
            var first = 0;
            for (var k = 0; k < count; k++)
            {
                var end = k + 1 < count ? UpperBound(sorted, 0.5 * (levels[k] + levels[k + 1])) : sorted.Length;
                if (end > first) levels[k] = (sums[end] - sums[first]) / (end - first);
                first = Math.Max(first, end);
            }
        }
        return new(Tensor.From([.. levels.Order().Select(level => (float)level)]));
    }

    /// <summary>
    /// Zero and powers of two times a bound, of both signs, so that a product is a shift: 0, ±bound, ±bound / 2, ... (Miyashita et al., "Convolutional Neural
    /// Networks using Logarithmic Data Representation", 2016).
    /// </summary>
    /// <param name="bound">The largest level, above 0.</param>
    /// <param name="bits">Bits of a code, 2 to 8: 2^bits - 1 levels.</param>
    public static Codebook PowersOfTwo(double bound, int bits)
    {
        Quantiser.CheckBits(bits);
        if (!(bound > 0)) throw new ArgumentOutOfRangeException(nameof(bound), bound, "the largest level lies above 0.");
        double[] positive = [.. Enumerable.Range(0, (1 << (bits - 1)) - 1).Select(k => bound * Math.Pow(2, -k))];
        return new(Tensor.From([.. positive.Select(level => (float)-level).Append(0).Concat(positive.Select(level => (float)level).Reverse())]));
    }

    /// <summary>The place of the nearest level: u8 of the same shape.</summary>
    /// <param name="x">Real numbers; halfway between two levels the lower counts.</param>
    public Tensor Quantise(Tensor x)
    {
        var between = 0.5 * (Levels[..^1] + Levels[1..]);
        return Tensor.Greater(x.ExpandDims(-1), between).AsType(ElementType.Int32).Sum(-1).AsType(ElementType.UInt8);
    }

    /// <summary>What codes stand for.</summary>
    public Tensor Dequantise(Tensor codes) => Levels.Take(codes.AsType(ElementType.Int32));

    /// <summary>The nearest levels, with the derivative of the identity.</summary>
    public Tensor Round(Tensor x) => StraightThrough.Of(x, number => Dequantise(Quantise(number)));

    private static int UpperBound(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
