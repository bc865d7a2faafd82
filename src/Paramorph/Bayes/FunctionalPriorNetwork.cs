using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// Draws from the posterior of a perceptron whose prior is tuned to make functions like those of a Gaussian process: the process is learned from the data first, weights are matched to it by
/// <see cref="FunctionalPrior"/>, and Hamiltonian Monte Carlo does the rest. Inputs are measured in the length scales of the process, so that one deviation for all weights of the first layer is enough.
/// </summary>
public static class FunctionalPriorNetwork
{
    private const int Places = 50;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "functional-prior-bnn", "A perceptron drawn many times from its posterior, with a prior that makes functions like those of a Gaussian process that is learned from the data.", Fit,
        (signature, configuration, _) => Shape(signature, configuration), Work)
    {
        Kinds = ["table-regression"],
        GoodAt = "smooth functions of a few columns with some hundred rows, where a small network is wanted that says about what a Gaussian process would; the process itself is quicker and often nearer",
        Paper = "Tran, Rossi, Milios and Filippone, All you need is a good functional prior for Bayesian deep learning, 2022",
        IsAutomatic = false,
        Limits = KernelRidge.Limits,
        Own =
        [
            Hyperparameter.Whole("width", "neurons of a hidden layer", 50, 16, 128),
            Hyperparameter.Whole("depth", "hidden layers", 2, 1, 3, HyperparameterScale.Linear),
            Hyperparameter.Word("kernel", "of the process: Matérn's of order 5/2, the squared exponential, or half of each", "matern", "squared-exponential", "sum"),
            Hyperparameter.Whole("moves", "moves of each of four chains, half of which find their step", 100, 40, 1000),
        ],
    };

    private static readonly Func<Tensor, Tensor> activation = Activation.Tanh;

    private static Sequential Fit(ExamplesProblem problem, FitRun run)
    {
        var (kernel, learned) = GaussianProcess.LearnedFor(problem, run);
        var factors = Tensor.Exp(-learned.LogLengths).AsType(ElementType.Float32).Evaluate();
        // In length scales all of them are 1.
        var process = Tree.Map(learned with { LogLengths = Tensor.ZerosLike(learned.LogLengths) }, leaf => leaf.Evaluate());
        var (sizes, inputs) = (Sizes(problem.Signature, run.Configuration), (problem.Train.Inputs * factors).Evaluate());
        var matching = new FunctionalPrior();
        var prior = matching.Match(
            run.Key.Fold(1), NormalWeightPrior.Even(sizes.Count - 1), sizes, activation,
            (key, x, draws) => process.Draw(key, kernel, x.AsType(ElementType.Float64), draws).AsType(ElementType.Float32), FunctionalPrior.Places(inputs, Places, 0.7),
            (step, distance) => run.Progress?.Invoke(step, 2 * matching.Iterations, distance), run.Cancellation);
        var lengths = Lengths(run.Configuration);
        var sample = Compile.Cancellable((NormalWeightPrior prior, Examples data, Tensor variance, Key key) =>
        {
            var (draws, acceptance) = NetworkDraws.Posterior(key, prior, sizes, activation, data.Inputs, data.Targets, variance, lengths);
            return new TreePair<NetworkDraws, Tensor>(draws, acceptance);
        });
        var targets = problem.Train.Targets.Flatten(1).AsType(ElementType.Float32).Evaluate();
        var (networks, acceptance) = sample(prior, new(inputs, targets), Tensor.Exp(process.LogNoise).AsType(ElementType.Float32).Evaluate(), run.Key.Fold(2), run.Cancellation);
        if (acceptance.Min().Item() < 0.3) run.Note?.Invoke($"a chain of the posterior accepted {acceptance.Min().Item():P0} of its moves alone, so it may not have come to rest: more moves may help");
        return new([new Scaled(factors), networks]);
    }

    private static Sequence<int> Sizes(ModelSignature signature, Configuration configuration) =>
        [signature.Inputs, .. Enumerable.Repeat(configuration.Whole("width"), configuration.Whole("depth")), signature.Outputs];

    private static ChainLengths Lengths(Configuration configuration) =>
        configuration.Whole("moves") is var moves ? new() { Climb = 300, WarmUp = Math.Max(1, moves / 2), Kept = 10, Thinning = Math.Max(1, moves / 20) } : null!;

    private static Sequential Shape(ModelSignature signature, Configuration configuration)
    {
        var draws = Lengths(configuration) is var lengths ? lengths.Chains * lengths.Kept : 0;
        var sizes = Sizes(signature, configuration);
        TreeList<Linear> layers = [.. Enumerable.Range(0, sizes.Count - 1).Select(i => new Linear(Tensor.Zeros([draws, sizes[i], sizes[i + 1]]), Tensor.Zeros([draws, sizes[i + 1]])))];
        return new([new Scaled(Tensor.Zeros([signature.Inputs])), new NetworkDraws(new(layers, activation))]);
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var (lengths, matching, rows) = (Lengths(configuration), new FunctionalPrior(), problem.Split.Train.Count);
        var parameters = Sizes(problem.Signature, configuration) is var sizes ? Enumerable.Range(0, sizes.Count - 1).Sum(i => (double)sizes[i] * sizes[i + 1]) : 0;
        var critic = (double)matching.CriticWidth * (Places + matching.CriticWidth);
        // A penalty on slopes takes about as much again as the critic itself, forward and back; so do the networks, whose activations are many.
        var match = matching.Iterations * (matching.CriticSteps * 20 * critic * matching.Draws + 12 * parameters * Places * matching.Draws);
        return new(GaussianProcess.Looks(rows) + match + 12 * parameters * rows * lengths.Chains * lengths.Gradients, matching.Iterations + 1, 3);
    }
}
