using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class QuadraticTests
{
    private static readonly Tensor points = Sample.Normal(Key.Of(3), [5, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void A_neuron_is_the_product_of_two_forms_and_a_form_of_squares()
    {
        var layer = Quadratic.Create(Key.Of(1), key => Linear.Create(key, 4, 3, bias: Initialiser.Normal(1), type: ElementType.Float64));
        var (x, y) = (Rows(points), Rows(layer.Call(points)));
        var (r, g, b) = (Rows(layer.Linear.Weight), Rows(layer.Gate.Weight), Rows(layer.Square.Weight));
        var (br, bg, c) = (layer.Linear.Bias!.ToDoubles(), layer.Gate.Bias!.ToDoubles(), layer.Square.Bias!.ToDoubles());
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
    public void Dense_neurons_start_as_the_linear_layer()
    {
        var linear = Linear.Create(Key.Of(1), 4, 3, bias: Initialiser.Normal(1), type: ElementType.Float64);
        Assert.Equal(linear.Call(points).ToArray<double>(), Quadratic.StartingAs(linear).Call(points).ToArray<double>());
    }

    [Fact]
    public void Convolutional_neurons_start_as_the_convolution()
    {
        var convolution = Convolution.Create(Key.Of(1), 2, 3, [3, 3], type: ElementType.Float64);
        var x = Sample.Normal(Key.Of(3), [2, 2, 5, 5], ElementType.Float64).Evaluate();
        Assert.Equal(convolution.Call(x).ToArray<double>(), Quadratic.StartingAs(convolution).Call(x).ToArray<double>());
    }

    [Fact]
    public void One_neuron_decides_exclusive_or()
    {
        // (x - 1/2)(y - 1/2) is negative exactly where one of two bits is set.
        Linear Form(double x, double y, double bias) => new(Tensor.From(new[,] { { x }, { y } }), Tensor.From(bias));
        var neuron = new Quadratic<Linear>(Form(1, 0, -0.5), Form(0, 1, -0.5), Form(0, 0, 0));
        var y = neuron.Call(Tensor.From(new[,] { { 0.0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } })).ToDoubles();
        Assert.Equal([1, -1, -1, 1], y.Select(value => (double)Math.Sign(value)));
    }

    [Fact]
    public void The_quadratic_terms_are_all_but_the_linear_layer()
    {
        var layer = Quadratic.StartingAs(Linear.Create(Key.Of(1), 4, 3));
        Assert.Equal(["gate.weight", "gate.bias", "square.weight", "square.bias"], Terms(layer));
        Assert.Equal(["layers[0].gate.weight", "layers[0].gate.bias", "layers[0].square.weight", "layers[0].square.bias"], Terms(new Sequential([layer, new Elementwise(Activation.Relu)])));
    }

    [Fact]
    public void A_layer_without_bias_cannot_be_the_start() => Assert.Throws<ArgumentException>(() => Quadratic.StartingAs(Linear.Create(Key.Of(1), 4, 3, hasBias: false)));

    private static IEnumerable<string> Terms<T>(T tree)
        where T : ITree<T> => Tree.Names(tree).Zip(Tree.Leaves(tree)).Where(leaf => Quadratic.Terms(leaf.First, leaf.Second)).Select(leaf => leaf.First);

    private static double[][] Rows(Tensor matrix) => [.. matrix.ToDoubles().Chunk(matrix.Shape[1])];
}
