namespace Paramorph.Training;

/// <summary>
/// The usual losses: one real number from predictions and targets. Each is a mean; with weights it is the weighted mean, so that a mask of booleans leaves out
/// what it does not keep, even where that is not finite. If no weight is left the loss is 0. Whole numbers, such as the pixels of images, are taken as real ones
/// first: 8-bit ones as f32, wider ones as f64, unless they meet real numbers.
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
        (prediction, target) = Real("relative L2 loss", prediction, target);
        if (prediction.Rank == 0) throw new ShapeException($"relative L2 loss: {prediction.Type} has no axis of samples: predictions are [batch, ...].");
        var samples = weights?.BroadcastTo([prediction.Shape[0]]).Reshape([prediction.Shape[0], .. Enumerable.Repeat(1, prediction.Rank - 1)]);
        var difference = Difference("relative L2 loss", prediction, target, samples);
        return Mean(Length(difference) / Length(Kept(target, samples, 1)), weights);
    }

    /// <summary>
    /// The mean over samples of |prediction - target| / |target| with the norm of H1, in which the slopes of a field count beside its values: differences of neighbours over their distance, where each axis of the
    /// grid is one long. (He, Liu and Xu, "MgNO: efficient parameterization of linear operators via multigrid", 2024.)
    /// </summary>
    /// <param name="prediction">[batch, channels, grid...].</param>
    /// <param name="target">Of the same shape; no sample is zero.</param>
    /// <param name="isPeriodic">Whether the last place of an axis is a neighbour of the first.</param>
    /// <exception cref="ShapeException">The shapes differ, or there is no grid.</exception>
    public static Tensor RelativeH1(Tensor prediction, Tensor target, bool isPeriodic = false)
    {
        (prediction, target) = Real("relative H1 loss", prediction, target);
        if (prediction.Rank < 3) throw new ShapeException($"relative H1 loss: {prediction.Type} has no grid: predictions are [batch, channels, grid...].");
        Difference("relative H1 loss", prediction, target);
        return RelativeL2(WithSlopes(prediction, isPeriodic), WithSlopes(target, isPeriodic));
    }

    /// <summary>Fields with their slopes along each axis, whose Euclidean norm is that of H1: [batch, numbers].</summary>
    /// <param name="fields">[batch, channels, grid...], each axis of the grid one long.</param>
    /// <param name="isPeriodic">Whether the last place of an axis is a neighbour of the first.</param>
    internal static Tensor WithSlopes(Tensor fields, bool isPeriodic)
    {
        Tensor Slope(int axis)
        {
            var size = fields.Shape[axis];
            var rises = fields.Roll(-1, axis) - fields;
            return ((isPeriodic ? rises : rises.SliceAxis(axis, 0, size - 1)) * (double)size).Flatten(1);
        }
        return Tensor.Concatenate([fields.Flatten(1), .. Enumerable.Range(2, fields.Rank - 2).Select(Slope)], 1);
    }

    /// <summary>The mean of -log softmax(logits)[label].</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="labels">
    /// Integers [...] from 0 to classes - 1; under a mask they may be anything. Others throw where labels have values; those of a function that is being compiled
    /// have none, and there the loss of another label is NaN.
    /// </param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <param name="smoothing">The share of the target that is spread evenly over all classes, from 0 to below 1. (Szegedy et al., "Rethinking the Inception Architecture", 2016.)</param>
    /// <param name="ignored">A label that stands for none, often -100: its samples are left out.</param>
    /// <exception cref="ShapeException">The labels have not the shape of the logits without their last axis.</exception>
    /// <exception cref="ElementTypeException">The labels are no integers.</exception>
    /// <exception cref="TensorException">A label is none of the classes.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels, Tensor? weights = null, double smoothing = 0, int? ignored = null)
    {
        if (ignored is { } none)
        {
            var isLabelled = Tensor.NotEqual(labels.AsType(ElementType.Int64), none);
            weights = weights is null ? isLabelled : Tensor.Where(isLabelled, weights, Tensor.ZerosLike(weights));
        }
        logits = Real(logits);
        var score = Labelled("cross-entropy", logits, labels, weights);
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
        (logits, probabilities) = Real("cross-entropy", logits, probabilities);
        return Mean(-Expected(Kept(probabilities, weights?.ExpandDims(-1)), logits.LogSoftmax()), weights);
    }

    /// <summary>The mean of -target log sigmoid(logit) - (1 - target) log(1 - sigmoid(logit)), computed without overflow.</summary>
    /// <param name="logits">Of any shape.</param>
    /// <param name="targets">Of the same shape: booleans, or numbers from 0 to 1.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets, Tensor? weights = null)
    {
        (logits, targets) = Real("binary cross-entropy", logits, targets);
        targets = Kept(targets.AsType(logits.ElementType), weights);
        // A prediction that is certain and right costs nothing, for either class.
        var isRight = Tensor.Equal(logits, double.PositiveInfinity) & Tensor.Equal(targets, 1.0);
        var isNothing = !Tensor.IsFinite(logits) & Tensor.Equal(targets, 0.0);
        logits = Tensor.Where(isRight, 0.0, logits);
        return Mean(Tensor.Where(isRight, 0.0, Tensor.Softplus(logits) - targets * Tensor.Where(isNothing, 0.0, logits)), weights);
    }

    /// <summary>The mean of max(0, 1 - sign score). (Cortes and Vapnik, "Support-Vector Networks", 1995.)</summary>
    /// <param name="scores">Of any shape.</param>
    /// <param name="signs">Of the same shape: -1 or 1.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Hinge(Tensor scores, Tensor signs, Tensor? weights = null)
    {
        (scores, signs) = Real("hinge loss", scores, signs);
        return Mean(Tensor.Relu(1.0 - Kept(signs, weights) * scores), weights);
    }

    /// <summary>The mean of the Kullback-Leibler divergence of softmax(logits) from given distributions: sum of p (log p - log softmax(logits)).</summary>
    /// <param name="logits">[..., classes].</param>
    /// <param name="probabilities">p, of the same shape; along the last axis they sum to 1.</param>
    /// <param name="weights">[...]: weights, or a mask.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor KullbackLeibler(Tensor logits, Tensor probabilities, Tensor? weights = null)
    {
        (logits, probabilities) = Real("Kullback-Leibler divergence", logits, probabilities);
        var kept = Kept(probabilities, weights?.ExpandDims(-1));
        return Mean(Tensor.Xlogy(kept, kept).Sum(-1) - Expected(kept, logits.LogSoftmax()), weights);
    }

    /// <summary>The mean of the negative logarithm of a normal density: (log 2π + log variance + (target - mean)² / variance) / 2. (Nix and Weigend, 1994.)</summary>
    /// <param name="mean">The means, of any shape.</param>
    /// <param name="logVariance">The logarithms of the variances, of the same shape.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="weights">Weights, or a mask, broadcast to the shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor GaussianLikelihood(Tensor mean, Tensor logVariance, Tensor target, Tensor? weights = null)
    {
        (mean, logVariance) = Real("Gaussian likelihood", mean, logVariance);
        var squares = Tensor.Square(Difference("Gaussian likelihood", mean, target, weights));
        return Mean(0.5 * (Math.Log(2 * Math.PI) + logVariance + squares * Tensor.Exp(-logVariance)), weights);
    }

    /// <summary>The mean of values, weighted: sum of w x / sum of w, and 0 when no weight is left.</summary>
    /// <param name="values">Of any shape.</param>
    /// <param name="weights">Numbers from 0 on, or booleans; of the shape of the values or broadcast to it. Null weighs all alike.</param>
    public static Tensor Mean(Tensor values, Tensor? weights)
    {
        if (weights is null) return values.Mean();
        values = Real(values);
        var all = weights.BroadcastTo(values.Shape);
        var sum = (all.AsType(values.ElementType) * Kept(values, all)).Sum();
        var weight = all.AsType(values.ElementType).Sum();
        return Tensor.Where(weight > 0.0, sum / Tensor.Where(weight > 0.0, weight, 1.0), 0.0);
    }

    /// <summary>The logit of the label: [...] of logits [..., classes]; NaN where the label is none of the classes and has no value that could be checked.</summary>
    internal static Tensor Labelled(string operation, Tensor logits, Tensor labels, Tensor? weights)
    {
        RequireLabels(operation, labels, logits, weights);
        // A comparison with each class, unlike a gather, joins the loop of the softmax.
        var isLabel = Tensor.Equal(labels.ExpandDims(-1), Tensor.Arange(logits.Shape[^1]));
        var score = Tensor.Where(isLabel, logits, 0.0).Sum(-1);
        return labels.HasValue && weights is null ? score : Tensor.Where(IsClass(labels, logits.Shape[^1]), score, double.NaN);
    }

    /// <summary>Checks that labels belong to logits; that each is one of the classes, or without weight, only where they have values.</summary>
    internal static void RequireLabels(string operation, Tensor labels, Tensor logits, Tensor? weights)
    {
        if (!labels.ElementType.IsInteger()) throw new ElementTypeException($"{operation}: labels {labels.Type} are no integers.");
        if (logits.Rank == 0 || labels.Shape != logits.Shape[..^1])
            throw new ShapeException($"{operation}: labels {labels.Type} do not belong to logits {logits.Type}: [...] and [..., classes] are expected.");
        var classes = logits.Shape[^1];
        if (!labels.HasValue || weights is { HasValue: false }) return;
        var isWrong = !IsClass(labels, classes);
        if (weights is not null) isWrong &= Tensor.NotEqual(weights.BroadcastTo(labels.Shape).AsType(ElementType.Float64), 0.0);
        if (!isWrong.Any().Item<bool>()) return;
        var wrong = labels.Reshape(-1)[isWrong.Reshape(-1).AsType(ElementType.Int32).ArgMax(0).Item<int>()];
        throw new TensorException(
            $"{operation}: label {wrong.ToDoubles()[0]} is none of the {classes} classes: labels run from 0 to {classes - 1}; subtract 1 from labels that start at 1, and mask or name as ignored those that stand for none.");
    }

    private static Tensor IsClass(Tensor labels, int classes) =>
        labels.AsType(ElementType.Int64) is var label ? Tensor.GreaterEqual(label, 0) & Tensor.Less(label, classes) : label;

    /// <summary>Sum of p log q over the last axis, where 0 log 0 is 0.</summary>
    private static Tensor Expected(Tensor probabilities, Tensor logarithms)
    {
        var isNothing = Tensor.Equal(probabilities, 0.0) & Tensor.Equal(logarithms, double.NegativeInfinity);
        return (probabilities * Tensor.Where(isNothing, 0.0, logarithms)).Sum(-1);
    }

    /// <summary>The errors, with zeros where no weight is.</summary>
    internal static Tensor Difference(string operation, Tensor prediction, Tensor target, Tensor? weights = null)
    {
        (prediction, target) = Real(operation, prediction, target);
        return Kept(prediction - target, weights);
    }

    /// <summary>Two tensors of one shape as real or complex numbers.</summary>
    internal static (Tensor First, Tensor Second) Real(string operation, Tensor first, Tensor second)
    {
        RequireSame(operation, first, second);
        if (first.ElementType.IsDifferentiable() || second.ElementType.IsDifferentiable())
            return (first.ElementType.IsDifferentiable() ? first : first.AsType(second.ElementType), second.ElementType.IsDifferentiable() ? second : second.AsType(first.ElementType));
        var type = IsWide(first) || IsWide(second) ? ElementType.Float64 : ElementType.Float32;
        return (first.AsType(type), second.AsType(type));
    }

    /// <summary>A tensor as real or complex numbers: whole ones of 8 bits as f32, which holds them and their squares, wider ones as f64.</summary>
    internal static Tensor Real(Tensor x) => x.ElementType.IsDifferentiable() ? x : x.AsType(IsWide(x) ? ElementType.Float64 : ElementType.Float32);

    private static bool IsWide(Tensor x) => x.ElementType is ElementType.Int32 or ElementType.Int64;

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
