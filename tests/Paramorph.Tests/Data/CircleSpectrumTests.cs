using MathNet.Numerics;
using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class CircleSpectrumTests
{
    [Fact]
    public void Even_waves_have_the_amplitude_one_at_their_frequencies_alone()
    {
        var circle = CircleWaves.Even(Key.Of(1), 64, [1, 3, 10]);
        Assert.All(circle.Points.ToDoubles().Chunk(2), point => Assert.Equal(1, point[0] * point[0] + point[1] * point[1], 5));
        double[] expected = [.. Enumerable.Range(0, 33).Select(k => k is 1 or 3 or 10 ? 1.0 : 0)];
        Numbers.Close(expected, CircleSpectrum.Amplitudes(circle.Targets).ToDoubles(), 1e-5);
    }

    [Fact]
    public void Eigenvalues_of_the_exponential_of_the_cosine_are_ratios_of_Bessel_functions()
    {
        var angles = Tensor.Arange(40, ElementType.Float64) * (2 * Math.PI / 40);
        var kernel = Tensor.Exp(Tensor.Cos(angles.ExpandDims(1) - angles));
        var values = CircleSpectrum.Eigenvalues(kernel);
        Assert.Equal(20, values.Length);
        // I₁(1) and I₂(1) over I₀(1).
        Assert.Equal(SpecialFunctions.BesselI1(1) / SpecialFunctions.BesselI0(1), values[1], 9);
        Assert.Equal(1 - 2 * SpecialFunctions.BesselI1(1) / SpecialFunctions.BesselI0(1), values[2], 9);
    }
}
