namespace Paramorph.Parameters;

/// <summary>
/// A weight with a mask that is learned: an element is kept where its score lies above a threshold, and the gradient of the mask goes straight through to
/// the score. (Bengio, Léonard and Courville, "Estimating or Propagating Gradients Through Stochastic Neurons", 2013.)
/// </summary>
/// <param name="Weight">What gives the weight.</param>
/// <param name="Scores">Of the shape of the weight, or broadcast to it.</param>
/// <param name="Threshold">What a score must exceed.</param>
[Tree]
public sealed partial record LearnedMask(IParametrisation<Tensor> Weight, Tensor Scores, double Threshold) : IParametrisation<Tensor>
{
    /// <summary>The weight times 1 where the score exceeds the threshold, 0 elsewhere.</summary>
    public Tensor Materialise() => Weight.Materialise() * StraightThrough.Of(Scores, s => (s > Threshold).AsType(s.ElementType));

    /// <summary>A model with learned masks over its leaves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scores">A tree like the model of the first scores.</param>
    /// <param name="threshold">What a score must exceed.</param>
    /// <param name="where">Which leaves; by default all.</param>
    /// <exception cref="TreeException">The scores are another kind of tree than the model.</exception>
    public static Parametrised<TModel> Of<TModel>(TModel model, TModel scores, double threshold = 0, LeafFilter? where = null)
        where TModel : ITree<TModel> => Of(Parametrised.Of(model), scores, threshold, where);

    /// <inheritdoc cref="Of{TModel}(TModel, TModel, double, LeafFilter)"/>
    public static Parametrised<TModel> Of<TModel>(Parametrised<TModel> model, TModel scores, double threshold = 0, LeafFilter? where = null)
        where TModel : ITree<TModel> => model.Zip(scores, where ?? Leaves.All, (weight, leaf) => new LearnedMask(weight, leaf, threshold));
}
