using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

public sealed class KanGridTests
{
    private static readonly Tensor points = Sample.Uniform(Key.Of(1), [200, 2], -1.0, 1.0, ElementType.Float64).Evaluate();

    [Theory]
    [InlineData("B-spline", 2)]
    [InlineData("B-spline", 5)]
    [InlineData("Chebyshev", 3)]
    [InlineData("Mexican hat", 2)]
    [InlineData("Fourier", 2)]
    public void A_refined_layer_is_the_coarse_one(string family, int factor)
    {
        var layer = Layer(UnivariateBasis.All(7).First(basis => basis.Name == family));
        var refined = KanGrid.Refined(layer, factor);
        Assert.True(refined.Groups[0].Basis.Count > 7);
        AssertAlike(layer, refined, 1e-9);
    }

    [Fact]
    public void A_grown_network_learns_on_each_grid_from_what_it_was()
    {
        var start = KanGrid.Create(Key.Of(3), [2, 3, 1], 3);
        Assert.Equal(KanGrid.Parameters([2, 3, 1], 3), Paramorph.Parameters.ParameterCount.Of(start));
        var before = start;
        foreach (var (intervals, network) in ((int[])[4, 9]).Zip(KanGrid.Grown(start, points, [4, 9], fitted => new([.. fitted.Layers, new Elementwise(y => y + 1.0)]))))
        {
            Assert.Equal(intervals + 3, ((KanLayer)network.Layers[0]).Groups[0].Basis.Count);
            Assert.Equal(KanGrid.Parameters([2, 3, 1], intervals), Paramorph.Parameters.ParameterCount.Of(network));
            // But for what the coarser function has between the knots of the finer one.
            Numbers.Close([.. before.Call(points).ToDoubles().Select(y => y + 1)], network.Call(points).ToDoubles(), 0.2);
            before = network;
        }
    }

    [Fact]
    public void Uneven_knots_and_other_degrees_are_refined_too()
    {
        foreach (var basis in new[] { UnivariateBasis.BSplines([-3, -2, -1, -0.5, 0.7, 1, 2, 3], 2), UnivariateBasis.BSplines(9, 4) })
            AssertAlike(Layer(basis), KanGrid.Refined(Layer(basis), 3), 1e-9);
    }

    [Fact]
    public void A_grid_from_samples_that_holds_the_old_one_keeps_the_function()
    {
        // Equal intervals from the least sample to the greatest: -1 to 1.
        var samples = Tensor.Concatenate([points, Tensor.From(new double[,] { { -1, -1 }, { 1, 1 } })]).Evaluate();
        var layer = Layer(UnivariateBasis.BSplines(7));
        AssertAlike(layer, KanGrid.Fitted(layer, samples, 8, evenness: 1), 1e-9);
    }

    [Fact]
    public void A_finer_grid_at_quantiles_comes_nearer_to_a_function_that_it_does_not_hold()
    {
        var layer = Layer(UnivariateBasis.Gaussians(6));
        double Error(int intervals) => Distance(layer, KanGrid.Fitted(layer, points, intervals));
        Assert.True(Error(10) < Error(5) / 4);
        Assert.True(Error(20) < Error(10) / 4);
    }

    [Fact]
    public void Each_input_has_a_grid_from_its_least_to_its_greatest_sample()
    {
        var fitted = KanGrid.Fitted(Layer(UnivariateBasis.BSplines(7)), points * Tensor.From(1.0, 3) + Tensor.From(0.0, 5), 4);
        Assert.Equal(2, fitted.Groups.Count);
        Assert.NotEqual(fitted.Groups[0].Basis, fitted.Groups[1].Basis);
        var (low, high) = ((3.0 * points[.., 1].Min() + 5.0).Item(), (3.0 * points[.., 1].Max() + 5.0).Item());
        // Between its ends a spline basis sums to 1, and beyond them to less.
        double[] sums = fitted.Groups[1].Basis.Values(Tensor.From(low + 1e-9, high - 1e-9, low - 0.5, high + 0.5)).Sum(-1).ToDoubles();
        Assert.Equal(1, sums[0], 9);
        Assert.Equal(1, sums[1], 9);
        Assert.All(sums[2..], sum => Assert.True(sum < 0.999));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var layer = Layer(UnivariateBasis.BSplines(7));
        Assert.Throws<ShapeException>(() => KanGrid.Refined(layer, 0));
        Assert.Throws<ShapeException>(() => KanGrid.Fitted(layer, points[.., ..1], 3));
        Assert.Throws<ShapeException>(() => KanGrid.Fitted(KanLayer.Create(Key.Of(1), UnivariateBasis.BSplines(4), 2, 2, [3]), points, 3));
    }

    private static KanLayer Layer(UnivariateBasis basis) => KanLayer.Create(Key.Of(2), basis, 2, 3, type: ElementType.Float64);

    private static double Distance(KanLayer layer, KanLayer other) => Tensor.Abs(layer.Call(points) - other.Call(points)).Max().Item();

    private static void AssertAlike(KanLayer layer, KanLayer other, double tolerance) => Assert.True(Distance(layer, other) < tolerance);
}
