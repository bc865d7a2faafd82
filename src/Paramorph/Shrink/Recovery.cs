using Paramorph.Training;

namespace Paramorph.Shrink;

/// <summary>How networks that lost something, such as weights, do before and after each epoch of training on.</summary>
/// <param name="Scores">The score of each network, before training and after each epoch; higher is better.</param>
/// <param name="Steps">Steps that all epochs took.</param>
/// <param name="Flops">Operations that they took.</param>
public sealed record Recovery(IReadOnlyList<double[]> Scores, long Steps, double Flops)
{
    /// <summary>Trains networks on that stand side by side (<see cref="Population"/>), and judges them before and after each epoch.</summary>
    /// <param name="trainer">The optimiser with the loss.</param>
    /// <param name="population">The networks.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="epochs">Epochs.</param>
    /// <param name="key">The key of the training.</param>
    /// <param name="judge">From the networks to their scores.</param>
    /// <param name="done">Told after each epoch how many are done; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Recovery Of<TModel, TBatch>(
        Trainer<TModel, TBatch> trainer, TModel population, IBatches<TBatch> batches, int stepsPerEpoch, int epochs, Key key, Func<TModel, double[]> judge, Action<int>? done = null, CancellationToken cancellation = default)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var scores = new List<double[]> { judge(population) };
        var state = trainer.Start(population, key);
        var flops = (double)trainer.Cost(state, batches.At(0)).Flops;
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            state = trainer.Run(state, batches, new((long)epoch * stepsPerEpoch) { Cancellation = cancellation }).State;
            cancellation.ThrowIfCancellationRequested();
            scores.Add(judge(state.Model));
            done?.Invoke(epoch);
        }
        return new(scores, (long)epochs * stepsPerEpoch, flops * epochs * stepsPerEpoch);
    }

    /// <summary>The first epoch after which a network has a score or more: 0 before training, one more than there were if it never has.</summary>
    /// <param name="network">Which of the networks.</param>
    /// <param name="score">The score.</param>
    public int EpochsTo(int network, double score) => Enumerable.Range(0, Scores.Count).FirstOrDefault(epoch => Scores[epoch][network] >= score, Scores.Count);
}
