namespace Paramorph.Optimisers;

/// <summary>
/// Stochastic gradient descent, p - rate g; with momentum v, where v ← momentum v + g, p - rate v; with Nesterov's p - rate (g + momentum v). (Sutskever et al.,
/// "On the importance of initialization and momentum in deep learning", 2013, in the form in which the rate stands outside the momentum.)
/// </summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Momentum">The share of the velocity that is kept, from 0 to below 1; with 0 nothing is remembered.</param>
/// <param name="IsNesterov">Whether the gradient is looked at ahead of the velocity.</param>
public sealed record Sgd(Schedule Rate, double Momentum = 0, bool IsNesterov = false) : IOptimiser
{
    private const string Velocity = "velocity";

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> =>
        Momentum == 0 ? LeafRules.Start(model) : LeafRules.Start(model, (Velocity, Tensor.ZerosLike));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var rate = LeafRules.Rate(Rate, state);
        if (Momentum == 0) return LeafRules.Update(model, gradient, state, [], (parameter, gradient, _) => (parameter - rate.For(parameter) * gradient, []));
        return LeafRules.Update(model, gradient, state, [Velocity], (parameter, gradient, slots) =>
        {
            var velocity = Momentum * slots[0] + gradient;
            var direction = IsNesterov ? gradient + Momentum * velocity : velocity;
            return (parameter - rate.For(parameter) * direction, [velocity]);
        });
    }
}
