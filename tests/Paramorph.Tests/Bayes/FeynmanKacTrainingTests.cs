using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Tests.Bayes;

/// <summary>A line whose offset is random and whose slope is learned: y = ψ x + φ + noise has a marginal likelihood in closed form.</summary>
public sealed class FeynmanKacTrainingTests
{
    private const double Noise = 0.5;
    private const int Count = 8;

    private static readonly Examples data = new(
        Tensor.From(0.2, 0.5, 0.9, 1.1, 1.4, 1.8, 2.0, 2.3).Reshape(Count, 1), Tensor.From(1.6, 1.4, 2.6, 2.3, 2.9, 3.1, 4.2, 3.9).Reshape(Count, 1));

    private static readonly PartialNetwork<Linear, Examples> network = new(
        Leaves.Named("bias"), (line, batch) => (-0.5 * Tensor.Square((batch.Targets - line.Call(batch.Inputs)) / Noise) - Math.Log(Noise) - 0.5 * Math.Log(2 * Math.PI)).Sum(1));

    private static readonly Linear start = new(Tensor.From(0.4).Reshape(1, 1), Tensor.From(0.0));

    private static readonly Tensor covariance = Noise * Noise * Tensor.Eye(Count, ElementType.Float64) + 1.0;

    [Fact]
    public void Random_leaves_are_one_vector_and_come_back()
    {
        var mlp = Mlp.Create(Key.Of(1), [2, 3, 4, 1], Tensor.Tanh, type: ElementType.Float64);
        var middle = new PartialNetwork<Mlp, Tensor>(Leaves.Named("layers[1]*"), (_, x) => x);
        var particles = middle.Prior(Key.Of(2), mlp, 5).Evaluate();
        Assert.Equal([5, 16], particles.Shape);
        Assert.Equal(particles[3].ToDoubles(), middle.Values(middle.With(mlp, particles[3])).ToDoubles());
        var x = Sample.Normal(Key.Of(3), [7, 2], ElementType.Float64);
        var all = middle.Over(mlp, particles, own => own.Call(x));
        for (var i = 0; i < 5; i++) Assert.True(Tensor.Abs(all[i] - middle.With(mlp, particles[i]).Call(x)).Max().Item() < 1e-12);
    }

    [Fact]
    public void The_mean_gradient_over_the_posterior_is_that_of_the_marginal_likelihood()
    {
        var expected = Gradient.Of(start.Weight, LogMarginal).Item();
        var estimated = Compile.Of((Key key) =>
        {
            var sample = new SequentialMonteCarlo(Resampling.Stratified).Posterior(
                key.Fold(0), network.Prior(key.Fold(1), start, 4000), MarkovKernels.Metropolis(0.05, 10), network.LogPrior, x => network.LogLikelihoods(start, x, data), Count);
            return network.MarginalGradient(start, sample, data, Tensor.Scalar(1.0));
        })(Key.Of(4));
        Assert.Equal(expected, estimated.Weight.Item(), 0.02 * Math.Abs(expected));
        Assert.Equal(0, estimated.Bias!.Item());
    }

    [Fact]
    public void Particles_from_the_prior_lead_to_the_highest_marginal_likelihood()
    {
        var training = new FeynmanKacTraining<Linear, Examples>(
            network, new(Resampling.Stratified), MarkovKernels.Metropolis(0.05, 5), new Adam(Schedule.Cosine(0.1, 150)), isOpen: false);
        var end = training.Run(training.Start(start, Key.Of(5), 400), Batches.Whole(data), Count, 150, Key.Of(6));
        // Generalised least squares.
        var (inverse, x) = (LinearAlgebra.Inverse(covariance), data.Inputs);
        var best = (x.T.Dot(inverse).Dot(data.Targets) / x.T.Dot(inverse).Dot(x)).Item();
        Assert.Equal(best, end.Model.Weight.Item(), 0.02);
        Assert.Equal(LogMarginal(end.Model.Weight).Item(), end.Sample.LogEvidence.Item(), 0.15);
        Assert.Equal(start.Bias!.Item(), end.Model.Bias!.Item());
    }

    [Fact]
    public void Particles_that_go_on_find_slope_and_offset()
    {
        var training = new FeynmanKacTraining<Linear, Examples>(network, new(Resampling.Stratified), MarkovKernels.RandomWalk(1e-3), new Adam(Schedule.Cosine(0.05, 400)));
        var end = training.Run(training.Start(start, Key.Of(7), 300), Batches.Shuffled(data, 4, Key.Of(8)), Count, 400, Key.Of(9));
        // Within two standard errors of least squares.
        var x = Tensor.Concatenate([data.Inputs, Tensor.OnesLike(data.Inputs)], 1);
        var inverse = LinearAlgebra.Inverse(x.T.Dot(x));
        var least = inverse.Dot(x.T).Dot(data.Targets).ToDoubles();
        Assert.Equal(least[0], end.Model.Weight.Item(), 2 * Noise * Math.Sqrt(inverse[0, 0].Item()));
        Assert.Equal(least[1], end.Sample.Mean(end.Sample.Particles).Item(), 2 * Noise * Math.Sqrt(inverse[1, 1].Item()));
    }

