namespace Paramorph.Training;

/// <summary>Training that stops at a loss, so that models are compared where they have learned equally well, and not for equally long.</summary>
/// <param name="Loss">The loss at which training stops; one that is no number stops it too.</param>
/// <param name="MostSteps">After so many steps it stops in any case.</param>
/// <param name="Every">Steps between two looks at the loss, 1 or more.</param>
public sealed record LossGoal(double Loss, int MostSteps, int Every = 10)
{
    /// <summary>Trains.</summary>
    /// <param name="trainer">The optimiser with the loss.</param>
    /// <param name="state">The state before the first step, which is taken over.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="look">Is given the steps taken, the last loss and the model, which the next step takes over; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The model, the last loss that was read, which is that before the last step, the steps taken, and the floating-point operations of all of them.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (TModel Model, double Loss, int Steps, double Flops) Reach<TModel, TBatch>(
        Trainer<TModel, TBatch> trainer, TrainingState<TModel> state, IBatches<TBatch> batches, Action<int, double, TModel>? look = null, CancellationToken cancellation = default)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var (step, loss, flops) = (0, double.PositiveInfinity, (double)trainer.Cost(state, batches.At(0)).Flops);
        while (step < MostSteps && loss > Loss)
        {
            step = Math.Min(MostSteps, step + Every);
            var part = trainer.Run(state, batches, new TrainingOptions(step) { ReadEvery = Every, Cancellation = cancellation });
            cancellation.ThrowIfCancellationRequested();
            (state, loss) = (part.State, part.Loss[^1].Value);
            look?.Invoke(step, loss, state.Model);
        }
        return (state.Model, loss, step, flops * step);
    }
}
