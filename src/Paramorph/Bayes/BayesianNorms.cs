using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A trained network whose norms become random: the factor γ of each channel is γ (1 + ε) with normal ε, drawn anew for each batch while the parameters of the norms alone are trained a little further, a few times with
/// other weights of the classes, and drawn some times for the prediction. (Franchi et al., "Make me a BNN: a simple strategy for estimating Bayesian uncertainty from pre-trained models", 2024, Eq. 5 to 10.)
/// </summary>
public static class BayesianNorms
{
    private const double Share = 0.08;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "bayesian-norms", "A residual network whose group norms are random: adapted a few times and drawn some times, the probabilities of all averaged.", Fit,
        (signature, configuration, _) => new ProbabilityEnsemble(
            [.. Enumerable.Repeat(Usual.Structure(signature, configuration.Only(Usual.Hyperparameters), new Dictionary<string, TensorType>()), configuration.Whole("members") * configuration.Whole("draws"))]),
        (problem, configuration) => Usual.Effort(problem, configuration.Only(Usual.Hyperparameters)).Part(1 + Share * configuration.Whole("members")) with { Programs = 2 })
    {
        Kinds = ["image-classification"],
        GoodAt = "images where it matters how sure an answer is, at little more work than one network's training; answers take as many passes as there are draws of all members",
        Paper = "Franchi, Laurent, Leguéry, Bursuc, Pilzer and Yao, Make me a BNN, 2024",
        IsAutomatic = false,
        Limits = problem => Usual.Unsuited(problem),
        Own =
        [
            .. Usual.Hyperparameters,
            Hyperparameter.Number("noise", "standard deviation of the relative noise of a channel's factor", 0.2, 0.05, 1),
            Hyperparameter.Whole("members", "adapted networks", 3, 1, 5, HyperparameterScale.Linear),
            Hyperparameter.Whole("draws", "draws of the noise for each of them", 4, 1, 10, HyperparameterScale.Linear),
        ],
    };

    private static Method Usual => ResidualNetwork.Method;

    /// <summary>The factors of norms: the leaves that noise multiplies.</summary>
    public static LeafFilter Factors { get; } = Leaves.Named("*scale").And((_, leaf) => leaf.Rank == 1);

    /// <summary>All parameters of norms: the leaves that are trained further.</summary>
    public static LeafFilter Parameters { get; } = (path, leaf) => Factors(path, leaf) || Leaves.Named("*offset")(path, leaf);

    /// <summary>One draw of a network: the factor of each channel of each norm times 1 + ε.</summary>
    /// <param name="network">The network.</param>
    /// <param name="key">Draws the noise.</param>
    /// <param name="deviation">The standard deviation of ε.</param>
    /// <exception cref="ArgumentException">The network has no norm.</exception>
    public static TModel Drawn<TModel>(TModel network, Key key, Tensor deviation)
        where TModel : ITree<TModel>
    {
        var count = 0;
        var drawn = Tree.Map(network, (path, leaf) => Factors(path, leaf) ? leaf * (1 + deviation.AsType(leaf.ElementType) * Sample.Normal(key.Fold(count++), leaf.Shape, leaf.ElementType)) : leaf);
        return count > 0 ? drawn : throw new ArgumentException("the network has no norm whose factors could be drawn.", nameof(network));
    }

    /// <summary>Adapts the norms of a trained network under their noise: one member of the ensemble.</summary>
    /// <param name="network">The trained network, from [n, input...] to logits [n, classes].</param>
    /// <param name="batches">Training examples with classes.</param>
    /// <param name="deviation">The standard deviation of the noise.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="rate">The learning rate, which falls to zero.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="key">The randomness: another key gives another member, with other weights of the classes and other noise.</param>
    public static ILayer Adapted(ILayer network, IBatches<Examples> batches, double deviation, int classes, double rate, int steps, Key key)
    {
        // The term that members differ in: each class counts once, and by a random weight more.
        var weights = (1 + Sample.Uniform(key.Fold(0), [classes])).Evaluate();
        var trainer = new Trainer<ILayer, Examples>(new Frozen(new Adam(Schedule.Cosine(rate, steps)), Leaves.All.Except(Parameters)), (model, batch, key) =>
            Loss.CrossEntropy(Drawn(model, key, Tensor.Scalar(deviation)).Call(batch.Inputs), batch.Targets, weights.Take(batch.Targets)));
        return trainer.Run(trainer.Start(network, key.Fold(1)), batches, new(steps)).State.Model;
    }

    private static ProbabilityEnsemble Fit(ExamplesProblem problem, FitRun run)
    {
        var (inner, deviation) = (run.Configuration.Only(Usual.Hyperparameters), run.Configuration["noise"]);
        var network = Usual.Fit(problem, run with { Configuration = inner });
        var batch = Math.Min(inner.Whole("batch"), problem.Split.Train.Count);
        var steps = Math.Max(20, (int)(Share * run.Share * inner["epochs"] * problem.Split.Train.Count / batch));
        var members = new List<ILayer>();
        for (var member = 0; member < run.Configuration.Whole("members"); member++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var key = run.Key.Fold(10 + member);
            var adapted = Adapted(network, problem.Batches(batch, key.Fold(2)), deviation, problem.Signature.Outputs, 0.2 * inner["rate"], steps, key);
            for (var draw = 0; draw < run.Configuration.Whole("draws"); draw++) members.Add(Tree.Map(Drawn(adapted, key.Fold(20 + draw), Tensor.Scalar(deviation)), leaf => leaf.Evaluate()));
        }
        return new([.. members]);
    }
}
