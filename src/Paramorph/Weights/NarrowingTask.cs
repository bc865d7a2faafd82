using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Weights;

/// <summary>
/// A trained classifier of images that is to be made narrower: three convolutions, of which the second gives hidden channels and the third, as large as what is left of the image, sums over
/// them. Any number of these channels makes a network of the same kind.
/// </summary>
/// <param name="Data">Images [n, channels, side, side], and their classes.</param>
/// <param name="Network">The trained network.</param>
public sealed record NarrowingTask(Classification Data, Sequential Network)
{
    /// <summary>The highest learning rate, which falls to zero by a cosine.</summary>
    public const double Rate = 3e-3;

    private const int Features = 8, LargestBatch = 64, JudgedTogether = 1000;

    private static readonly Func<Sequential, LabelledData, Tensor> accuracy =
        Compile.Of((Sequential model, LabelledData data) => Training.Metric.Accuracy(model.Call(data.Inputs), data.Labels));

    private readonly LabelledData[] tests =
    [
        .. Enumerable.Range(0, Data.Test.Count).Chunk(JudgedTogether).Select(part =>
            new LabelledData(Data.Test.Inputs[part[0]..(part[^1] + 1)], Data.Test.Labels[part[0]..(part[^1] + 1)])),
    ];

    /// <summary>The hidden channels.</summary>
    public static ChannelGroup Channels { get; } = new([new("layers[3].weight", 0), new("layers[3].bias", 0), new("layers[6].weight", 1, IsInput: true)]);

    /// <summary>Hidden channels of the network.</summary>
    public int Width => Channels.Width(Network);

    /// <summary>Trains a network to be made narrower.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">Images [n, channels, side, side] of 4 pixels or more along a side, and their classes.</param>
    /// <param name="width">Its hidden channels.</param>
    /// <param name="steps">Steps of training.</param>
    /// <param name="cancellation">Stops the work; the network is then one that is not ready.</param>
    public static NarrowingTask Train(Key key, Classification data, int width, int steps, CancellationToken cancellation = default)
    {
        var trainer = Trainer(steps);
        var run = trainer.Run(trainer.Start(Create(key.Fold(1), data, width), key.Fold(2)), Batches(data, key.Fold(3)), new TrainingOptions(steps) { Cancellation = cancellation });
        return new(data, run.State.Model);
    }

    /// <summary>A network of another width with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Its hidden channels.</param>
    public Sequential Create(Key key, int width) => Create(key, Data, width);

    /// <summary>Trains networks with Adam on the cross-entropy.</summary>
    /// <param name="steps">Steps in which the rate falls to zero.</param>
    public static Trainer<Sequential, LabelledData> Trainer(int steps) => new(new Adam(Schedule.Cosine(Rate, steps)), (model, batch, _) => Loss(model, batch));

    /// <summary>The cross-entropy of a network on a batch.</summary>
    public static Tensor Loss(Sequential network, LabelledData batch) => Training.Loss.CrossEntropy(network.Call(batch.Inputs), batch.Labels);

    /// <summary>Batches of the training images in an order that a key draws.</summary>
    public IBatches<LabelledData> Batches(Key key) => Batches(Data, key);

    /// <summary>The share of the test images that a network of any width tells right.</summary>
    public double Accuracy(Sequential network) => tests.Sum(part => part.Count * accuracy(network, part).Item()) / Data.Test.Count;

    /// <summary>The hidden channels with the largest L1 norms, not trained further. (Li et al., "Pruning Filters for Efficient ConvNets", 2017.)</summary>
    /// <param name="width">How many.</param>
    public Sequential Pruned(int width)
    {
        var norms = Channels.Norms(Network);
        return Channels.Take(Network, [.. Enumerable.Range(0, norms.Length).OrderByDescending(channel => norms[channel]).Take(width)]);
    }

    /// <summary>The kernels of the second convolution as a heat map, a row for each hidden channel; the ends of the scale are three times the root mean square.</summary>
    /// <param name="network">A network of any width.</param>
    public static Picture Draw(Sequential network)
    {
        var weights = ((Convolution)network.Layers[3]).Weight.Flatten(1).Evaluate();
        var reach = 3 * Math.Sqrt(Tensor.Square(weights).Mean().Item());
        return Picture.HeatMap(weights, -reach, reach, scale: 2);
    }

    private static IBatches<LabelledData> Batches(Classification data, Key key) => Training.Batches.Shuffled(data.Train, Math.Min(LargestBatch, data.Train.Count), key);

    private static Sequential Create(Key key, Classification data, int width)
    {
        var (channels, side) = (data.Train.Inputs.Shape[1], data.Train.Inputs.Shape[^1] / 4);
        return new(
        [
            Convolution.Create(key.Fold(0), channels, Features, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
            Convolution.Create(key.Fold(1), Features, width, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
            Convolution.Create(key.Fold(2), width, data.Classes, [side, side], new() { Padding = Padding.Valid }), new GlobalPooling(2),
        ]);
    }
}
