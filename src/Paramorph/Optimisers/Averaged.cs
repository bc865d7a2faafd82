namespace Paramorph.Optimisers;

/// <summary>
/// An optimiser that also keeps an average of the models that it passes through: after each step, average + share (model - average). Get it with
/// <see cref="Optimiser.Average{TModel}(OptimiserState{TModel}, TModel)"/>. A constant share gives an exponential average, the share 1 / (t + 1) the mean of all models after the first.
/// (Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992.)
/// </summary>
/// <param name="Inner">What trains.</param>
/// <param name="Share">The share of the newest model, from 0 to 1.</param>
public sealed record Averaged(IOptimiser Inner, Schedule Share) : IOptimiser
{
    internal const string Slot = "average";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The inner optimiser keeps an average already.</exception>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(model).With(Slot, LeafRules.Slot(model, leaf => leaf));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var (next, after) = Inner.Update(model, gradient, state);
        var share = Share.At(state.Step);
        var average = Tree.Zip(LeafRules.Find(state, Slot), next, (average, leaf) =>
            leaf.ElementType.IsDifferentiable() ? average + share.For(leaf) * (leaf - average) : average);
        return (next, after.Replaced(Slot, average));
    }
}
