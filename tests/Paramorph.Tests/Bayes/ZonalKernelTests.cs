using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class ZonalKernelTests
{
    private static readonly WideNetwork network = new(DualActivation.Erf, 2) { InputVariance = 3, WeightVariance = 2, BiasVariance = 0.5 };

    [Fact]
    public void Harmonics_have_the_mean_square_one_and_the_norm_of_their_eigenvalues()
    {
        // In three dimensions 3 t is the projection on degree 1, and t² / 2 has the eigenvalue 1 / 15 in degree 2.
        var kernel = new ZonalKernel((x, y) => Tensor.MatMul(x, y.T) is var t ? 1.0 + 3.0 * t + 0.5 * Tensor.Square(t) : x, 3, 4);
        var (values, norm) = kernel.Harmonics(SpherePoints.Uniform(Key.Of(1), 20_000, 3), 1, 2);
        Assert.Equal(1, Tensor.Square(values).Mean().Item(), 0.03);
        Assert.Equal((1 + 15) / 2.0, norm, 9);
        Assert.Equal(1 + 3 * 0.4 + 0.5 * 0.16, kernel.At(Tensor.From(0.4)).Item(), 9);
    }

    [Fact]
    public void A_kernel_at_one_centre_has_its_own_value_as_the_squared_norm()
    {
        var kernel = new ZonalKernel((x, y) => Tensor.Exp(Tensor.MatMul(x, y.T)), 3, 3);
        var points = SpherePoints.Uniform(Key.Of(2), 50, 3);
        var (values, norm) = kernel.Combination(points, points[..1].Evaluate(), Tensor.From(2.0));
        Numbers.Close([.. Tensor.MatMul(points, points[..1].T).ToDoubles().Select(cosine => 2 * Math.Exp(cosine))], values.ToDoubles(), 1e-9);
        Assert.Equal(4 * Math.E / values.ToDoubles().Average(value => value * value), norm, 9);
    }

    [Fact]
    public void Products_of_random_features_tend_to_their_kernel()
    {
        const int Width = 400, Draws = 40;
        var points = SpherePoints.Uniform(Key.Of(3), 3, 4);
        var features = new DeepRandomFeatures(network);
        var products = Compile.Of((Key key, Tensor points) => features.Draw(key, points, Width) is var drawn ? Tensor.MatMul(drawn, drawn.T) : points);
        var mean = Enumerable.Range(0, Draws).Select(draw => products(Key.Of(4).Fold(draw), points).ToDoubles()).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / Draws);
        Numbers.Close(features.Kernel(points, points).ToDoubles(), [.. mean], 0.02);
    }

    [Fact]
    public void Points_of_a_sphere_have_the_length_one_and_no_direction()
    {
        var points = SpherePoints.Uniform(Key.Of(3), 20_000, 4);
        Assert.All(Tensor.Square(points).Sum(1).ToDoubles(), square => Assert.Equal(1, square, 12));
        Numbers.Close([0, 0, 0, 0], points.Mean(0).ToDoubles(), 0.02);
        // The fourth moment of a coordinate in d dimensions is 3 / (d (d + 2)).
        Numbers.Close([0.125, 0.125, 0.125, 0.125], Tensor.Square(Tensor.Square(points)).Mean(0).ToDoubles(), 0.006);
    }
}
