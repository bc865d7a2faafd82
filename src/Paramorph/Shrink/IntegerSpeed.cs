using Paramorph.Experiments;
using Paramorph.Layers;

namespace Paramorph.Shrink;

/// <summary>How many times as fast networks are in integers of 8 bits as in single precision on this machine, both measured in turns.</summary>
public static class IntegerSpeed
{
    private static readonly Func<Tensor, Tensor, Tensor> product = Compile.Of((Tensor a, Tensor b) => a.Dot(b));

    /// <summary>Of the products of patches or features with weights alone, drawn at random: the time of all in single precision over that in integers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">An input [1, ...].</param>
    /// <param name="batch">Inputs of a batch.</param>
    /// <param name="key">Draws the numbers.</param>
    /// <param name="repetitions">How often each is timed at least; the fastest counts.</param>
    public static double OfProducts(Sequential network, Tensor image, int batch, Key key, int repetitions)
    {
        Tensor Integers(Key key, Shape shape) => Sample.Integers(key, shape, -127, 128).AsType(ElementType.Int8).Evaluate();
        var (real, whole) = (0.0, 0.0);
        foreach (var (rows, depth, columns) in Products(network, image, batch))
        {
            var (a, b) = (Integers(key.Fold(rows), [rows, depth]), Integers(key.Fold(columns), [depth, columns]));
            var (x, y) = (a.AsType(ElementType.Float32).Evaluate(), b.AsType(ElementType.Float32).Evaluate());
            var seconds = Timing.InTurns(repetitions, () => product(x, y), () => product(a, b));
            (real, whole) = (real + seconds[0], whole + seconds[1]);
        }
        return real / whole;
    }

    /// <summary>Of whole networks.</summary>
    /// <param name="network">The network in single precision.</param>
    /// <param name="integers">It in integers.</param>
    /// <param name="images">A batch of inputs.</param>
    /// <param name="repetitions">How often each is timed at least; the fastest counts.</param>
    public static double OfNetworks(Sequential network, IntegerNetwork integers, Tensor images, int repetitions)
    {
        var (real, whole) = (Compile.Of((Sequential network, Tensor x) => network.Call(x)), Compile.Of((IntegerNetwork network, Tensor x) => network.Call(x)));
        var fastest = Timing.InTurns(repetitions, () => real(network, images), () => whole(integers, images));
        return fastest[0] / fastest[1];
    }

    /// <summary>Rows, depth and columns of the products of a network's linear layers and convolutions, as products of patches with kernels.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">An input [1, ...].</param>
    /// <param name="batch">Inputs of a batch.</param>
    public static IEnumerable<(int Rows, int Depth, int Columns)> Products(Sequential network, Tensor image, int batch)
    {
        foreach (var layer in network.Layers)
        {
            image = layer.Call(image);
            if (layer is Convolution { Weight.Shape: var kernel }) yield return (batch * image.Shape[2] * image.Shape[3], kernel[1] * kernel[2] * kernel[3], kernel[0]);
            if (layer is Linear { Weight.Shape: var matrix }) yield return (batch, matrix[0], matrix[1]);
        }
    }
}
