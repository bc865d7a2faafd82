namespace Paramorph.Parameters;

/// <summary>
/// A tree of raw parameters together with the differentiable map from them to the tree that a program uses. The raw tree is what is trained, saved and
/// counted; whoever does that need not know that it is one. A parametrised weight is an <c>IParametrisation&lt;Tensor&gt;</c>, a parametrised model an
/// <c>IParametrisation&lt;Mlp&gt;</c>.
/// </summary>
/// <remarks>Implement it on a <c>[Tree]</c> record: what stays fixed is a static member, what is learned a leaf.</remarks>
/// <typeparam name="TModel">What the map gives: a tensor, a model, or another raw tree.</typeparam>
public interface IParametrisation<TModel> : ITree<IParametrisation<TModel>>
    where TModel : ITree<TModel>
{
    /// <summary>The map. Inside a derivative or a compiled function it is part of the computation.</summary>
    TModel Materialise();
}
