namespace Paramorph.Fitting;

/// <summary>
/// What makes the answers of a model honest about themselves: half widths of intervals for numbers (split conformal prediction; Lei et al., "Distribution-free predictive inference for
/// regression", 2018), a temperature for the logits of classes (Guo et al., "On calibration of modern neural networks", 2017) and a threshold for sets of them.
/// </summary>
/// <param name="Level">The probability with which intervals and sets are to hold the truth.</param>
public sealed record Calibration(double Level)
{
    /// <summary>By how much the ends of an interval differ from the answer, for each number of an answer, in its units; empty where there are no intervals.</summary>
    public IReadOnlyList<double> HalfWidths { get; init; } = [];

    /// <summary>How the errors of each number of an answer are distributed; null where that is not known.</summary>
    public IReadOnlyList<ErrorDensity>? Errors { get; init; }

    /// <summary>What logits are divided by; 1 where there are none.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>A set of classes holds those that are at least so probable, and the most probable one; null where there are no classes.</summary>
    public double? Threshold { get; init; }

    /// <summary>On how many examples it rests.</summary>
    public int Examples { get; init; }

    /// <summary>With what probability the largest of n scores, at most, holds the next one: the level, or n / (n + 1) where that is less.</summary>
    private static double Attainable(double level, int count) => Math.Min(level, count / (count + 1.0));

    /// <summary>The (n + 1) level-th smallest of n scores; the largest where there are too few.</summary>
    internal static double Quantile(ReadOnlySpan<double> scores, double level)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling((sorted.Length + 1) * level) - 1)];
    }

    /// <summary>Half widths from answers to examples that the model did not learn from.</summary>
    /// <param name="answers">[n, answer...].</param>
    /// <param name="truth">The same of the data.</param>
    /// <param name="level">The level.</param>
    /// <param name="shrinkage">What errors are multiplied by, where the model is better than those that answered.</param>
    internal static Calibration OfNumbers(Tensor answers, Tensor truth, double level, double shrinkage)
    {
        var (count, width) = (answers.Shape[0], answers.Count / Math.Max(1, answers.Shape[0]));
        var (own, right, widths, densities, errors) = (answers.ToDoubles(), truth.ToDoubles(), new double[width], new ErrorDensity[width], new double[count]);
        for (var j = 0; j < width; j++)
        {
            for (var i = 0; i < count; i++) errors[i] = Math.Abs(own[i * width + j] - right[i * width + j]);
            widths[j] = shrinkage * Quantile(errors, level);
            var density = ErrorDensity.Of(errors);
            densities[j] = density with { Scale = shrinkage * density.Scale };
        }
        return new(Attainable(level, count)) { HalfWidths = widths, Errors = densities, Examples = count };
    }

    /// <summary>A temperature, and a threshold for sets, from logits for examples that the model did not learn from.</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">i32 [n].</param>
    /// <param name="level">The level.</param>
    internal static Calibration OfClasses(Tensor logits, Tensor labels, double level)
    {
        var (values, right, classes) = (logits.ToDoubles(), labels.ToArray<int>(), logits.Shape[^1]);
        double Probability(int i, double temperature)
        {
            var own = values.AsSpan(i * classes, classes);
            var (largest, sum) = (double.NegativeInfinity, 0.0);
            foreach (var value in own) largest = Math.Max(largest, value);
            foreach (var value in own) sum += Math.Exp((value - largest) / temperature);
            return Math.Exp((own[right[i]] - largest) / temperature) / sum;
        }
        double LogLoss(double temperature) => Enumerable.Range(0, right.Length).Average(i => -Math.Log(Math.Max(1e-300, Probability(i, temperature))));
        var best = Math.Exp(GoldenSection(log => LogLoss(Math.Exp(log)), Math.Log(0.2), Math.Log(5)));
        double[] scores = [.. Enumerable.Range(0, right.Length).Select(i => 1 - Probability(i, best))];
        return new(Attainable(level, right.Length)) { Temperature = best, Threshold = 1 - Quantile(scores, level), Examples = right.Length };
    }

    /// <summary>The least of a function with one valley.</summary>
    private static double GoldenSection(Func<double, double> f, double low, double high)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 40; i++)
        {
            var (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
            if (f(a) < f(b)) high = b;
            else low = a;
        }
        return (low + high) / 2;
    }
}
