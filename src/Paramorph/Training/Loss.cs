namespace Paramorph.Training;

/// <summary>
/// The usual losses: one real number from predictions and targets. Each is a mean; with weights it is the weighted mean, so that a mask of booleans leaves out
/// what it does not keep, even where that is not finite. If no weight is left the loss is 0.
/// </summary>
public static class Loss
{
    /// <summary>The mean of |prediction - target|², of real or complex numbers.</summary>
    /// <param name="prediction">Of any shape.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="weights">Weights, or a mask of booleans, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes of prediction and target differ: they would otherwise broadcast to a wrong loss.</exception>
    public static Tensor MeanSquared(Tensor prediction, Tensor target, Tensor? weights = null) =>
        Mean(Squared(Difference("mean squared loss", prediction, target, weights)), weights);

    /// <summary>The mean of |prediction - target|, of real or complex numbers.</summary>
    /// <inheritdoc cref="MeanSquared"/>
    public static Tensor MeanAbsolute(Tensor prediction, Tensor target, Tensor? weights = null) =>
        Mean(Tensor.Abs(Difference("mean absolute loss", prediction, target, weights)), weights);

    /// <summary>The mean of e² / 2 for errors |e| up to a threshold d, and d (|e| - d / 2) beyond it. (Huber, "Robust Estimation of a Location Parameter", 1964.)</summary>
    /// <param name="threshold">d, above 0.</param>
    /// <inheritdoc cref="MeanSquared"/>
    public static Tensor Huber(Tensor prediction, Tensor target, double threshold = 1, Tensor? weights = null)
    {
        var error = Tensor.Abs(Difference("Huber loss", prediction, target, weights));
        var near = Tensor.Minimum(error, threshold);
        return Mean(near * (error - 0.5 * near), weights);
    }

    /// <summary>The mean over samples of |prediction - target| / |target|, with Euclidean norms over all axes but the first. (Li et al., "Fourier Neural Operator", 2021.)</summary>
    /// <param name="prediction">[batch, ...].</param>
    /// <param name="target">Of the same shape; no sample is zero.</param>
    /// <param name="weights">[batch]: weights of the samples, or a mask.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is no axis of samples.</exception>
    public static Tensor RelativeL2(Tensor prediction, Tensor target, Tensor? weights = null)
    {
        if (prediction.Rank == 0) throw new ShapeException($"relative L2 loss: {prediction.Type} has no axis of samples: predictions are [batch, ...].");
        var samples = weights?.BroadcastTo([prediction.Shape[0]]).Reshape([prediction.Shape[0], .. Enumerable.Repeat(1, prediction.Rank - 1)]);
        var difference = Difference("relative L2 loss", prediction, target, samples);
        return Mean(Length(difference) / Length(Kept(target, samples, 1)), weights);
    }

    /// <summary>The mean of -log softmax(logits)[label].</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">Integers [...] from 0 to classes - 1; under a mask they may be anything.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <param name="smoothing">The share of the target that is spread evenly over all classes, from 0 to below 1. (Szegedy et al., "Rethinking the Inception Architecture", 2016.)</param>
    /// <exception cref="ShapeException">The labels have not the shape of the logits without their last axis.</exception>
    /// <exception cref="ElementTypeException">The labels are no integers.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, Tensor? weights = null, double smoothing = 0)
    {
        var score = Labelled("cross-entropy", logits, labels);
        if (smoothing != 0) score = (1 - smoothing) * score + smoothing * logits.Mean(-1);
        return Mean(logits.LogSumExp(-1) - score, weights);
    }

    /// <summary>The mean of -sum over classes of probability log softmax(logits).</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="probabilities">Of the same shape; along the last axis they sum to 1.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor CrossEntropyOfDistributions(Tensor logits, Tensor probabilities, Tensor? weights = null)
    {
        RequireSame("cross-entropy", logits, probabilities);
        return Mean(-(Kept(probabilities, weights?.ExpandDims(-1)) * logits.LogSoftmax()).Sum(-1), weights);
    }

    /// <summary>The mean of -target log sigmoid(logit) - (1 - target) log(1 - sigmoid(logit)), computed without overflow.</summary>
    /// <param name="logits">Of any shape.</param>
    /// <param name="targets">Of the same shape: booleans, or numbers from 0 to 1.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets, Tensor? weights = null)
    {
        RequireSame("binary cross-entropy", logits, targets);
        return Mean(Tensor.Softplus(logits) - Kept(targets.AsType(logits.ElementType), weights) * logits, weights);
    }

