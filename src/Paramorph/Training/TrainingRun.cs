namespace Paramorph.Training;

/// <summary>What came of a training run.</summary>
/// <param name="State">The state at the end.</param>
/// <param name="Loss">The loss at each step.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record TrainingRun<TModel>(TrainingState<TModel> State, IReadOnlyList<CurvePoint> Loss, EndReason Reason)
    where TModel : ITree<TModel>;
