using System.Diagnostics;
using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>
/// Trains a model: one compiled step from a state and a batch to the next state and the loss, and the loop around it. The step of number t draws its
/// random numbers from <c>state.Key.Fold(t)</c>, so a run is a function of its start alone.
/// </summary>
/// <typeparam name="TModel">The tree that is trained: a model, or the raw parameters of one.</typeparam>
/// <typeparam name="TBatch">What the loss is given at each step.</typeparam>
public sealed class Trainer<TModel, TBatch>
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    private readonly Func<TModel, Key, TrainingState<TModel>> start;
    private readonly Func<TrainingState<TModel>, TBatch, (TrainingState<TModel> State, Tensor Loss)> next;
    private readonly Func<TrainingState<TModel>, TBatch, (TrainingState<TModel> State, Tensor Loss)> step;

    /// <summary>A trainer for a loss of the model.</summary>
    /// <param name="optimiser">From gradients to the next model.</param>
    /// <param name="loss">From the model, a batch and a key for all that is random to one real number.</param>
    public Trainer(IOptimiser optimiser, Func<TModel, TBatch, Key, Tensor> loss)
        : this(optimiser, (model, batch, key) => (loss(model, batch, key), model))
    {
    }

    /// <summary>A trainer for a loss that also changes the model: running means of a normalisation, counters, codebooks.</summary>
    /// <param name="optimiser">From gradients to the next model.</param>
    /// <param name="loss">
    /// From the model, a batch and a key to one real number and the model again, with new tensors in the place of those leaves that are not learned: they
    /// are carried to the next step as they are. All leaves that come back as they were given follow the optimiser.
    /// </param>
    public Trainer(IOptimiser optimiser, Func<TModel, TBatch, Key, (Tensor Loss, TModel Model)> loss)
    {
        Optimiser = optimiser;
        start = Compile.Of((TModel model, Key key) => new TrainingState<TModel>(model, optimiser.Start(model), key, Tensor.Scalar(0L)));
        next = (state, batch) => Next(optimiser, loss, state, batch);
        step = Compile.Of(next, takesFirst: true);
    }

    /// <summary>From gradients to the next model.</summary>
    public IOptimiser Optimiser { get; }

    /// <summary>The state before the first step. It holds copies: the given model stays valid.</summary>
    public TrainingState<TModel> Start(TModel model, Key key) => start(model, key);

    /// <summary>One compiled step. It takes the state over: use the one that it returns, and keep nothing of the old one.</summary>
    /// <returns>The next state, and the loss of the model as it was before the step.</returns>
    public (TrainingState<TModel> State, Tensor Loss) Step(TrainingState<TModel> state, TBatch batch) => step(state, batch);

    /// <summary>What one step costs, counted from its computation: the loss, its derivative and the optimiser's update.</summary>
    public Cost Cost(TrainingState<TModel> state, TBatch batch) => Computation.Of((TrainingState<TModel> state, TBatch batch) => (TreePair<TrainingState<TModel>, Tensor>)next(state, batch), state, batch).Cost;

    /// <summary>Trains until a number of steps has been taken. It takes the state over.</summary>
    /// <param name="state">Where to go on from.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="options">How long, and whom to tell.</param>
    public TrainingRun<TModel> Run(TrainingState<TModel> state, IBatches<TBatch> batches, TrainingOptions options)
    {
        var (first, watch) = (state.Step.Item<long>(), Stopwatch.StartNew());
        var curve = new List<CurvePoint>();
        var unread = new List<Tensor>();
        for (var t = first; t < options.Steps; t++)
        {
            if (options.Cancellation.IsCancellationRequested) return new(state, curve, EndReason.Cancelled);
            (state, var loss) = step(state, batches.At(t));
            unread.Add(loss);
            if (unread.Count < options.ReadEvery && t + 1 < options.Steps) continue;
            foreach (var value in unread) curve.Add(new(curve.Count + first, value.Item()));
            unread.Clear();
            options.Progress?.Invoke(new(t + 1, options.Steps, curve[^1].Value, (t + 1 - first) / watch.Elapsed.TotalSeconds));
            if (!double.IsFinite(curve[^1].Value)) return new(state, curve, EndReason.Diverged);
        }
        return new(state, curve, EndReason.Finished);
    }

    private static (TrainingState<TModel> State, Tensor Loss) Next(
        IOptimiser optimiser, Func<TModel, TBatch, Key, (Tensor Loss, TModel Model)> loss, TrainingState<TModel> state, TBatch batch)
    {
        var key = state.Key.Fold(state.Step);
        bool[] isCarried = [];
        var (value, gradient, changed) = ValueAndGradient.Of(state.Model, model =>
        {
            var (value, changed) = loss(model, batch, key);
            isCarried = [.. Tree.Leaves(model).Zip(Tree.Leaves(changed), (before, after) => !ReferenceEquals(before, after))];
            return (value, changed);
        });
        var (model, memory) = optimiser.Update(state.Model, gradient, state.Optimiser);
        var leaves = Tree.Leaves(model).Zip(Tree.Leaves(changed), isCarried).Select(leaf => leaf.Third ? leaf.Second : leaf.First);
        return (new(Tree.Rebuild(model, [.. leaves]), memory, state.Key, state.Step + 1), value);
    }
}
