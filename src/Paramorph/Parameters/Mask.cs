namespace Paramorph.Parameters;

/// <summary>A weight of which some elements are held at zero. Where it is masked its gradient is exactly zero.</summary>
/// <param name="Weight">What gives the weight.</param>
/// <param name="Kept">Booleans of the shape of the weight, or broadcast to it: false holds an element at zero. A leaf, so that it is saved; it has no derivative.</param>
[Tree]
public sealed partial record Mask(IParametrisation<Tensor> Weight, Tensor Kept) : IParametrisation<Tensor>
{
    /// <summary>The weight where it is kept, zero elsewhere.</summary>
    public Tensor Materialise()
    {
        var weight = Weight.Materialise();
        return Tensor.Where(Kept, weight, Tensor.ZerosLike(weight));
    }

    /// <summary>A model with a mask over its leaves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kept">A tree like the model that holds booleans, or numbers of which zero means masked: <c>Tree.Map(model, w =&gt; Abs(w) &gt; 0.1)</c>.</param>
    /// <param name="where">Which leaves; by default all.</param>
    /// <exception cref="TreeException">The masks are another kind of tree than the model.</exception>
    public static Parametrised<TModel> Of<TModel>(TModel model, TModel kept, LeafFilter? where = null)
        where TModel : ITree<TModel> => Of(Parametrised.Of(model), kept, where);

    /// <inheritdoc cref="Of{TModel}(TModel, TModel, LeafFilter)"/>
    public static Parametrised<TModel> Of<TModel>(Parametrised<TModel> model, TModel kept, LeafFilter? where = null)
        where TModel : ITree<TModel> =>
        model.Zip(kept, where ?? Leaves.All, (weight, leaf) => new Mask(weight, leaf.AsType(ElementType.Bool).Evaluate()));
}
