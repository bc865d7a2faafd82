using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Methods;

/// <summary>
/// A network that is trained in the usual way: AdamW, a learning rate that rises and falls once, gradients clipped to a norm of 1. All that differs between most
/// methods is the network, so that is all they say.
/// </summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Create">Makes the network with drawn weights, from [n, input...] to [n, output...].</param>
public sealed record NetworkMethod(string Name, string Meaning, Func<Key, ModelSignature, Configuration, ILayer> Create) : Method(Name, Meaning)
{
    private const int FewestSteps = 200;

    /// <summary>The learning rate as a usual hyperparameter; other ranges are made of it.</summary>
    public static Hyperparameter UsualRate { get; } = Hyperparameter.Number("rate", "highest learning rate", 3e-3, 5e-4, 2e-2);

    /// <summary>The weight decay as a usual hyperparameter.</summary>
    public static Hyperparameter UsualDecay { get; } = Hyperparameter.Number("decay", "weight decay, which the learning rate multiplies", 1e-2, 1e-4, 1);

    /// <summary>The epochs as a usual hyperparameter.</summary>
    public static Hyperparameter UsualEpochs { get; } = Hyperparameter.Whole("epochs", "times that each example is seen", 200, 50, 800);

    /// <summary>The batch as a usual hyperparameter.</summary>
    public static Hyperparameter UsualBatch { get; } = Hyperparameter.Whole("batch", "examples of a step", 64, 16, 256);

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => [.. Own, Rate, Decay, Epochs, Batch, .. Iterations is null ? [] : (Hyperparameter[])[Iterations]];

    /// <summary>The highest learning rate.</summary>
    public Hyperparameter Rate { get; init; } = UsualRate;

    /// <summary>The weight decay.</summary>
    public Hyperparameter Decay { get; init; } = UsualDecay;

    /// <summary>How often each example is seen.</summary>
    public Hyperparameter Epochs { get; init; } = UsualEpochs;

    /// <summary>Examples of a step.</summary>
    public Hyperparameter Batch { get; init; } = UsualBatch;

    /// <summary>Iterations of L-BFGS on all training examples at once, behind the steps: for targets without noise. None when null.</summary>
    public Hyperparameter? Iterations { get; init; }

    /// <summary>The stages of training, one behind the other; one by itself.</summary>
    public IReadOnlyList<TrainingStage> Stages { get; init; } = [new(1)];

    /// <summary>What is made of a network when training ends, so that it has the structure that was created: what a stage took away is put back. Nothing by itself.</summary>
    public Func<ILayer, Configuration, ILayer> Ended { get; init; } = (network, _) => network;

    /// <summary>Steps of a fit that no number of epochs exceeds.</summary>
    public int MostSteps { get; init; } = 20_000;

    /// <summary>What is made of the usual optimiser, with the hyperparameters: another rate for some leaves, an average of the model.</summary>
    public Func<IOptimiser, Configuration, IOptimiser> Optimiser { get; init; } = (usual, _) => usual;

    /// <summary>How many times longer an operation of the network takes than one of a matrix product: transforms and rearrangements move more than they compute.</summary>
    public double Slowness { get; init; } = 1;

    /// <summary>Why it is not for a problem, as in <see cref="Method.Unsuited"/>.</summary>
    public Func<ExamplesProblem, string?> Limits { get; init; } = _ => null;

