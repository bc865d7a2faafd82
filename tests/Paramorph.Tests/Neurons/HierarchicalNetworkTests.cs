using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class HierarchicalNetworkTests
{
    private const int Inputs = 6, Inner = 60, Outer = 24;

    private static HierarchicalNetwork Network => HierarchicalNetwork.Create(Key.Of(1), Inputs, Inner, Outer, Tensor.Square, ElementType.Float64);

    [Fact]
    public void An_untrained_network_answers_zero() => Assert.All(Network.Call(Points(2, 4)).ToArray<double>(), value => Assert.Equal(0, value));

    [Fact]
    public void Square_neurons_find_a_quadratic_form_from_as_many_samples_as_it_has_coefficients()
    {
        var (x, other) = (Points(2, 28), Points(3, 50));
        var network = Network.LearnFeature(x, Form(x), 1e-12);
        Assert.True(Tensor.Abs(network.Feature(other) - Form(other)).Max().Item() < 1e-4);
    }

    [Fact]
    public void The_first_stage_ends_where_gradient_descent_does()
    {
        var x = Points(2, 40);
        var y = Target(x);
        var network = Network.LearnFeature(x, y, 0.1);
        var gradient = Gradient.Of(network, n => Tensor.Square(n.Call(x) - y).Mean() + 0.1 * Tensor.Square(n.InnerReadout).Sum());
        Assert.True(Tensor.Abs(gradient.InnerReadout).Max().Item() < 1e-10);
    }

    [Fact]
    public void The_second_stage_ends_where_gradient_descent_does()
    {
        var x = Points(2, 40);
        var y = Target(x);
        var network = Network.LearnFeature(x, y, 0.1).LearnFunction(x, y, 0.2);
        var gradient = Gradient.Of(network, n => Tensor.Square(n.Call(x) - y).Mean() + 0.2 * Tensor.Square(n.OuterReadout).Sum());
        Assert.True(Tensor.Abs(gradient.OuterReadout).Max().Item() < 1e-10);
    }

    [Fact]
    public void The_second_stage_learns_a_function_of_the_feature()
    {
        var (x, other) = (Points(2, 400), Points(3, 400));
        var network = Network.LearnFeature(x, Form(x), 1e-9).LearnFunction(x, Target(x), 1e-6);
        var error = Tensor.Square(network.Call(other) - Target(other)).Mean() / Tensor.Square(Target(other)).Mean();
        Assert.True(error.Item() < 0.02, $"the relative error is {error.Item()}");
    }

    private static Tensor Points(int seed, int count) => Sample.Normal(Key.Of(seed), [count, Inputs], ElementType.Float64);

    private static Tensor Form(Tensor x) => (x[.., 0] * x[.., 1] + x[.., 2] * x[.., 3] + x[.., 4] * x[.., 5]) / Math.Sqrt(3);

    private static Tensor Target(Tensor x) => Form(x) + 0.5 * (Tensor.Square(Form(x)) - 1.0);
}
