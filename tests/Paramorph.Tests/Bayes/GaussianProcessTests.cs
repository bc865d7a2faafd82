using Paramorph.Bayes;
using Paramorph.Layers;

namespace Paramorph.Tests.Bayes;

public sealed class GaussianProcessTests
{
    private static readonly Tensor X = Sample.Normal(Key.Of(1), [12, 2], ElementType.Float64).Evaluate();
    private static readonly Tensor Y = Sample.Normal(Key.Of(2), [12, 1], ElementType.Float64).Evaluate();

    [Fact]
    public void The_likelihood_is_that_of_a_normal_vector_without_its_mean()
    {
        var process = new GaussianProcess(Tensor.From([0.2, -0.3]), Tensor.Scalar(0.4), Tensor.Scalar(-1.0));
        var other = process with { LogNoise = Tensor.Scalar(-0.5) };
        // Priors are known, so the difference between two processes is that of the likelihoods.
        double Prior(GaussianProcess at) => 0.5 * Math.Pow((at.LogNoise.Item() + 3) / 3, 2);
        var difference = 12 * (process.NegativeLogLikelihood(StationaryKernel.Matern, X, Y).Item() - other.NegativeLogLikelihood(StationaryKernel.Matern, X, Y).Item());
        Assert.Equal(Direct(process) - Direct(other), difference - Prior(process) + Prior(other), 8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_likelihood_has_the_derivative_of_finite_differences(int which)
    {
        Func<Tensor, Tensor, Tensor>[] kernels = [StationaryKernel.SquaredExponential, StationaryKernel.Matern, StationaryKernel.Sum];
        double Loss(double length, double noise) => new GaussianProcess(Tensor.From([0.2, length]), Tensor.Scalar(0.4), Tensor.Scalar(noise)).NegativeLogLikelihood(kernels[which], X, Y).Item();
        var gradient = Gradient.Of(new GaussianProcess(Tensor.From([0.2, -0.3]), Tensor.Scalar(0.4), Tensor.Scalar(-1.0)), process => process.NegativeLogLikelihood(kernels[which], X, Y));
        const double Step = 1e-5;
        Assert.Equal((Loss(-0.3 + Step, -1) - Loss(-0.3 - Step, -1)) / (2 * Step), gradient.LogLengths[1].Item(), 6);
        Assert.Equal((Loss(-0.3, -1 + Step) - Loss(-0.3, -1 - Step)) / (2 * Step), gradient.LogNoise.Item(), 6);
    }

    [Fact]
    public void A_feature_that_does_not_matter_gets_a_long_length_scale()
    {
        var problem = Methods.Examples.Waves(200);
        var layers = ((Sequential)Methods.Examples.Fitted(GaussianProcess.Method, problem)).Layers;
        var factors = ((Scaled)layers[0]).Factors.ToDoubles();
        Assert.True(factors[2] < 0.2 * factors[0] && factors[2] < 0.2 * factors[1], string.Join(' ', factors));
    }

    /// <summary>By the definition: the mean is integrated out, by which the sum of the elements of K⁻¹ enters.</summary>
    private static double Direct(GaussianProcess process)
    {
        var points = X / Tensor.Exp(process.LogLengths);
        var noise = Math.Exp(process.LogNoise.Item()) + 1e-5;
        var covariance = (Tensor.Exp(process.LogSignal) * StationaryKernel.Matern(points, points) + noise * Tensor.Eye(12, ElementType.Float64)).ToDoubles();
        var k = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(12, 12, covariance);
        var (y, ones) = (MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(Y.ToDoubles()), MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(12, 1.0));
        var inverse = k.Inverse();
        var mean = (ones * inverse * y) / (ones * inverse * ones);
        var residual = y - mean;
        return 0.5 * (residual * inverse * residual) + 0.5 * Math.Log(k.Determinant()) + 6 * Math.Log(2 * Math.PI);
    }

    [Fact]
    public void Length_scales_are_learned_of_values_without_noise()
    {
        var x = (Tensor.Arange(20, ElementType.Float64).ExpandDims(1) / 20.0).Evaluate();
        var learned = GaussianProcess.Learned(StationaryKernel.SquaredExponential, x, Tensor.Sin(12.0 * x).Evaluate(), noise: 0);
        Assert.InRange(Math.Exp(learned.LogLengths.Item()), 0.05, 0.5);
    }
}
