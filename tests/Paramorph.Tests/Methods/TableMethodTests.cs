using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Methods;

/// <summary>What every method for tables must do.</summary>
public sealed class TableMethodTests
{
    /// <summary>Methods with the largest error on waves, in variances of the target, and the smallest accuracy on rings; <c>pi-net</c> is a cubic, which waves are not.</summary>
    public static TheoryData<string, double, double> Methods => new()
    {
        { "boosted-trees", 0.1, 0.85 }, { "gaussian-process", 0.001, 0.85 }, { "kernel-ridge", 0.1, 0.8 }, { "nngp", 0.1, 0.8 }, { "random-features", 0.1, 0.8 }, { "nearest-neighbours", 0.2, 0.75 },
        { "snnk", 0.1, 0.8 }, { "fk-pbnn", 0.1, 0.8 }, { "residual-mlp", 0.1, 0.8 }, { "kan", 0.1, 0.85 }, { "s-kan", 0.1, 0.8 }, { "quadratic", 0.1, 0.8 }, { "mlp", 0.1, 0.8 },
        { "polynomial", 0.45, 0.7 }, { "boosted-network", 0.1, 0.8 }, { "harsanyi", 0.2, 0.75 }, { "npt", 0.2, 0.75 },
        { "random-neurons", 0.1, 0.8 }, { "pi-net", 0.45, 0.8 }, { "nmu", 0.1, 0.8 }, { "geometric-mlp", 0.1, 0.8 },
        { "rounding", 0.1, 0.8 }, { "quantisation-aware", 0.1, 0.8 }, { "weight-sharing", 0.1, 0.8 }, { "pruning", 0.1, 0.8 }, { "deep-compression", 0.1, 0.8 },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_finds_waves_and_rings(string name, double error, double accuracy)
    {
        var method = Method.All.Single(method => method.Name == name);
        var waves = Examples.Waves();
        Assert.InRange(1 - waves.Test(Examples.Fitted(method, waves))["R2"], 0, error);
        var rings = Examples.Rings();
        Assert.InRange(rings.Test(Examples.Fitted(method, rings))["accuracy"], accuracy, 1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_is_kept(string name, double error, double accuracy)
    {
        Assert.True(error > 0 && accuracy > 0);
        var method = Method.All.Single(method => method.Name == name);
        Examples.AssertKept(method, Examples.Waves(100));
        Examples.AssertKept(method, Examples.Rings(100));
    }

    [Fact]
    public void Regions_of_classes_find_rings_and_are_kept()
    {
        var rings = Examples.Rings();
        Assert.InRange(rings.Test(Examples.Fitted(Manifoldron.Method, rings))["accuracy"], 0.7, 1);
        Examples.AssertKept(Manifoldron.Method, Examples.Rings(100));
    }

    [Fact]
    public void A_corner_that_triangles_share_is_as_deep_in_a_region_as_it_is_far_from_the_rim()
    {
        var square = PlanarRegion.Of([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1)], 4, []);
        Assert.Equal([1, 0.5, -1], square.Depth(Tensor.From(1f, 1, 1, 0.5f, 3, 1).Reshape(3, 2)).ToDoubles(), (a, b) => Math.Abs(a - b) < 1e-5);
        // Two points are a rim without a triangle.
        Assert.True(PlanarRegion.Of([(0, 0), (1, 0)], 1, []).Depth(Tensor.From(0.5f, 0f).Reshape(1, 2)).Item() < 0);
    }

    [Fact]
    public void A_formula_is_found_and_kept()
    {
        var product = TableRegression.Read(Tables.Of("a,b,y\n" + string.Concat(Enumerable.Range(0, 150).Select(i => (A: i * 0.618 % 1, B: i * 0.755 % 1))
            .Select(row => FormattableString.Invariant($"{row.A},{row.B},{Math.Exp(2 * row.A) * Math.Exp(-row.B)}\n")))), new());
        Assert.InRange(product.Test(Examples.Fitted(SymbolicNetwork.Method, product, ("width", 1), ("iterations", 50)))["R2"], 0.999, 1);
        Examples.AssertKept(SymbolicNetwork.Method, Examples.Waves(100), ("width", 1), ("iterations", 50));
    }
}
