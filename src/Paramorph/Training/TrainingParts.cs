namespace Paramorph.Training;

/// <summary>Training in equal parts, behind each of which one looks at the model.</summary>
public static class TrainingParts
{
    /// <summary>Trains. Each part has a rate of its own, a factor on that of the optimiser, which takes no new compilation.</summary>
    /// <param name="trainer">The optimiser with the loss.</param>
    /// <param name="state">The state before the first step, which is taken over.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="parts">How many parts, 1 or more and no more than steps.</param>
    /// <param name="rate">The rate of a part, counted from 0.</param>
    /// <param name="look">Is given the number of the part from 1 on, the steps taken, the model, and whether its losses were finite so far; of training that diverged, the last finite model, for all parts left. The next part takes the model over.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The last model that was finite.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no parts, or more than steps.</exception>
    public static TModel Run<TModel, TBatch>(
        Trainer<TModel, TBatch> trainer, TrainingState<TModel> state, IBatches<TBatch> batches, int steps, int parts, Func<int, double> rate, Action<int, int, TModel, bool> look, CancellationToken cancellation = default)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, steps);
        var isFinite = true;
        for (var part = 1; part <= parts; part++)
        {
            var taken = (int)((long)steps * part / parts);
            if (isFinite)
            {
                state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate(part - 1)) } };
                var run = trainer.Run(state, batches, new TrainingOptions(taken) { ReadEvery = Math.Max(1, steps / parts), Cancellation = cancellation });
                cancellation.ThrowIfCancellationRequested();
                (state, isFinite) = (run.State, run.Reason != EndReason.Diverged);
            }
            look(part, taken, state.Model, isFinite);
        }
        return state.Model;
    }
}
