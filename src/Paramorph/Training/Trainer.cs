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
    private readonly Func<TrainingState<TModel>, TrainingState<TModel>> copy = Compile.Of<TrainingState<TModel>, TrainingState<TModel>>(state => state);
    private readonly Func<TModel, Tensor> isFinite = Compile.Of<TModel, Tensor>(AllFinite);
    private readonly Func<TModel, TreeDictionary<Tensor>>? validation;

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

    /// <summary>
    /// What a model is judged by while it is trained, such as its loss on data that it is not trained on: scalars by name, from the model alone. It is compiled;
    /// the data that it uses become constants of it. Null for none.
    /// </summary>
    public Func<TModel, TreeDictionary<Tensor>>? Validation
    {
        get => validation;
        init => validation = value is null ? null : Compile.Of(value);
    }

    /// <summary>The state before the first step. It holds copies: the given model stays valid.</summary>
    public TrainingState<TModel> Start(TModel model, Key key) => start(model, key);

    /// <summary>One compiled step. It takes the state over: use the one that it returns, and keep nothing of the old one.</summary>
    /// <returns>The next state, and the loss of the model as it was before the step.</returns>
    public (TrainingState<TModel> State, Tensor Loss) Step(TrainingState<TModel> state, TBatch batch) => step(state, batch);

    /// <summary>What one step costs, counted from its computation: the loss, its derivative and the optimiser's update.</summary>
    public Cost Cost(TrainingState<TModel> state, TBatch batch) => Traced(state, batch).Cost;

    /// <summary>How a step runs and where it spends its time, measured on this state and batch, which stay as they are; see <see cref="Computation.Explain(IReadOnlyList{Tensor})"/>.</summary>
    /// <param name="state">The state before the step.</param>
    /// <param name="batch">What the step is trained on.</param>
    public string Explain(TrainingState<TModel> state, TBatch batch) => Traced(state, batch).Explain([.. Tree.Leaves(state), .. Tree.Leaves(batch)]);

    private Computation Traced(TrainingState<TModel> state, TBatch batch) =>
        Computation.Of((TrainingState<TModel> state, TBatch batch) => (TreePair<TrainingState<TModel>, Tensor>)next(state, batch), state, batch);

    /// <summary>Trains until a number of steps has been taken. It takes the state over.</summary>
    /// <param name="state">Where to go on from.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="options">How long, what to keep, and whom to tell.</param>
    /// <returns>The last state, the curves, and why the run ended: divergence and cancellation are results, not exceptions.</returns>
    /// <exception cref="ArgumentException">The options contradict themselves or the trainer.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public TrainingRun<TModel> Run(TrainingState<TModel> state, IBatches<TBatch> batches, TrainingOptions options) => Run(state, batches, options, new());

    /// <summary>
    /// Goes on from the newest checkpoint, or trains from a start when there is none. A run that was killed and resumed gives the same bits as one that was
    /// not, when start, batches and options are the same.
    /// </summary>
    /// <param name="start">The state before the first step. It is taken over.</param>
    /// <param name="batches">What each step is trained on.</param>
    /// <param name="options">How long, what to keep, and whom to tell; with a folder of checkpoints.</param>
    /// <inheritdoc cref="Run(TrainingState{TModel}, IBatches{TBatch}, TrainingOptions)"/>
    /// <exception cref="Formats.UnreadableFileException">The newest checkpoint is damaged, or of another model or optimiser; the message says what to do.</exception>
    public TrainingRun<TModel> Resume(TrainingState<TModel> start, IBatches<TBatch> batches, TrainingOptions options)
    {
        if (options.Checkpoints is not { } checkpoints) throw new ArgumentException("there is nothing to resume from: set TrainingOptions.Checkpoints to a folder.", nameof(options));
        checkpoints.Tidy();
        return checkpoints.Read(start) is var (state, history) ? Run(state, batches, options, history) : Run(start, batches, options);
    }

    /// <summary>A copy that steps do not take over.</summary>
    internal TrainingState<TModel> Copy(TrainingState<TModel> state) => copy(state);

    /// <summary>Whether all numbers of a model are finite.</summary>
    internal bool IsFinite(TModel model) => isFinite(model).Item<bool>();

    /// <summary>The measures of the validation by name, or null when there is none.</summary>
    internal IReadOnlyDictionary<string, double>? Measure(TModel model) => validation?.Invoke(model).ToDictionary(measure => measure.Key, measure => measure.Value.Item(), StringComparer.Ordinal);

    private static Tensor AllFinite(TModel model) => Tree.Leaves(model).Where(leaf => leaf.ElementType.IsDifferentiable()).Aggregate(
        Tensor.Scalar(true),
        (all, leaf) => all & Tensor.IsFinite(Tensor.Real(leaf)).All() & Tensor.IsFinite(Tensor.Imaginary(leaf)).All());

    private TrainingRun<TModel> Run(TrainingState<TModel> state, IBatches<TBatch> batches, TrainingOptions options, TrainingHistory<TModel> history)
    {
        options.Require(isValidated: validation is not null);
        return new TrainingLoop<TModel, TBatch>(this, batches, options, history).Run(state);
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
