namespace Paramorph.Training;

/// <summary>How long a run trains, and whom it tells.</summary>
/// <param name="Steps">The number of the last step, counted from the start of training: a resumed run takes what is missing.</param>
public sealed record TrainingOptions(long Steps)
{
    /// <summary>Every how many steps losses are read and progress is reported; between readings the loop waits for nothing.</summary>
    public int ReadEvery { get; init; } = 100;

    /// <summary>Called at each reading, on the thread of the run.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Looked at between two steps; the run then ends with the state as it is.</summary>
    public CancellationToken Cancellation { get; init; }
}
