using Paramorph.Compiler;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

public class TravellingSumsTests
{
    private const int Dimensions = 5;

    /// <summary>Points, and the weights of three layers.</summary>
    private static readonly Tensor[] Inputs =
    [
        Case.Numbers([11, Dimensions]), Case.Numbers([Dimensions, 16], seed: 1), Case.Numbers([16, 16], seed: 2), Case.Numbers([16, 16], seed: 3), Case.Numbers([16, 1], seed: 4), Case.Numbers([16], seed: 5),
    ];

    private static Tensor Field(Tensor[] x, Tensor points) =>
        Tensor.Tanh(Tensor.Sin(Tensor.Tanh(points.Dot(x[1]) + x[5]).Dot(x[2]) + x[5]).Dot(x[3])).Dot(x[4]);

    /// <summary>The Laplacian as the sum of second derivatives that were made one direction at a time.</summary>
    private static Tensor Summed(Tensor[] x) => Vmap.Of(direction => Taylor.Derivatives(x[0], direction, 2, p => Field(x, p))[2], Tensor.Eye(Dimensions, ElementType.Float64)).Sum(0);

    private static Tensor Collapsed(Tensor[] x) => Taylor.Laplacian(x[0], p => Field(x, p)).Laplacian;

    private static Tensor[] Gradients(Tensor[] x, Func<Tensor[], Tensor> laplacian)
    {
        TreeList<Tensor> point = [.. x];
        var (loss, gradient) = ValueAndGradient.Of(point, p => Tensor.Square(laplacian([.. p]) - 1.0).Mean());
        return [loss, .. gradient];
    }

    [Fact]
    public void The_sum_of_second_derivatives_costs_what_the_collapsed_jet_costs()
    {
        var (summed, collapsed) = (Trace(x => [Summed(x)]), Trace(x => [Collapsed(x)]));
        Assert.InRange(Flops(summed, moves: true), 1, 1.03 * Flops(collapsed, moves: true));
        Assert.True(Flops(summed, moves: false) > 1.4 * Flops(summed, moves: true));
        Agrees(summed, collapsed);
    }

    [Fact]
    public void So_does_its_gradient()
    {
        var (summed, collapsed) = (Trace(x => Gradients(x, Summed)), Trace(x => Gradients(x, Collapsed)));
        Assert.InRange(Flops(summed, moves: true), 1, 1.03 * Flops(collapsed, moves: true));
        Assert.True(Flops(summed, moves: false) > 1.4 * Flops(summed, moves: true));
        Agrees(summed, collapsed);
    }

    [Fact]
    public void So_do_derivatives_that_are_added_one_by_one_and_their_gradient()
    {
        static Tensor Added(Tensor[] x) => Enumerable.Range(0, Dimensions)
            .Select(a => Taylor.Derivatives(x[0], Tensor.Eye(Dimensions, ElementType.Float64)[a], 2, p => Field(x, p))[2]).Aggregate((sum, next) => sum + next);
        foreach (var make in (Func<Func<Tensor[], Tensor>, Computation>[])[f => Trace(x => [f(x)]), f => Trace(x => Gradients(x, f))])
        {
            var (added, collapsed) = (make(Added), make(Collapsed));
            Assert.InRange(Flops(added, moves: true), 1, 1.2 * Flops(collapsed, moves: true));
            Assert.True(Flops(added, moves: false) > 1.4 * Flops(added, moves: true));
            Agrees(added, collapsed);
        }
    }

    [Fact]
    public void A_tensor_that_is_read_unsummed_stays_as_it_is()
    {
        var computation = Trace(x =>
        {
            var product = x[0].Dot(x[1]);
            return [product, product.Sum(0)];
        });
        Assert.Equal(Flops(computation, moves: false), Flops(computation, moves: true));
        Agrees(computation, computation);
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void A_sum_after_a_product_is_taken_before_it(string name)
    {
        var computation = Trace(x => [Programs[name](x)]);
        Assert.True(Flops(computation, moves: true) < Flops(computation, moves: false));
        Agrees(computation, computation);
    }

    public static TheoryData<string> Sums() => [.. Programs.Keys];

    private static Dictionary<string, Func<Tensor[], Tensor>> Programs { get; } = new()
    {
        ["rows"] = x => x[0].Dot(x[1]).Sum(0),
        ["columns"] = x => x[0].Dot(x[1]).Sum(1),
        ["all"] = x => x[0].Dot(x[1]).Sum(),
        ["of a scaled product"] = x => (x[0].Dot(x[1]) * Tensor.Exp(x[5])).Sum(0),
        ["of a quotient"] = x => (x[0].Dot(x[1]) / (Tensor.Exp(x[5]) + 1.0)).Sum(),
        ["of a difference"] = x => (Tensor.Sin(x[0].Dot(x[1])) - x[0].Dot(x[1])).Sum(0) + x[0].Dot(x[1] * 2.0).Sum(0),
        ["of a turned product"] = x => x[0].Dot(x[1]).T.Sum(1),
        ["of a reshaped product"] = x => x[0].Dot(x[1]).Reshape(11, 4, 4).Sum(0),
        ["of a repeated product"] = x => x[0].Dot(x[1]).ExpandDims(0).BroadcastTo([3, 11, 16]).Sum(0, 1),
        ["of a sum"] = x => x[0].Dot(x[1]).Sum(1).Sum(0),
        ["of a batch of products"] = x => Tensor.MatMul(Tensor.Stack([x[2], x[3]]), Tensor.Stack([x[3], x[2]])).Sum(0, 1),
        ["of a product with what repeats"] = x => x[5].BroadcastTo([11, 16]).Dot(x[2]).Dot(x[3]),
        ["of terms"] = x => Tensor.Sin(x[5]) - (x[5] * x[0].Dot(x[1]) - x[5] * (x[0] * 3.0).Dot(x[1])) - x[0].Dot(x[1] * 2.0),
        ["of terms with one left factor"] = x => x[0].Dot(x[1]).Dot(x[2]) + x[0].Dot(x[1]).Dot(x[3]),
        ["of turned terms over a common divisor"] = x => x[0].Dot(x[1]).T / 3.0 - Tensor.Cos(x[0]).Dot(x[1]).T / 3.0,
        ["over what repeats"] = x => x[0].ExpandDims(-1).BroadcastTo([11, Dimensions, 16]).Reshape(11, Dimensions, 16).Dot(x[2]).Sum(1),
    };

    private static Computation Trace(Func<Tensor[], Tensor[]> function) => Computation.Trace("sums", function, [.. Inputs.Select(t => t.Type)]);

    private static double Flops(Computation computation, bool moves) => new Executable(computation, CompilerOptions.Default with { MovesSums = moves }).Computation.Cost.Flops;

    /// <summary>What is computed with moved sums is what another computation gives by definition.</summary>
    private static void Agrees(Computation computation, Computation truth)
    {
        var outputs = new Executable(computation, CompilerOptions.Default).Computation.Apply(Inputs);
        var expected = truth.Apply(Inputs);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], outputs[i], 1e-12, $"output {i}");
    }
}
