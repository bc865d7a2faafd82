using MathNet.Numerics.LinearAlgebra;
using Paramorph.Bayes;
using Paramorph.Methods;
using Examples = Paramorph.Tests.Methods.Examples;

namespace Paramorph.Tests.Bayes;

public sealed class SparseGaussianProcessTests
{
    private static readonly Tensor X = Sample.Normal(Key.Of(1), [14, 2], ElementType.Float64).Evaluate();
    private static readonly Tensor Y = Sample.Normal(Key.Of(2), [14, 1], ElementType.Float64).Evaluate();
    private static readonly Tensor Elsewhere = Sample.Normal(Key.Of(3), [5, 2], ElementType.Float64).Evaluate();
    private static readonly SphericalCovariance Sphere = SphericalCovariance.Start(2, SphericalCovariance.Matern);
    private static readonly ICovariance[] Kernels =
        [StationaryCovariance.Start(2, StationaryKernel.Matern, 0.5), Sphere, SphericalCovariance.Start(2, SphericalCovariance.ArcCosine, 0.3) with { LogVariance = Tensor.Scalar(0.7) }];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void With_features_at_all_examples_it_is_the_exact_process(int which)
    {
        var process = SparseGaussianProcess.Start(Kernels[which], new InducingPoints(X));
        var (likelihood, means, variances) = Exact(Kernels[which], process.Noise.Item());
        Assert.Equal(likelihood, process.Bound(X, Y).Item(), 5e-3);
        AssertClose(means, process.Posterior(X, Y).Call(Elsewhere).Means, 1e-3);
        AssertClose(variances, process.Posterior(X, Y).Call(Elsewhere).Variances, 1e-3);
    }

    [Fact]
    public void The_bound_of_any_features_is_below_the_likelihood_and_more_features_raise_it()
    {
        var neurons = SphericalFeatures.Drawn(Key.Of(4), 2, 4, SphericalFeatures.Softplus, 8);
        var (few, more) = (new InducingPoints(X[..4]), new InducingPoints(X[..8]));
        var likelihood = Exact(Sphere, SparseGaussianProcess.Start(Sphere, few).Noise.Item()).Likelihood;
        double Bound(IInducingFeatures principal, InducingPoints? orthogonal = null) => SparseGaussianProcess.Start(Sphere, principal, orthogonal).Bound(X, Y).Item();
        Assert.True(Bound(few) < Bound(more) && Bound(more) < likelihood);
        Assert.True(Bound(neurons) < Bound(neurons, few) && Bound(neurons, few) < Bound(neurons, more) && Bound(neurons, more) < likelihood);
    }

    [Fact]
    public void A_posterior_that_is_a_product_has_a_bound_below_that_of_all_features_together_and_their_means()
    {
        var (first, second) = (X[..4].Evaluate(), X[4..9].Evaluate());
        var product = SparseGaussianProcess.Start(Sphere, new InducingPoints(first), new(second));
        var together = SparseGaussianProcess.Start(Sphere, new InducingPoints(X[..9].Evaluate()));
        Assert.True(product.Bound(X, Y).Item() < together.Bound(X, Y).Item());
        AssertClose(together.Posterior(X, Y).Call(Elsewhere).Means, product.Posterior(X, Y).Call(Elsewhere).Means, 1e-4);
    }

    [Fact]
    public void The_bound_is_that_of_its_posterior_by_the_definition()
    {
        // The expected log-likelihood less the divergence of the weights from the standard normal prior, each block of whose posterior has the covariance A⁻¹.
        var process = SparseGaussianProcess.Start(Sphere, SphericalFeatures.Drawn(Key.Of(4), 2, 4, SphericalFeatures.Softplus, 8), new(X[..3].Evaluate()));
        var posterior = process.Posterior(X, Y);
        var (means, variances) = posterior.Call(X);
        var noise = process.Noise.Item();
        var expected = -7 * Math.Log(2 * Math.PI * noise) - 0.5 * (Tensor.Square(Y - means).Sum().Item() + variances.Sum().Item()) / noise;
        double Divergence(Tensor root, Tensor mean)
        {
            var precision = Dense(root) * Dense(root).Transpose();
            return 0.5 * (precision.Inverse().Trace() + Tensor.Square(mean).Sum().Item() - mean.Shape[0] + Math.Log(precision.Determinant()));
        }
        var regression = posterior.Regression;
        Assert.Equal(expected - Divergence(regression.PrincipalRoot, regression.PrincipalMeans) - Divergence(regression.OrthogonalRoot!, regression.OrthogonalMeans!), process.Bound(X, Y).Item(), 8);
    }

    [Fact]
    public void Any_other_mean_and_covariance_of_a_product_have_a_lower_bound()
    {
        var process = SparseGaussianProcess.Start(Sphere, SphericalFeatures.Drawn(Key.Of(4), 2, 4, SphericalFeatures.Softplus, 8), new(X[..3].Evaluate()));
        var (principal, orthogonal) = OrthogonalDecomposition.Of(process.Kernel, process.Principal, process.Orthogonal).Features(X);
        var regression = process.Posterior(X, Y).Regression;
        var noise = process.Noise.Item();
        // What depends on the posterior, as a function of a factor of the means and one of the covariance of the principal weights.
        double Part(double mean, double covariance)
        {
            var values = Tensor.MatMul(principal.T, mean * regression.PrincipalMeans) + Tensor.MatMul(orthogonal!.T, regression.OrthogonalMeans!);
            var spread = covariance * (Dense(regression.PrincipalRoot) * Dense(regression.PrincipalRoot).Transpose()).Inverse();
            var phi = Dense(principal);
            return -0.5 * (Tensor.Square(Y - values).Sum().Item() + (phi.Transpose() * spread * phi).Trace()) / noise
                - 0.5 * (spread.Trace() + mean * mean * Tensor.Square(regression.PrincipalMeans).Sum().Item() - Math.Log(spread.Determinant()));
        }
        Assert.All([(1.05, 1.0), (0.95, 1), (1, 1.1), (1, 0.9)], other => Assert.True(Part(other.Item1, other.Item2) < Part(1, 1)));
    }

