namespace Paramorph.Optimisers;

/// <summary>
/// An optimiser whose gradient, all leaves taken as one vector, is shortened to a norm when it is longer. (Pascanu, Mikolov and Bengio, "On the difficulty of
/// training recurrent neural networks", 2013, Algorithm 1.)
/// </summary>
/// <param name="Inner">What the clipped gradients are handed to.</param>
/// <param name="Limit">The longest Euclidean norm, above 0.</param>
public sealed record ClippedByNorm(IOptimiser Inner, double Limit) : IOptimiser
{
    /// <inheritdoc/>
    public Schedule Rate => Inner.Rate;

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(model);

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var factor = Limit / Tensor.Maximum(Norm(gradient), Limit);
        return Inner.Update(model, Tree.Map(gradient, leaf => leaf.ElementType.IsDifferentiable() ? leaf * factor.For(leaf) : leaf), state);
    }

    /// <summary>The Euclidean norm of all leaves that have a derivative: f64, a scalar.</summary>
    public static Tensor Norm<TModel>(TModel gradient)
        where TModel : ITree<TModel> => Tensor.Sqrt(Tree.Leaves(gradient)
            .Where(leaf => leaf.ElementType.IsDifferentiable())
            .Aggregate(Tensor.Scalar(0.0), (sum, leaf) => sum + LeafRules.SquaredModulus(leaf.AsType(Wide(leaf.ElementType))).Sum()));

    // Squares of single precision overflow above 1e19, which is when clipping matters most.
    private static ElementType Wide(ElementType type) => type.IsComplex() ? ElementType.Complex128 : ElementType.Float64;
}
