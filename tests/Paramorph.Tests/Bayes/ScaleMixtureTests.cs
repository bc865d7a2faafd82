using MathNet.Numerics.LinearAlgebra;
using Paramorph.Bayes;
using Paramorph.Data;

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

    [Fact]
    public void The_scale_of_examples_left_out_is_that_of_folds_by_hand()
    {
        double[] scales = [0.25, 1, 4, 16];
        var points = X.ToDoubles().Chunk(2).ToArray();
        double Left(double scale) => Enumerable.Range(0, 2).Sum(fold =>
        {
            int[] rest = [.. Enumerable.Range(0, 7).Where(i => i % 2 != fold)];
            var posterior = new ScaleMixture(kernel, Tensor.From([.. rest.SelectMany(i => points[i])], [rest.Length, 2]), Tensor.From([.. rest.Select(i => Y[i].Item())]), Noise);
            var (means, variances) = posterior.Answers(X);
            return Enumerable.Range(0, 7).Where(i => i % 2 == fold).Sum(i => MathNet.Numerics.Distributions.Normal.PDFLn(means[i], Math.Sqrt(scale * variances[i]), Y[i].Item()));
        });
        Assert.Equal(scales.MaxBy(Left), Posterior(7).LikeliestLeftOut(scales, folds: 2));
    }

    [Fact]
    public void Draws_of_an_inverse_gamma_scale_have_its_mean_and_those_of_Burr_its_median()
    {
        var random = new KeyRandom(Key.Of(3));
        double[] Scales(ScalePrior prior) => [.. Enumerable.Range(0, 20_000).Select(_ => prior.Draw(random)).Order()];
        Assert.Equal(1, Scales(ScalePrior.InverseGamma(5, 4)).Average(), 0.03);
        // The share below s is 1 - (1 + s²)⁻².
        Assert.Equal(Math.Sqrt(Math.Sqrt(2) - 1), Scales(ScalePrior.Burr)[10_000], 0.02);
    }

    [Fact]
    public void Answers_of_each_prior_are_densities()
    {
        var posterior = Posterior(6);
        foreach (var prior in (ScalePrior[])[ScalePrior.InverseGamma(3, 2), ScalePrior.Burr, ScalePrior.Fixed(of => of.Likeliest)])
        {
            var log = prior.Density(posterior);
            Assert.Equal(1, Enumerable.Range(-4000, 8001).Sum(i => Math.Exp(log(0.02 * i, 1.3))) * 0.02, 0.002);
        }
        Assert.Equal(MathNet.Numerics.Distributions.Normal.PDFLn(0, Math.Sqrt(1.3 * posterior.Fit / 6), 0.4), ScalePrior.Fixed(of => of.Likeliest).Density(posterior)(0.4, 1.3), 9);
    }

    [Fact]
    public void Drawn_networks_have_the_kurtosis_of_their_width_and_of_their_scale()
    {
        // Of a neuron behind a sum of variance 2; a scale of variance v and mean 1 multiplies the fourth moment by 1 + v, 4/3 for a shape of 5.
        const int Width = 8;
        var neuron = new FiniteWidthDensity(MathNet.Numerics.SpecialFunctions.Erf, variance: 2).Kurtosis / Width;
        Assert.Equal(neuron, ScalePrior.Fixed(_ => 1).Kurtosis(Key.Of(4), Width, 200), 0.05);
        Assert.Equal((3 + neuron) * 4 / 3 - 3, ScalePrior.InverseGamma(5, 4).Kurtosis(Key.Of(5), Width, 200), 0.3);
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

    [Fact]
    public void The_density_far_out_is_small_and_not_zero() =>
        Assert.Equal(-0.5 * 40 * 40 - 0.5 * Math.Log(2 * Math.PI), ScaleMixture.LogNormal(1)(40, 1), 9);
}
