using Paramorph.Methods;

namespace Paramorph.Layers;

/// <summary>
/// Convolutions of kernel 3 with a maximum over windows of 2 x 2 behind them, then an affine map. (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document
/// Recognition", 1998.)
/// </summary>
public static class ConvolutionalNetwork
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("cnn", "Three convolutions with pooling between them, then an affine map.", (key, signature, choice) =>
        Create(key, signature.Input, choice.Whole("width"), signature.Outputs))
    {
        Kinds = ["image-classification"],
        GoodAt = "small images with a hundred examples or more of each class",
        Own = [Hyperparameter.Whole("width", "channels of the first convolution; the others have twice as many", 12, 8, 32), ShiftedImages.Parameter],
        Rate = NetworkMethod.UsualRate.Within(5e-3, 2e-3, 1e-2),
        Epochs = NetworkMethod.UsualEpochs.Within(25, 15, 60),
        Batch = NetworkMethod.UsualBatch.Within(32, 16, 128),
        Changed = ShiftedImages.Of,
        Limits = problem => problem.Signature.Input is { Count: 3 } input && Math.Min(input[1], input[2]) < 4 ? $"it halves images twice, and these are of {input[2]} x {input[1]} pixels" : null,
    };

    /// <summary>A network with drawn weights: images [n, channels, height, width] give [n, outputs].</summary>
    /// <param name="key">The key.</param>
    /// <param name="input">Channels, height and width of an image.</param>
    /// <param name="width">Channels of the first convolution.</param>
    /// <param name="outputs">Outputs.</param>
    public static Sequential Create(Key key, Sequence<int> input, int width, int outputs)
    {
        var (layers, channels, sides) = (new List<ILayer>(), input[0], (Height: input[1], Width: input[2]));
        for (var i = 0; i < 3; i++)
        {
            var next = i == 0 ? width : 2 * width;
            layers.Add(Convolution.Create(key.Fold(i), channels, next, [3, 3]));
            layers.Add(new Elementwise(Activation.Relu));
            channels = next;
            // Small images keep their pixels for one convolution more; what is pooled must have two pixels along each side.
            if ((i == 0 && Math.Min(input[1], input[2]) < 16) || Math.Min(sides.Height, sides.Width) < 2) continue;
            layers.Add(new MaxPooling([2, 2]));
            sides = (sides.Height / 2, sides.Width / 2);
        }
        return new([.. layers, new Flattening(), Linear.Create(key.Fold(3), channels * sides.Height * sides.Width, outputs)]);
    }
}
