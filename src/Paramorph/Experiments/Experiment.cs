namespace Paramorph.Experiments;

/// <summary>A paper's claim as something that can be run and decided: a task, the arms that work on it, what they measure, and what must hold.</summary>
/// <typeparam name="TTask">What the arms work on: data, solvers, reference solutions.</typeparam>
public sealed class Experiment<TTask> : IExperiment
    where TTask : class
{
    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public required string Question { get; init; }

    /// <inheritdoc/>
    public required string Original { get; init; }

    /// <inheritdoc/>
    public required string Difference { get; init; }

    /// <inheritdoc/>
    public required string Budget { get; init; }

    /// <inheritdoc/>
    public string? Data { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>Makes the task.</summary>
    public required Func<TaskContext, TTask> Task { get; init; }

    /// <summary>The contestants; the first is the method.</summary>
    public required IReadOnlyList<Arm<TTask>> Arms { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <inheritdoc/>
    public EqualBudget Equal { get; init; }

    /// <inheritdoc/>
    public string? Why { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<EarlierVerdict> Earlier { get; init; } = [];

    /// <inheritdoc/>
    public int Seeds { get; init; } = 3;

    /// <inheritdoc/>
    public bool SharesTask { get; init; }

    /// <inheritdoc/>
    public bool MeasuresTime { get; init; }

    /// <summary>The name of the metric by which hyperparameters are chosen; without one, the first.</summary>
    public string? TunedBy { get; init; }

    /// <inheritdoc/>
    public Metric Objective => TunedBy is null ? Metrics[0] : Metrics.First(metric => metric.Name == TunedBy);

    bool IExperiment.ReadsFolder => false;

    IReadOnlyList<Arm> IExperiment.Arms => Arms;

    object IExperiment.MakeTask(TaskContext context) => Task(context);

    void IExperiment.Run(Arm arm, object task, ArmRun run) => ((Arm<TTask>)arm).Run((TTask)task, run);
}
