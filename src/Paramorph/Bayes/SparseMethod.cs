using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>Sparse Gaussian processes as methods: hyperparameters and features are learned from some rows by L-BFGS, and all rows then used.</summary>
internal static class SparseMethod
{
    /// <summary>Rows on which hyperparameters and features are learned: each look at the bound takes time in proportion to their number.</summary>
    private const int MostToLearnFrom = 2000;

    /// <summary>The most rows that are used: matrices of features times rows stay in memory.</summary>
    private const int MostRows = 100_000;

    private const int Iterations = 100;

    private static readonly Func<SparseGaussianProcess, Tensor, Tensor, SparsePosterior> solve = Compile.Of((SparseGaussianProcess process, Tensor x, Tensor y) => process.Posterior(x, y));
    private static readonly Func<SparsePosterior, Tensor, Tensor, Tensor> honest = Compile.Of((SparsePosterior posterior, Tensor x, Tensor y) => posterior.LeaveOneOut(x, y));

    /// <summary>A method of such processes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="meaning">What it is.</param>
    /// <param name="goodAt">What it is good at.</param>
    /// <param name="paper">Where it comes from.</param>
    /// <param name="own">Hyperparameters beside the number of features.</param>
    /// <param name="start">Where learning begins, from hyperparameters, training inputs f64 [n, inputs] and a key.</param>
    public static SolvedMethod Of(
        string name, string meaning, string goodAt, string paper, IReadOnlyList<Hyperparameter> own, Func<Configuration, Tensor, Key, SparseGaussianProcess> start) =>
        new(name, meaning, (problem, run) => Fit(problem, run, start), (signature, configuration, stored) => Like(signature, configuration, stored, start), Work)
        {
            Kinds = ["table-regression", "table-classification"],
            GoodAt = goodAt,
            Paper = paper,
            IsAutomatic = false,
            Limits = problem => problem.Split.Train.Count > MostRows ? $"it takes at most {MostRows} rows to train and there are {problem.Split.Train.Count}" : null,
            Own = [Hyperparameter.Whole("features", "inducing features", 64, 16, 256), .. own],
        };

    private static SparseAnswers Fit(ExamplesProblem problem, FitRun run, Func<Configuration, Tensor, Key, SparseGaussianProcess> start)
    {
        var (x, all) = (problem.Train.Inputs.AsType(ElementType.Float64).Evaluate(), Indicators.Targets(problem));
        var offset = all.Mean(0).Evaluate();
        var y = (all - offset).Evaluate();
        var learned = Learn(start(run.Configuration, x, run.Key.Fold(0)), x, y, run);
        var posterior = solve(learned, x, y);
        var scale = Indicators.Scale(problem, () => LeftOut(learned, posterior, x, y, offset));
        var answers = posterior.Answers(offset);
        return Tree.Map(
            answers with { PrincipalCoefficients = answers.PrincipalCoefficients * scale, OrthogonalCoefficients = answers.OrthogonalCoefficients is { } own ? own * scale : null, Offset = offset * scale },
            leaf => leaf.Evaluate());
    }

    /// <summary>What would be answered at each row without it: the mean of the others is lower by y / (n - 1), and answers are linear in the values.</summary>
    private static Tensor LeftOut(SparseGaussianProcess process, SparsePosterior posterior, Tensor x, Tensor y, Tensor offset)
    {
        var ones = Tensor.Ones([x.Shape[0], 1], ElementType.Float64);
        return (honest(posterior, x, y) + offset - y / (x.Shape[0] - 1.0) * (1.0 - honest(solve(process, x, ones), x, ones))).Evaluate();
    }

    private static SparseGaussianProcess Learn(SparseGaussianProcess process, Tensor x, Tensor y, FitRun run)
    {
        if (x.Shape[0] > MostToLearnFrom)
        {
            var some = Tensor.From<int>([.. new KeyRandom(run.Key.Fold(1)).Permutation(x.Shape[0]).Take(MostToLearnFrom).Order()]);
            (x, y) = (x.Take(some).Evaluate(), y.Take(some).Evaluate());
            run.Note?.Invoke($"length scales, noise and features were learned from {MostToLearnFrom} rows, and all rows then used");
        }
        var stop = new StoppingRule(Iterations, Gradient: 1e-4, Loss: 1e-5)
        {
            Cancellation = run.Cancellation,
            Progress = (iteration, loss) => run.Progress?.Invoke(iteration, Iterations, loss),
        };
        try
        {
            var minimum = new Lbfgs(Stop: stop).Minimise(process, model => model.Loss(x, y));
            run.Cancellation.ThrowIfCancellationRequested();
            return minimum.Model;
        }
        catch (EvaluationException)
        {
            run.Note?.Invoke("the bound could not be followed to its maximum, so length scales, noise and features are those of the start");
            return process;
        }
    }

    private static SparseAnswers Like(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored, Func<Configuration, Tensor, Key, SparseGaussianProcess> start)
    {
        // Tables with fewer rows than features have fewer inducing points.
        var process = start(configuration, Tensor.Zeros([configuration.Whole("features"), signature.Inputs], ElementType.Float64), Key.Of(0));
        Tensor Zeros(string path) => Tensor.Zeros(stored[path].Shape, ElementType.Float64);
        var orthogonal = process.Orthogonal is null ? null : new InducingPoints(Zeros("orthogonal.points"));
        return new(
            process.Kernel, process.Principal is InducingPoints ? new InducingPoints(Zeros("principal.points")) : process.Principal, orthogonal,
            Zeros("principalCoefficients"), orthogonal is null ? null : Zeros("orthogonalCoefficients"), Zeros("offset"));
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        // A look at the bound with its gradient is some thirty products of features with rows and features, in double precision.
        var (rows, features) = (problem.Split.Train.Count, configuration.Whole("features"));
        double Look(int count) => 120.0 * count * features * (features + 20);
        return new(1.3 * Iterations * Look(Math.Min(rows, MostToLearnFrom)) + Look(rows), Iterations, 3);
    }
}
