namespace Paramorph.Optimisers;

/// <summary>
/// Steps along the mean of the gradients over the root of the mean of their squares: p - rate m̂ / (sqrt(v̂) + epsilon). (Kingma and Ba, "Adam", 2015,
/// Algorithm 1.) The second moment of a complex leaf is that of |g|, and real.
/// </summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Beta1">The share of the mean of gradients that is kept at each step.</param>
/// <param name="Beta2">The share of the mean of squares that is kept at each step.</param>
/// <param name="Epsilon">What is added to the root.</param>
public sealed record Adam(Schedule Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : IOptimiser
{
    internal const string FirstMoment = "first moment";
    internal const string SecondMoment = "second moment";

    /// <inheritdoc/>
    public OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel> => LeafRules.Start(model, (FirstMoment, Tensor.ZerosLike), (SecondMoment, LeafRules.RealZeros));

    /// <inheritdoc/>
    public (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>
    {
        var count = LeafRules.Count(state);
        var firstCorrection = 1.0 - Tensor.Power(Tensor.Scalar(Beta1), count);
        var rootCorrection = Tensor.Sqrt(1.0 - Tensor.Power(Tensor.Scalar(Beta2), count));
        // m̂ / (sqrt(v̂) + epsilon) with both corrections moved into scalars.
        var scale = LeafRules.Rate(Rate, state) * rootCorrection / firstCorrection;
        var epsilon = Epsilon * rootCorrection;
        return LeafRules.Update(model, gradient, state, [FirstMoment, SecondMoment], (parameter, gradient, slots) =>
        {
            var first = Beta1 * slots[0] + (1 - Beta1) * gradient;
            var second = Beta2 * slots[1] + (1 - Beta2) * LeafRules.SquaredModulus(gradient);
            var next = parameter - first * (scale.For(parameter) / (Tensor.Sqrt(second) + epsilon.For(parameter)));
            return (next, [first, second]);
        });
    }
}
