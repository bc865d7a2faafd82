using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <content>Functions of the process: draws, and the exact posterior.</content>
public sealed partial record GaussianProcess
{
    /// <summary>The variance of the function at a point, in parts of which the diagonal is raised so that close points have a factor.</summary>
    private const double Closeness = 1e-6;

    /// <summary>Values of functions of the process, whose mean is zero, without noise: f64 [draws, n].</summary>
    /// <param name="key">The key.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="x">Places, f64 [n, features].</param>
    /// <param name="draws">How many functions.</param>
    public Tensor Draw(Key key, Func<Tensor, Tensor, Tensor> kernel, Tensor x, int draws)
    {
        var factor = LinearAlgebra.Cholesky(Covariance(kernel, x, x) + Tensor.Exp(LogSignal) * Closeness * Tensor.Eye(x.Shape[0], ElementType.Float64));
        return Tensor.MatMul(Sample.Normal(key, [draws, x.Shape[0]], ElementType.Float64), factor.T);
    }

    /// <summary>The mean and the deviation of the function at places, given noisy values elsewhere; the process has the mean zero.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="x">Where values are known, f64 [n, features].</param>
    /// <param name="y">The values with noise, f64 [n].</param>
    /// <param name="places">f64 [m, features].</param>
    /// <returns>f64 [m], of the function without noise.</returns>
    public IndependentNormal Posterior(Func<Tensor, Tensor, Tensor> kernel, Tensor x, Tensor y, Tensor places)
    {
        var factor = LinearAlgebra.Cholesky(Covariance(kernel, x, x) + (Tensor.Exp(LogNoise) + LeastNoise) * Tensor.Eye(x.Shape[0], ElementType.Float64));
        var across = LinearAlgebra.TriangularSolve(factor, Covariance(kernel, x, places));
        var own = LinearAlgebra.TriangularSolve(factor, y.ExpandDims(1));
        var variance = Tensor.Exp(LogSignal) - Tensor.Square(across).Sum(0);
        return new((across * own).Sum(0), Tensor.Sqrt(Tensor.Maximum(variance, Closeness * Tensor.Exp(LogSignal))));
    }

    /// <summary>The hyperparameters of the highest likelihood with their priors, by L-BFGS from <see cref="Start"/>.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="x">f64 [n, features]; the time grows with the cube of n.</param>
    /// <param name="y">f64 [n, outputs].</param>
    /// <param name="noise">The deviation of the noise where it is known, 0 for none; it is learned when null.</param>
    /// <param name="isIsotropic">Whether all features have one length scale.</param>
    /// <param name="stop">When to stop.</param>
    /// <exception cref="EvaluationException">A covariance on the way was not positive definite.</exception>
    public static GaussianProcess Learned(Func<Tensor, Tensor, Tensor> kernel, Tensor x, Tensor y, double? noise = null, bool isIsotropic = false, StoppingRule? stop = null)
    {
        var start = Start(isIsotropic ? 1 : x.Shape[1]);
        var known = noise is { } deviation ? Tensor.Scalar(Math.Max(2 * Math.Log(deviation), Math.Log(LeastNoise))) : null;
        GaussianProcess With(GaussianProcess process) => known is null ? process : process with { LogNoise = known };
        // One length scale is a shape of its own, which is broadcast to all features.
        var learned = With(new Lbfgs(Stop: stop ?? new StoppingRule(Iterations, Gradient: 1e-4, Loss: 1e-5)).Minimise(start, process => With(process).NegativeLogLikelihood(kernel, x, y)).Model);
        return learned with { LogLengths = learned.LogLengths.BroadcastTo([x.Shape[1]]).Evaluate() };
    }

    private Tensor Covariance(Func<Tensor, Tensor, Tensor> kernel, Tensor x, Tensor y) => Tensor.Exp(LogSignal) * kernel(x * Tensor.Exp(-LogLengths), y * Tensor.Exp(-LogLengths));

    /// <summary>The kernel that a configuration of the method names, and the hyperparameters of the highest likelihood of a problem's targets, of some of its rows where there are many.</summary>
    internal static (Func<Tensor, Tensor, Tensor> Kernel, GaussianProcess Process) LearnedFor(ExamplesProblem problem, FitRun run)
    {
        var kernel = KernelOf(run.Configuration);
        return (kernel, Learn(problem, run, kernel));
    }

    /// <summary>Floating-point operations of that.</summary>
    internal static double Looks(int rows) => 2.5 * Iterations * Math.Pow(Math.Min(MostToLearnFrom, rows), 3);
}
