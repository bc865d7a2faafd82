using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>An optimiser that leaves some leaves as they are, to the bit, and remembers nothing of them.</summary>
/// <param name="Inner">What trains the other leaves.</param>
/// <param name="Where">Which leaves are frozen.</param>
public sealed record Frozen(IOptimiser Inner, LeafFilter Where) : IOptimiser
{
    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(Hide(model, Chosen(model)));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var isFrozen = Chosen(model);
        var (next, after) = Inner.Update(Hide(model, isFrozen), Hide(gradient, isFrozen), state);
        return (LeafRules.Choose(isFrozen, model, next), after);
    }

    private bool[] Chosen<TModel>(TModel model)
        where TModel : ITree<TModel> => LeafRules.Chosen(model, Where);

    /// <summary>Integers stand for the frozen leaves: those pass every optimiser unchanged.</summary>
    private static TModel Hide<TModel>(TModel model, bool[] isFrozen)
        where TModel : ITree<TModel> => LeafRules.Choose(isFrozen, Tree.Map(model, _ => Tensor.Scalar(0)), model);
}
