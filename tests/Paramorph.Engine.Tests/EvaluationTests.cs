using System.Diagnostics;
using System.Reflection;
using Paramorph.Compiler;

namespace Paramorph.Tests;

/// <summary>Expressions outside compiled functions.</summary>
public class EvaluationTests
{
    [Fact]
    public void Printing_runs_what_is_needed()
    {
        var sum = Tensor.From(1f, 2f).Sum();
        Assert.Equal("f32[] 3", sum.ToString());
        Assert.True(sum.IsEvaluated);
        Assert.Equal("twice is f64[] 5", $"twice is {Tensor.Scalar(2.5) * 2.0}");
    }

    [Fact]
    public void Printing_inside_a_derivative_shows_the_value()
    {
        var shown = "";
        Gradient.Of(Tensor.Scalar(3.0), x =>
        {
            shown = (x * x).ToString();
            return x * x;
        });
        Assert.Equal("f64[] 9", shown);
    }

    [Fact]
    public void What_is_traced_prints_what_it_is()
    {
        var shown = "";
        Computation.Of((Tensor x) =>
        {
            shown = $"{x}; {x * x}";
            return x;
        }, Tensor.Scalar(3.0));
        Assert.Equal("f64[] (input); f64[] = multiply f64[], f64[]", shown);
    }

    [Fact]
    public void A_debugger_runs_nothing()
    {
        var sum = Tensor.From(1f, 2f).Sum();
        var shown = typeof(Tensor).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value;
        Assert.Equal("{Description,nq}", shown);
        var text = typeof(Tensor).GetProperty("Description", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(sum);
        Assert.Equal("f32[] = reduce_sum[axes=[0]] f32[2]", text);
        Assert.False(sum.IsEvaluated);
    }

    private const int Rows = 300;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Expressions = new()
    {
        ["functions"] = x => Tensor.Tanh(x) * Tensor.Exp(-x * x) + 1.0,
        ["sums"] = x => (x * x).Sum(0) + x.Mean(1).ExpandDims(1),
        ["views"] = x => x.T.Reshape(-1, 2).Flip(0)[100..],
        ["products"] = x => x.Dot(x.T),
        ["orders"] = x => x.Sort(0) + x.ArgSort(0).AsType(ElementType.Float64),
        ["loops"] = x => Control.Repeat(20, (_, y) => Tensor.Sin(y) + x, x),
        ["random numbers"] = x => Sample.Normal(Key.Of(1), x.Shape, ElementType.Float64) * x,
        ["derivatives"] = x => Gradient.Of(x, y => Tensor.Sin(y * y).Sum()),
    };

    public static TheoryData<string> Names() => [.. Expressions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_expressions_have_the_values_of_their_definition(string name)
    {
        var x = Tensor.Linspace(-2, 3, Rows * Rows, ElementType.Float64).Reshape(Rows, Rows).Evaluate();
        Assert.True(x.Count > CompiledOperations.Worth);
        var expected = Computation.Of(Expressions[name], x).EvaluateReference(x)[0];
        Expect.Close(expected, Expressions[name](x).Evaluate(), 1e-12);
    }

    [Fact]
    public void Large_results_in_between_are_kept()
    {
        var x = Tensor.Ones([Rows, Rows]);
        var square = x * x + 1.0;
        square.Sum().Evaluate();
        Assert.True(square.IsEvaluated);
    }

    [Fact]
    public void A_large_evaluation_can_be_cancelled_and_goes_on_later()
    {
        var sum = (Tensor.Ones([Rows, Rows]) * 2.0).Sum();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => sum.Evaluate(source.Token));
        Assert.Equal(2.0 * Rows * Rows, sum.Item());
    }
}
