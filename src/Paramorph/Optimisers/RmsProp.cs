namespace Paramorph.Optimisers;

/// <summary>
/// Divides the gradient by the root of a running mean of its squares: v ← smoothing v + (1 - smoothing) |g|², p - rate g / (sqrt(v) + epsilon). (Tieleman and
/// Hinton, "Lecture 6.5: rmsprop", 2012.)
/// </summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Smoothing">The share of the mean of squares that is kept at each step.</param>
/// <param name="Epsilon">What is added to the root.</param>
public sealed record RmsProp(Schedule Rate, double Smoothing = 0.99, double Epsilon = 1e-8) : IOptimiser
{
    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => LeafRules.Start(model, (Adam.SecondMoment, LeafRules.RealZeros));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var rate = LeafRules.Rate(Rate, state);
        return LeafRules.Update(model, gradient, state, [Adam.SecondMoment], (parameter, gradient, slots) =>
        {
            var second = Smoothing * slots[0] + (1 - Smoothing) * LeafRules.SquaredModulus(gradient);
            return (parameter - gradient * (rate.For(parameter) / (Tensor.Sqrt(second) + Epsilon)), [second]);
        });
    }
}
