using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Methods;

/// <summary>
/// A field that is trained by Adam on points drawn at random, as large as the number of parameters that the problem allows. The size of a saved field follows from how many numbers it has:
/// <paramref name="Create"/> gives the largest field that has no more than it is told, so that of its own count is itself.
/// </summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Create">Makes the field with drawn weights, from a key, the signature, the hyperparameters and the most parameters.</param>
public sealed record FieldMethod(string Name, string Meaning, Func<Key, ModelSignature, Configuration, int, ILayer> Create) : Method(Name, Meaning)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters => [.. Own, Rate, Steps, Batch];

    /// <summary>The highest learning rate.</summary>
    public Hyperparameter Rate { get; init; } = Hyperparameter.Number("rate", "highest learning rate", 1e-2, 1e-3, 3e-2);

    /// <summary>Steps of training.</summary>
    public Hyperparameter Steps { get; init; } = Hyperparameter.Whole("steps", "steps of training", 3000, 1000, 10_000);

    /// <summary>Points of a step.</summary>
    public Hyperparameter Batch { get; init; } = Hyperparameter.Whole("batch", "points of a step", 1024, 256, 4096);

    /// <summary>Fits places to the signal before training: from the problem, a key and the drawn field. Nothing by itself.</summary>
    public Func<FieldFit, Key, ILayer, ILayer> Placed { get; init; } = (_, _, field) => field;

    /// <summary>What trains, with a schedule of rates.</summary>
    public Func<Schedule, IOptimiser> Optimiser { get; init; } = rate => new Adam(rate);

    /// <summary>Why it is not for a problem, as in <see cref="Method.Unsuited"/>.</summary>
    public Func<FieldFit, string?> Limits { get; init; } = _ => null;

    /// <summary>The largest size whose field has no more than some parameters, and at least 1.</summary>
    /// <param name="parameters">The most.</param>
    /// <param name="count">From a size to its parameters, of which a larger one has more.</param>
    public static int Largest(int parameters, Func<int, long> count)
    {
        var (low, high) = (1, 2);
        while (count(high) <= parameters) (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (count(middle) <= parameters) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>The parameters of affine maps, one behind the other.</summary>
    /// <param name="sizes">Inputs, hidden widths and outputs.</param>
    public static long Affine(params ReadOnlySpan<int> sizes)
    {
        var sum = 0L;
        for (var i = 0; i + 1 < sizes.Length; i++) sum += (sizes[i] + 1L) * sizes[i + 1];
        return sum;
    }

    /// <inheritdoc/>
    public override string? Unsuited(Problem problem) => problem is FieldFit field ? Limits(field) : "it learns a signal as a function of coordinates";

    /// <inheritdoc/>
    public override Effort Effort(Problem problem, Configuration configuration)
    {
        var field = (FieldFit)problem;
        return NetworkMethod.OfTraining(
            Initialise.Structure(key => Create(key, field.Signature, configuration, field.Parameters)), field.Signature, BatchOf(field, configuration), configuration.Whole(Steps.Name));
    }

    /// <inheritdoc/>
    public override ILayer Fit(Problem problem, FitRun run)
    {
        var field = (FieldFit)problem;
        var steps = Math.Max(2, (int)Math.Round(run.Configuration.Whole(Steps.Name) * run.Share));
        var model = Placed(field, run.Key.Fold(2), Create(run.Key.Fold(0), field.Signature, run.Configuration, field.Parameters));
        var optimiser = Optimiser(Schedule.OneCycle(run.Configuration[Rate.Name], steps, rising: 0.1));
        var trainer = new Trainer<ILayer, Examples>(optimiser, (model, batch, _) => field.Loss(model.Call(batch.Inputs), batch.Targets));
        return run.Train(trainer, model, field.Batches(BatchOf(field, run.Configuration), run.Key.Fold(1)), steps);
    }

    /// <inheritdoc/>
    public override ILayer Structure(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) =>
        Initialise.Structure(key => Create(key, signature, configuration, stored.Values.Where(type => type.ElementType.IsDifferentiable()).Sum(type => type.Shape.ElementCount)));

    private int BatchOf(FieldFit problem, Configuration configuration) => Math.Min(configuration.Whole(Batch.Name), problem.Split.Train.Count);
}
