using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class QuadraticLinearTests
{
    private static readonly Tensor points = Sample.Normal(Key.Of(3), [5, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void A_neuron_is_the_product_of_two_forms_and_a_form_of_squares()
    {
        var layer = QuadraticLinear.Create(Key.Of(1), 4, 3, type: ElementType.Float64);
        layer = layer with { Bias = Tensor.From(0.1, -0.2, 0.3), GateBias = Tensor.From(0.5, 0.4, -0.3), Offset = Tensor.From(1.0, 2.0, 3.0) };
        var (x, y) = (Rows(points), Rows(layer.Call(points)));
        var (r, g, b) = (Rows(layer.Weight), Rows(layer.GateWeight), Rows(layer.SquareWeight));
        var (br, bg, c) = (layer.Bias.ToDoubles(), layer.GateBias.ToDoubles(), layer.Offset.ToDoubles());
        for (var n = 0; n < 5; n++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (first, gate, square) = (br[j], bg[j], c[j]);
                for (var i = 0; i < 4; i++)
                {
                    first += x[n][i] * r[i][j];
                    gate += x[n][i] * g[i][j];
                    square += x[n][i] * x[n][i] * b[i][j];
                }
                Assert.Equal(first * gate + square, y[n][j], 12);
            }
        }
    }

    [Fact]
    public void It_starts_as_the_linear_layer()
    {
        var (quadratic, linear) = (QuadraticLinear.CreateLinear(Key.Of(1), 4, 3, type: ElementType.Float64), Linear.Create(Key.Of(1), 4, 3, type: ElementType.Float64));
        Assert.Equal(linear.Call(points).ToArray<double>(), quadratic.Call(points).ToArray<double>());
    }

    [Fact]
    public void A_network_starts_as_the_linear_network()
    {
        var quadratic = QuadraticMlp.Create(Key.Of(1), [4, 6, 6, 2], Activation.Relu, startsLinear: true);
        var linear = Mlp.Create(Key.Of(1), [4, 6, 6, 2], Activation.Relu);
        var x = points.AsType(ElementType.Float32);
        Assert.Equal(linear.Call(x).ToArray<float>(), quadratic.Call(x).ToArray<float>());
    }

    [Fact]
    public void One_neuron_decides_exclusive_or()
    {
        // (x - 1/2)(y - 1/2) is negative exactly where one of two bits is set.
        var neuron = new QuadraticLinear(Tensor.From(new[,] { { 1.0 }, { 0.0 } }), Tensor.From(-0.5), Tensor.From(new[,] { { 0.0 }, { 1.0 } }), Tensor.From(-0.5), Tensor.Zeros([2, 1], ElementType.Float64), Tensor.From(0.0));
        var y = neuron.Call(Tensor.From(new[,] { { 0.0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } })).ToDoubles();
        Assert.Equal([1, -1, -1, 1], y.Select(value => (double)Math.Sign(value)));
    }

    [Fact]
    public void The_quadratic_terms_are_all_but_the_linear_layer()
    {
        var model = QuadraticMlp.Create(Key.Of(1), [4, 6, 2], Activation.Relu, startsLinear: true);
        var terms = Tree.Names(model).Zip(Tree.Leaves(model)).Where(leaf => QuadraticLinear.QuadraticTerms(leaf.First, leaf.Second)).Select(leaf => leaf.First);
        Assert.Equal(["layers[0].gateWeight", "layers[0].gateBias", "layers[0].squareWeight", "layers[0].offset", "layers[1].gateWeight", "layers[1].gateBias", "layers[1].squareWeight", "layers[1].offset"], terms);
    }

    [Fact]
    public void A_wrong_input_is_one_clear_sentence() =>
        Assert.Contains("must have 4 elements", Assert.Throws<ShapeException>(() => QuadraticLinear.Create(Key.Of(1), 4, 3).Call(Tensor.Ones([2, 5]))).Message, StringComparison.Ordinal);

    private static double[][] Rows(Tensor matrix) => [.. matrix.ToDoubles().Chunk(matrix.Shape[1])];
}
