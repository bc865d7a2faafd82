namespace Paramorph.Bayes;

/// <summary>
/// Functions drawn from Gaussian processes whose length scale and noise are unknown: both have a log-uniform prior. The kernel has variance 1 and is the squared exponential unless another is given, places
/// lie evenly at random in [-1, 1]^d. It is a prior for a <see cref="PriorFittedNetwork"/> of which the exact posterior predictive distribution is known, too. (Rasmussen and Williams, "Gaussian processes for machine
/// learning", 2006, chapters 2 and 5.)
/// </summary>
/// <param name="Dimensions">d.</param>
/// <param name="ShortestLength">The least length scale.</param>
/// <param name="LongestLength">The largest one.</param>
/// <param name="LeastNoise">The least standard deviation of the noise.</param>
/// <param name="MostNoise">The largest one.</param>
public sealed record ProcessPrior(int Dimensions = 1, double ShortestLength = 0.1, double LongestLength = 1, double LeastNoise = 0.03, double MostNoise = 0.3)
{
    /// <summary>The correlation of values at two places, of the square of their distance in length scales; exp(-r² / 2) when not given.</summary>
    public Func<Tensor, Tensor> Correlation { get; init; } = static squares => Tensor.Exp(-0.5 * squares);

    /// <summary>Draws tasks of real values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="places">Places of each.</param>
    /// <param name="least">At least so many of them are known.</param>
    /// <param name="most">At most so many.</param>
    public PriorTasks Draw(Key key, int tasks, int places, int least, int most)
    {
        var (inputs, values) = Functions(key, tasks, places);
        return new(inputs, values, Known(key.Fold(4), tasks, places, least, most));
    }

    /// <summary>Draws tasks of two classes, of which the second has the probability 1 / (1 + exp(-sharpness f)) at a place where the function is f, its noise with it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="places">Places of each.</param>
    /// <param name="least">At least so many of them are known.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="sharpness">How sure classes are where the function is one standard deviation from zero.</param>
    public PriorTasks DrawClasses(Key key, int tasks, int places, int least, int most, double sharpness = 3)
    {
        var (inputs, values) = Functions(key, tasks, places);
        var isSecond = Sample.Uniform(key.Fold(5), values.Shape) < Tensor.Sigmoid(sharpness * values);
        return new(inputs, Tensor.Where(isSecond, 1, 0).AsType(ElementType.Int32), Known(key.Fold(4), tasks, places, least, most));
    }

    /// <summary>The logarithm of the evidence of the known values of tasks, for processes with given length scales and noise.</summary>
    /// <param name="tasks">The tasks, [tasks, places, d].</param>
    /// <param name="hyperparameters">Natural logarithms of length scale and noise: [tasks, processes, 2], or [1, processes, 2] for the same ones in all tasks.</param>
    /// <returns>[tasks, processes].</returns>
    public Tensor LogEvidence(PriorTasks tasks, Tensor hyperparameters) => Conditioned(tasks, hyperparameters).LogEvidence;

    /// <summary>The logarithm of the prior density of hyperparameters: 0 within the bounds, minus infinity beyond.</summary>
    /// <param name="hyperparameters">Natural logarithms of length scale and noise: [..., 2].</param>
    public Tensor LogPrior(Tensor hyperparameters)
    {
        var (length, noise) = (hyperparameters[TensorIndex.Ellipsis, 0], hyperparameters[TensorIndex.Ellipsis, 1]);
        var isWithin = (length >= Math.Log(ShortestLength)) & (length <= Math.Log(LongestLength)) & (noise >= Math.Log(LeastNoise)) & (noise <= Math.Log(MostNoise));
        return Tensor.Where(isWithin, 0.0, double.NegativeInfinity).AsType(hyperparameters.ElementType);
    }

    /// <summary>The middle points of a grid of the prior, all equally probable: [lengths * noises, 2].</summary>
    /// <param name="lengths">How many length scales.</param>
    /// <param name="noises">How many standard deviations of the noise.</param>
    public Tensor Grid(int lengths, int noises)
    {
        double At(double low, double high, int i, int count) => Math.Log(low) + (Math.Log(high / low) * (i + 0.5) / count);
        return Tensor.From<double>(
            [.. Enumerable.Range(0, lengths * noises).SelectMany(i => (double[])[At(ShortestLength, LongestLength, i / noises, lengths), At(LeastNoise, MostNoise, i % noises, noises)])], [lengths * noises, 2]);
    }

    /// <summary>Hyperparameters drawn from the prior.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">Of the draws.</param>
    /// <returns>f64 [shape..., 2].</returns>
    public Tensor Hyperparameters(Key key, Shape shape)
    {
        Tensor LogUniform(int fold, double low, double high) => Math.Log(low) + (Math.Log(high / low) * Sample.Uniform(key.Fold(fold), shape, type: ElementType.Float64));
        return Tensor.Stack([LogUniform(0, ShortestLength, LongestLength), LogUniform(1, LeastNoise, MostNoise)], -1);
    }

