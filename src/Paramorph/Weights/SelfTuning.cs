using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Weights;

/// <summary>
/// Tunes hyperparameters while maps learn that answer to them (<see cref="BestResponseLinear"/>), by steps of one and of the other in turns. Hyperparameters are numbers without bounds, which are perturbed
/// for each example by normal numbers whose deviations are tuned as well, with a bonus for their entropy, so that maps learn in the range in which they are asked. (MacKay, Vicol, Lorraine, Duvenaud and Grosse,
/// "Self-tuning networks", 2019, Algorithm 1.)
/// </summary>
/// <typeparam name="TBatch">What a step is taken on.</typeparam>
public sealed class SelfTuning<TBatch>
    where TBatch : ITree<TBatch>
{
    private readonly IOptimiser weights;
    private readonly IOptimiser tuning;
    private readonly Func<TreeList<BestResponseLinear>, OptimiserState<TreeList<BestResponseLinear>>, TreePair<Tensor, Tensor>, TBatch, Key, (TreeList<BestResponseLinear>, OptimiserState<TreeList<BestResponseLinear>>)> train;
    private readonly Func<TreeList<BestResponseLinear>, TreePair<Tensor, Tensor>, OptimiserState<TreePair<Tensor, Tensor>>, TBatch, Key, (TreePair<Tensor, Tensor>, OptimiserState<TreePair<Tensor, Tensor>>)> tune;

    /// <param name="weights">Trains the maps.</param>
    /// <param name="tuning">Tunes the hyperparameters.</param>
    /// <param name="examples">Examples of a batch.</param>
    /// <param name="entropy">The weight of the entropy.</param>
    /// <param name="training">From maps, hyperparameters [examples, hyperparameters], a batch and a key to the training loss.</param>
    /// <param name="validation">The same to the validation loss.</param>
    public SelfTuning(
        IOptimiser weights, IOptimiser tuning, int examples, double entropy,
        Func<TreeList<BestResponseLinear>, Tensor, TBatch, Key, Tensor> training, Func<TreeList<BestResponseLinear>, Tensor, TBatch, Key, Tensor> validation)
    {
        (this.weights, this.tuning) = (weights, tuning);
        Tensor Perturbed(TreePair<Tensor, Tensor> hyper, Key key) => hyper.Item1 + Tensor.Exp(hyper.Item2) * Sample.Normal(key, [examples, hyper.Item1.Count]);
        train = Compile.Of((TreeList<BestResponseLinear> maps, OptimiserState<TreeList<BestResponseLinear>> memory, TreePair<Tensor, Tensor> hyper, TBatch batch, Key key) =>
        {
            var free = Perturbed(hyper, key.Fold(7));
            return weights.Update(maps, Gradient.Of(maps, maps => training(maps, free, batch, key)), memory);
        });
        tune = Compile.Of((TreeList<BestResponseLinear> maps, TreePair<Tensor, Tensor> hyper, OptimiserState<TreePair<Tensor, Tensor>> memory, TBatch batch, Key key) => tuning.Update(
            hyper, Gradient.Of(hyper, hyper => validation(maps, Perturbed(hyper, key.Fold(7)), batch, key) - entropy * hyper.Item2.Sum()), memory));
    }

    /// <summary>The state before the first step.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="hyperparameters">How many there are.</param>
    /// <param name="value">The first value of each.</param>
    /// <param name="deviation">The first deviation of each.</param>
    public SelfTuningState Start(TreeList<BestResponseLinear> maps, int hyperparameters, double value, double deviation)
    {
        TreePair<Tensor, Tensor> hyper = new(Tensor.Full([hyperparameters], value).Evaluate(), Tensor.Full([hyperparameters], Math.Log(deviation)).Evaluate());
        return new(maps, weights.Start(maps), hyper, tuning.Start(hyper));
    }

    /// <summary>A step of the maps.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="batch">A batch to train on.</param>
    /// <param name="key">Draws perturbations, and what the loss draws.</param>
    public SelfTuningState Train(SelfTuningState state, TBatch batch, Key key)
    {
        var (maps, memory) = train(state.Maps, state.Memory, state.Hyper, batch, key);
        return state with { Maps = maps, Memory = memory };
    }

    /// <summary>A step of the hyperparameters.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="batch">A batch to validate on.</param>
    /// <param name="key">Draws perturbations, and what the loss draws.</param>
    public SelfTuningState Tune(SelfTuningState state, TBatch batch, Key key)
    {
        var (hyper, tuned) = tune(state.Maps, state.Hyper, state.Tuned, batch, key);
        return state with { Hyper = hyper, Tuned = tuned };
    }

    /// <summary>Rounds of steps of the maps with one of the hyperparameters behind them.</summary>
    /// <param name="state">The state before the first.</param>
    /// <param name="training">What steps of the maps are taken on, by their number.</param>
    /// <param name="validation">What steps of the hyperparameters are taken on, by their number.</param>
    /// <param name="key">From the number of a step, of either, to its key.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="trainings">Steps of the maps in each.</param>
    /// <returns>The state behind each round, as it is asked for.</returns>
    public IEnumerable<SelfTuningState> Rounds(SelfTuningState state, IBatches<TBatch> training, IBatches<TBatch> validation, Func<int, Key> key, int rounds, int trainings)
    {
        for (var round = 0; round < rounds; round++)
        {
            var step = round * (trainings + 1);
            for (var i = 0; i < trainings; i++) state = Train(state, training.At(trainings * round + i), key(step + i));
            yield return state = Tune(state, validation.At(round), key(step + trainings));
        }
    }
}

/// <summary>What <see cref="SelfTuning{TBatch}"/> goes on from.</summary>
/// <param name="Maps">The maps.</param>
/// <param name="Memory">What their optimiser remembers.</param>
/// <param name="Hyper">The hyperparameters without bounds, and the logarithms of their deviations.</param>
/// <param name="Tuned">What the optimiser of these remembers.</param>
public sealed record SelfTuningState(
    TreeList<BestResponseLinear> Maps, OptimiserState<TreeList<BestResponseLinear>> Memory, TreePair<Tensor, Tensor> Hyper, OptimiserState<TreePair<Tensor, Tensor>> Tuned)
{
    /// <summary>The hyperparameters without bounds.</summary>
    public Tensor Values => Hyper.Item1;
}
