using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class FiniteWidthSampleTests
{
    [Fact]
    public void Linear_networks_have_their_exact_fourth_moment()
    {
        // E z⁴ of layer l is 3 K² (1 + 2 / n) to the power l - 1.
        const int Width = 16;
        var layers = FiniteWidthSample.Layers(Key.Of(1), z => z, 1, Width, 4, 20_000);
        Assert.Equal([1, 2, 3, 4], layers.Select(layer => layer.Layer));
        Assert.All(layers, layer => Assert.Equal(1, layer.Square, 0.03));
        Assert.All(layers, layer => Assert.Equal(3 * (Math.Pow(1 + 2.0 / Width, layer.Layer - 1) - 1), layer.ExcessKurtosis, 0.12));
    }
}
