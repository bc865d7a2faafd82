namespace Paramorph.Optimisers;

/// <summary>What an optimiser remembers from step to step: a tree, so that it is compiled, saved and loaded as any other.</summary>
/// <param name="Step">How many steps have been taken: i64, a scalar.</param>
/// <param name="RateFactor">
/// A factor on the learning rate: f64, a scalar, 1 at the start. It is a leaf, so that rates can be searched without compiling again:
/// <c>state with { RateFactor = Tensor.Scalar(0.1) }</c>.
/// </param>
/// <param name="Slots">
/// Trees of the model's structure by name, such as <c>first moment</c>. The leaves of a slot have the shapes of the model's, those of second moments of complex
/// leaves are real, and in the place of what is not trained stands the scalar 0.
/// </param>
[Tree]
public sealed partial record OptimiserState<TModel>(Tensor Step, Tensor RateFactor, TreeDictionary<TModel> Slots)
    where TModel : ITree<TModel>;
