using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>
/// <see cref="Adam"/> with decoupled weight decay: beside Adam's step, p decays by rate times decay times p, whatever its gradients. (Loshchilov and Hutter,
/// "Decoupled Weight Decay Regularization", 2019, Algorithm 2.)
/// </summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Beta1">The share of the mean of gradients that is kept at each step.</param>
/// <param name="Beta2">The share of the mean of squares that is kept at each step.</param>
/// <param name="Epsilon">What is added to the root.</param>
/// <param name="Decay">The decay, which the learning rate multiplies.</param>
/// <param name="Decayed">Which leaves decay: by default all; <see cref="Leaves.Matrices"/> spares biases and the factors of normalisations.</param>
public sealed record AdamW(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double Decay = 0.01, LeafFilter? Decayed = null) : IOptimiser
{
    private Adam Adam => new(Rate, Beta1, Beta2, Epsilon);

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => Adam.Start(model);

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var (next, after) = Adam.Update(model, gradient, state);
        return (LeafRules.Decay(model, next, LeafRules.Rate(Rate, state) * Decay, Decayed ?? Leaves.All), after);
    }
}
