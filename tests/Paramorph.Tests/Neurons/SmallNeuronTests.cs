using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Tests.Layers;

namespace Paramorph.Tests.Neurons;

/// <summary>Neurons of one line each.</summary>
public sealed class SmallNeuronTests
{
    private static readonly Tensor points = Loops.Numbers(6, 3);

    [Fact]
    public void A_learned_slope_decides_exclusive_or()
    {
        var neuron = new Sequential([new Linear(Tensor.From(new[,] { { 1.0 }, { -1.0 } }), null), new ActivationLayer(ActivationFunction.Of("prelu"), [Tensor.From(-1.0)])]);
        Assert.Equal([0, 1, 1, 0], neuron.Call(Tensor.From(new[,] { { 0.0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } })).ToDoubles());
        Loops.Differentiable(ActivationLayer.Create(ActivationFunction.Of("prelu"), [3], ElementType.Float64), points, (layer, x) => layer.Call(x));
    }

    [Fact]
    public void A_product_of_three_maps_is_a_polynomial_of_degree_three()
    {
        var network = PolynomialNetwork.Create(Key.Of(1), 3, 8, 3, 1, Activation.Identity, ElementType.Float64);
        // Fourth differences along a line vanish, third ones do not.
        var line = (Tensor.Arange(5, ElementType.Float64).ExpandDims(1) * Tensor.From(0.3, -0.2, 0.5)) + Tensor.From(0.1, 0.4, -0.3);
        var y = network.Call(line).ToDoubles();
        Assert.Equal(0, y[0] - 4 * y[1] + 6 * y[2] - 4 * y[3] + y[4], 10);
        Assert.True(Math.Abs(-y[0] + 3 * y[1] - 3 * y[2] + y[3]) > 1e-4);
        Loops.Differentiable(PolynomialNetwork.Create(Key.Of(2), 3, 4, 3, 2, Activation.Tanh, ElementType.Float64), points, (n, x) => n.Call(x));
    }

    [Fact]
    public void Random_neurons_stay_within_their_range_and_follow_from_their_key()
    {
        var neurons = new RandomNeurons(Key.Of(3), 1, 500, 4, Activation.Identity, BiasRange: 2);
        var (zero, one) = (neurons.Call(Tensor.Zeros([1, 1], ElementType.Float64)), neurons.Call(Tensor.Ones([1, 1], ElementType.Float64)));
        Assert.InRange(Tensor.Abs(zero).Max().Item(), 7.5, 8);
        Assert.InRange(Tensor.Abs(one - zero).Max().Item(), 3.8, 4);
        Assert.Equal(one.ToDoubles(), new RandomNeurons(Key.Of(3), 1, 500, 4, Activation.Identity, BiasRange: 2).Call(Tensor.Ones([1, 1], ElementType.Float64)).ToDoubles());
    }

    [Fact]
    public void Tangent_layers_keep_second_moments()
    {
        var network = TangentLinear.Relu(Key.Of(4), [3, 4000, 1], biasGain: 0, type: ElementType.Float64);
        var hidden = ((Elementwise)network.Layers[1]).Call(network.Layers[0].Call(points));
        // ReLU halves the second moment, and the gain of what follows gives it back.
        Expect.Close(Tensor.Square(points).Mean(1), 2 * Tensor.Square(hidden).Mean(1), 0.1);
        Assert.Throws<ShapeException>(() => network.Call(Tensor.Zeros([2, 4], ElementType.Float64)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Angles_give_the_neurons_that_they_were_made_of(int inputs)
    {
        var (weight, bias) = (Sample.Normal(Key.Of(5), [inputs, 7], ElementType.Float64).Evaluate(), Sample.Normal(Key.Of(6), [7], ElementType.Float64).Evaluate());
        var layer = GeometricLinear.Of(weight, bias);
        var x = Sample.Normal(Key.Of(7), [9, inputs], ElementType.Float64).Evaluate();
        Expect.Close(Tensor.Relu(x.Dot(weight) + bias), layer.Call(x), 1e-12);
        Expect.Close(Tensor.Ones([7], ElementType.Float64), Tensor.Square(layer.Directions()).Sum(0), 1e-12);
        Loops.Differentiable(layer, x, (layer, x) => layer.Call(x));
    }

    [Fact]
    public void One_input_has_no_angle() => Assert.Throws<ShapeException>(() => GeometricLinear.Create(Key.Of(1), 1, 4));
}