    [Fact]
    public void The_parts_of_a_process_add_up_to_it_at_orthogonal_points()
    {
        var neurons = SphericalFeatures.Drawn(Key.Of(4), 2, 4, SphericalFeatures.Softplus, 8);
        var points = X[..6].Evaluate();
        var (principal, orthogonal) = OrthogonalDecomposition.Of(Sphere, neurons, new(points)).Features(points);
        AssertClose(Sphere.Between(points, points), Tensor.MatMul(principal.T, principal) + Tensor.MatMul(orthogonal!.T, orthogonal), 1e-4);
        var k = Dense(neurons.With(Sphere, points));
        AssertClose(Tensor.From((k.Transpose() * Dense(neurons.Covariance(Sphere)).Inverse() * k).ToArray()), Tensor.MatMul(principal.T, principal), 1e-3);
    }

    [Fact]
    public void The_bound_has_the_derivatives_of_finite_differences()
    {
        var process = SparseGaussianProcess.Start(Sphere, SphericalFeatures.Drawn(Key.Of(4), 2, 4, SphericalFeatures.Softplus, 8), new(X[..3].Evaluate()));
        var gradient = Gradient.Of(process, at => at.Loss(X, Y));
        double Along(Func<double, SparseGaussianProcess> moved) => (moved(1e-5).Loss(X, Y).Item() - moved(-1e-5).Loss(X, Y).Item()) / 2e-5;
        Assert.Equal(Along(step => process with { Kernel = Sphere with { LogWidth = Sphere.LogWidth + step } }), ((SphericalCovariance)gradient.Kernel).LogWidth.Item(), 6);
        Assert.Equal(Along(step => process with { Kernel = Sphere with { LogLengths = Sphere.LogLengths + Tensor.From(0, step) } }), ((SphericalCovariance)gradient.Kernel).LogLengths[1].Item(), 6);
        Assert.Equal(Along(step => process with { Orthogonal = new(process.Orthogonal!.Points + step * Tensor.OnesLike(process.Orthogonal.Points)) }), gradient.Orthogonal!.Points.Sum().Item(), 6);
        var neurons = (SphericalFeatures)process.Principal;
        Assert.Equal(Along(step => process with { Principal = neurons with { Weights = neurons.Weights + step * X[..4, ..1] } }), (((SphericalFeatures)gradient.Principal).Weights * X[..4, ..1]).Sum().Item(), 6);
    }

    [Fact]
    public void A_value_left_out_is_foretold_as_by_a_process_without_it()
    {
        var process = SparseGaussianProcess.Start(Sphere, new InducingPoints(X[..4].Evaluate()), new(X[4..7].Evaluate()));
        var left = process.Posterior(X, Y).LeaveOneOut(X, Y);
        var without = process.Posterior(X[1..].Evaluate(), Y[1..].Evaluate()).Call(X[..1].Evaluate()).Means;
        Assert.Equal(without.Item(), left[0, 0].Item(), 10);
    }

    [Fact]
    public void A_model_is_kept_and_learns_waves_and_rings()
    {
        var (problem, rings) = (Examples.Waves(), Examples.Rings());
        foreach (var method in (Method[])[SparseGaussianProcess.Method, SphericalOrthogonalProcess.Method])
        {
            Examples.AssertKept(method, Examples.Waves(100));
            Assert.InRange(problem.Test(Examples.Fitted(method, problem))["RMSE"], 0, 0.1);
        }
        Examples.AssertKept(SparseGaussianProcess.Method, Examples.Rings(100));
        Assert.InRange(rings.Test(Examples.Fitted(SparseGaussianProcess.Method, rings))["accuracy"], 0.85, 1);
    }

    private static Matrix<double> Dense(Tensor x) => Matrix<double>.Build.DenseOfRowMajor(x.Shape[0], x.Shape[1], x.ToDoubles());

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Numbers.Close(expected.ToDoubles(), actual.ToDoubles(), tolerance);

    /// <summary>The logarithm of the marginal likelihood, means and variances by the definition.</summary>
    private static (double Likelihood, Tensor Means, Tensor Variances) Exact(ICovariance kernel, double noise)
    {
        var inverse = (Dense(kernel.Between(X, X)) + noise * Matrix<double>.Build.DenseIdentity(14)).Inverse();
        var (y, cross) = (Dense(Y), Dense(kernel.Between(Elsewhere, X)));
        var likelihood = -0.5 * (y.Transpose() * inverse * y)[0, 0] + 0.5 * Math.Log(inverse.Determinant()) - 7 * Math.Log(2 * Math.PI);
        return (likelihood, Tensor.From((cross * inverse * y).ToArray()), kernel.Variances(Elsewhere) - Tensor.From((cross * inverse * cross.Transpose()).Diagonal().ToArray()));
    }
}
