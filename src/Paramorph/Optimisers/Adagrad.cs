namespace Paramorph.Optimisers;

/// <summary>
/// Divides the gradient by the root of the sum of its squares so far: v ← v + |g|², p - rate g / (sqrt(v) + epsilon). (Duchi, Hazan and Singer, "Adaptive
/// Subgradient Methods", 2011, with the diagonal matrix.)
/// </summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Epsilon">What is added to the root.</param>
public sealed record Adagrad(Schedule Rate, double Epsilon = 1e-10) : IOptimiser
{
    private const string Sum = "sum of squares";

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => LeafRules.Start(model, (Sum, LeafRules.RealZeros));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var rate = LeafRules.Rate(Rate, state);
        return LeafRules.Update(model, gradient, state, [Sum], (parameter, gradient, slots) =>
        {
            var sum = slots[0] + LeafRules.SquaredModulus(gradient);
            return (parameter - gradient * (rate.For(parameter) / (Tensor.Sqrt(sum) + Epsilon)), [sum]);
        });
    }
}
