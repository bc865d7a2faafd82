using Paramorph.Optimisers;

namespace Paramorph.Weights;

/// <summary>
/// Tunes hyperparameters by a hypernetwork that learns to give the model that they would be trained to, near where they are: steps of one and of the other in turns. (Lorraine and Duvenaud, "Stochastic
/// hyperparameter optimization through hypernetworks", 2018, Algorithm 3.)
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
/// <typeparam name="TBatch">What a step is taken on.</typeparam>
public sealed class HypernetworkTuning<TModel, TBatch>
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    private readonly IOptimiser learning;
    private readonly IOptimiser tuning;
    private readonly Func<Tensor, Tensor> encode;
    private readonly Func<Hypernetwork<TModel>, OptimiserState<Hypernetwork<TModel>>, Tensor, TBatch, Key, (Hypernetwork<TModel>, OptimiserState<Hypernetwork<TModel>>)> learn;
    private readonly Func<Hypernetwork<TModel>, OptimiserState<Tensor>, Tensor, TBatch, (Tensor, OptimiserState<Tensor>)> tune;

    /// <param name="learning">Trains the hypernetwork.</param>
    /// <param name="tuning">Tunes the hyperparameters.</param>
    /// <param name="spread">The standard deviation of the normal numbers that are added to hyperparameters while the hypernetwork learns.</param>
    /// <param name="encode">From hyperparameters to what enters the hypernetwork, of the same shape.</param>
    /// <param name="training">From a model, hyperparameters and a batch to the training loss.</param>
    /// <param name="validation">From a model and a batch to the validation loss.</param>
    public HypernetworkTuning(
        IOptimiser learning, IOptimiser tuning, double spread, Func<Tensor, Tensor> encode, Func<TModel, Tensor, TBatch, Tensor> training, Func<TModel, TBatch, Tensor> validation)
    {
        (this.learning, this.tuning, this.encode) = (learning, tuning, encode);
        learn = Compile.Of((Hypernetwork<TModel> hyper, OptimiserState<Hypernetwork<TModel>> state, Tensor values, TBatch batch, Key key) =>
        {
            var near = values + spread * Sample.Normal(key, values.Shape);
            return learning.Update(hyper, Gradient.Of(hyper, h => training(Model(h, near), near, batch)), state);
        });
        tune = Compile.Of((Hypernetwork<TModel> hyper, OptimiserState<Tensor> state, Tensor values, TBatch batch) =>
            tuning.Update(values, Gradient.Of(values, v => validation(Model(hyper, v), batch)), state));
    }

    /// <summary>The state before the first step.</summary>
    /// <param name="hyper">The hypernetwork.</param>
    /// <param name="values">The hyperparameters: [hyperparameters].</param>
    /// <param name="rate">A factor on the learning rate of the hypernetwork.</param>
    public HypernetworkTuningState<TModel> Start(Hypernetwork<TModel> hyper, Tensor values, double rate = 1) =>
        new(hyper, learning.Start(hyper) with { RateFactor = Tensor.Scalar(rate) }, values, tuning.Start(values));

    /// <summary>A step of the hypernetwork.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="batch">A batch to train on.</param>
    /// <param name="key">Draws hyperparameters near the present ones.</param>
    public HypernetworkTuningState<TModel> Learn(HypernetworkTuningState<TModel> state, TBatch batch, Key key)
    {
        var (hyper, memory) = learn(state.Hyper, state.Memory, state.Values, batch, key);
        return state with { Hyper = hyper, Memory = memory };
    }

    /// <summary>A step of the hyperparameters.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="batch">A batch to validate on.</param>
    public HypernetworkTuningState<TModel> Tune(HypernetworkTuningState<TModel> state, TBatch batch)
    {
        var (values, tuned) = tune(state.Hyper, state.Tuned, state.Values, batch);
        return state with { Values = values, Tuned = tuned };
    }

    /// <summary>The model that a hypernetwork gives for the present hyperparameters.</summary>
    /// <param name="state">The state.</param>
    public TModel Model(HypernetworkTuningState<TModel> state) => Model(state.Hyper, state.Values);

    private TModel Model(Hypernetwork<TModel> hyper, Tensor values) => hyper.Predict(encode(values));
}

/// <summary>What <see cref="HypernetworkTuning{TModel, TBatch}"/> goes on from.</summary>
/// <param name="Hyper">The hypernetwork.</param>
/// <param name="Memory">What its optimiser remembers.</param>
/// <param name="Values">The hyperparameters.</param>
/// <param name="Tuned">What their optimiser remembers.</param>
public sealed record HypernetworkTuningState<TModel>(Hypernetwork<TModel> Hyper, OptimiserState<Hypernetwork<TModel>> Memory, Tensor Values, OptimiserState<Tensor> Tuned)
    where TModel : ITree<TModel>;