    /// <summary>
    /// The logarithm of the predictive density of the values at all places, given the known ones, for each process and place by itself: normal distributions, whose mixture by posterior weights is the
    /// exact answer.
    /// </summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="hyperparameters">As for <see cref="LogEvidence"/>.</param>
    /// <returns>[tasks, processes, places]; of no use at known places.</returns>
    public Tensor LogPredictive(PriorTasks tasks, Tensor hyperparameters)
    {
        var (_, mean, variance) = Conditioned(tasks, hyperparameters);
        return -0.5 * ((Tensor.Square(tasks.Values.AsType(ElementType.Float64).ExpandDims(1) - mean) / variance) + Tensor.Log(2 * Math.PI * variance));
    }

    /// <summary>The mean and the standard deviation of the values at all places, with their noise, given the known ones: exact up to the grid. At known places they are those of another measurement.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="hyperparameters">Points of equal prior probability, as of <see cref="Grid"/>: [1, processes, 2].</param>
    /// <returns>f64 [tasks, places].</returns>
    public IndependentNormal Posterior(PriorTasks tasks, Tensor hyperparameters)
    {
        var (evidence, means, variances) = Conditioned(tasks, hyperparameters);
        var weights = evidence.Softmax().ExpandDims(-1);
        var mean = (weights * means).Sum(1);
        return new(mean, Tensor.Sqrt((weights * (variances + Tensor.Square(means - mean.ExpandDims(1)))).Sum(1)));
    }

    private (Tensor Inputs, Tensor Values) Functions(Key key, int tasks, int places)
    {
        var inputs = (2 * Sample.Uniform(key.Fold(0), [tasks, places, Dimensions])) - 1;
        var hyperparameters = Hyperparameters(key.Fold(1), [tasks]).AsType(ElementType.Float32);
        // Values and their noise at once: with the noise the covariance is positive definite in single precision.
        var noise = Tensor.Exp(2 * hyperparameters[.., 1]).Reshape(tasks, 1, 1);
        var factor = LinearAlgebra.Cholesky(Kernel(inputs, Tensor.Exp(-hyperparameters[.., 0]).Reshape(tasks, 1, 1)) + (noise * Tensor.Eye(places)));
        return (inputs, Tensor.MatMul(factor, Sample.Normal(key.Fold(2), [tasks, places, 1]))[.., .., 0]);
    }

    private Tensor Kernel(Tensor inputs, Tensor inverseLength)
    {
        var scaled = inputs * inverseLength;
        var squares = Tensor.Square(scaled).Sum(-1);
        return Correlation(Tensor.Maximum(squares.ExpandDims(-1) + squares.ExpandDims(-2) - (2 * Tensor.MatMul(scaled, scaled.T)), 0.0));
    }

    private static Tensor Known(Key key, int tasks, int places, int least, int most) => (Tensor.Arange(places) < Sample.Integers(key, [tasks, 1], least, most + 1)).BroadcastTo([tasks, places]);

    /// <summary>In f64: evidence [tasks, processes], means and variances of the values at all places [tasks, processes, places]. An unknown place stands in the matrix as one that is tied to no other.</summary>
    private (Tensor LogEvidence, Tensor Mean, Tensor Variance) Conditioned(PriorTasks tasks, Tensor hyperparameters)
    {
        var (count, places) = (tasks.Values.Shape[0], tasks.Values.Shape[1]);
        var known = Tensor.Where(tasks.Known, 1.0, 0.0).AsType(ElementType.Float64).ExpandDims(1);
        var values = tasks.Values.AsType(ElementType.Float64).ExpandDims(1) * known;
        var logs = hyperparameters.AsType(ElementType.Float64);
        logs = logs.BroadcastTo([count, logs.Shape[1], 2]);
        var noise = Tensor.Exp(2 * logs[.., .., 1]).ExpandDims(-1);
        var kernel = Kernel(tasks.Inputs.AsType(ElementType.Float64).ExpandDims(1), Tensor.Exp(-logs[.., .., 0]).ExpandDims(-1).ExpandDims(-1));
        var diagonal = (known * noise) + (1.0 - known);
        var covariance = (kernel * known.ExpandDims(-1) * known.ExpandDims(-2)) + (diagonal.ExpandDims(-1) * Tensor.Eye(places, ElementType.Float64));
        var factor = LinearAlgebra.Cholesky(covariance);
        var columns = Tensor.Concatenate([values.ExpandDims(-1).BroadcastTo([count, logs.Shape[1], places, 1]), kernel * known.ExpandDims(-1)], -1);
        var whitened = LinearAlgebra.TriangularSolve(factor, columns);
        var (own, across) = (whitened[TensorIndex.Ellipsis, ..1], whitened[TensorIndex.Ellipsis, 1..]);
        var evidence = (-0.5 * Tensor.Square(own).Sum(-1, -2)) - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum(-1) - (0.5 * Math.Log(2 * Math.PI) * known.Sum(-1));
        return (evidence, (own * across).Sum(-2), 1.0 + noise - Tensor.Square(across).Sum(-2));
    }
}
