namespace Paramorph.Training;

/// <summary>Ends a run when a measure of the validation no longer improves, and keeps the model that had the best one.</summary>
/// <param name="Measure">The name under which <see cref="Trainer{TModel, TBatch}.Validation"/> returns it.</param>
/// <param name="Patience">After how many validations without an improvement the run ends, 1 or more.</param>
public sealed record EarlyStopping(string Measure, int Patience)
{
    /// <summary>Whether a higher measure is better, as of an accuracy; otherwise a lower one is.</summary>
    public bool IsHigherBetter { get; init; }

    /// <summary>By how much at least a measure must beat the best one to count as better.</summary>
    public double SmallestChange { get; init; }

    /// <summary>Whether a measure beats the best one so far; NaN never does.</summary>
    internal bool Improves(double value, double best) => IsHigherBetter ? value > best + SmallestChange : value < best - SmallestChange;
}
