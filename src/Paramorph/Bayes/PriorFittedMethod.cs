using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Bayes;

/// <summary>
/// A <see cref="PriorFittedNetwork"/> for a table: it is trained on tables that are drawn with the inputs of the one at hand, never on its answers, and then shown those once. (Hollmann et al., "TabPFN:
/// a transformer that solves small tabular classification problems in a second", 2023.)
/// </summary>
public sealed record PriorFittedMethod() : Method("prior-fitted-network", "A transformer that is trained on tables of a prior, is shown the training rows, and answers for others without further training.")
{
    private const int MostRows = 1000, MostFeatures = 20, MostClasses = 10, MostOutputs = 4, Bars = 64;

    private const int Tables = 8, Rows = 160;

    private static readonly Hyperparameter steps = Hyperparameter.Whole("steps", "steps of training, each on eight tables of 160 rows", 3000, 300, 30_000);
    private static readonly Hyperparameter rate = Hyperparameter.Number("rate", "highest learning rate", 6e-3, 1e-3, 2e-2);
    private static readonly Hyperparameter width = Hyperparameter.Whole("width", "size of the element of a row, of which 16 make a head of attention", 48, 16, 128);
    private static readonly Hyperparameter depth = Hyperparameter.Whole("depth", "blocks of the transformer", 3, 1, 6, HyperparameterScale.Linear);

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new PriorFittedMethod
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables of some ten to some hundred rows, whose answers look like draws of its prior",
        Paper = "Müller et al., Transformers can do Bayesian inference, 2022",
        // Most of a minute goes into the prior, which methods that learn from the table alone do not need.
        IsAutomatic = false,
    };

    /// <inheritdoc/>
    public override bool IsSearched => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [steps, rate, width, depth];

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem)
    {
        if (problem is not ExamplesProblem examples) return "it learns from examples";
        var (rows, inputs, outputs) = (examples.Split.Train.Count, examples.Signature.Inputs, examples.Signature.Outputs);
        if (rows > MostRows) return $"it is shown at most {MostRows} rows and there are {rows} to train";
        if (inputs > MostFeatures) return $"its prior is of at most {MostFeatures} features and there are {inputs}";
        var (most, what) = Classes(examples) > 0 ? (MostClasses, "classes") : (MostOutputs, "outputs");
        return outputs > most ? $"it takes at most {most} {what} and there are {outputs}" : null;
    }

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration)
    {
        var examples = (ExamplesProblem)problem;
        var (network, prior) = (Initialise.Structure(key => Network(key, examples.Signature, configuration, Classes(examples) > 0)), new TablePrior(Classes(examples)));
        var forward = Computation.Of((network, points) => network.Loss(prior.Draw(Key.Of(0), points, Tables, Rows)), network, examples.Signature.ZeroInputs(1)).Cost.Flops;
        var count = configuration.Whole(steps.Name);
        return new((3.0 * forward + 20.0 * ParameterCount.Of(network)) * count, count, 2);
    }

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run)
    {
        var (examples, choice) = ((ExamplesProblem)problem, run.Configuration);
        var (train, prior) = (examples.Train, new TablePrior(Classes(examples)));
        var count = Math.Max(2, (int)Math.Round(choice.Whole(steps.Name) * run.Share));
        var optimiser = new ClippedByNorm(new AdamW(Schedule.OneCycle(choice[rate.Name], count, rising: 0.2), Decay: 1e-2, Decayed: Leaves.Matrices), 1);
        var trainer = new Trainer<PriorFittedNetwork, TreeList<Tensor>>(optimiser, (network, points, key) => network.Loss(prior.Draw(key, points[0], Tables, Rows)));
        var start = Initialise.Of(run.Key.Fold(0), key => Network(key, examples.Signature, choice, prior.Classes > 0));
        return ConditionedNetwork.Of(run.Train(trainer, start, Batches.Whole<TreeList<Tensor>>([train.Inputs]), count), train.Inputs, train.Targets);
    }

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        var memory = stored["memories[0]"];
        var network = Initialise.Structure(key => Network(key, signature, configuration, memory.Shape.Rank == 2));
        return new ConditionedNetwork(network, [.. network.Blocks.Select(_ => Tensor.Zeros(memory.Shape, memory.ElementType))]);
    }

    /// <summary>Classes of the answers; 0 of numbers.</summary>
    private static int Classes(ExamplesProblem problem) => Indicators.AreClasses(problem.Train.Targets) ? problem.Signature.Outputs : 0;

    private static PriorFittedNetwork Network(Key key, ModelSignature signature, Configuration choice, bool isClasses)
    {
        var (size, blocks) = (choice.Whole(width.Name), choice.Whole(depth.Name));
        var heads = Math.Max(1, size / 16);
        return isClasses
            ? PriorFittedNetwork.OfClasses(key, signature.Outputs, signature.Inputs, size, heads, blocks)
            : PriorFittedNetwork.Create(key, new(Borders()), signature.Inputs, size, heads, blocks);
    }

    /// <summary>Borders between quantiles of a normal distribution somewhat wider than that of standardised values.</summary>
    private static double[] Borders() =>
        (1.3 * Math.Sqrt(2) * Tensor.Erfinv(Tensor.From<double>([.. Enumerable.Range(0, Bars + 1).Select(i => 2 * (i + 0.5) / (Bars + 1) - 1)]))).ToDoubles();
}