    /// <summary>The mean of max(0, 1 - sign score). (Cortes and Vapnik, "Support-Vector Networks", 1995.)</summary>
    /// <param name="scores">Of any shape.</param>
    /// <param name="signs">Of the same shape: -1 or 1.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Hinge(Tensor scores, Tensor signs, Tensor? weights = null)
    {
        RequireSame("hinge loss", scores, signs);
        return Mean(Tensor.Relu(1.0 - Kept(signs, weights) * scores), weights);
    }

    /// <summary>The mean of the Kullback-Leibler divergence of softmax(logits) from given distributions: sum of p (log p - log softmax(logits)).</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="probabilities">p, of the same shape; along the last axis they sum to 1.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor KullbackLeibler(Tensor logits, Tensor probabilities, Tensor? weights = null)
    {
        RequireSame("Kullback-Leibler divergence", logits, probabilities);
        var kept = Kept(probabilities, weights?.ExpandDims(-1));
        return Mean((Tensor.Xlogy(kept, kept) - kept * logits.LogSoftmax()).Sum(-1), weights);
    }

    /// <summary>The mean of the negative logarithm of a normal density: (log 2π + log variance + (target - mean)² / variance) / 2. (Nix and Weigend, 1994.)</summary>
    /// <param name="mean">The means, of any shape.</param>
    /// <param name="logVariance">The logarithms of the variances, of the same shape.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor GaussianLikelihood(Tensor mean, Tensor logVariance, Tensor target, Tensor? weights = null)
    {
        RequireSame("Gaussian likelihood", mean, logVariance);
        var squares = Tensor.Square(Difference("Gaussian likelihood", mean, target, weights));
        return Mean(0.5 * (Math.Log(2 * Math.PI) + logVariance + squares * Tensor.Exp(-logVariance)), weights);
    }

    /// <summary>The mean of values, weighted: sum of w x / sum of w, and 0 when no weight is left.</summary>
    /// <param name="values">Of any shape.</param>
    /// <param name="weights">Numbers from 0 on, or booleans; of the shape of the values or broadcast to it. Null weighs all alike.</param>
    public static Tensor Mean(Tensor values, Tensor? weights)
    {
        if (weights is null) return values.Mean();
        var all = weights.BroadcastTo(values.Shape);
        var sum = (all.AsType(values.ElementType) * Kept(values, all)).Sum();
        var weight = all.AsType(values.ElementType).Sum();
        return Tensor.Where(weight > 0.0, sum / Tensor.Where(weight > 0.0, weight, 1.0), 0.0);
    }

    /// <summary>The logit of the label: [...] of logits [..., classes].</summary>
    internal static Tensor Labelled(string operation, Tensor logits, Tensor labels)
    {
        if (!labels.ElementType.IsInteger()) throw new ElementTypeException($"{operation}: labels {labels.Type} are no integers.");
        if (logits.Rank == 0 || labels.Shape != logits.Shape[..^1])
            throw new ShapeException($"{operation}: labels {labels.Type} do not belong to logits {logits.Type}: [...] and [..., classes] are expected.");
        // A comparison with each class, unlike a gather, joins the loop of the softmax.
        var isLabel = Tensor.Equal(labels.ExpandDims(-1), Tensor.Arange(logits.Shape[^1]));
        return Tensor.Where(isLabel, logits, 0.0).Sum(-1);
    }

    /// <summary>The errors, with zeros where no weight is.</summary>
    internal static Tensor Difference(string operation, Tensor prediction, Tensor target, Tensor? weights = null)
    {
        RequireSame(operation, prediction, target);
        return Kept(prediction - target, weights);
    }

    internal static void RequireSame(string operation, Tensor prediction, Tensor target)
    {
        if (prediction.Shape != target.Shape)
            throw new ShapeException($"{operation}: {prediction.Type} and {target.Type} must have the same shape: reshape one of them.");
    }

    /// <summary>
    /// Numbers with another in the place of those without a weight. Missing targets are often NaN: replaced before anything is computed of them, they disturb
    /// neither the loss nor, as 0 NaN, its derivative.
    /// </summary>
    private static Tensor Kept(Tensor x, Tensor? weights, double other = 0) => weights is null ? x : Tensor.Where(Tensor.NotEqual(weights.AsType(ElementType.Float64), 0.0), x, other);

    /// <summary>The Euclidean norm of each sample; where it is zero, so is its derivative.</summary>
    private static Tensor Length(Tensor x)
    {
        var squares = x.Rank == 1 ? Squared(x) : Squared(x).Flatten(1).Sum(1);
        var isZero = Tensor.Equal(squares, 0.0);
        return Tensor.Where(isZero, 0.0, Tensor.Sqrt(Tensor.Where(isZero, 1.0, squares)));
    }

    private static Tensor Squared(Tensor x) =>
        x.ElementType.IsComplex() ? Tensor.Square(Tensor.Real(x)) + Tensor.Square(Tensor.Imaginary(x)) : Tensor.Square(x);
}
