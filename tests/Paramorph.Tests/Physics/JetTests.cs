using Paramorph.Physics;

namespace Paramorph.Tests.Physics;

public sealed class JetTests
{
    private static readonly Tensor points = Tensor.Concatenate([Sample.Uniform(Key.Of(1), [50, 1], -1.0, 1.0, ElementType.Float64), Sample.Uniform(Key.Of(2), [50, 1], 0.1, 1.0, ElementType.Float64)], 1).Evaluate();

    [Fact]
    public void A_jet_holds_the_derivatives_of_a_polynomial()
    {
        var (x, t) = (points[.., ..1], points[.., 1..]);
        var jet = Jet.Of(p => p[.., ..1] * p[.., ..1] * p[.., ..1] * p[.., 1..], points);
        Close(x * x * x * t, jet.U);
        Close(3.0 * x * x * t, jet["x"]);
        Close(6.0 * x * t, jet["x", "x"]);
        Close(x * x * x, jet["t"]);
        Close(3.0 * x * x, jet["t", "x"]);
        Close(6.0 * t, jet["x", "x", "x"]);
    }

    [Fact]
    public void A_component_has_its_own_derivatives()
    {
        var (x, t) = (points[.., ..1], points[.., 1..]);
        var jet = Jet.Of(p => Tensor.Concatenate([p[.., ..1] * p[.., 1..], Tensor.Sin(2.0 * p[.., 1..])], 1), points);
        Close(t, jet.Of(0)["x"]);
        Close(2.0 * Tensor.Cos(2.0 * t), jet.Of(1)["t"]);
        Close(x, jet.At["x"]);
    }

    [Fact]
    public void An_axis_that_is_missing_is_named() =>
        Assert.Contains("there is no axis z: there is x, t", Assert.Throws<ArgumentException>(() => Jet.Of(p => p, points)["z"]).Message, StringComparison.Ordinal);

    private static void Close(Tensor expected, Tensor actual) => Assert.All(expected.ToDoubles().Zip(actual.ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, 10));
}
