using Paramorph.Neurons;
using Paramorph.Training;

namespace Paramorph.Tests.Neurons;

public sealed class HarsanyiNetworkTests
{
    private const int Inputs = 6, Outputs = 2;

    private static readonly HarsanyiNetwork network = HarsanyiNetwork.Create(Key.Of(1), Inputs, Outputs, 40, 3, ElementType.Float64);

    private static readonly Tensor points = Sample.Normal(Key.Of(2), [4, Inputs], ElementType.Float64).Evaluate();

    [Fact]
    public void Shapley_values_of_one_pass_are_those_of_all_coalitions()
    {
        var values = network.ShapleyValues(points).Evaluate();
        Assert.True(Tensor.Abs(values).Max().Item() > 0.01);
        for (var point = 0; point < points.Shape[0]; point++)
        {
            for (var output = 0; output < Outputs; output++)
            {
                var game = Attribution.Game(x => network.Call(x)[.., output], points[point], Tensor.Zeros([Inputs], ElementType.Float64));
                Assert.True(Tensor.Abs(Attribution.Shapley(game, Inputs) - values[point, .., output]).Max().Item() < 1e-10);
            }
        }
    }

    [Fact]
    public void A_neuron_is_silent_where_one_of_its_children_is()
    {
        var layer = new HarsanyiLayer(Tensor.From(new double[,] { { 1 }, { 1 }, { -1 } }), Tensor.From(new double[,] { { 2 }, { 3 }, { 100 } }), Tensor.From(0.5));
        var one = new HarsanyiNetwork([layer], new(Tensor.From(new double[,] { { 1 } }), null));
        Assert.Equal([5.5, 0, 0, 5.5], one.Call(Tensor.From(new double[,] { { 1, 1, 0 }, { 0, 1, 1 }, { 1, 0, 0 }, { 1, 1, 7 } })).ToDoubles());
    }

    [Fact]
    public void Choices_and_weights_learn()
    {
        var gradient = Gradient.Of(network, network => Tensor.Square(network.Call(points) - 1.0).Mean());
        Assert.All(Tree.Leaves(gradient), leaf => Assert.True(Tensor.Abs(leaf).Max().Item() > 0));
    }

    [Fact]
    public void Sizes_below_one_are_refused() => Assert.Throws<ShapeException>(() => HarsanyiNetwork.Create(Key.Of(1), 0, 1, 4, 1));
}
