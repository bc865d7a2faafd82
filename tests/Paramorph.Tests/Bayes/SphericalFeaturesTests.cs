using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class SphericalFeaturesTests
{
    private static readonly Tensor X = Sample.Normal(Key.Of(1), [3, 1], ElementType.Float64).Evaluate();
    private static readonly SphericalCovariance Kernel = SphericalCovariance.Start(1, SphericalCovariance.Matern) with { LogVariance = Tensor.Scalar(0.4), LogWidth = Tensor.Scalar(-0.5) };

    [Fact]
    public void The_arc_cosine_kernel_is_that_of_many_rectifiers()
    {
        var kernel = SphericalCovariance.Start(2, SphericalCovariance.ArcCosine);
        var x = Tensor.From(new[,] { { 0.5, -1.0 }, { 1.5, 0.3 } });
        var (directions, radii) = kernel.Lifted(x);
        var hidden = Tensor.Relu(Tensor.MatMul(directions * radii, Sample.Normal(Key.Of(5), [3, 200_000], ElementType.Float64)));
        var expected = 2 * Tensor.MatMul(hidden, hidden.T) / 200_000.0;
        Numbers.Close(expected.ToDoubles(), kernel.Between(x, x).ToDoubles(), 0.05);
        Numbers.Close(kernel.Variances(x).ToDoubles(), LinearAlgebra.Diagonal(kernel.Between(x, x)).ToDoubles(), 1e-9);
    }

    [Fact]
    public void A_neuron_of_many_degrees_is_the_activation()
    {
        var features = new SphericalFeatures(Tensor.From(new[,] { { 3.0, 4.0 } }), SphericalFeatures.Softplus, 14);
        var (directions, radii) = Kernel.Lifted(X);
        var neuron = radii[.., 0] * SphericalFeatures.Softplus(directions.Dot(Tensor.From(0.6, 0.8)));
        var ratios = (features.With(Kernel, X)[0] / neuron).ToDoubles();
        Assert.All(ratios, ratio => Assert.Equal(ratios[0], ratio, 1e-5 * ratios[0]));
    }

    [Fact]
    public void Inner_products_reproduce_functions_of_the_space()
    {
        // In place of the activation stands the kernel itself, which is in the space whatever the degrees: then features are values at points, and of both every covariance is known.
        Tensor Zonal(Tensor cosine) => SphericalCovariance.Matern(cosine, Tensor.Exp(Kernel.LogWidth));
        var features = new SphericalFeatures(Kernel.Lifted(X).Directions.Evaluate(), Zonal, 40);
        var expected = Kernel.Between(X, X) / (Tensor.Sqrt(Kernel.Variances(X)).ExpandDims(-1) * Tensor.Sqrt(Kernel.Variances(X)));
        Numbers.Close(expected.ToDoubles(), features.Covariance(Kernel).ToDoubles(), 1e-5);
        var cross = Kernel.Between(X, X) / Tensor.Sqrt(Kernel.Variances(X)).ExpandDims(-1);
        Numbers.Close(cross.ToDoubles(), features.With(Kernel, X).ToDoubles(), 1e-5);
    }

    [Fact]
    public void On_the_circle_inner_products_are_those_of_Fourier_coefficients()
    {
        // Both functions on 4000 angles, by discrete Fourier transforms; the space has the norm Σ |f̂|² / λ.
        const int Angles = 4000, Degrees = 9;
        var features = new SphericalFeatures(Tensor.From(new[,] { { 1.0, 0.0 }, { Math.Cos(0.7), Math.Sin(0.7) } }), SphericalFeatures.Relu, Degrees);
        double Coefficient(Func<double, double> function, int degree) => Enumerable.Range(0, Angles).Average(i => function(2 * Math.PI * i / Angles) * Math.Cos(2 * Math.PI * i * degree / Angles));
        var width = Math.Exp(-0.5);
        double Chord(double angle)
        {
            var r = Math.Sqrt(5) * 2 * Math.Abs(Math.Sin(angle / 2)) / width;
            return (1 + r + r * r / 3) * Math.Exp(-r);
        }
        double[] weights = [.. Enumerable.Range(0, Degrees).Select(n => Math.Pow(Coefficient(angle => Math.Max(0, Math.Cos(angle)), n), 2) / Coefficient(Chord, n) * (n == 0 ? 1 : 2))];
        var expected = weights.Select((weight, n) => weight * Math.Cos(n * 0.7)).Sum() / weights.Sum();
        Assert.Equal(expected, features.Covariance(Kernel)[0, 1].Item(), 4);
        Assert.Equal(1, features.Covariance(Kernel)[1, 1].Item(), 10);
    }

    [Fact]
    public void Degrees_that_a_kernel_does_not_have_are_left_out()
    {
        var kernel = SphericalCovariance.Start(1, SphericalCovariance.ArcCosine);
        Assert.Equal([true, true, true, false, true, false], kernel.Eigenvalues(6).ToDoubles().Select(value => value > 0));
        var features = SphericalFeatures.Drawn(Key.Of(2), 1, 3, SphericalFeatures.Softplus, 6);
        Assert.All(features.Covariance(kernel).ToDoubles(), value => Assert.InRange(value, -1.0000001, 1.0000001));
    }

    [Fact]
    public void Other_kernels_are_refused_in_a_sentence() => Assert.Contains(
        "not of a StationaryCovariance",
        Assert.Throws<ArgumentException>(() => SphericalFeatures.Drawn(Key.Of(2), 1, 3, SphericalFeatures.Relu, 6).Covariance(StationaryCovariance.Start(1, StationaryKernel.Matern))).Message, StringComparison.Ordinal);
}
