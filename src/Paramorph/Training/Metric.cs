namespace Paramorph.Training;

/// <summary>What a trained model is judged by: one real number that need not have a useful derivative.</summary>
public static class Metric
{
    /// <summary>The share of samples whose label is the prediction <c>logits.ArgMax(-1)</c>: the highest logit, the first of equal ones.</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...] from 0 to classes - 1; under a mask they may be anything.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <exception cref="TensorException">A label is none of the classes.</exception>
    public static Tensor Accuracy(Tensor logits, Tensor labels, Tensor? weights = null)
    {
        Loss.RequireLabels("accuracy", labels, logits, weights);
        return Loss.Mean(Tensor.Equal(logits.ArgMax(-1), labels).AsType(Loss.Real(logits).ElementType), weights);
    }

    /// <summary>
    /// The share of samples whose label is among the k highest logits. Of equal ones each is as likely to be among them as the others, and NaN is lower than all
    /// numbers: a network that tells no class from another has k / classes.
    /// </summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...] from 0 to classes - 1; under a mask they may be anything.</param>
    /// <param name="k">1 or more.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <exception cref="TensorException">A label is none of the classes.</exception>
    public static Tensor TopAccuracy(Tensor logits, Tensor labels, int k, Tensor? weights = null)
    {
        logits = Loss.Real(logits);
        logits = Tensor.Where(Tensor.IsNaN(logits), double.NegativeInfinity, logits);
        var score = Loss.Labelled("top accuracy", logits, labels, weights).ExpandDims(-1);
        var higher = Tensor.Greater(logits, score).AsType(logits.ElementType).Sum(-1);
        var equal = Tensor.Equal(logits, score).AsType(logits.ElementType).Sum(-1);
        var isClass = equal > 0.0;
        return Loss.Mean(Tensor.Where(isClass, Tensor.Clamp((k - higher) / Tensor.Where(isClass, equal, 1.0), 0.0, 1.0), 0.0), weights);
    }

    /// <summary>F₁ of a class: the harmonic mean of its precision and its recall, 2 right / (told + true); 0 where it is neither told nor true.</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...] from 0 to classes - 1.</param>
    /// <param name="label">The class.</param>
    /// <returns>f64.</returns>
    /// <exception cref="TensorException">A label is none of the classes.</exception>
    public static Tensor F1(Tensor logits, Tensor labels, int label = 1)
    {
        Loss.RequireLabels("F1", labels, logits, null);
        var (isTold, isTrue) = (Tensor.Equal(logits.ArgMax(-1), label).AsType(ElementType.Float64), Tensor.Equal(labels, label).AsType(ElementType.Float64));
        return 2.0 * (isTold * isTrue).Sum() / Tensor.Maximum(1.0, isTold.Sum() + isTrue.Sum());
    }

    /// <summary>The share of the variance of the target that is explained, R² = 1 - sum of squared errors / sum of squared deviations from the mean.</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape, not constant.</param>
    public static Tensor RSquared(Tensor prediction, Tensor target)
    {
        (prediction, target) = Loss.Real("R squared", prediction, target);
        var errors = Tensor.Square(prediction - target).Sum();
        return 1.0 - errors / Tensor.Square(target - target.Mean()).Sum();
    }

    /// <summary>|prediction - target| / |target| with Euclidean norms over everything; <see cref="Loss.RelativeL2"/> is the mean over samples instead.</summary>
    /// <param name="prediction">Of any shape, real or complex.</param>
    /// <param name="target">Of the same shape, not zero.</param>
    public static Tensor RelativeL2(Tensor prediction, Tensor target)
    {
        (prediction, target) = Loss.Real("relative L2", prediction, target);
        return Tensor.Sqrt(Loss.MeanSquared(prediction, target) / Loss.MeanSquared(target, Tensor.ZerosLike(target)));
    }

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
