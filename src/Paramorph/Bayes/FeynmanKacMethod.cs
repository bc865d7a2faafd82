using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>A multilayer perceptron of a table one layer of which is random, trained by the open-horizon sampler of <see cref="FeynmanKacTraining{TModel, TBatch}"/>.</summary>
public sealed record FeynmanKacMethod() : Method("fk-pbnn", "A multilayer perceptron one layer of which is random: particles of it are weighed by each batch, and the other layers learn by all of them.")
{
    private const int FewestSteps = 200, MostSteps = 20_000;

    /// <summary>How many late states particles are taken from: those of one are weighed by its batch alone.</summary>
    private const int Late = 8;

    private static readonly Hyperparameter width = Hyperparameter.Whole("width", "neurons of a hidden layer before the random one", 96, 16, 256);
    private static readonly Hyperparameter narrow = Hyperparameter.Whole("narrow", "neurons of the random layer", 10, 2, 32);
    private static readonly Hyperparameter depth = Hyperparameter.Whole("depth", "hidden layers before the random one", 2, 1, 3, HyperparameterScale.Linear);
    private static readonly Hyperparameter particles = Hyperparameter.Whole("particles", "particles of the random layer, and members of the ensemble", 32, 16, 256);
    private static readonly Hyperparameter move = Hyperparameter.Number("move", "the part of the prior's variance by which a particle moves in a step", 1e-3, 1e-5, 1e-1);
    private static readonly Hyperparameter epochs = NetworkMethod.UsualEpochs;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new FeynmanKacMethod
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables of some hundred to some thousand rows of which several explanations differ, all of which the answer is to keep",
        Paper = "Zhao, Mair, Schön and Sjölund, On Feynman-Kac training of partial Bayesian neural networks, 2024",
        IsAutomatic = false,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } =
        [width, narrow, depth, particles, move, NetworkMethod.UsualRate, NetworkMethod.UsualDecay, epochs, NetworkMethod.UsualBatch];

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem) => problem is ExamplesProblem ? null : "it learns from examples";

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration)
    {
        var (examples, count) = ((ExamplesProblem)problem, configuration.Whole(particles.Name));
        var (steps, batch) = (Steps(examples, configuration), Batch(examples, configuration));
        var (model, network) = (Initialise.Structure(key => Drawn(key, examples.Signature, configuration)), Network(examples, configuration));
        var sample = Tensor.Zeros([count, network.Values(model).Count]);
        var forward = Computation.Of((own, some) => network.LogLikelihoods(own, sample, some), model, examples.At(examples.Split.Train[..batch])).Cost.Flops;
        return new((3.0 * forward + 20.0 * ParameterCount.Of(model) + 50.0 * sample.Count) * steps, steps);
    }

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run)
    {
        var (examples, choice) = ((ExamplesProblem)problem, run.Configuration);
        var (steps, count, perEpoch) = (Math.Max(2, (int)Math.Round(Steps(examples, choice) * run.Share)), choice.Whole(particles.Name), examples.Split.Train.Count / Batch(examples, choice));
        var (network, rate) = (Network(examples, choice), Schedule.OneCycle(choice[NetworkMethod.UsualRate.Name], steps, rising: 0.2));
        var optimiser = new ClippedByNorm(new AdamW(rate, Decay: choice[NetworkMethod.UsualDecay.Name], Decayed: Leaves.Matrices), 1);
        // Moves that leave the prior as it is: particles do not wander off where batches say little.
        var kernel = MarkovKernels.OrnsteinUhlenbeck(choice[move.Name] * network.Deviation * network.Deviation, network.Deviation);
        var training = new FeynmanKacTraining<TreePair<ILayer, Tensor>, Examples>(network, new(Resampling.Stratified), kernel, optimiser);
        var start = training.Start(Initialise.Of(run.Key.Fold(0), key => Drawn(key, examples.Signature, choice)), run.Key.Fold(1), count);
        var (late, apart) = (new List<Tensor>(), Math.Max(1, perEpoch / Late));
        var end = training.Run(start, examples.Batches(Batch(examples, choice), run.Key.Fold(2)), examples.Split.Train.Count, steps, run.Key.Fold(3), Look, run.Cancellation);
        var members = Tensor.Concatenate([.. late]).Evaluate();
        return new PartialEnsemble(end.Model.Item1, members, Tensor.Full([members.Shape[0]], -Math.Log(members.Shape[0])).Evaluate(), Random(choice), IsOfClasses(examples) ? null : end.Model.Item2);

        void Look(int step, FeynmanKacState<TreePair<ILayer, Tensor>> state)
        {
            if (step % 100 == 0) run.Progress?.Invoke(step, steps, -state.Sample.LogEvidence.Item() / step);
            if ((steps - step) % apart == 0 && (steps - step) / apart < Late) late.Add(Resampled(state.Sample, run.Key.Fold(4).Fold(step), count / Late));
        }
    }

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var (network, sample) = (Initialise.Structure(key => Drawn(key, signature, configuration)).Item1, stored["particles"].Shape);
        return new PartialEnsemble(network, Tensor.Zeros(sample), Tensor.Zeros([sample[0]]), Random(configuration), stored.ContainsKey("logNoise") ? Tensor.Zeros([signature.Outputs]) : null);
    }

    private static bool IsOfClasses(ExamplesProblem problem) => Indicators.AreClasses(problem.Train.Targets);

    private static string Random(Configuration configuration) => $"layers[{configuration.Whole(depth.Name)}]*";

    /// <summary>The perceptron, and the logarithms of the deviations of the noise.</summary>
    private static TreePair<ILayer, Tensor> Drawn(Key key, ModelSignature signature, Configuration configuration)
    {
        Sequence<int> sizes = [signature.Inputs, .. Enumerable.Repeat(configuration.Whole(width.Name), configuration.Whole(depth.Name)), configuration.Whole(narrow.Name), signature.Outputs];
        return new(Mlp.Create(key, sizes, Tensor.Gelu, Initialiser.HeNormal), Tensor.Full([signature.Outputs], Math.Log(0.5)));
    }

    private static PartialNetwork<TreePair<ILayer, Tensor>, Examples> Network(ExamplesProblem problem, Configuration configuration)
    {
        var isOfClasses = IsOfClasses(problem);
        Tensor LogLikelihood(TreePair<ILayer, Tensor> model, Examples batch)
        {
            var outputs = model.Item1.Call(batch.Inputs);
            return isOfClasses
                ? outputs.LogSoftmax().TakeAlong(batch.Targets.ExpandDims(1), 1)[.., 0]
                : (-0.5 * Tensor.Square((batch.Targets - outputs) * Tensor.Exp(-model.Item2)) - model.Item2 - 0.5 * Math.Log(2 * Math.PI)).Sum(1);
        }
        // With as many inputs as the random layer has, outputs of the prior are about as large as these.
        return new(Leaves.Named($"item1.{Random(configuration)}"), LogLikelihood, 1 / Math.Sqrt(configuration.Whole(width.Name)));
    }

    /// <summary>Some particles of equal weight: a systematic draw is in order, so every so manieth of it is one of fewer.</summary>
    private static Tensor Resampled(ParticleState sample, Key key, int count) =>
        sample.Particles.Take(Resampling.Systematic(key, sample.Weights).Take(Tensor.Arange(count) * (sample.Particles.Shape[0] / count))).Evaluate();

    private static int Batch(ExamplesProblem problem, Configuration configuration) => Math.Min(configuration.Whole(NetworkMethod.UsualBatch.Name), problem.Split.Train.Count);

    private static int Steps(ExamplesProblem problem, Configuration configuration) =>
        (int)Math.Clamp((long)configuration.Whole(epochs.Name) * problem.Split.Train.Count / Batch(problem, configuration), FewestSteps, MostSteps);
}
