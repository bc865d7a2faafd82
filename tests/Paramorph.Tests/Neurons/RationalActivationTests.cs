using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public class RationalActivationTests
{
    [Theory]
    [InlineData("sigmoid", 1e-5)]
    [InlineData("tanh", 1e-3)]
    [InlineData("silu", 1e-3)]
    [InlineData("relu", 0.02)]
    public void It_comes_near_to_known_activations(string name, double error)
    {
        var function = ActivationFunction.Of(name);
        var x = Tensor.Linspace(-3, 3, 333, ElementType.Float64);
        var difference = RationalActivation.Of(function, type: ElementType.Float64).Call(x) - function.Call(x);
        Assert.InRange(Math.Sqrt(Tensor.Square(difference).Mean().Item()), 0, error);
    }

    [Fact]
    public void A_rational_function_is_found_again()
    {
        var function = new ActivationFunction("mine", "Mine", "(1 + 2*x + x^3)/(1 + x^2/2)");
        var found = RationalActivation.Of(function, 3, 2, ElementType.Float64);
        Numbers.Close([1, 2, 0, 1], found.Numerator.ToDoubles(), 1e-4);
        Numbers.Close([0, 0.5], found.Denominator.ToDoubles(), 1e-4);
    }

    [Fact]
    public void It_has_no_poles_whatever_its_coefficients() => Assert.All(
        new RationalActivation(Tensor.From<double>([1, -2, 3]), Tensor.From<double>([-5, 2, -7, -1])).Call(Tensor.Linspace(-10, 10, 4001, ElementType.Float64)).ToDoubles(),
        value => Assert.InRange(Math.Abs(value), 0, 400));
}