    /// <summary>What is done to each batch, from the batches, the hyperparameters and a key: shifts of images, noise. Nothing by itself.</summary>
    public Func<IBatches<Examples>, Configuration, Key, IBatches<Examples>> Changed { get; init; } = (batches, _, _) => batches;

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem) => problem is ExamplesProblem examples ? Limits(examples) : "it learns from examples";

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration)
    {
        var examples = (ExamplesProblem)problem;
        var (steps, batch) = (Steps(examples, configuration), BatchOf(examples, configuration));
        var network = Initialise.Structure(key => Create(key, examples.Signature, configuration));
        var effort = new Effort(0, 0, 0);
        foreach (var stage in Stages)
        {
            network = stage.Before(network);
            effort += OfTraining(network, examples.Signature, batch, stage.Part(steps));
        }
        // An iteration looks at the gradient once, and now and then again.
        if (Iterations is not null) effort += OfTraining(network, examples.Signature, examples.Split.Train.Count, (int)(1.1 * configuration.Whole(Iterations.Name)));
        return effort with { Flops = effort.Flops * Slowness };
    }

    /// <summary>What some steps of training cost.</summary>
    internal static Effort OfTraining(ILayer network, ModelSignature signature, int batch, int steps)
    {
        var forward = Computation.Trace("forward", x => [network.Call(x[0])], [signature.ZeroInputs(batch).Type]).Cost.Flops;
        // A derivative costs twice what its function does, and the optimiser some twenty operations a parameter.
        return new((3.0 * forward + 20.0 * ParameterCount.Of(network)) * steps, steps);
    }

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run)
    {
        var examples = (ExamplesProblem)problem;
        var steps = Math.Max(2, (int)Math.Round(Steps(examples, run.Configuration) * run.Share));
        var network = Create(run.Key.Fold(0), examples.Signature, run.Configuration);
        var batches = Changed(examples.Batches(BatchOf(examples, run.Configuration), run.Key.Fold(1)), run.Configuration, run.Key.Fold(2));
        foreach (var (i, stage) in Stages.Index())
        {
            var own = i == 0 || run.Checkpoints is null ? run : run with { Checkpoints = $"{run.Checkpoints}-{i}" };
            network = own.Train(Trainer(examples, stage, run.Configuration, stage.Part(steps)), stage.Before(network), batches, stage.Part(steps));
        }
        if (Iterations is not null) network = Minimised(examples, network, run);
        return Ended(network, run.Configuration);
    }

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) =>
        Initialise.Structure(key => Create(key, signature, configuration));

    private Trainer<ILayer, Examples> Trainer(ExamplesProblem problem, TrainingStage stage, Configuration configuration, int steps)
    {
        var usual = new ClippedByNorm(
            new AdamW(Schedule.OneCycle(configuration[Rate.Name], steps, rising: 0.2), Decay: configuration[Decay.Name], Decayed: Leaves.Matrices), 1);
        Tensor Loss(ILayer model, Examples batch) => problem.Loss(model.Call(batch.Inputs), batch.Targets);
        return new(stage.Optimiser(Optimiser(usual, configuration)), (model, batch, _) => stage.Penalty is null ? Loss(model, batch) : Loss(model, batch) + stage.Penalty(model));
    }

    /// <summary>The network after iterations of L-BFGS on all training examples.</summary>
    private ILayer Minimised(ExamplesProblem problem, ILayer network, FitRun run)
    {
        const int Memory = 30;
        var (train, iterations) = (problem.Train, Math.Max(1, (int)(run.Configuration.Whole(Iterations!.Name) * run.Share)));
        var rule = new StoppingRule(iterations)
        {
            Cancellation = run.Cancellation,
            Progress = (iteration, loss) =>
            {
                if (iteration % 50 == 0) run.Progress?.Invoke(iteration, iterations, loss);
            },
        };
        var minimum = new Lbfgs(Memory, rule).Minimise(network, (_, _) => train, iterations + 1, (model, data) => problem.Loss(model.Call(data.Inputs), data.Targets));
        run.Cancellation.ThrowIfCancellationRequested();
        return minimum.Model;
    }

    private int BatchOf(ExamplesProblem problem, Configuration configuration) => Math.Min(configuration.Whole(Batch.Name), problem.Split.Train.Count);

    private int Steps(ExamplesProblem problem, Configuration configuration)
    {
        var steps = (long)configuration.Whole(Epochs.Name) * problem.Split.Train.Count / BatchOf(problem, configuration);
        return (int)Math.Clamp(steps, FewestSteps, MostSteps);
    }
}
