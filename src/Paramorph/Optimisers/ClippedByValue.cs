namespace Paramorph.Optimisers;

/// <summary>An optimiser whose gradients are clipped, element by element, to [-limit, limit]; of complex elements both parts are.</summary>
/// <param name="Inner">What the clipped gradients are handed to.</param>
/// <param name="Limit">The limit, above 0.</param>
public sealed record ClippedByValue(IOptimiser Inner, double Limit) : IOptimiser
{
    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Inner.Start(model);

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel> => Inner.Update(model, Tree.Map(gradient, Clip), state);

    private Tensor Clip(Tensor gradient)
    {
        if (!gradient.ElementType.IsDifferentiable()) return gradient;
        if (gradient.ElementType.IsComplex()) return Tensor.Complex(Clip(Tensor.Real(gradient)), Clip(Tensor.Imaginary(gradient)));
        return Tensor.Clamp(gradient, -Limit, Limit);
    }
}
