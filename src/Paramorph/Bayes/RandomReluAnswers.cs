namespace Paramorph.Bayes;

/// <summary>Answers of drawn ReLU networks with one hidden layer and normal weights to one input, in units of their deviation: what <see cref="FiniteWidthDensity"/> is the density of.</summary>
/// <param name="Counts">Networks whose answer is below the bins, in each bin, and above.</param>
/// <param name="Hermite">The mean of He₄, s (s - 6) + 3 of the squared answer s: an estimate of the excess kurtosis.</param>
public sealed record RandomReluAnswers(double[] Counts, double Hermite)
{
    /// <summary>Weights of a chunk, so that memory does not grow with the draws.</summary>
    private const int Chunk = 1 << 22;

    /// <summary>Draws networks.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="input">f32 [inputs], of the length 1.</param>
    /// <param name="width">Hidden neurons.</param>
    /// <param name="draws">Networks at least; they are drawn in equal chunks.</param>
    /// <param name="bins">Where answers are counted.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RandomReluAnswers Draw(Key key, Tensor input, int width, int draws, HistogramBins bins, CancellationToken cancellation = default)
    {
        var part = Math.Min(draws, Chunk / width);
        var look = Compile.Of((Key key) =>
        {
            var hidden = Tensor.Relu(Sample.Normal(key.Fold(0), [part, width, input.Count]).Dot(input));
            // The mean square of a rectified normal number is one half.
            var answers = (Sample.Normal(key.Fold(1), [part, width]) * hidden).Sum(1) * Math.Sqrt(2.0 / width);
            var s = Tensor.Square(answers).AsType(ElementType.Float64);
            return (bins.Counts(answers), (s * (s - 6.0) + 3.0).Mean());
        });
        var (counts, hermite, parts) = (new double[bins.Count + 2], 0.0, (draws + part - 1) / part);
        for (var i = 0; i < parts; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (own, mean) = look(key.Fold(i));
            counts = [.. counts.Zip(own.ToDoubles(), (sum, next) => sum + next)];
            hermite += mean.Item() / parts;
        }
        return new(counts, hermite);
    }
}
