using Paramorph.Methods;

namespace Paramorph.Layers;

/// <summary>
/// Residual blocks whose norms and activations stand before the convolutions, in stages that halve images and double channels, then the mean over all pixels and an affine map. (He et al.,
/// "Identity Mappings in Deep Residual Networks", 2016.) Norms are those of groups of channels, which need no statistics of other images.
/// </summary>
public static class ResidualNetwork
{
    private const int GroupSize = 8;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("resnet", "Residual blocks of convolutions with group norms, in stages that halve images.", (key, signature, choice) =>
        Create(key, signature.Input, 8 * choice.Whole("eighths"), choice.Whole("blocks"), signature.Outputs))
    {
        Kinds = ["image-classification"],
        GoodAt = "images of 16 pixels a side and more, with some hundred examples of each class and a longer budget",
        Own =
        [
            Hyperparameter.Whole("eighths", "channels of the first stage, divided by 8", 2, 1, 4), Hyperparameter.Whole("blocks", "blocks of a stage", 1, 1, 3, HyperparameterScale.Linear),
            ShiftedImages.Parameter,
        ],
        Rate = NetworkMethod.UsualRate.Within(5e-3, 2e-3, 2e-2),
        Epochs = NetworkMethod.UsualEpochs.Within(30, 15, 60),
        Batch = NetworkMethod.UsualBatch.Within(32, 16, 128),
        Changed = ShiftedImages.Of,
        Paper = "He, Zhang, Ren and Sun, Identity Mappings in Deep Residual Networks, 2016",
        Limits = problem => problem.Signature.Input is { Count: 3 } input && Math.Min(input[1], input[2]) < 16 ? $"it halves images three times, and these are of {input[2]} x {input[1]} pixels" : null,
    };

    /// <summary>A network with drawn weights: images [n, channels, height, width] give [n, outputs].</summary>
    /// <param name="key">The key.</param>
    /// <param name="input">Channels, height and width of an image.</param>
    /// <param name="width">Channels of the first stage, a multiple of 8.</param>
    /// <param name="blocks">Blocks of each of the three stages.</param>
    /// <param name="outputs">Outputs.</param>
    public static Sequential Create(Key key, Sequence<int> input, int width, int blocks, int outputs)
    {
        const int Stages = 3;
        // The first convolution halves images at once, where most of the work would be.
        var layers = new List<ILayer> { Kernel(key.Fold(0), input[0], width, 3, 2) };
        var channels = width;
        for (var stage = 0; stage < Stages; stage++)
        {
            var own = key.Fold(1).Fold(stage);
            if (stage > 0)
            {
                layers.Add(Kernel(own.Fold(0), channels, 2 * channels, 1, 1));
                layers.Add(new AveragePooling([2, 2]));
                channels *= 2;
            }
            for (var block = 0; block < blocks; block++) layers.Add(Block(own.Fold(1).Fold(block), channels));
        }
        return new([.. layers, .. Normed(channels), new GlobalPooling(2), Linear.Create(key.Fold(2), channels, outputs)]);
    }

    private static Residual Block(Key key, int channels) => new(new Sequential(
        [.. Normed(channels), Kernel(key.Fold(0), channels, channels, 3, 1), .. Normed(channels), Kernel(key.Fold(1), channels, channels, 3, 1)]));

    private static ILayer[] Normed(int channels) => [GroupNorm.Create(channels, channels / GroupSize, 2), new Elementwise(Activation.Relu)];

    private static Convolution Kernel(Key key, int from, int to, int size, int stride) =>
        Convolution.Create(key, from, to, [size, size], new() { Stride = [stride], Padding = size / 2 }, hasBias: false);
}
