using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Tests.Optimisers;

public sealed class BayesianLevenbergMarquardtTests
{
    private const double Noise = 0.2;
    private static readonly Tensor x = Tensor.Linspace(-3, 3, 60, ElementType.Float64);
    private static readonly Tensor y = Tensor.Sin(x) + Noise * Sample.Normal(Key.Of(3), [60], ElementType.Float64);
    private static readonly StoppingRule exact = new(1000, Loss: 1e-10);

    [Fact]
    public void Of_a_linear_model_it_finds_the_highest_evidence_and_the_posterior_mean()
    {
        var features = Tensor.Stack([.. Enumerable.Range(0, 6).Select(k => Tensor.Cos(k * x + 0.4 * k))], 1);
        var found = new BayesianLevenbergMarquardt(Stop: exact).Minimise(Tensor.Ones([6], ElementType.Float64), w => features.Dot(w) - y);

        // The probability of the data with the weights integrated out: a normal density of covariance 1/β + X Xᵀ / α.
        double Evidence(double alpha, double beta)
        {
            var factor = LinearAlgebra.Cholesky(Tensor.Eye(60, ElementType.Float64) / beta + features.Dot(features.T) / alpha);
            var white = LinearAlgebra.TriangularSolve(factor, y.ExpandDims(1));
            return (-0.5 * Tensor.Square(white).Sum() - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum()).Item() - 30 * Math.Log(2 * Math.PI);
        }
        var (alpha, beta) = (found.Decay, found.Precision);
        Assert.Equal(Evidence(alpha, beta), found.LogEvidence, 1e-8);
        Assert.Equal(0, (Evidence(alpha * 1.001, beta) - Evidence(alpha / 1.001, beta)) / 0.002, 1e-4);
        Assert.Equal(0, (Evidence(alpha, beta * 1.001) - Evidence(alpha, beta / 1.001)) / 0.002, 1e-4);
        var mean = LinearAlgebra.Solve(features.T.Dot(features) + alpha / beta * Tensor.Eye(6, ElementType.Float64), features.T.Dot(y).ExpandDims(1)).Squeeze(1);
        Expect.Close(mean, found.Model, 1e-6);
        Assert.InRange(found.Effective, 1, 6);
    }

    [Fact]
    public void A_network_larger_than_its_data_deserve_is_told_the_noise_and_does_not_learn_it()
    {
        var start = Mlp.Create(Key.Of(5), [1, 16, 1], Activation.Tanh, type: ElementType.Float64);
        Tensor Residuals(Mlp network) => network.Call(x.ExpandDims(1)).Squeeze(1) - y;
        var found = new BayesianLevenbergMarquardt(Stop: new(500, Loss: 1e-6)).Minimise(start, Residuals);
        var plain = new LevenbergMarquardt(Stop: new(500)).Minimise(start, Residuals);
        double Error(Mlp network) => Math.Sqrt(Tensor.Square(network.Call(x.ExpandDims(1)).Squeeze(1) - Tensor.Sin(x)).Mean().Item());

        Assert.InRange(1 / Math.Sqrt(found.Precision), 0.8 * Noise, 1.25 * Noise);
        Assert.InRange(found.Effective, 3, 20);
        Assert.True(Error(found.Model) < 0.7 * Error(plain.Model), $"{Error(found.Model)} {Error(plain.Model)}");
    }
}
