using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// Draws of the posterior of a <see cref="MaskedPosterior"/> as one model: the mean of their answers, of classes that of their probabilities. Nodes whose masks are off are no longer there.
/// </summary>
/// <param name="Networks">The draws.</param>
/// <param name="Variances">Of the noise: [draws, outputs]; null of classes, whose outputs are logits.</param>
[Tree]
public sealed partial record MaskedBayesianNetwork(MaskedNetwork Networks, Tensor? Variances) : ILayer
{
    private const int Chains = 4, MostRows = 5000, Pieces = 20;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("masked-bnn", "A Bayesian network whose hidden nodes come and go, drawn by Markov chains.", Fit, Shape, Work)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "a few hundred noisy rows, where a small network is enough and its size is not known; the work grows with rows times draws, and every draw answers",
        Paper = "Kong, Yang, Lee, Ohn, Baek and Kim, Masked Bayesian neural networks, 2023",
        IsAutomatic = false,
        Limits = problem => problem.Split.Train.Count > MostRows ? $"every move looks at all rows, so it takes at most {MostRows} to train and there are {problem.Split.Train.Count}" : null,
        Own =
        [
            Hyperparameter.Whole("width", "nodes of a hidden layer before any is off", 30, 5, 200),
            Hyperparameter.Whole("layers", "hidden layers", 1, 1, 2, HyperparameterScale.Linear),
            Hyperparameter.Number("sparsity", "strength of the prior for few nodes", 0.1, 0.03, 0.3),
            Hyperparameter.Number("scale", "scale of Cauchy's prior of weights", 0.3, 0.1, 1),
            Hyperparameter.Whole("rounds", "moves of the weights, of which the latter half counts", 600, 100, 5000),
        ],
    };

    /// <summary>The draws as a model.</summary>
    /// <param name="draws">Kept states, whose leaves are [kept, chains, ...].</param>
    /// <param name="isOfClasses">Whether outputs are logits.</param>
    public static MaskedBayesianNetwork Of(MaskedState draws, bool isOfClasses)
    {
        Tensor Flat(Tensor leaf) => leaf.Reshape([-1, .. leaf.Shape[2..]]);
        return new(Tree.Map(draws.Network, Flat).Pruned(Flat(draws.Masks)), isOfClasses ? null : Flat(draws.Variances).Evaluate());
    }

    /// <summary>[n, inputs] gives [n, outputs]: the mean, or the logarithms of the mean probabilities.</summary>
    public Tensor Call(Tensor x)
    {
        var answers = Networks.Call(x.Flatten(1));
        return Variances is null ? answers.LogSoftmax().LogSumExp(0) - Math.Log(answers.Shape[0]) : answers.Mean(0);
    }

    private static MaskedBayesianNetwork Fit(ExamplesProblem problem, FitRun run)
    {
        var (posterior, rounds) = (Posterior(problem.Signature, run.Configuration), run.Configuration.Whole("rounds"));
        var inputs = problem.Train.Inputs.Flatten(1).AsType(ElementType.Float32).Evaluate();
        var isOfClasses = Indicators.AreClasses(problem.Train.Targets);
        var targets = isOfClasses ? problem.Train.Targets : problem.Train.Targets.Flatten(1).AsType(ElementType.Float32).Evaluate();
        var piece = Math.Max(1, rounds / (2 * Pieces));
        var warm = Compile.Of((Key key, MaskedState state, DualAveraging search) => posterior.WarmUp(key, inputs, targets, state, search, piece));
        var draw = Compile.Of((Key key, MaskedState state, Tensor step) => posterior.Draw(key, inputs, targets, state, step, 1, piece));
        var state = Tree.Map(posterior.Start(run.Key.Fold(0), Chains), leaf => leaf.Evaluate());
        var search = Tree.Map(posterior.Search(state), leaf => leaf.Evaluate());
        for (var i = 0; i < Pieces; i++)
        {
            (state, search) = warm(run.Key.Fold(1).Fold(i), state, search);
            Tell(i);
        }
        var (step, kept) = (search.Average.Evaluate(), new List<MaskedState>());
        for (var i = 0; i < Pieces; i++)
        {
            (state, var draws, _) = draw(run.Key.Fold(2).Fold(i), state, step);
            kept.Add(draws);
            Tell(Pieces + i);
        }
        var nodes = kept.Average(draws => draws.Masks.Sum(-1).Mean().Item());
        run.Note?.Invoke($"of {posterior.Nodes} hidden nodes {nodes:0.0} were on, a mean over draws");
        return Of(Tree.Rebuild(kept[0], [.. Tree.Leaves(kept[0]).Select((_, leaf) => Tensor.Concatenate([.. kept.Select(draws => Tree.Leaves(draws)[leaf])], 0))]), isOfClasses);

        void Tell(int done)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Progress?.Invoke((done + 1) * piece, 2 * Pieces * piece, isOfClasses ? double.NaN : state.Variances.Mean().Item());
        }
    }

    private static MaskedPosterior Posterior(ModelSignature signature, Configuration configuration) =>
        new([signature.Inputs, .. Enumerable.Repeat(configuration.Whole("width"), configuration.Whole("layers")), signature.Outputs], configuration["sparsity"], configuration["scale"]);

    private static MaskedBayesianNetwork Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var layers = configuration.Whole("layers") + 1;
        return new(
            new(
                [.. Enumerable.Range(0, layers).Select(layer => Tensor.Zeros(stored[$"networks.weights[{layer}]"].Shape))],
                [.. Enumerable.Range(0, layers).Select(layer => Tensor.Zeros(stored[$"networks.biases[{layer}]"].Shape))]),
            stored.TryGetValue("variances", out var variances) ? Tensor.Zeros(variances.Shape) : null);
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var posterior = Posterior(problem.Signature, configuration);
        var weights = posterior.Sizes.Zip(posterior.Sizes.Skip(1), (from, to) => (double)from * to).Sum();
        // Activations cost as much as ten products each.
        return new(Chains * (double)configuration.Whole("rounds") * posterior.Evaluations * problem.Split.Train.Count * (6 * weights + 60 * posterior.Nodes), 2 * Pieces, 2);
    }
}
