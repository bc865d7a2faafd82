using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class SequentialMonteCarloTests
{
    private const double Noise = 0.7;

    private static readonly Tensor inputs = Tensor.From(new[,] { { 1.0, 0.2 }, { 0.5, -1.0 }, { -0.3, 0.8 }, { 1.2, 1.1 }, { -0.7, 0.4 }, { 0.1, 0.9 } });
    private static readonly Tensor targets = Tensor.From(1.1, -0.4, 0.3, 2.0, -0.6, 0.9);
    private static readonly Tensor covariance = Noise * Noise * Tensor.Eye(6, ElementType.Float64) + inputs.Dot(inputs.T);

    public static TheoryData<string> Schemes => ["stratified", "systematic", "multinomial"];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_particle_is_drawn_as_often_as_it_weighs_in_the_mean(string scheme)
    {
        const int draws = 4000;
        var weights = Tensor.From(0.05, 0.31, 0.0, 0.22, 0.42);
        var counts = Compile.Of((Key keys) => Vmap.Of((Key key) => Counts(Scheme(scheme)(key, weights), 5), keys).Mean(0))(Key.Of(1).SplitBatch(draws));
        Assert.True(Tensor.Abs(counts - 5.0 * weights).Max().Item() < 5 * Math.Sqrt(5 * 0.25 / draws));
        Assert.Equal(0, counts[2].Item());
    }

    [Fact]
    public void A_systematic_draw_rounds_the_expected_number()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var weights = Sample.Dirichlet(Key.Of(seed), Tensor.Full([20], 0.5, ElementType.Float64)).Evaluate();
            var counts = Counts(Resampling.Systematic(Key.Of(100 + seed), weights), 20);
            Assert.True(Tensor.Abs(counts - 20.0 * weights).Max().Item() < 1);
            Assert.True(Tensor.Abs(Counts(Resampling.Stratified(Key.Of(100 + seed), weights), 20) - 20.0 * weights).Max().Item() < 2);
        }
    }

    [Fact]
    public void Many_particles_are_drawn_without_a_table_of_all_pairs()
    {
        const int count = 100_000;
        var weights = Tensor.Full([count], 1.0 / count, ElementType.Float64);
        Assert.True(Tensor.Abs(Resampling.Systematic(Key.Of(1), weights) - Tensor.Arange(count)).Max().Item() <= 1);
    }

    [Fact]
    public void Equal_weights_count_in_full_and_a_single_one_as_one()
    {
        Assert.Equal(8, Resampling.EffectiveSampleSize(Tensor.Full([8], -Math.Log(8), ElementType.Float64)).Item(), 12);
        Assert.Equal(1, Resampling.EffectiveSampleSize(Tensor.From(0.0, double.NegativeInfinity, double.NegativeInfinity)).Item(), 12);
    }

    [Theory]
    [InlineData("metropolis", 1)]
    [InlineData("langevin", 0.5)]
    [InlineData("adjusted", 0)]
    public void Evidence_and_posterior_of_a_linear_model_are_those_of_the_closed_form(string name, double threshold)
    {
        const int particles = 4000;
        var run = Compile.Of((Key key) => new SequentialMonteCarlo(Resampling.Systematic, threshold).Posterior(
            key.Fold(0), Sample.Normal(key.Fold(1), [particles, 2], ElementType.Float64), Kernel(name), x => LogNormal(x, 1).Sum(-1), x => LogNormal(targets - x.Dot(inputs.T), Noise), 6));
        var state = run(Key.Of(2));
        var factor = LinearAlgebra.Cholesky(covariance);
        var whitened = LinearAlgebra.TriangularSolve(factor, targets.ExpandDims(1));
        var evidence = -0.5 * Tensor.Square(whitened).Sum() - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum() - 3 * Math.Log(2 * Math.PI);
        Assert.Equal(evidence.Item(), state.LogEvidence.Item(), 0.06);
        var gain = inputs.T.Dot(LinearAlgebra.Inverse(covariance));
        var (mean, spread) = (gain.Dot(targets), Tensor.Eye(2, ElementType.Float64) - gain.Dot(inputs));
        var apart = state.Particles - state.Mean(state.Particles);
        Assert.True(Tensor.Abs(state.Mean(state.Particles) - mean).Max().Item() < 0.03);
        Assert.True(Tensor.Abs((apart * state.Weights.ExpandDims(1)).T.Dot(apart) - spread).Max().Item() < 0.02);
        Assert.Equal(1, state.Weights.Sum().Item(), 12);
    }

    [Fact]
    public void A_part_alone_is_the_same_as_one_of_all()
    {
        var sampler = new SequentialMonteCarlo(Resampling.Systematic);
        var prior = Sample.Normal(Key.Of(3), [50, 2], ElementType.Float64).Evaluate();
        Tensor All(Tensor x) => LogNormal(targets - x.Dot(inputs.T), Noise);
        ParticleState Run(Func<Tensor, Tensor, Tensor>? part) => sampler.Posterior(Key.Of(4), prior, MarkovKernels.Metropolis(0.1, 3), x => LogNormal(x, 1).Sum(-1), All, 6, part);
        var alone = Run((x, row) => LogNormal(targets.Take(row) - x.Dot(inputs.Take(row)), Noise));
        Assert.True(Tensor.Abs(Run(null).Particles - alone.Particles).Max().Item() < 1e-10);
    }

    [Fact]
    public void Where_the_density_is_no_number_a_particle_weighs_nothing()
    {
        var sampler = new SequentialMonteCarlo(Resampling.Systematic);
        var state = sampler.Step(Key.Of(5), sampler.Start(Tensor.From(new[,] { { 1.0 }, { -1.0 } })), (_, x) => x, x => Tensor.Log(x[.., 0]));
        Assert.Equal([1.0, 0.0], state.Weights.ToDoubles());
        Assert.Equal(Math.Log(0.5), state.LogEvidence.Item(), 12);
    }

    [Theory]
    [InlineData("metropolis")]
    [InlineData("adjusted")]
    public void Moves_of_Metropolis_come_to_the_density_from_anywhere(string name)
    {
        static Tensor LogDensity(Tensor x) => -0.5 * Tensor.Square(x[.., 0] - 1.0) - 0.5 * Tensor.Square((x[.., 1] + 2.0) / 0.5);
        var moved = Compile.Of((Key key) => Control.Repeat(60, (i, x) => Kernel(name)(key.Fold(i), x, LogDensity), Tensor.Full([4000, 2], 3.0, ElementType.Float64)))(Key.Of(6));
        Assert.True(Tensor.Abs(moved.Mean(0) - Tensor.From(1.0, -2.0)).Max().Item() < 0.06);
        Assert.True(Tensor.Abs(Tensor.Square(moved - moved.Mean(0)).Mean(0) - Tensor.From(1.0, 0.25)).Max().Item() < 0.08);
    }

    [Fact]
    public void The_drift_to_the_prior_leaves_it_as_it_is()
    {
        var start = 2.0 * Sample.Normal(Key.Of(7), [40_000, 1], ElementType.Float64);
        var moved = MarkovKernels.OrnsteinUhlenbeck(1.5, 2)(Key.Of(8), start, x => x);
        Assert.Equal(4, Tensor.Square(moved).Mean().Item(), 0.1);
        Assert.Equal(4 * Math.Sqrt(1 - 1.5 / 4), (moved * start).Mean().Item(), 0.1);
    }

    [Fact]
    public void A_drift_of_more_variance_than_the_prior_has_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => MarkovKernels.OrnsteinUhlenbeck(4.1, 2));

    private static Tensor LogNormal(Tensor apart, double deviation) => -0.5 * Tensor.Square(apart / deviation) - Math.Log(deviation) - 0.5 * Math.Log(2 * Math.PI);

    private static Func<Key, Tensor, Tensor> Scheme(string name) => name switch { "stratified" => Resampling.Stratified, "systematic" => Resampling.Systematic, _ => Resampling.Multinomial };

    private static MarkovKernel Kernel(string name) => name switch
    {
        "metropolis" => MarkovKernels.Metropolis(0.3, 10),
        "langevin" => MarkovKernels.Langevin(0.005, 20),
        _ => MarkovKernels.AdjustedLangevin(0.2, 5),
    };

    private static Tensor Counts(Tensor drawn, int particles) => Tensor.OneHot(drawn, particles, ElementType.Float64).Sum(0);
}
