using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Layers;

namespace Paramorph.Tests.Bayes;

public sealed class DualActivationTests
{
    private static readonly (double Covariance, double First, double Second)[] pairs = [(0.3, 0.8, 1.4), (-0.6, 1.0, 0.5), (0.0, 0.3, 2.0)];

    [Fact]
    public void Moments_of_a_normal_variable_are_those_known()
    {
        Assert.Equal(15, NormalMean.Of(z => Tensor.Square(z * z * z)).Item(), 11);
        Assert.Equal(1 / Math.Sqrt(2 * Math.PI), NormalMean.Of(Tensor.Relu).Item(), 13);
        Assert.Equal(Math.Exp(-0.5), NormalMean.Of(Tensor.Cos).Item(), 13);
    }

    [Fact]
    public void The_expansion_is_the_arc_sine_of_the_error_function()
    {
        var expanded = DualActivation.Of(Tensor.Erf);
        foreach (var (c, q, r) in pairs)
        {
            var (known, other) = (Means(DualActivation.Erf, c, q, r), Means(expanded, c, q, r));
            Assert.Equal(known.Product, other.Product, 9);
            Assert.Equal(known.Slope, other.Slope, 8);
        }
    }

    [Fact]
    public void The_expansion_is_the_arc_cosine_of_the_rectifier_away_from_its_kink()
    {
        var expanded = DualActivation.Of(Tensor.Relu, 64);
        foreach (var (c, q, r) in pairs)
        {
            var (known, other) = (Means(DualActivation.Relu, c, q, r), Means(expanded, c, q, r));
            Assert.Equal(known.Product, other.Product, 8);
            Assert.Equal(known.Slope, other.Slope, 6);
        }
    }

    [Fact]
    public void A_cubic_has_the_moments_of_two_normal_variables()
    {
        // E u³ v³ = 9 q r c + 6 c³, by Isserlis' theorem.
        var cubic = DualActivation.Of(u => u * u * u, 4);
        foreach (var (c, q, r) in pairs)
        {
            Assert.Equal(9 * q * r * c + 6 * c * c * c, Means(cubic, c, q, r).Product, 10);
            Assert.Equal(9 * q * r + 18 * c * c, Means(cubic, c, q, r).Slope, 10);
        }
    }

    [Fact]
    public void Means_are_those_of_draws()
    {
        var random = new KeyRandom(Key.Of(3));
        var (c, q, r) = pairs[0];
        var sums = new double[2];
        const int Draws = 200_000;
        for (var i = 0; i < Draws; i++)
        {
            var (z, w) = (random.Normal(), random.Normal());
            var (u, v) = (Math.Sqrt(q) * z, c / Math.Sqrt(q) * z + Math.Sqrt(r - c * c / q) * w);
            sums[0] += Math.Tanh(u) * Math.Tanh(v) / Draws;
            sums[1] += (1 - Math.Pow(Math.Tanh(u), 2)) * (1 - Math.Pow(Math.Tanh(v), 2)) / Draws;
        }
        var (product, slope) = Means(DualActivation.Of(Activation.Tanh), c, q, r);
        Assert.Equal(sums[0], product, 0.004);
        Assert.Equal(sums[1], slope, 0.004);
    }

    private static (double Product, double Slope) Means(DualActivation dual, double covariance, double first, double second)
    {
        var (product, slope) = dual.Means(Tensor.Scalar(covariance), Tensor.Scalar(first), Tensor.Scalar(second));
        return (product.Item(), slope.Item());
    }
}
