using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>
/// Steps along the sign of a mean of gradients: p - rate (sign(beta1 m + (1 - beta1) g) + decay p), m ← beta2 m + (1 - beta2) g. (Chen et al., "Symbolic
/// Discovery of Optimization Algorithms", 2023, Algorithm 2.) Of a complex leaf, real and imaginary parts have signs of their own.
/// </summary>
/// <param name="Rate">The learning rate: a third to a tenth of what Adam takes.</param>
/// <param name="Beta1">The share of the remembered mean in the direction of the step.</param>
/// <param name="Beta2">The share of the mean that is remembered.</param>
/// <param name="Decay">The decoupled weight decay, which the learning rate multiplies.</param>
/// <param name="Decayed">Which leaves decay: by default all.</param>
public sealed record Lion(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.99, double Decay = 0, LeafFilter? Decayed = null) : IOptimiser
{
    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => LeafRules.Start(model, (Adam.FirstMoment, Tensor.ZerosLike));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var rate = LeafRules.Rate(Rate, state);
        var (next, after) = LeafRules.Update(model, gradient, state, [Adam.FirstMoment], (parameter, gradient, slots) =>
        {
            var direction = Sign(Beta1 * slots[0] + (1 - Beta1) * gradient);
            return (parameter - rate.For(parameter) * direction, [Beta2 * slots[0] + (1 - Beta2) * gradient]);
        });
        return (Decay == 0 ? next : LeafRules.Decay(model, next, rate * Decay, Decayed ?? Leaves.All), after);
    }

    private static Tensor Sign(Tensor x) =>
        x.ElementType.IsComplex() ? Tensor.Complex(Tensor.Sign(Tensor.Real(x)), Tensor.Sign(Tensor.Imaginary(x))) : Tensor.Sign(x);
}
