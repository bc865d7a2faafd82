namespace Paramorph.Training;

/// <summary>How long a run trains, what it keeps, and whom it tells.</summary>
/// <param name="Steps">The number of the last step, counted from the start of training: a resumed run takes what is missing.</param>
public sealed record TrainingOptions(long Steps)
{
    /// <summary>Every how many steps losses are read and progress is reported, 1 or more; between readings the loop waits for nothing.</summary>
    public int ReadEvery { get; init; } = 100;

    /// <summary>Every how many steps the model is validated, where the trainer can; null for each reading. The last step is validated in any case.</summary>
    public int? ValidateEvery { get; init; }

    /// <summary>Ends the run when a measure no longer improves; null to take all steps.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Where checkpoints are kept, and how often they are written; null for none.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>Called at each reading, on the thread of the run.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Looked at between two steps; the run then writes a checkpoint and ends with the state as it is.</summary>
    public CancellationToken Cancellation { get; init; }

    internal bool IsReading(long step) => step == Steps || step % ReadEvery == 0;

    internal bool IsValidation(long step) => step == Steps || step % (ValidateEvery ?? ReadEvery) == 0;

    internal bool IsCheckpoint(long step) => Checkpoints is { } kept && step % kept.Every == 0;

    /// <exception cref="ArgumentException">A number of steps or the patience is below 1, or nothing can be watched.</exception>
    internal void Require(bool isValidated)
    {
        Positive(ReadEvery, nameof(ReadEvery));
        Positive(ValidateEvery ?? 1, nameof(ValidateEvery));
        Positive(Checkpoints?.Every ?? 1, "Checkpoints.Every");
        Positive(EarlyStopping?.Patience ?? 1, "EarlyStopping.Patience");
        if (EarlyStopping is { } early && !isValidated)
            throw new ArgumentException($"early stopping watches \"{early.Measure}\", but the trainer has no validation: set Trainer.Validation to a function that returns it.");

        static void Positive(long value, string name)
        {
            if (value < 1) throw new ArgumentException($"{name} is {value}, but counts steps or validations: it must be 1 or more.");
        }
    }
}
