using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;

namespace Paramorph.Tests.Neurons;

public sealed class SymbolicNetworkTests
{
    private static readonly double[] places = [.. Enumerable.Range(0, 200).Select(i => -0.7 + 0.013 * i)];

    [Theory]
    [InlineData("z")]
    [InlineData("z^2")]
    [InlineData("z^3")]
    [InlineData("1/z")]
    [InlineData("sqrt|z|")]
    [InlineData("exp(z)")]
    [InlineData("log|z|")]
    [InlineData("sin(z)")]
    [InlineData("|z|")]
    [InlineData("tanh(z)")]
    [InlineData("exp(-z^2)")]
    public void A_function_is_told_from_the_others(string name)
    {
        var function = SymbolicFunction.Library.First(function => function.Name == name);
        // Arguments of functions with a pole stay on one side of it.
        var (scale, shift) = name is "1/z" or "log|z|" or "sqrt|z|" ? (1.3, 1.4) : (2.1, -0.4);
        double[] values = [.. places.Select(x => -3 * function.Value(scale * x + shift) + 0.5)];
        var fit = SymbolicFunction.Best(places, values);
        Assert.Equal(name, fit.Function.Name);
        Assert.True(fit.R2 > 1 - 1e-6);
        Assert.All(places.Zip(values), pair => Assert.Equal(pair.Second, fit.Factor * function.Value(fit.Scale * pair.First + fit.Shift) + fit.Offset, 0.02));
    }

    [Fact]
    public void Values_of_functions_are_those_of_their_tensors()
    {
        foreach (var function in SymbolicFunction.Library)
            Assert.All(places.Zip(function.Call(Tensor.From(places)).ToDoubles()), pair => Assert.Equal(function.Value(pair.First), pair.Second, 9));
    }

    [Fact]
    public void Noise_is_explained_by_no_function()
    {
        var noise = Sample.Normal(Key.Of(3), [200], ElementType.Float64).ToDoubles();
        Assert.True(SymbolicFunction.Best(places, noise).R2 < 0.2);
    }

    [Fact]
    public void A_formula_is_written_as_it_is_computed()
    {
        SymbolicLayer Layer(int inputs, params (string Function, int Input, double Scale, double Shift, double Factor)[] edges) => new(
            [.. SymbolicFunction.Library.Select(function => edges.Where(edge => edge.Function == function.Name).ToArray()).Select(own => new SymbolicTerms(
                Tensor.From<int>([.. own.Select(edge => edge.Input)]), Tensor.From<int>([.. own.Select(_ => 0)]), Tensor.From<double>([.. own.Select(edge => edge.Scale)]),
                Tensor.From<double>([.. own.Select(edge => edge.Shift)]), Tensor.From<double>([.. own.Select(edge => edge.Factor)])))],
            Tensor.From(inputs == 2 ? 0.0 : -1.5));
        var network = new SymbolicNetwork([Layer(2, ("sin(z)", 0, Math.PI, 0, 1), ("z^2", 1, 1, 0.25, -2)), Layer(1, ("exp(z)", 0, 1, 0, 1))]);
        Assert.Equal(["exp(-2*(y + 0.25)^2 + sin(3.1416*x)) - 1.5"], network.Formulas(["x", "y"]));
        Assert.Equal(Math.Exp(Math.Sin(0.3 * Math.PI) - 2 * 0.75 * 0.75) - 1.5, network.Call(Tensor.From(new[,] { { 0.3, 0.5 } })).Item(), 12);
    }

    [Fact]
    public void The_formula_of_a_sine_and_a_square_in_an_exponential_is_found()
    {
        var x = Sample.Uniform(Key.Of(1), [400, 2], -1.0, 1.0, ElementType.Float64).Evaluate();
        var y = Tensor.Exp(Tensor.Sin(Math.PI * x[.., ..1]) + Tensor.Square(x[.., 1..])).Evaluate();
        var (formula, pruned) = SymbolicNetwork.Found(Key.Of(1).Fold(9), x, y, width: 2, intervals: 5, penalty: 0.1, new StoppingRule(60));
        Assert.Equal(1, ((KanLayer)pruned.Layers[1]).Base.Shape[0]);
        Assert.Equal(["z^2", "sin(z)"], formula.Functions(0));
        Assert.Equal(["exp(z)"], formula.Functions(1));
        Assert.True(Tensor.Abs(formula.Call(x) - y).Max().Item() < 1e-3);
    }
}
