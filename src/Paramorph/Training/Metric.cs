namespace Paramorph.Training;

/// <summary>What a trained model is judged by: one real number that need not have a useful derivative.</summary>
public static class Metric
{
    /// <summary>The share of samples whose label has the highest logit; of equal ones the first counts.</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...].</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    public static Tensor Accuracy(Tensor logits, Tensor labels, Tensor? weights = null)
    {
        Loss.RequireSame("accuracy", logits.Sum(-1), labels);
        return Loss.Mean(Tensor.Equal(logits.ArgMax(-1), labels).AsType(logits.ElementType), weights);
    }

    /// <summary>The share of samples whose label is among the k highest logits; equal logits are all counted as higher than none.</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...].</param>
    /// <param name="k">1 or more.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    public static Tensor TopAccuracy(Tensor logits, Tensor labels, int k, Tensor? weights = null)
    {
        var score = Loss.Labelled("top accuracy", logits, labels);
        var higher = Tensor.Greater(logits, score.ExpandDims(-1)).AsType(ElementType.Int32).Sum(-1);
        return Loss.Mean((higher < k).AsType(logits.ElementType), weights);
    }

    /// <summary>The share of the variance of the target that is explained, R² = 1 - sum of squared errors / sum of squared deviations from the mean.</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape, not constant.</param>
    public static Tensor RSquared(Tensor prediction, Tensor target)
    {
        var errors = Tensor.Square(Loss.Difference("R squared", prediction, target)).Sum();
        return 1.0 - errors / Tensor.Square(target - target.Mean()).Sum();
    }

    /// <summary>|prediction - target| / |target| with Euclidean norms over everything; <see cref="Loss.RelativeL2"/> is the mean over samples instead.</summary>
    /// <param name="prediction">Of any shape, real or complex.</param>
    /// <param name="target">Of the same shape, not zero.</param>
    public static Tensor RelativeL2(Tensor prediction, Tensor target) =>
        Tensor.Sqrt(Loss.MeanSquared(prediction, target) / Loss.MeanSquared(target, Tensor.ZerosLike(target)));

    /// <summary>The root of the mean squared error.</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape.</param>
    public static Tensor RootMeanSquared(Tensor prediction, Tensor target) => Tensor.Sqrt(Loss.MeanSquared(prediction, target));

    /// <summary>The largest absolute error.</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape.</param>
    public static Tensor LargestError(Tensor prediction, Tensor target) => Tensor.Abs(Loss.Difference("largest error", prediction, target)).Max();

    /// <summary>The peak signal-to-noise ratio in decibels, 10 log10(peak² / mean squared error).</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="peak">The largest possible value: 1 for pictures in [0, 1].</param>
    public static Tensor PeakSignalToNoise(Tensor prediction, Tensor target, double peak = 1) =>
        (10 / Math.Log(10)) * (2 * Math.Log(peak) - Tensor.Log(Loss.MeanSquared(prediction, target)));
}
