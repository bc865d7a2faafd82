using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public class ActivationFunctionTests
{
    /// <summary>Points from -4 to 4 away from places where formulas have kinks.</summary>
    private static readonly double[] points = [.. Enumerable.Range(0, 65).Select(i => -4.013 + 0.12503 * i)];

    public static TheoryData<string> Names => [.. ActivationFunction.All.Select(function => function.Name)];

    [Fact]
    public void There_are_more_than_three_hundred_under_names_of_their_own()
    {
        Assert.InRange(ActivationFunction.All.Count, 300, 400);
        Assert.Equal(ActivationFunction.All.Count, ActivationFunction.All.Select(function => function.Name).Distinct().Count());
        Assert.All(ActivationFunction.All, function => Assert.Matches("^[a-z0-9-]+$", function.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_are_those_of_differences(string name)
    {
        const double Step = 1e-5;
        var function = ActivationFunction.Of(name);
        var layer = ActivationLayer.Create(function, type: ElementType.Float64);
        var x = Tensor.From(points);
        var slope = Gradient.Of(x, x => layer.Call(x).Sum()).ToDoubles();
        Close((layer.Call(x + Step) - layer.Call(x - Step)).ToDoubles(), slope);
        var weights = Tensor.From(points.Select(point => Math.Cos(3 * point)).ToArray());
        var ofLearned = Gradient.Of(layer, layer => (weights * layer.Call(x)).Sum()).Learned;
        for (var i = 0; i < layer.Learned.Count; i++)
        {
            double Changed(double by) => (weights * (layer with { Learned = [.. layer.Learned.Select((value, k) => k == i ? value + by : value)] }).Call(x)).Sum().ToDoubles()[0];
            Close([Changed(Step) - Changed(-Step)], ofLearned[i].ToDoubles());
        }

        void Close(double[] difference, double[] derivative)
        {
            for (var i = 0; i < derivative.Length; i++)
                Assert.True(Math.Abs(difference[i] / (2 * Step) - derivative[i]) <= 1e-5 * (1 + Math.Abs(derivative[i])), $"{name}: derivative {derivative[i]}, of differences {difference[i] / (2 * Step)}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_fill_the_stated_range(string name)
    {
        var function = ActivationFunction.Of(name);
        double[] far = [.. Enumerable.Range(10, 31).SelectMany(i => new[] { Math.Pow(10, i / 10.0), -Math.Pow(10, i / 10.0) })];
        var values = function.Call(Tensor.From<double>([.. Enumerable.Range(-10_000, 20_001).Select(i => i / 1000.0), .. far])).ToDoubles();
        var tolerance = 3e-4 * (double.IsFinite(function.High - function.Low) ? 1 + function.High - function.Low : 1);
        Assert.All(values, value => Assert.False(double.IsNaN(value)));
        if (double.IsFinite(function.Low)) Assert.InRange(values.Min(), function.Low - 1e-5, function.Low + tolerance);
        else Assert.True(values.Min() < -5);
        if (double.IsFinite(function.High)) Assert.InRange(values.Max(), function.High - tolerance, function.High + 1e-5);
        else Assert.True(values.Max() > 5);
    }

    /// <summary>The functions that the tensor language has itself.</summary>
    public static TheoryData<string, Func<Tensor, Tensor>> Known => new()
    {
        { "relu", Tensor.Relu }, { "leaky-relu", x => Tensor.LeakyRelu(x) }, { "elu", x => Tensor.Elu(x) }, { "selu", Tensor.Selu }, { "gelu", Tensor.Gelu }, { "gelu-tanh", Tensor.GeluTanh },
        { "silu", Tensor.Silu }, { "mish", Tensor.Mish }, { "softsign", Tensor.Softsign }, { "hard-sigmoid-sixth", Tensor.HardSigmoid }, { "hard-tanh", Tensor.HardTanh },
        { "hard-swish", Tensor.HardSwish }, { "log-sigmoid", Tensor.LogSigmoid }, { "relu6", Tensor.Relu6 }, { "sinc", Tensor.Sinc },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Formulas_agree_with_the_functions_of_the_language(string name, Func<Tensor, Tensor> function) =>
        Numbers.Close(function(Tensor.From(points)).ToDoubles(), ActivationFunction.Of(name).Call(Tensor.From(points)).ToDoubles(), 1e-7);

    [Theory]
    [InlineData("soft-root-sign", 1, 0.8220095)]
    [InlineData("celu", -2, -0.8646647167633873)]
    [InlineData("tanhexp", -1, -0.3521350454446217)]
    [InlineData("snake", 2, 2.826821810431806)]
    [InlineData("serlu", -1, -1.1524205)]
    [InlineData("m-arcsinh", 4, 0.3491187)]
    [InlineData("m-arcsinh", -1, -0.0734478)]
    [InlineData("improved-logistic-sigmoid", 3, 1.0807970779778823)]
    public void Values_are_those_of_a_pocket_calculator(string name, double at, double value) =>
        Assert.Equal(value, ActivationFunction.Of(name).Call(Tensor.From<double>([at])).ToDoubles()[0], 1e-6);

    [Fact]
    public void The_slope_of_a_product_with_a_root_is_none_at_zero() =>
        Assert.Equal(0, Gradient.Of(Tensor.From(0f), x => ActivationFunction.Of("m-arcsinh").Call(x).Sum()).Item(), 1e-6);

    [Fact]
    public void A_case_that_does_not_hold_spoils_no_derivative()
    {
        var function = new ActivationFunction("mine", "Mine", "x < 0 ? exp(-x) : x > 3 ? ln(x - 2) : sqrt(x + 1)");
        Assert.All(Gradient.Of(Tensor.From<double>([-1e3, 1e3, -2, 4]), x => function.Call(x).Sum()).ToDoubles()[1..], value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Parameters_of_each_neuron_broadcast_and_are_learned()
    {
        var layer = ActivationLayer.Create(ActivationFunction.Of("prelu"), [3]);
        var gradient = Gradient.Of(layer, layer => layer.Call(Tensor.From<float>([-1, 2, -3, -5, 7, -11], [2, 3])).Sum());
        Assert.Equal([-6, 0, -14], gradient.Learned[0].ToDoubles());
        Assert.Empty(Tree.Leaves(ActivationLayer.Create(ActivationFunction.Of("relu"))));
    }

    [Fact]
    public void Names_of_one_function_are_found()
    {
        string[] Alike(params string[] names) => [.. ActivationFunction.Coinciding(names.Select(ActivationFunction.Of)).Select(group => string.Join(' ', group))];
        Assert.Equal(["silu swish", "tanhexp telu-exp"], Alike("silu", "tanhexp", "mish", "swish", "relu", "telu-exp", "gelu-tanh", "gelu"));
    }

    [Theory]
    [InlineData("x +")]
    [InlineData("2*(x")]
    [InlineData("tangent(x)")]
    [InlineData("max(x)")]
    [InlineData("x < 0 ? x")]
    [InlineData("b*x")]
    [InlineData("x x")]
    public void What_is_no_formula_is_refused(string formula) => Assert.Throws<FormatException>(() => new ActivationFunction("mine", "Mine", formula));

    [Fact]
    public void A_name_that_is_not_there_is_said() => Assert.Contains("no activation reru", Assert.Throws<KeyNotFoundException>(() => ActivationFunction.Of("reru")).Message);
}
