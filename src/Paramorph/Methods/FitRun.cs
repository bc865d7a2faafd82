using Paramorph.Training;

namespace Paramorph.Methods;

/// <summary>One fit of a method: what it is told, and what it tells.</summary>
/// <param name="Configuration">The hyperparameters.</param>
/// <param name="Key">All its randomness.</param>
public sealed record FitRun(Configuration Configuration, Key Key)
{
    /// <summary>The part of the full length that is trained, from 0 to 1: less than 1 while candidates are weeded out.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Called now and then with steps done, steps in all and the present loss.</summary>
    public Action<long, long, double>? Progress { get; init; }

    /// <summary>Where training keeps checkpoints to go on from; null for none.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Asks for an early end: a method whose model is of use before its full length gives what there is, and notes how much that is.</summary>
    public CancellationToken Deadline { get; init; }

    /// <summary>A note for the report: a jitter that was needed, an iteration that did not converge.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Trains as long as told, from a checkpoint where there is one.</summary>
    /// <param name="trainer">The optimiser with the loss.</param>
    /// <param name="model">The model before the first step.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="steps">The steps to take.</param>
    /// <returns>The trained model, what there is of it at the deadline, or the last good one when training diverged.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TModel Train<TModel, TBatch>(Trainer<TModel, TBatch> trainer, TModel model, IBatches<TBatch> batches, int steps)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation, Deadline);
        var options = new TrainingOptions(steps)
        {
            ReadEvery = Math.Clamp(steps / 50, 1, 100),
            Progress = progress => Progress?.Invoke(progress.Step, progress.Steps, progress.Loss),
            Cancellation = stop.Token,
            Checkpoints = Checkpoints is { } folder ? new(folder, Math.Max(200, steps / 5)) : null,
        };
        var start = trainer.Start(model, Key);
        var run = options.Checkpoints is null ? trainer.Run(start, batches, options) : trainer.Resume(start, batches, options);
        Cancellation.ThrowIfCancellationRequested();
        if (run.Reason == EndReason.Cancelled) Note?.Invoke($"the clock ended training at step {run.State.Step.Item<long>()} of {steps}");
        if (run.DivergedAt is { } step) Note?.Invoke($"training diverged at step {step}; the model of step {run.State.Step.Item<long>()} was kept");
        return run.State.Model;
    }
}
