using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class StochasticGradientHamiltonianTests
{
    [Fact]
    public void Variance_of_a_normal_is_that_of_the_linear_recursion()
    {
        // Of v' = (1 - α) v - ε² (k x + η) + noise and x' = x + v' the stationary covariance is a fixed point; the step is coarse, so it is not that of the target.
        const double step = 0.6, friction = 0.2, precision = 1.5, noisy = 0.7, share = 0.5;
        var input = Math.Pow(step, 4) * noisy * noisy + 2 * friction * step * step - share * Math.Pow(step, 4);
        var (xx, xv, vv) = (0.0, 0.0, 0.0);
        for (var i = 0; i < 10000; i++)
        {
            var (a, b) = (-step * step * precision, 1 - friction);
            var (newVv, cross) = (a * a * xx + 2 * a * b * xv + b * b * vv + input, a * xx + b * xv);
            (xx, xv, vv) = (xx + 2 * cross + newVv, cross + newVv, newVv);
        }
        var run = Compile.Of((Key key) => new StochasticGradientHamiltonian(step, friction, share).Run(
            key, Tensor.Zeros([1000], ElementType.Float64), (key, x) => (0.5 * precision * Tensor.Square(x) + noisy * Sample.Normal(key, [1000], ElementType.Float64) * x).Sum(), 0, 400, 10));
        var draws = run(Key.Of(1))[100..];
        Assert.InRange(Tensor.Square(draws).Mean().Item() / xx, 0.97, 1.03);
        Assert.True(Math.Abs(xx * precision - 1) > 0.1);
    }

    [Fact]
    public void Scales_that_are_learned_bring_unlike_numbers_to_their_variances()
    {
        // Four fifths of the mean square of the gradient are noise. Scales from few gradients are noisy themselves, which leaves the chain a little hot.
        var deviations = Tensor.From(0.3, 1.0, 3.0);
        var run = Compile.Of((Key key) => new StochasticGradientHamiltonian(0.05, 0.05, 0.8).Run(
            key.Fold(0),
            deviations * Sample.Normal(key.Fold(1), [200, 3], ElementType.Float64),
            (key, x) => (0.5 * Tensor.Square(x / deviations) + 2.0 * Sample.Normal(key, [200, 3], ElementType.Float64) * x / deviations).Sum(),
            warmUp: 1000,
            kept: 100,
            thinning: 20));
        var draws = run(Key.Of(2)) / deviations;
        Assert.All(Tensor.Square(draws).Mean([0, 1]).ToDoubles(), variance => Assert.InRange(variance, 0.8, 1.4));
    }

    [Fact]
    public void Without_friction_there_is_no_noise_and_the_gradient_alone_moves()
    {
        // From rest the velocity is minus ε² times the gradient.
        var state = StochasticGradientHamiltonian.Start<Tensor>(Tensor.From(2.0, -1.0));
        var next = new StochasticGradientHamiltonian(1e-4, 0).Next<Tensor>(Key.Of(3), state, Tensor.From(3e8, -1e8), isAdapting: false);
        Assert.All((next.Velocities - Tensor.From(-3.0, 1.0)).ToDoubles(), apart => Assert.InRange(apart, -1e-12, 1e-12));
        Assert.All((next.Positions - Tensor.From(-1.0, 0.0)).ToDoubles(), apart => Assert.InRange(apart, -1e-12, 1e-12));
    }
}
