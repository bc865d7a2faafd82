using Paramorph.Parameters;

namespace Paramorph.Optimisers;

/// <summary>What is put around an optimiser, in the order in which it acts: <c>new Adam(1e-3).AverageExponentially(0.999).ClipByNorm(1)</c> clips first.</summary>
public static class Optimiser
{
    /// <inheritdoc cref="ClippedByValue"/>
    /// <param name="inner">What the clipped gradients are handed to.</param>
    /// <param name="limit">The limit, above 0.</param>
    public static ClippedByValue ClipByValue(this IOptimiser inner, double limit) => new(inner, limit);

    /// <inheritdoc cref="ClippedByNorm"/>
    /// <param name="inner">What the clipped gradients are handed to.</param>
    /// <param name="limit">The longest Euclidean norm, above 0.</param>
    public static ClippedByNorm ClipByNorm(this IOptimiser inner, double limit) => new(inner, limit);

    /// <inheritdoc cref="Accumulated"/>
    /// <param name="inner">What the mean gradient is handed to.</param>
    /// <param name="count">The number of batches, 1 or more.</param>
    public static Accumulated Accumulate(this IOptimiser inner, int count) => new(inner, count);

    /// <inheritdoc cref="Frozen"/>
    /// <param name="inner">What trains the other leaves.</param>
    /// <param name="where">Which leaves are frozen.</param>
    public static Frozen Freeze(this IOptimiser inner, LeafFilter where) => new(inner, where);

    /// <inheritdoc cref="ScaledRate"/>
    /// <param name="inner">What trains.</param>
    /// <param name="where">Which leaves.</param>
    /// <param name="factor">What their learning rate is multiplied with.</param>
    public static ScaledRate ScaleRate(this IOptimiser inner, LeafFilter where, Schedule factor) => new(inner, where, factor);

    /// <summary>An optimiser that also keeps an exponential average of the model, which forgets over 1 / (1 - decay) steps.</summary>
    /// <param name="inner">What trains.</param>
    /// <param name="decay">The share of the average that is kept at each step. At the start it is (1 + t) / (10 + t) when that is less, to forget the first model.</param>
    public static Averaged AverageExponentially(this IOptimiser inner, double decay) =>
        new(inner, Schedule.Of(t => 1.0 - Tensor.Minimum((1.0 + t) / (10.0 + t), decay)));

    /// <summary>An optimiser that also keeps the mean of all models from a step on. (Polyak and Juditsky, 1992.)</summary>
    /// <param name="inner">What trains.</param>
    /// <param name="from">The first step after which the model counts, from 0.</param>
    public static Averaged AverageFrom(this IOptimiser inner, long from) => new(inner, Schedule.Of(t => 1.0 / Tensor.Maximum(t - from + 1.0, 1.0)));

    /// <summary>The averaged model, when the optimiser keeps one (see <see cref="Averaged"/>); leaves that are not trained are those of the model.</summary>
    /// <exception cref="TreeException">There is no average in the state.</exception>
    public static TModel Average<TModel>(this OptimiserState<TModel> state, TModel model)
        where TModel : ITree<TModel> =>
        Tree.Zip(model, LeafRules.Find(state, Averaged.Slot), (leaf, average) => average.ElementType.IsDifferentiable() ? average : leaf);

    /// <summary>The state with one slot more.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    internal static OptimiserState<TModel> With<TModel>(this OptimiserState<TModel> state, string name, TModel slot)
        where TModel : ITree<TModel>
    {
        if (state.Slots.ContainsKey(name)) throw new ArgumentException($"the optimiser keeps the slot \"{name}\" already: it is wrapped twice in the same way.", nameof(name));
        return state.Replaced(name, slot);
    }

    /// <summary>The state with another tree in a slot.</summary>
    internal static OptimiserState<TModel> Replaced<TModel>(this OptimiserState<TModel> state, string name, TModel slot)
        where TModel : ITree<TModel> => state with { Slots = new Dictionary<string, TModel>(state.Slots) { [name] = slot } };
}
