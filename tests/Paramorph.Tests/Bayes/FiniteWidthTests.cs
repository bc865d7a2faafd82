using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class FiniteWidthTests
{
    [Fact]
    public void Deep_linear_networks_have_their_exact_fourth_moment()
    {
        // E z⁴ of layer l is 3 K² (1 + 2 / n) to the power l - 1.
        var layers = FiniteWidth.Layers(z => z, 0.7, 1, 0, 6);
        Assert.All(layers, layer => Assert.Equal(3 * 2 * (layer.Layer - 1), layer.ExcessKurtosis, 9));
        Assert.All(layers, layer => Assert.Equal((0.7, 0), (Math.Round(layer.Kernel, 10), Math.Round(layer.Correction, 9))));
    }

    [Fact]
    public void Rectifiers_gain_five_in_each_layer() =>
        Assert.All(FiniteWidth.Layers(Tensor.Relu, 1.3, 2, 0, 5), layer => Assert.Equal(15 * (layer.Layer - 1), layer.ExcessKurtosis, 8));

    [Fact]
    public void Networks_drawn_have_the_moments_of_the_recursion()
    {
        const int Width = 32, Draws = 4000;
        var predicted = FiniteWidth.Layers(Tensor.Tanh, 1, 1.4, 0.1, 4)[^1];
        var variances = Compile.Of((Key key) =>
        {
            // What preactivations of the fourth layer have as their variance, given the third.
            var z = Sample.Normal(key.Fold(0), [1000, Width], ElementType.Float64);
            for (var layer = 1; layer < 3; layer++)
            {
                var weights = Sample.Normal(key.Fold(layer), [1000, Width, Width], ElementType.Float64) * Math.Sqrt(1.4 / Width);
                z = Tensor.MatMul(Tensor.Tanh(z).ExpandDims(1), weights)[.., 0] + Math.Sqrt(0.1) * Sample.Normal(key.Fold(-layer), [1000, Width], ElementType.Float64);
            }
            return 0.1 + 1.4 * Tensor.Square(Tensor.Tanh(z)).Mean(-1);
        });
        double[] all = [.. Enumerable.Range(0, Draws / 1000).SelectMany(part => variances(Key.Of(part)).ToDoubles())];
        var mean = all.Average();
        Assert.Equal(predicted.Vertex, Width * all.Average(value => (value - mean) * (value - mean)), 0.1 * predicted.Vertex);
        Assert.Equal(predicted.Correction, Width * (mean - predicted.Kernel), 0.25 * Math.Abs(predicted.Correction) + 3 * Math.Sqrt(predicted.Vertex * Width / Draws));
    }
}
