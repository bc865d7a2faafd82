namespace Paramorph.Optimisers;

/// <summary>
/// An optimiser that takes a step with the mean of the gradients of so many batches, and leaves the model as it is between: a large batch in little memory.
/// The inner optimiser, and its schedules, count the steps that it takes.
/// </summary>
/// <param name="Inner">What the mean gradient is handed to.</param>
/// <param name="Count">The number of batches, 1 or more.</param>
public sealed record Accumulated(IOptimiser Inner, int Count) : IOptimiser
{
    private const string Slot = "accumulated gradient";

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(model).With(Slot, LeafRules.Slot(model, Tensor.ZerosLike));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var sum = Tree.Zip(LeafRules.Find(state, Slot), gradient, (sum, leaf) => leaf.ElementType.IsDifferentiable() ? sum + leaf : sum);
        var inner = state with { Step = Tensor.FloorDivide(state.Step, Count) };
        var (next, after) = Control.Cond<TreePair<TModel, OptimiserState<TModel>>>(
            Tensor.Equal((state.Step + 1) % Count, 0),
            () =>
            {
                var mean = Tree.Map(sum, leaf => leaf.ElementType.IsDifferentiable() ? leaf / Count : leaf);
                var (next, after) = Inner.Update(model, mean, inner);
                return (next, after.Replaced(Slot, Tree.Map(sum, Tensor.ZerosLike)));
            },
            () => (model, inner.Replaced(Slot, sum)));
        return (next, after with { Step = state.Step + 1 });
    }
}
