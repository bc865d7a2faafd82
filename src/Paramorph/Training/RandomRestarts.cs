using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>A model trained from many first values, each time on all examples at every step, as one program: what it ends in, whichever first values it has.</summary>
public static class RandomRestarts
{
    /// <summary>Trains and judges.</summary>
    /// <param name="keys">A key for each start (<see cref="Key.SplitBatch"/>).</param>
    /// <param name="create">From a key to a model before the first step.</param>
    /// <param name="optimiser">The optimiser.</param>
    /// <param name="steps">Steps of each.</param>
    /// <param name="loss">From a model to one real number.</param>
    /// <param name="judge">What is told of a model that has been trained.</param>
    /// <returns>The axis of starts, before those of what is told.</returns>
    public static Tensor Run<TModel>(Key keys, Func<Key, TModel> create, IOptimiser optimiser, int steps, Func<TModel, Tensor> loss, Func<TModel, Tensor> judge)
        where TModel : ITree<TModel> => Compile.Of((Key keys) => Vmap.Of(
        key =>
        {
            var first = create(key);
            var ended = Control.Repeat(
                steps,
                (_, state) =>
                {
                    var (model, next) = optimiser.Update(state.Item1, Gradient.Of(state.Item1, loss), state.Item2);
                    return new TreePair<TModel, OptimiserState<TModel>>(model, next);
                },
                new TreePair<TModel, OptimiserState<TModel>>(first, optimiser.Start(first)));
            return judge(ended.Item1);
        },
        keys))(keys);
}
