namespace Paramorph.Bayes;

/// <summary>
/// The posterior of a Gaussian process whose variance is drawn: a wide network whose last layer has weights of an unknown scale, y ~ N(0, s (K + noise I)) with a prior on s. With an inverse gamma
/// prior answers have Student's t distribution. (Lee, Yun, Yang and Lee, "Scale mixtures of neural network Gaussian processes", 2022.)
/// </summary>
public sealed class ScaleMixture
{
    private readonly Tensor points, targets, factor, coefficients, noise;
    private readonly Func<Tensor, Tensor, Tensor> kernel;
    private readonly Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> ask;

    /// <summary>The posterior of examples.</summary>
    /// <param name="kernel">A positive semidefinite kernel, such as <see cref="WideNetwork.Covariance"/>, from points [a, dimensions] and [b, dimensions] to f64 [a, b].</param>
    /// <param name="points">f64 [n, dimensions].</param>
    /// <param name="targets">f64 [n], whose mean before is 0.</param>
    /// <param name="noise">The variance of their noise, in units of the scale; positive.</param>
    public ScaleMixture(Func<Tensor, Tensor, Tensor> kernel, Tensor points, Tensor targets, double noise)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noise);
        (this.kernel, this.points, this.targets, this.noise) = (kernel, points, targets, Tensor.Scalar(noise));
        (factor, coefficients) = Compile.Of((Tensor points, Tensor targets, Tensor noise) =>
        {
            var factor = LinearAlgebra.Cholesky(kernel(points, points) + noise * Tensor.Eye(points.Shape[0], ElementType.Float64));
            return (factor, LinearAlgebra.TriangularSolve(factor, targets.ExpandDims(-1))[.., 0]);
        })(points, targets, this.noise);
        ask = Compile.Of((Tensor x, Tensor points, Tensor factor, Tensor coefficients, Tensor noise) =>
        {
            var whitened = LinearAlgebra.TriangularSolve(factor, kernel(points, x));
            var own = LinearAlgebra.Diagonal(kernel(x, x));
            return Tensor.Stack([coefficients.Dot(whitened), own + noise - Tensor.Square(whitened).Sum(0)]);
        });
        (Count, Fit) = (points.Shape[0], Tensor.Square(coefficients).Sum().Item());
        LogDeterminant = 2 * Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum().Item();
    }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>yᵀ (K + noise I)⁻¹ y.</summary>
    public double Fit { get; }

    /// <summary>The scale of the highest likelihood, <see cref="Fit"/> over n.</summary>
    public double Likeliest => Fit / Count;

    private double LogDeterminant { get; }

    /// <summary>The logarithm of the likelihood at a scale.</summary>
    /// <param name="scale">s.</param>
    public double LogLikelihood(double scale) => -0.5 * (Count * Math.Log(2 * Math.PI * scale) + LogDeterminant + Fit / scale);

    /// <summary>The mean of the answer with noise at each point, and its variance at a scale of 1.</summary>
    /// <param name="x">f64 [m, dimensions].</param>
    public (double[] Means, double[] Variances) Answers(Tensor x)
    {
        var both = ask(x, points, factor, coefficients, noise);
        return (both[0].ToDoubles(), both[1].ToDoubles());
    }

    /// <summary>
    /// The logarithm of the density of an answer under an inverse gamma prior of the scale: Student's t with 2 shape + n degrees of freedom, whose squared width is the variance times
    /// (2 rate + <see cref="Fit"/>) / (2 shape + n).
    /// </summary>
    /// <param name="shape">The shape of the prior, positive.</param>
    /// <param name="rate">The rate: the prior mode of the scale is rate / (shape + 1).</param>
    /// <param name="error">The answer less its mean.</param>
    /// <param name="variance">Its variance at a scale of 1.</param>
    public double LogStudent(double shape, double rate, double error, double variance)
    {
        var freedom = 2 * shape + Count;
        return MathNet.Numerics.Distributions.StudentT.PDFLn(0, Math.Sqrt(variance * (2 * rate + Fit) / freedom), freedom, error);
    }

    /// <summary>The posterior weights of scales with a prior weight each; they add up to 1.</summary>
    /// <param name="scales">The scales.</param>
    /// <param name="logPrior">Logarithms of their prior weights, up to a constant.</param>
    public double[] Weights(IReadOnlyList<double> scales, IReadOnlyList<double> logPrior)
    {
        double[] logs = [.. scales.Zip(logPrior, (scale, prior) => prior + LogLikelihood(scale))];
        double[] parts = [.. logs.Select(log => Math.Exp(log - logs.Max()))];
        return [.. parts.Select(part => part / parts.Sum())];
    }

    /// <summary>The scale of the highest likelihood of examples, each by the others but those of its fold.</summary>
    /// <param name="scales">Scales to choose from.</param>
    /// <param name="folds">How many folds, at least 2; example i is in fold i modulo these.</param>
    public double LikeliestLeftOut(IReadOnlyList<double> scales, int folds = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var answers = Enumerable.Range(0, folds).SelectMany(fold =>
        {
            Tensor Rows(bool isLeft) => Tensor.From([.. Enumerable.Range(0, Count).Where(i => i % folds == fold == isLeft)]);
            var (left, rest) = (Rows(isLeft: true), Rows(isLeft: false));
            var (means, variances) = new ScaleMixture(kernel, points.Take(rest).Evaluate(), targets.Take(rest).Evaluate(), noise.Item()).Answers(points.Take(left).Evaluate());
            return targets.Take(left).ToDoubles().Select((value, i) => (Error: value - means[i], Variance: variances[i]));
        }).ToArray();
        return scales.MaxBy(scale => answers.Sum(at => LogNormal(scale)(at.Error, at.Variance)));
    }

    /// <summary>The logarithm of the density of an answer at one scale, from the answer less its mean and its variance at a scale of 1.</summary>
    /// <param name="scale">The scale.</param>
    public static Func<double, double, double> LogNormal(double scale) => (error, variance) => LogMixture([scale], [1], error, variance);

    /// <summary>The logarithm of the density of an answer under a mixture of scales, as any prior gives it: normal densities, weighted.</summary>
    /// <param name="scales">The scales.</param>
    /// <param name="weights">Their posterior weights.</param>
    /// <param name="error">The answer less its mean.</param>
    /// <param name="variance">Its variance at a scale of 1.</param>
    public static double LogMixture(IReadOnlyList<double> scales, IReadOnlyList<double> weights, double error, double variance)
    {
        // Far out densities themselves are zero.
        double[] logs = [.. scales.Zip(weights, (scale, weight) => Math.Log(weight) + MathNet.Numerics.Distributions.Normal.PDFLn(0, Math.Sqrt(scale * variance), error))];
        var highest = logs.Max();
        return double.IsFinite(highest) ? highest + Math.Log(logs.Sum(log => Math.Exp(log - highest))) : highest;
    }
}
