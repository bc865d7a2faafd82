using System.Globalization;

namespace Paramorph.Training;

/// <summary>What came of a training run. After a resumed run the curves go back to the first step.</summary>
/// <param name="State">The state at the end; of a run that diverged the last one that had a finite loss when losses were read.</param>
/// <param name="Loss">The loss of the model before each step, under the number of steps taken before.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record TrainingRun<TModel>(TrainingState<TModel> State, IReadOnlyList<CurvePoint> Loss, EndReason Reason)
    where TModel : ITree<TModel>
{
    /// <summary>The measures of each validation, by their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Measures { get; init; } = new Dictionary<string, IReadOnlyList<CurvePoint>>();

    /// <summary>The model with the best measure, of a run with <see cref="EarlyStopping"/>; null when no measure was a number.</summary>
    public BestModel<TModel>? Best { get; init; }

    /// <summary>Of a run that diverged, the number of steps taken before the loss or the model was no longer finite; otherwise null.</summary>
    public long? DivergedAt { get; init; }

    /// <summary>One sentence on why it ended.</summary>
    public string Explanation => string.Create(CultureInfo.InvariantCulture, $"{Outcome}.");

    private string Outcome => Reason switch
    {
        EndReason.Finished => $"all {State.Step.Item<long>()} steps were taken",
        EndReason.Cancelled => $"it was cancelled after step {State.Step.Item<long>()}",
        EndReason.StoppedEarly => $"it was stopped after step {State.Step.Item<long>()}: nothing is better than step {Best?.Step}",
        _ => $"it diverged at step {DivergedAt}; the last good state is that of step {State.Step.Item<long>()}: try a lower learning rate, or clip the gradient",
    };
}