    [Fact]
    public void Both_modes_of_an_even_function_are_kept()
    {
        var even = new PartialNetwork<Linear, Examples>(
            Leaves.Named("bias"), (line, batch) => -0.5 * Tensor.Square((batch.Targets - line.Weight * Tensor.Abs(line.Bias!) - 0 * batch.Inputs) / 0.2).Sum(1), 2);
        var training = new FeynmanKacTraining<Linear, Examples>(even, new(Resampling.Stratified), MarkovKernels.RandomWalk(1e-3), new Sgd(1e-3));
        var ones = new Examples(Tensor.Zeros([6, 1], ElementType.Float64), Tensor.From(1.9, 2.1, 2.0, 1.8, 2.2, 2.0).Reshape(6, 1));
        var end = training.Run(training.Start(start with { Weight = Tensor.Ones([1, 1], ElementType.Float64) }, Key.Of(10), 500), Batches.Shuffled(ones, 2, Key.Of(11)), 6, 100, Key.Of(12));
        var share = end.Sample.Mean(Tensor.Where(end.Sample.Particles[.., 0] > 0.0, 1.0, 0.0).AsType(ElementType.Float64)).Item();
        Assert.InRange(share, 0.2, 0.8);
        Assert.Equal(2, end.Sample.Mean(Tensor.Abs(end.Sample.Particles[.., 0])).Item(), 0.2);
    }

    [Fact]
    public void A_training_without_a_finite_density_says_so()
    {
        var broken = network with { LogLikelihood = (line, batch) => Tensor.Log(-Tensor.Square(line.Call(batch.Inputs)) - 1.0).Sum(1) };
        var training = new FeynmanKacTraining<Linear, Examples>(broken, new(Resampling.Stratified), MarkovKernels.RandomWalk(1e-3), new Sgd(1e-3));
        var error = Assert.Throws<ArithmeticException>(() => training.Run(training.Start(start, Key.Of(1), 10), Batches.Whole(data), Count, 2, Key.Of(2)));
        Assert.Contains("no particle has a finite density", error.Message);
    }

    [Fact]
    public void The_bound_of_the_exact_posterior_is_the_evidence()
    {
        var residual = (data.Targets - data.Inputs.Dot(start.Weight)).Sum().Item();
        var variance = 1 / (1 + Count / (Noise * Noise));
        var posterior = new MeanField(Tensor.From(variance * residual / (Noise * Noise)), Tensor.From(0.5 * Math.Log(variance)));
        var bound = network.EvidenceBound(start, posterior, data, Tensor.Scalar(1.0), Key.Of(13), 40_000).Item();
        Assert.Equal(LogMarginal(start.Weight).Item(), bound, 0.02);
        var wider = posterior with { LogDeviation = posterior.LogDeviation + 0.5 };
        Assert.True(network.EvidenceBound(start, wider, data, Tensor.Scalar(1.0), Key.Of(13), 40_000).Item() < bound - 0.1);
    }

    [Fact]
    public void The_divergence_from_the_prior_is_that_of_draws()
    {
        var field = new MeanField(Tensor.From(0.3, -1.0), Tensor.From(-0.5, 0.2));
        var draws = field.Draw(Key.Of(14), 200_000);
        static Tensor LogNormal(Tensor x, Tensor mean, Tensor logDeviation) => (-0.5 * Tensor.Square((x - mean) * Tensor.Exp(-logDeviation)) - logDeviation).Sum(-1);
        var expected = (LogNormal(draws, field.Mean, field.LogDeviation) - LogNormal(draws, Tensor.Zeros([2], ElementType.Float64), Tensor.Full([2], Math.Log(1.5), ElementType.Float64))).Mean().Item();
        Assert.Equal(expected, field.Divergence(1.5).Item(), 0.01);
    }

    [Fact]
    public void Without_a_random_leaf_there_is_nothing_to_sample()
    {
        var error = Assert.Throws<TreeException>(() => (network with { Random = Leaves.Named("nothing") }).Values(start));
        Assert.Contains("no leaf of the model is random", error.Message);
    }

    private static Tensor LogMarginal(Tensor slope)
    {
        var apart = data.Targets - data.Inputs.Dot(slope);
        var factor = LinearAlgebra.Cholesky(covariance);
        return -0.5 * Tensor.Square(LinearAlgebra.TriangularSolve(factor, apart)).Sum() - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum() - 0.5 * Count * Math.Log(2 * Math.PI);
    }
}
