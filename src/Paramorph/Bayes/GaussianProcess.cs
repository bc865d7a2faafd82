using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// The hyperparameters of a Gaussian process with a length scale for each feature, as logarithms, which have no bounds. (Rasmussen and Williams, "Gaussian processes for machine learning",
/// 2006, chapters 2 and 5.)
/// </summary>
/// <param name="LogLengths">Logarithms of the length scales: f64 [features].</param>
/// <param name="LogSignal">Logarithm of the variance of the function: f64 [].</param>
/// <param name="LogNoise">Logarithm of the variance of the noise: f64 [].</param>
[Tree]
public sealed partial record GaussianProcess(Tensor LogLengths, Tensor LogSignal, Tensor LogNoise)
{
    /// <summary>Rows on which hyperparameters are learned: each look at the likelihood takes time as the cube of their number.</summary>
    private const int MostToLearnFrom = 600;

    private const int Iterations = 40;

    /// <summary>The least variance of the noise, by which matrices stay positive definite in double precision.</summary>
    private const double LeastNoise = 1e-5;

    private static readonly double[] Jitters = [0, 1e-4, 1e-3, 1e-2];

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "gaussian-process", "A Gaussian process with a length scale for each feature, solved exactly; of classes on their indicators.", Fit,
        (signature, configuration, stored) => KernelRidge.Like(signature, KernelOf(configuration), stored), Work)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth functions of a few columns, some of which matter more than others, with up to some thousand rows",
        Paper = "Rasmussen and Williams, Gaussian processes for machine learning, 2006",
        Limits = KernelRidge.Limits,
        Own = [Hyperparameter.Word("kernel", "Matérn's of order 5/2, the squared exponential, or half of each", "matern", "squared-exponential", "sum")],
    };

    /// <summary>Where learning begins: all features matter alike, and a tenth of the variance is noise.</summary>
    /// <param name="features">How many features there are.</param>
    public static GaussianProcess Start(int features) => new(
        Tensor.Full([features], 0.5 * Math.Log(features), ElementType.Float64).Evaluate(), Tensor.Scalar(0.0), Tensor.Scalar(Math.Log(0.1)));

    /// <summary>
    /// Minus the logarithm of the marginal likelihood, a row and output: the mean of the process is a number about which nothing is known, and the hyperparameters have broad normal priors,
    /// which keep length scales of features that tell nothing from running away.
    /// </summary>
    /// <param name="kernel">The kernel, such as <see cref="StationaryKernel.Matern"/>.</param>
    /// <param name="x">f64 [n, features].</param>
    /// <param name="y">f64 [n, outputs]: outputs are independent functions of one process.</param>
    public Tensor NegativeLogLikelihood(Func<Tensor, Tensor, Tensor> kernel, Tensor x, Tensor y)
    {
        var (count, outputs) = (x.Shape[0], y.Shape[1]);
        var points = x * Tensor.Exp(-LogLengths);
        var covariance = Tensor.Exp(LogSignal) * kernel(points, points) + (Tensor.Exp(LogNoise) + LeastNoise) * Tensor.Eye(count, ElementType.Float64);
        var factor = LinearAlgebra.Cholesky(covariance);
        var whitened = LinearAlgebra.TriangularSolve(factor, Tensor.Concatenate([y, Tensor.Ones([count, 1], ElementType.Float64)], 1));
        var (own, ones) = (whitened[.., ..^1], whitened[.., ^1].ExpandDims(1));
        var residual = own - ones * ((ones * own).Sum(0) / Tensor.Square(ones).Sum());
        var likelihood = 0.5 * Tensor.Square(residual).Sum() / outputs + Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum() + 0.5 * count * Math.Log(2 * Math.PI);
        var prior = Normal(LogLengths, 0.5 * Math.Log(LogLengths.Count) + 0.5, 1.5) + Normal(LogSignal, 0, 2) + Normal(LogNoise, -3, 3);
        return (likelihood + prior) / count;
    }

    private static Tensor Normal(Tensor x, double mean, double deviation) => 0.5 * Tensor.Square((x - mean) / deviation).Sum();

    private static ILayer Fit(ExamplesProblem problem, FitRun run)
    {
        var kernel = KernelOf(run.Configuration);
        var learned = Learn(problem, run, kernel);
        var noise = (Math.Exp(learned.LogNoise.Item()) + LeastNoise) / Math.Exp(learned.LogSignal.Item());
        var factors = Tensor.Exp(-learned.LogLengths).AsType(ElementType.Float32).Evaluate();
        foreach (var jitter in Jitters)
        {
            try
            {
                var layer = KernelRidge.Of(problem, kernel, factors, noise + jitter);
                if (jitter > 0) run.Note?.Invoke($"the covariance needed a jitter of {jitter:G2} of the signal's variance to be positive definite");
                return layer;
            }
            catch (EvaluationException) when (jitter < Jitters[^1])
            {
                // The next jitter is larger.
            }
        }
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>The hyperparameters of the highest likelihood of a problem's targets, of some of its rows where there are many.</summary>
    internal static GaussianProcess Learn(ExamplesProblem problem, FitRun run, Func<Tensor, Tensor, Tensor> kernel)
    {
        var (x, y) = (problem.Train.Inputs.AsType(ElementType.Float64).Evaluate(), Indicators.Targets(problem));
        var rows = x.Shape[0];
        if (rows > MostToLearnFrom)
        {
            var some = Tensor.From<int>([.. new KeyRandom(run.Key).Permutation(rows).Take(MostToLearnFrom).Order()]);
            (x, y) = (x.Take(some).Evaluate(), y.Take(some).Evaluate());
            run.Note?.Invoke($"length scales and noise were learned from {MostToLearnFrom} rows, and all rows then used");
        }
        var stop = new StoppingRule(Iterations, Gradient: 1e-4, Loss: 1e-5)
        {
            Cancellation = run.Cancellation,
            Progress = (iteration, loss) => run.Progress?.Invoke(iteration, Iterations, loss),
        };
        try
        {
            var learned = Learned(kernel, x, y, stop: stop);
            run.Cancellation.ThrowIfCancellationRequested();
            return learned;
        }
        catch (EvaluationException)
        {
            run.Note?.Invoke("the likelihood could not be followed to its maximum, so length scales and noise are those of the start");
            return Start(problem.Signature.Inputs);
        }
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var rows = problem.Split.Train.Count;
        return KernelRidge.Work(rows) with { Flops = KernelRidge.Work(rows).Flops + Looks(rows), Programs = 2 };
    }

    /// <summary>Floating-point operations of learning the hyperparameters.</summary>
    internal static double Looks(int rows) => 2.5 * Iterations * Math.Pow(Math.Min(MostToLearnFrom, rows), 3);

    /// <summary>The kernel of a word.</summary>
    internal static Func<Tensor, Tensor, Tensor> KernelOf(Configuration configuration) => configuration.Word("kernel") switch
    {
        "squared-exponential" => StationaryKernel.SquaredExponential,
        "sum" => StationaryKernel.Sum,
        _ => StationaryKernel.Matern,
    };
}
