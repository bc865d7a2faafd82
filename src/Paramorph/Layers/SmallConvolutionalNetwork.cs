namespace Paramorph.Layers;

/// <summary>Two convolutions of kernel 3, a maximum over windows of 2 x 2 behind each, and an affine map: a network that learns small images within seconds.</summary>
public static class SmallConvolutionalNetwork
{
    /// <summary>A network with drawn weights: images [..., channels, height, width] give [..., outputs].</summary>
    /// <param name="key">The key.</param>
    /// <param name="input">Channels, height and width of an image, 4 pixels or more along each side.</param>
    /// <param name="width">Channels of the first convolution; the second has twice as many.</param>
    /// <param name="outputs">Outputs.</param>
    public static Sequential Create(Key key, Sequence<int> input, int width, int outputs) => new(
    [
        Convolution.Create(key.Fold(0), input[0], width, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
        Convolution.Create(key.Fold(1), width, 2 * width, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
        new Elementwise(Flat), Linear.Create(key.Fold(2), 2 * width * (input[1] / 4) * (input[2] / 4), outputs),
    ]);

    private static Tensor Flat(Tensor x) => x.Flatten(x.Rank - 3);
}
