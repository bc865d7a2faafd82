using MathNet.Numerics.LinearAlgebra;
using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class ErrorTailTests
{
    [Fact]
    public void Bits_of_a_half_are_one_and_those_of_what_all_reach_none()
    {
        Assert.Equal(1, new ErrorTail(_ => Math.Log(0.5)).Bits(0.1), 12);
        Assert.Equal(0, new ErrorTail(_ => 0.2).Bits(0.1));
    }

    [Fact]
    public void A_tail_that_tells_the_share_has_no_gap()
    {
        double[] errors = [.. Enumerable.Range(1, 100).Select(i => i / 100.0)];
        Assert.Equal(0, new ErrorTail(Math.Log).Gap(errors, 0.1), 12);
        // A tenth is 3.3 bits, and its square is twice as many.
        Assert.Equal(1, new ErrorTail(error => 2 * Math.Log(error)).Gap(errors, 0.1), 12);
    }

    [Fact]
    public void A_normal_tail_is_that_of_mean_and_variance_however_far()
    {
        var random = new KeyRandom(Key.Of(1));
        var tail = ErrorTail.Normal([.. Enumerable.Range(0, 20_000).Select(_ => 2 + 0.05 * random.Normal())]);
        Assert.Equal(Math.Log(0.5), tail.LogProbability(2), 0.02);
        Assert.Equal(Math.Log(0.02275), tail.LogProbability(1.9), 0.05);
        Assert.Throws<ArgumentException>(() => ErrorTail.Normal([0.1, 0.1, 0.1]));
        // Forty deviations: the probability itself is no number in double precision, -z² / 2 - log(z √(2 π)).
        Assert.Equal(-800 - Math.Log(40 * Math.Sqrt(2 * Math.PI)), tail.LogProbability(0), 20.0);
    }

    [Fact]
    public void Errors_of_a_posterior_have_the_mean_of_its_means_and_variances()
    {
        var kernel = StationaryKernel.SquaredExponential;
        Tensor Normal(int key, params int[] shape) => Sample.Normal(Key.Of(key), [.. shape], ElementType.Float64).Evaluate();
        var (x, y, asked, truth) = (Normal(1, 6, 2), Normal(2, 6), Normal(3, 4, 2), Normal(4, 4));
        Matrix<double> Covariance(Tensor a, Tensor b)
        {
            var rows = kernel(a, b).ToDoubles().Chunk(b.Shape[0]).ToArray();
            return Matrix<double>.Build.DenseOfRowArrays(rows);
        }
        var gain = Covariance(asked, x) * (Covariance(x, x) + 0.01 * CreateMatrix.DenseIdentity<double>(6)).Inverse();
        var misses = gain * CreateVector.DenseOfArray(y.ToDoubles()) - CreateVector.DenseOfArray(truth.ToDoubles());
        var variances = (Covariance(asked, asked) - gain * Covariance(x, asked)).Diagonal();
        var errors = new PosteriorErrors(kernel, x, y, asked, truth, noise: 0.01);
        Assert.Equal((misses.DotProduct(misses) + variances.Sum()) / 4, errors.Mean, 8);
        var drawn = errors.Draw(Key.Of(5), 3);
        Assert.Equal(30_000, drawn.Length);
        Assert.Equal(errors.Mean, drawn.Average(), 0.03 * errors.Mean);
    }
}
