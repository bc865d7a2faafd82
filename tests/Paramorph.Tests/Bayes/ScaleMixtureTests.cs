using MathNet.Numerics.LinearAlgebra;
using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class ScaleMixtureTests
{
    private const double Noise = 0.1, Shape = 3, Rate = 2;

    private static readonly Func<Tensor, Tensor, Tensor> kernel = new WideNetwork(DualActivation.Erf, 1) { InputVariance = 3, BiasVariance = 0.5 }.Covariance;
    private static readonly Tensor X = Sample.Normal(Key.Of(1), [7, 2], ElementType.Float64).Evaluate();
    private static readonly Tensor Y = (2.0 * Sample.Normal(Key.Of(2), [7], ElementType.Float64)).Evaluate();

    [Fact]
    public void Answers_are_ratios_of_joint_densities()
    {
        // The density of a multivariate Student's t of all answers, over that of those known.
        var posterior = Posterior(6);
        var (means, variances) = posterior.Answers(X[6..].Evaluate());
        var expected = Joint(7) - Joint(6);
        Assert.Equal(expected, posterior.LogStudent(Shape, Rate, Y[6].Item() - means[0], variances[0]), 9);
    }

    [Fact]
    public void A_fine_mixture_of_scales_is_the_conjugate_answer()
    {
        var posterior = Posterior(6);
        // The logarithm of the scale on a grid, with the density of an inverse gamma variable, s^-shape e^(-rate / s), there.
        double[] scales = [.. Enumerable.Range(0, 2000).Select(i => Math.Exp(-5 + 0.006 * i))];
        var weights = posterior.Weights(scales, [.. scales.Select(scale => -Shape * Math.Log(scale) - Rate / scale)]);
        foreach (var error in (double[])[0, 0.7, -3, 8])
            Assert.Equal(posterior.LogStudent(Shape, Rate, error, 1.3), ScaleMixture.LogMixture(scales, weights, error, 1.3), 6);
    }

    [Fact]
    public void The_likelihood_is_that_of_a_normal_vector_and_highest_at_the_fit()
    {
        var posterior = Posterior(6);
        var (y, covariance) = Known(6);
        var direct = -0.5 * (6 * Math.Log(2 * Math.PI) + Math.Log((1.7 * covariance).Determinant()) + y * (1.7 * covariance).Inverse() * y);
        Assert.Equal(direct, posterior.LogLikelihood(1.7), 9);
        var best = posterior.Fit / 6;
        Assert.True(posterior.LogLikelihood(best) > Math.Max(posterior.LogLikelihood(1.01 * best), posterior.LogLikelihood(0.99 * best)));
    }

    private static ScaleMixture Posterior(int count) => new(kernel, X[..count].Evaluate(), Y[..count].Evaluate(), Noise);

    private static (Vector<double> Y, Matrix<double> Covariance) Known(int count)
    {
        var x = X[..count];
        var covariance = Matrix<double>.Build.Dense(count, count, kernel(x, x).ToDoubles()) + Noise * Matrix<double>.Build.DenseIdentity(count);
        return (Vector<double>.Build.Dense(Y[..count].ToDoubles()), covariance);
    }

    private static double Joint(int count)
    {
        var (y, covariance) = Known(count);
        var freedom = 2 * Shape;
        var scale = covariance * (Rate / Shape);
        return MathNet.Numerics.SpecialFunctions.GammaLn((freedom + count) / 2) - MathNet.Numerics.SpecialFunctions.GammaLn(freedom / 2)
            - 0.5 * count * Math.Log(freedom * Math.PI) - 0.5 * Math.Log(scale.Determinant()) - 0.5 * (freedom + count) * Math.Log(1 + y * scale.Inverse() * y / freedom);
    }
}
