namespace Paramorph.Training;

/// <summary>How well scores tell two groups of examples apart, and how well probabilities say how often they are right.</summary>
public static class Detection
{
    private const int Bins = 15;

    /// <summary>The area under the receiver operating characteristic: how probable it is that one of the first group has a higher score than one of the second, where equal ones count half.</summary>
    /// <param name="high">Scores of those that should have high ones.</param>
    /// <param name="low">Scores of those that should have low ones.</param>
    /// <exception cref="ArgumentException">A group is empty, or a score is no number.</exception>
    public static double AreaUnderCurve(IReadOnlyCollection<double> high, IReadOnlyCollection<double> low)
    {
        Require(high, low);
        var (sorted, area) = (low.Order().ToArray(), 0.0);
        foreach (var score in high) area += 0.5 * (Below(sorted, score, isEqualCounted: false) + Below(sorted, score, isEqualCounted: true));
        return area / ((double)high.Count * low.Count);
    }

    /// <summary>The share of the second group whose scores reach a threshold that a share of the first group reaches: at 0.95 the false positives that go with finding 95 %.</summary>
    /// <param name="high">Scores of those that should reach it.</param>
    /// <param name="low">Scores of those that should not.</param>
    /// <param name="found">The share of the first group, in (0, 1].</param>
    /// <inheritdoc cref="AreaUnderCurve" path="/exception"/>
    public static double FalsePositives(IReadOnlyCollection<double> high, IReadOnlyCollection<double> low, double found = 0.95)
    {
        Require(high, low);
        var threshold = high.OrderDescending().ElementAt(Math.Clamp((int)Math.Ceiling(found * high.Count) - 1, 0, high.Count - 1));
        return (double)low.Count(score => score >= threshold) / low.Count;
    }

    /// <summary>The expected calibration error: the mean over 15 bins of the highest probability of |share that is right - mean of that probability|, by their shares of the examples. (Guo et al., 2017, Eq. 3.)</summary>
    /// <param name="probabilities">[n, classes].</param>
    /// <param name="labels">i32 [n].</param>
    public static double CalibrationError(Tensor probabilities, Tensor labels)
    {
        var (p, right, classes) = (probabilities.ToDoubles(), labels.ToArray<int>(), probabilities.Shape[1]);
        var surplus = new double[Bins];
        for (var i = 0; i < right.Length; i++)
        {
            var own = p.AsSpan(i * classes, classes);
            var best = 0;
            for (var c = 1; c < classes; c++)
                if (own[c] > own[best]) best = c;
            surplus[Math.Clamp((int)(own[best] * Bins), 0, Bins - 1)] += (best == right[i] ? 1 : 0) - own[best];
        }
        return surplus.Sum(Math.Abs) / right.Length;
    }

    /// <summary>How many of sorted numbers are below one, or not above it.</summary>
    private static int Below(double[] sorted, double value, bool isEqualCounted)
    {
        var (from, to) = (0, sorted.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (sorted[middle] < value || (isEqualCounted && sorted[middle] == value)) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    private static void Require(IReadOnlyCollection<double> high, IReadOnlyCollection<double> low)
    {
        if (high.Count == 0 || low.Count == 0) throw new ArgumentException("there is nothing to tell apart: both groups need a score.");
        if (high.Any(double.IsNaN) || low.Any(double.IsNaN)) throw new ArgumentException("a score is NaN, which is neither high nor low.");
    }
}
