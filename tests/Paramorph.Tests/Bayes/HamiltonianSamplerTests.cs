using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class HamiltonianSamplerTests
{
    private static readonly Tensor factor = Tensor.From(new[,] { { 2.0, 0, 0 }, { 1.0, 0.5, 0 }, { -0.3, 0.1, 0.2 } });

    private static readonly Tensor precision = LinearAlgebra.Inverse(factor.Dot(factor.T)).Evaluate();

    [Fact]
    public void The_posterior_of_a_linear_regression_is_recovered()
    {
        var (inputs, noise) = (Sample.Normal(Key.Of(1), [20, 3], ElementType.Float64).Evaluate(), 0.5);
        var targets = (inputs.Dot(Tensor.From(1.0, -2.0, 0.5)) + noise * Sample.Normal(Key.Of(2), [20], ElementType.Float64)).Evaluate();
        var covariance = LinearAlgebra.Inverse(inputs.T.Dot(inputs) / (noise * noise) + Tensor.Eye(3, ElementType.Float64));
        var mean = covariance.Dot(inputs.T.Dot(targets)) / (noise * noise);
        var run = Compile.Of((Key key) => new HamiltonianSampler<Tensor>(w => -0.5 * Tensor.Square(w).Sum(-1) - 0.5 / (noise * noise) * Tensor.Square(targets - w.Dot(inputs.T)).Sum(-1))
            .Run(key.Fold(0), Sample.Normal(key.Fold(1), [30, 3], ElementType.Float64), warmUp: 200, kept: 400))(Key.Of(3));
        RequireMoments(run.Draws, mean, covariance);
        Assert.All(ChainDiagnostics.RHat(run.Draws).ToDoubles(), value => Assert.InRange(value, 0.99, 1.01));
    }

    [Fact]
    public void Numbers_of_unlike_scales_are_recovered_when_scales_are_learned()
    {
        var deviations = Tensor.From(0.01, 1.0, 300.0);
        var sampler = new HamiltonianSampler<Tensor>(x => -0.5 * Tensor.Square(x / deviations).Sum(-1), IsScaled: true);
        var run = Compile.Of((Key key) => sampler.Run(key.Fold(0), deviations * Sample.Normal(key.Fold(1), [20, 3], ElementType.Float64), warmUp: 400, kept: 300))(Key.Of(4));
        RequireMoments(run.Draws / deviations, Tensor.Zeros([3], ElementType.Float64), Tensor.Eye(3, ElementType.Float64));
        Assert.All(run.Acceptance.ToDoubles(), value => Assert.InRange(value, 0.65, 0.92));
        // Ten flights of nearly a radian come to nearly independent draws, which those of a step of the smallest number's size would not.
        Assert.All(ChainDiagnostics.EffectiveSize(run.Draws).ToDoubles(), size => Assert.True(size > 2000, $"{size}"));
    }

    [Fact]
    public void Correlated_numbers_are_recovered()
    {
        var run = Compile.Of((Key key) => new HamiltonianSampler<Tensor>(LogDensity, Flight: 20).Run(key.Fold(0), Sample.Normal(key.Fold(1), [2, 10, 3], ElementType.Float64), warmUp: 300, kept: 500))(Key.Of(5));
        RequireMoments(run.Draws.Reshape(500, 20, 3), Tensor.Zeros([3], ElementType.Float64), factor.Dot(factor.T));
    }

    [Fact]
    public void Leaves_of_a_tree_are_drawn_together()
    {
        // A mean with the prior N(0, 1 / λ) and the logarithm of λ with the prior Gamma(2, 1): the posterior of λ given one value y = 1.5 and the mean integrated out is found by quadrature.
        static Tensor Log(TreePair<Tensor, Tensor> x) => Tensor.Exp(x.Item2) is var rate
            ? 2.5 * x.Item2 - rate - 0.5 * rate * Tensor.Square(x.Item1).Sum(-1) - 0.5 * Tensor.Square(1.5 - x.Item1[.., 0])
            : null!;
        var run = Compile.Of((Key key) => new HamiltonianSampler<TreePair<Tensor, Tensor>>(Log)
            .Run(key.Fold(0), (Sample.Normal(key.Fold(1), [40, 1], ElementType.Float64), Tensor.Zeros([40], ElementType.Float64)), warmUp: 300, kept: 500, thinning: 2))(Key.Of(6));
        var (weights, first, second) = (0.0, 0.0, 0.0);
        for (var log = -12.0; log < 5; log += 0.001)
        {
            var (rate, variance) = (Math.Exp(log), 1 + Math.Exp(-log));
            var weight = Math.Exp(2 * log - rate - 0.5 * 1.5 * 1.5 / variance) / Math.Sqrt(variance);
            (weights, first, second) = (weights + weight, first + weight * rate, second + weight * rate * rate);
        }
        var rates = Tensor.Exp(run.Draws.Item2).Evaluate();
        var (mean, deviation) = (first / weights, Math.Sqrt(second / weights - Math.Pow(first / weights, 2)));
        Assert.InRange(rates.Mean().Item() - mean, -0.04 * deviation, 0.04 * deviation);
        Assert.InRange(Math.Sqrt(Tensor.Square(rates - rates.Mean()).Mean().Item()) / deviation, 0.95, 1.05);
    }

    [Fact]
    public void A_flight_with_the_velocity_reversed_comes_back()
    {
        var sampler = new HamiltonianSampler<Tensor>(LogDensity, Flight: 15);
        var (start, velocities, step) = (Sample.Normal(Key.Of(7), [4, 3], ElementType.Float64), Sample.Normal(Key.Of(8), [4, 3], ElementType.Float64), Tensor.Full([4], 0.1, ElementType.Float64));
        var scale = Tensor.From(1.0, 0.7, 0.3);
        var (there, end) = sampler.Leapfrog(sampler.Start(start), velocities, step, scale);
        var (back, last) = sampler.Leapfrog(there, -end, step, scale);
        Assert.True(Tensor.Abs(there.Positions - start).Max().Item() > 0.1);
        Assert.True(Tensor.Abs(back.Positions - start).Max().Item() < 1e-10);
        Assert.True(Tensor.Abs(last + velocities).Max().Item() < 1e-10);
    }

    [Fact]
    public void The_error_of_the_energy_falls_with_the_square_of_the_step()
    {
        static Tensor Quartic(Tensor x) => -Tensor.Square(Tensor.Square(x)).Sum(-1) - 0.3 * Tensor.Square(x).Sum(-1);
        double Error(int steps)
        {
            var sampler = new HamiltonianSampler<Tensor>(Quartic, Flight: steps);
            var (start, velocities) = (Sample.Normal(Key.Of(9), [8, 2], ElementType.Float64), Sample.Normal(Key.Of(10), [8, 2], ElementType.Float64));
            var (end, thrown) = sampler.Leapfrog(sampler.Start(start), velocities, Tensor.Full([8], 1.0 / steps, ElementType.Float64), Tensor.Ones([2], ElementType.Float64));
            return Tensor.Abs(end.LogDensities - 0.5 * Tensor.Square(thrown).Sum(-1) - Quartic(start) + 0.5 * Tensor.Square(velocities).Sum(-1)).Mean().Item();
        }
        Assert.InRange(Error(100) / Error(200), 3.8, 4.2);
    }

    [Fact]
    public void Chains_stay_where_the_density_is_not_zero()
    {
        var sampler = new HamiltonianSampler<Tensor>(x => Tensor.Where(x > 0.0, Tensor.Log(x) - x, double.NegativeInfinity).Sum(-1), Flight: 5);
        var draws = Compile.Of((Key key) => sampler.Run(key.Fold(0), Sample.Uniform(key.Fold(1), [50, 1], 0.1, 1, ElementType.Float64), warmUp: 200, kept: 300).Draws)(Key.Of(11));
        Assert.True(draws.Min().Item() > 0);
        Assert.InRange(draws.Mean().Item(), 1.9, 2.1);
    }

    [Fact]
    public void Evaluations_are_counted()
    {
        // The start, at least one try of a first step, and the flights.
        var sampler = new HamiltonianSampler<Tensor>(x => -0.5 * Tensor.Square(x).Sum(-1), Flight: 4);
        var few = sampler.Run(Key.Of(12), Tensor.Ones([1, 2], ElementType.Float64), warmUp: 3, kept: 5, thinning: 2).Evaluations.Item();
        var more = sampler.Run(Key.Of(12), Tensor.Ones([1, 2], ElementType.Float64), warmUp: 7, kept: 6, thinning: 2).Evaluations.Item();
        Assert.Equal(4 * (4 + 2), more - few);
        Assert.True(few > 1 + 4 * 13);
    }

    [Fact]
    public void A_log_density_that_is_not_one_number_a_chain_is_refused() =>
        Assert.Throws<ShapeException>(() => new HamiltonianSampler<Tensor>(x => x.Sum(0)).Start(Tensor.Zeros([5, 2])));

    private static Tensor LogDensity(Tensor x) => -0.5 * (x * (x.Reshape(-1, 3).Dot(precision)).ReshapeTo(x.Shape)).Sum(-1);

    /// <summary>Means and variances within five standard errors of what many independent draws would know.</summary>
    private static void RequireMoments(Tensor draws, Tensor mean, Tensor covariance)
    {
        var size = draws.Shape[^1];
        var deviations = Tensor.Sqrt((covariance * Tensor.Eye(size, ElementType.Float64)).Sum(0)).Evaluate();
        var sizes = ChainDiagnostics.EffectiveSize(draws);
        Assert.True(sizes.Min().Item() > 300, $"effective sizes {sizes}");
        var errors = Tensor.Abs(draws.Reshape(-1, size).Mean(0) - mean) / deviations * Tensor.Sqrt(sizes);
        Assert.True(errors.Max().Item() < 4.5, $"means are off by standard errors of {errors}");
        var centred = (draws - mean).Reshape(-1, size) / deviations;
        var expected = covariance / deviations / deviations.Reshape(-1, 1);
        var squares = ChainDiagnostics.EffectiveSize(Tensor.Square((draws - mean) / deviations));
        var apart = Tensor.Abs(centred.T.Dot(centred) / (double)centred.Shape[0] - expected).Max().Item();
        Assert.True(apart < 4.5 * Math.Sqrt(2 / squares.Min().Item()), $"covariances are off by {apart}");
    }

    [Fact]
    public void The_search_of_a_first_step_goes_on_until_a_move_is_accepted_by_half()
    {
        var run = Compile.Of((Key key) => new HamiltonianSampler<Tensor>(x => -0.5 * Tensor.Square(1e4 * x).Sum(-1))
            .Run(key.Fold(0), 1e-4 * Sample.Normal(key.Fold(1), [20, 3], ElementType.Float64), warmUp: 0, kept: 1))(Key.Of(9));
        Assert.All(run.Steps.ToDoubles(), step => Assert.InRange(step, 3e-5, 5e-4));
        Assert.True(run.Evaluations.Item() > 1 + 10 + 6);
    }
}
