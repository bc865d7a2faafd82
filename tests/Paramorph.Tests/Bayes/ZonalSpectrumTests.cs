using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class ZonalSpectrumTests
{
    [Fact]
    public void The_square_of_the_cosine_has_degrees_zero_and_two()
    {
        // In three dimensions t² = P₀ / 3 + 2 P₂ / 3, and P of degree n is 1 / (2 n + 1) of the kernel that projects on it.
        double[] expected = [1.0 / 3, 0, 2.0 / 15, 0];
        Assert.All(ZonalSpectrum.Eigenvalues(t => t * t, 3, 4).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 12));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_kernel_is_the_sum_of_its_harmonics(int dimensions)
    {
        static Tensor Kernel(Tensor t) => Tensor.Exp(1.5 * t);
        var values = ZonalSpectrum.Eigenvalues(Kernel, dimensions, 25);
        var cosine = Tensor.From(-0.8, 0.3, 1.0);
        var sum = values.Select((value, degree) => value * ZonalSpectrum.Multiplicity(degree, dimensions) * ZonalSpectrum.Polynomial(degree, dimensions, cosine)).Aggregate((a, b) => a + b);
        Assert.All(sum.ToDoubles().Zip(Kernel(cosine).ToDoubles()), pair => Assert.Equal(pair.Second, pair.First, 10));
    }

    [Fact]
    public void Multiplicities_are_those_of_circle_sphere_and_hypersphere()
    {
        Assert.Equal([1, 2, 2, 2], Enumerable.Range(0, 4).Select(degree => ZonalSpectrum.Multiplicity(degree, 2)));
        Assert.Equal([1, 3, 5, 7], Enumerable.Range(0, 4).Select(degree => ZonalSpectrum.Multiplicity(degree, 3)));
        Assert.Equal(2_674_776_720, ZonalSpectrum.Multiplicity(15, 21));
        Assert.Equal([1, 4, 9, 16], Enumerable.Range(0, 4).Select(degree => ZonalSpectrum.Multiplicity(degree, 4)));
    }
}
