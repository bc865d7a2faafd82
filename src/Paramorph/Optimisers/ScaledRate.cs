using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>An optimiser that trains some leaves with another learning rate.</summary>
/// <param name="Inner">What trains.</param>
/// <param name="Where">Which leaves.</param>
/// <param name="Factor">What their learning rate is multiplied with. Use <see cref="Frozen"/> for leaves that stay as they are.</param>
public sealed record ScaledRate(IOptimiser Inner, LeafFilter Where, Schedule Factor) : IOptimiser
{
    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(model);

    /// <inheritdoc/>
    /// <remarks>The inner optimiser is asked at both rates, and each leaf taken from one answer: what nobody takes is never computed.</remarks>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var isScaled = LeafRules.Chosen(model, Where);
        var (usual, after) = Inner.Update(model, gradient, state);
        var (scaled, scaledAfter) = Inner.Update(model, gradient, state with { RateFactor = state.RateFactor * Factor.At(state.Step) });
        var slots = after.Slots.ToDictionary(slot => slot.Key, slot => LeafRules.Choose(isScaled, scaledAfter.Slots[slot.Key], slot.Value));
        return (LeafRules.Choose(isScaled, scaled, usual), after with { Slots = slots });
    }
}
