using Paramorph.Layers;
using Paramorph.Parameters;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class LinearTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_linear_layer_sums_products_of_the_last_axis(bool hasBias)
    {
        var layer = new Linear(Numbers(3, 4), hasBias ? Numbers(4) : null);
        var x = Numbers(2, 5, 3);
        var (input, weight, bias) = (Elements(x), Elements(layer.Weight), Elements(Numbers(4)));
        var expected = Fill([2, 5, 4], at =>
        {
            var sum = hasBias ? bias([at[2]]) : 0;
            for (var k = 0; k < 3; k++) sum += input([at[0], at[1], k]) * weight([k, at[2]]);
            return sum;
        });
        Agree(expected, layer, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void An_mlp_applies_its_activation_between_the_maps_alone()
    {
        var mlp = new Mlp([new(Numbers(2, 3), Numbers(3)), new(Numbers(3, 2), Numbers(2))], Activation.Tanh);
        var x = Numbers(4, 2);
        var hidden = Fill([4, 3], at => Math.Tanh(Affine(Elements(x), mlp.Layers[0], at)));
        Agree(Fill([4, 2], at => Affine(Elements(hidden), mlp.Layers[1], at)), mlp, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void A_created_mlp_holds_values_of_the_asked_type()
    {
        var mlp = Mlp.Create(Key.Of(1), [3, 5, 2], Activation.Relu, type: ElementType.Float64);
        Assert.All(Tree.Leaves(mlp), leaf => Assert.True(leaf.IsEvaluated));
        Assert.All(Tree.Leaves(mlp), leaf => Assert.Equal(ElementType.Float64, leaf.ElementType));
        Assert.Equal(["layers[0].weight", "layers[0].bias", "layers[1].weight", "layers[1].bias"], Tree.Names(mlp));
        Assert.Equal(3 * 5 + 5 + 5 * 2 + 2, ParameterCount.Of(mlp));
        Assert.Equal(new double[5], mlp.Layers[0].Bias!.ToDoubles());
    }

    [Fact]
    public void Layers_of_one_mlp_have_different_weights()
    {
        var mlp = Mlp.Create(Key.Of(1), [4, 4, 4], Activation.Relu);
        Assert.NotEqual(mlp.Layers[0].Weight.ToDoubles(), mlp.Layers[1].Weight.ToDoubles());
    }

    [Fact]
    public void The_same_key_makes_the_same_model() => Assert.Equal(
        Mlp.Create(Key.Of(3), [4, 8, 1], Activation.Gelu).Layers[0].Weight.ToDoubles(),
        Mlp.Create(Key.Of(3), [4, 8, 1], Activation.Gelu).Layers[0].Weight.ToDoubles());

    [Fact]
    public void A_function_compiled_for_a_model_serves_another_with_the_same_activation()
    {
        var traced = 0;
        var call = Compile.Of((Mlp m, Tensor x) =>
        {
            traced++;
            return m.Call(x);
        });
        call(Mlp.Create(Key.Of(1), [2, 3, 1], Tensor.Tanh), Tensor.Ones([2])).Evaluate();
        call(Mlp.Create(Key.Of(2), [2, 3, 1], Activation.Tanh), Tensor.Ones([2])).Evaluate();
        Assert.Equal(1, traced);
        call(Mlp.Create(Key.Of(2), [2, 3, 1], Activation.Relu), Tensor.Ones([2])).Evaluate();
        Assert.Equal(2, traced);
    }

    [Fact]
    public void An_ensemble_is_made_by_mapping_over_keys()
    {
        var models = Vmap.Of<Key, Mlp>(key => Mlp.Create(key, [2, 3, 1], Activation.Tanh), Key.Of(5).SplitBatch(4));
        Assert.Equal("[4, 2, 3]", models.Layers[0].Weight.Shape.ToString());
        var single = Mlp.Create(Key.Of(5).Split(4)[2], [2, 3, 1], Activation.Tanh);
        Expect.Close(single.Layers[1].Weight, models.Layers[1].Weight[2], 1e-6);
    }

    [Fact]
    public void An_input_of_another_width_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => new Linear(Numbers(3, 4), null).Call(Numbers(2, 5)));
        Assert.Equal("linear: f64[2, 5] does not enter a weight f64[3, 4]: its last axis must have 3 elements.", error.Message);
    }

    [Fact]
    public void Sizes_without_an_output_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Mlp.Create(Key.Of(1), [3], Activation.Relu));
        Assert.Equal("mlp: sizes [3] make no layer: give those of the input, of any hidden layers, and of the output.", error.Message);
    }

    private static double Affine(Func<int[], double> input, Linear layer, int[] at)
    {
        var (weight, sum) = (Elements(layer.Weight), Elements(layer.Bias!)([at[1]]));
        for (var k = 0; k < layer.Weight.Shape[0]; k++) sum += input([at[0], k]) * weight([k, at[1]]);
        return sum;
    }
}
