using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public class MaxoutTests
{
    [Fact]
    public void A_neuron_is_the_largest_of_its_maps()
    {
        var layer = new Maxout(Tensor.From<double>([1, 2, -1, 0, 3, -4, 0, 1], [2, 2, 2]), Tensor.From<double>([0, 1, 2, 0], [2, 2]));
        // x = (2, 1): neuron 0 has 2 + 3 and -2 + 0 + 2, neuron 1 has 4 - 4 + 1 and 0 + 1.
        Assert.Equal([5, 1], layer.Call(Tensor.From<double>([2, 1])).ToDoubles());
    }

    /// <summary>E[M²] of two standard normal numbers is 1, of three 1 + √3 / (2 π).</summary>
    [Fact]
    public void The_constant_is_that_of_normal_order_statistics()
    {
        Assert.Equal(1, Maxout.Constant(2), 1e-9);
        Assert.Equal(1 / (1 + Math.Sqrt(3) / (2 * Math.PI)), Maxout.Constant(3), 1e-9);
        Assert.Equal(0.55555, Maxout.Constant(5), 1e-4);
    }

    [Fact]
    public void Thirty_layers_keep_the_mean_square_of_activations()
    {
        var x = Sample.Normal(Key.Of(1), [8, 256], ElementType.Float64).Evaluate();
        var y = Enumerable.Range(0, 30).Aggregate(x, (value, i) => Maxout.Create(Key.Of(2).Fold(i), 256, 256, 3, type: ElementType.Float64).Call(value).Evaluate());
        Assert.InRange(Tensor.Square(y).Mean().Item() / Tensor.Square(x).Mean().Item(), 0.4, 2.5);
    }
}
