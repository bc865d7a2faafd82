using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Shrink;

/// <summary>
/// A trained classifier to be quantised. Training with rounding goes on from it for some steps at half the rate; what is quantised without training goes on for as many without rounding, so that both have learned
/// for as long.
/// </summary>
/// <param name="Data">What it classifies.</param>
/// <param name="Calibration">The training examples from which ranges of activations are chosen.</param>
/// <param name="Trained">The network.</param>
/// <param name="Continued">What became of it in more steps without rounding.</param>
/// <param name="Flops">Operations of these steps.</param>
public sealed record QuantisationTask(Classification Data, LabelledData Calibration, ObservedNetwork Trained, ObservedNetwork Continued, double Flops)
{
    /// <summary>The rate of training, which falls to zero by a cosine, and the rate of training on as a part of it.</summary>
    public const double Rate = 2e-3, RateOfMore = 0.5;

    private const int LargestBatch = 64;

    private static readonly Func<Sequential, Tensor, Tensor> logits = Compile.Of((Sequential network, Tensor x) => network.Call(x));
    private static readonly Func<IntegerNetwork, Tensor, Tensor> logitsInIntegers = Compile.Of((IntegerNetwork network, Tensor x) => network.Call(x));
    private static readonly Func<Sequential, LabelledData, Tensor> loss = Compile.Of((Sequential network, LabelledData data) => Training.Loss.CrossEntropy(network.Call(data.Inputs), data.Labels));

    /// <summary>Trains a network, and on.</summary>
    /// <param name="data">What it classifies.</param>
    /// <param name="start">The network before the first step.</param>
    /// <param name="steps">Steps of training, and as many of training on.</param>
    /// <param name="calibration">Training examples from which ranges are chosen, fewer where there are fewer.</param>
    /// <param name="first">The key of the order of batches.</param>
    /// <param name="more">That of training on.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static QuantisationTask Train(Classification data, Sequential start, int steps, int calibration, Key first, Key more, CancellationToken cancellation = default)
    {
        var (trainer, flops) = (Trainer<Sequential>(steps, (network, x) => network.Call(x)), 0.0);
        Sequential Learn(Sequential network, double rate, Key key)
        {
            var (state, batches) = (trainer.Start(network, key), Batches(data, key));
            state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
            flops = steps * (double)trainer.Cost(state, batches.At(0)).Flops;
            var run = trainer.Run(state, batches, new(steps) { Cancellation = cancellation });
            cancellation.ThrowIfCancellationRequested();
            return run.State.Model;
        }
        var trained = Learn(start, 1, first);
        var continued = Learn(trained, RateOfMore, more);
        var examples = Math.Min(data.Train.Count, calibration);
        var known = new LabelledData(data.Train.Inputs[..examples].Evaluate(), data.Train.Labels[..examples].Evaluate());
        return new(data, known, ObservedNetwork.Of(trained, known.Inputs), ObservedNetwork.Of(continued, known.Inputs), flops);
    }

    /// <summary>Trains classifiers with Adam.</summary>
    /// <param name="steps">Steps in which the rate falls to zero.</param>
    /// <param name="call">From a model and inputs to logits.</param>
    public static Trainer<TModel, LabelledData> Trainer<TModel>(int steps, Func<TModel, Tensor, Tensor> call)
        where TModel : ITree<TModel> => new(new Adam(Schedule.Cosine(Rate, steps)), (model, batch, _) => Training.Loss.CrossEntropy(call(model, batch.Inputs), batch.Labels));

    /// <summary>Batches of the training examples in an order that a key draws.</summary>
    public IBatches<LabelledData> Batches(Key key) => Batches(Data, key);

    /// <summary>The share of test examples that a network tells right.</summary>
    public double Accuracy(Sequential network) => Metric.Accuracy(logits(network, Data.Test.Inputs), Data.Test.Labels).Item();

    /// <summary>The share of test examples that a network in integers tells right.</summary>
    public double Accuracy(IntegerNetwork network) => Metric.Accuracy(logitsInIntegers(network, Data.Test.Inputs), Data.Test.Labels).Item();

    /// <summary>The loss on the examples from which ranges were chosen.</summary>
    public double Loss(Sequential network) => loss(network, Calibration).Item();

    private static IBatches<LabelledData> Batches(Classification data, Key key) => Training.Batches.Shuffled(data.Train, Math.Min(LargestBatch, data.Train.Count), key);
}
