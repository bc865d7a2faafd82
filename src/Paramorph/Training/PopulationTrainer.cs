using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>
/// Trains many networks of one structure as one program, each with its own randomness and learning rate: what finds success rates over seeds and rates of networks too small to be worth a program each.
/// </summary>
/// <param name="optimiser">The optimiser.</param>
/// <param name="loss">From one network, a key that is new at each step, and the number of the step, an i32 scalar, to one real number.</param>
/// <param name="after">What is done to a network behind each step, such as clamping its weights; nothing when null.</param>
/// <typeparam name="TModel">One network.</typeparam>
public sealed class PopulationTrainer<TModel>(IOptimiser optimiser, Func<TModel, Key, Tensor, Tensor> loss, Func<TModel, TModel>? after = null)
    where TModel : ITree<TModel>
{
    /// <summary>The networks after training.</summary>
    /// <param name="models">Networks before it: each leaf has the axis of networks before its own.</param>
    /// <param name="rates">What the optimiser's rate is multiplied by, for each network: f64[networks].</param>
    /// <param name="key">The randomness of all networks.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="parts">In how many parts they are taken, equal but for the last; 1 or more.</param>
    /// <param name="look">Is given the steps taken and the networks after each part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than one part.</exception>
    public TModel Train(TModel models, Tensor rates, Key key, int steps, int parts = 1, Action<int, TModel>? look = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var each = (steps + parts - 1) / parts;
        var train = Compile.Of((TreeTriple<TModel, OptimiserState<TModel>, Key> all, Tensor from, Tensor to) => Vmap.Of(one => Part(one, from, to), all));
        var all = Compile.Of((TModel models, Tensor rates, Key keys) => Vmap.Of(Start, models, rates, keys))(models, rates, key.SplitBatch(rates.Count));
        for (var from = 0; from < steps; from += each)
        {
            var to = Math.Min(steps, from + each);
            all = train(all, Tensor.Scalar(from), Tensor.Scalar(to));
            look?.Invoke(to, all.Item1);
        }
        return all.Item1;
    }

    private TreeTriple<TModel, OptimiserState<TModel>, Key> Start(TModel model, Tensor rate, Key key) => new(model, optimiser.Start(model) with { RateFactor = rate }, key);

    private TreeTriple<TModel, OptimiserState<TModel>, Key> Part(TreeTriple<TModel, OptimiserState<TModel>, Key> one, Tensor from, Tensor to)
    {
        var (_, model, state) = Control.While(
            at => Tensor.Less(at.Item1, to),
            at =>
            {
                var (step, model, state) = at;
                var (next, remembered) = optimiser.Update(model, Gradient.Of(model, m => loss(m, one.Item3.Fold(step), step)), state);
                return new(step + 1, after is null ? next : after(next), remembered);
            },
            new TreeTriple<Tensor, TModel, OptimiserState<TModel>>(from, one.Item1, one.Item2));
        return new(model, state, one.Item3);
    }
}
