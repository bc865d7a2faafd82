using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Bayes;

public sealed class SimulationInferenceTests
{
    [Fact]
    public void An_oscillation_solves_its_differential_equation()
    {
        // x'' + 2 ζ ω x' + ω² x = 0 with x = 0 and x' = √(1 - ζ²) ω at the onset, by many steps of Runge and Kutta.
        const double Frequency = 3 + 7 * 0.4, Damping = 0.2 + 0.3 * 0.5, Onset = 1.5;
        const int Steps = 400;
        var problem = new DampedOscillator(Times: 16, Duration: 6, LatestOnset: 3);
        var signal = problem.Signal(Tensor.From(0.4, 0.5, 0.5)).ToDoubles();
        var (x, v, step) = (0.0, Math.Sqrt(1 - Damping * Damping) * Frequency, problem.Interval / Steps);
        (double X, double V) Slope(double x, double v) => (v, -2 * Damping * Frequency * v - Frequency * Frequency * x);
        for (var i = 0; i < signal.Length; i++)
        {
            if (i * problem.Interval <= Onset)
            {
                Assert.Equal(0, signal[i]);
                continue;
            }
            for (var j = 0; j < Steps; j++)
            {
                var a = Slope(x, v);
                var b = Slope(x + step / 2 * a.X, v + step / 2 * a.V);
                var c = Slope(x + step / 2 * b.X, v + step / 2 * b.V);
                var d = Slope(x + step * c.X, v + step * c.V);
                (x, v) = (x + step / 6 * (a.X + 2 * b.X + 2 * c.X + d.X), v + step / 6 * (a.V + 2 * b.V + 2 * c.V + d.V));
            }
            Assert.Equal(x, signal[i], 1e-8);
        }
    }

    [Fact]
    public void The_likelihood_is_normal_about_the_signal()
    {
        var problem = new DampedOscillator(Noise: 0.3);
        var (shares, signals) = problem.Draw(Key.Of(1), 2);
        double Log(int of, int signal) => problem.Signal(shares)[of].ToDoubles().Zip(signals[signal].ToDoubles(), (mean, value) => MathNet.Numerics.Distributions.Normal.PDFLn(mean, 0.3, value)).Sum();
        var ratio = (problem.LogLikelihood(shares[0], signals[0]) - problem.LogLikelihood(shares[1], signals[0])).Item();
        Assert.Equal(Log(0, 0) - Log(1, 0), ratio, 1e-3 * Math.Abs(ratio));
        Assert.Throws<ShapeException>(() => problem.Signal(Tensor.Zeros([4, 2])));
    }

    [Fact]
    public void Draws_from_a_grid_have_the_moments_of_the_density()
    {
        // Two normal numbers, of which the second lies about the first; nearly all of it is within the square.
        var posterior = new GridPosterior(
            (shares, centre) => -0.5 * Tensor.Square((shares[TensorIndex.Ellipsis, 0] - centre) / 0.05) - 0.5 * Tensor.Square((shares[TensorIndex.Ellipsis, 1] - shares[TensorIndex.Ellipsis, 0]) / 0.02),
            [20, 40], [60, 90]);
        double[][] draws = [.. posterior.Draw(Key.Of(2), Tensor.Scalar(0.4f), 20_000).ToDoubles().Chunk(2)];
        Assert.Equal(0.4, draws.Average(draw => draw[0]), 2e-3);
        Assert.Equal(0.05 * 0.05, draws.Average(draw => Math.Pow(draw[0] - 0.4, 2)), 1.5e-4);
        Assert.Equal(0.02 * 0.02, draws.Average(draw => Math.Pow(draw[1] - draw[0], 2)), 3e-5);
        Assert.Equal(20_000, draws.Select(draw => draw[0]).Distinct().Count(), 200.0);
        Assert.Throws<ArgumentException>(() => new GridPosterior((shares, _) => shares.Sum(-1), [4, 4], [4]));
    }

    [Fact]
    public void Draws_of_one_distribution_cannot_be_told_apart_and_those_of_distant_ones_can()
    {
        Tensor Normal(int key) => Sample.Normal(Key.Of(key), [400, 3]);
        Assert.Equal(0.5, TwoSampleTest.Accuracy(Normal(3), Normal(4)), 0.06);
        Assert.Equal(1, TwoSampleTest.Accuracy(Normal(3), Normal(4) + 20.0));
        Assert.Throws<ShapeException>(() => TwoSampleTest.Accuracy(Normal(3), Normal(4)[..10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoSampleTest.Accuracy(Normal(3)[..5], Normal(4)[..5]));
    }

    [Fact]
    public void Nearest_neighbours_are_counted_as_by_hand()
    {
        // On a line: 0a 1a 2b 3b, with a the first side; of its nearest other, 0 and 1 are told right, 2 is as near to 1 as to 3 and goes to the first of them, 3 is right.
        var accuracy = TwoSampleTest.Accuracy(Tensor.From(0f, 1).Reshape(2, 1), Tensor.From(2.1f, 3).Reshape(2, 1), neighbours: 1);
        Assert.Equal(1, accuracy);
        // Two neighbours of each: one of either side for the inner two, and for the outer two as well.
        Assert.Equal(0.5, TwoSampleTest.Accuracy(Tensor.From(0f, 1).Reshape(2, 1), Tensor.From(2.1f, 3).Reshape(2, 1), neighbours: 2));
    }

    [Fact]
    public void A_comparison_tells_an_exact_sampler_from_a_wrong_one()
    {
        var posterior = new GridPosterior((shares, centre) => -50.0 * Tensor.Square(shares - centre).Sum(-1), [20, 20], [40, 40]);
        var comparison = posterior.Comparison(Key.Of(5), [Tensor.Scalar(0.5f), Tensor.Scalar(0.45f)], 300);
        var (told, milliseconds) = comparison.Judge(Key.Of(6), (centre, key) => Tensor.Stack([Sample.Uniform(key, [300, 2]) * 0.05, posterior.Draw(key, centre, 300)]));
        Assert.True(told[0] > 0.95);
        Assert.Equal(0.5, told[1], 0.06);
        Assert.InRange(milliseconds, 1e-3, 1e4);
    }

    [Fact]
    public void A_signal_is_moved_back_by_its_onset()
    {
        var pose = new SignalOnset(Times: 8, Interval: 0.5, Latest: 2, Blur: 0.25, Start: 1);
        var signals = Tensor.From(0f, 1, 2, 3, 4, 5, 6, 7).Reshape(1, 8);
        var moved = pose.Moved(signals, Tensor.From(3f).Reshape(1, 1));
        Assert.Equal([2, 3, 4, 5, 6, 7, 0, 1], moved[0, 0].ToDoubles());
        Assert.Equal(3.0 / 32, moved[0, 1, 5].Item(), 1e-7);
        Assert.Equal([6, 7, 0, 1, 2, 3, 4, 5], pose.Moved(signals, Tensor.From(-1f).Reshape(1, 1))[0, 0].ToDoubles());
        var (onsets, blurred) = (Tensor.From(0.3, 0.8).Reshape(2, 1), Tensor.From(1.0, 2).Reshape(2, 1));
        Numbers.Close(onsets.Flatten().ToDoubles(), pose.Absolute(pose.Relative(onsets, blurred), blurred).Flatten().ToDoubles(), 1e-12);
        Assert.Equal((2 * 0.3 - 0.5) / 0.25, pose.Relative(onsets, blurred)[0, 0].Item(), 1e-12);
        Assert.Throws<ShapeException>(() => pose.Moved(signals, Tensor.Zeros([2, 1])));
    }

    [Fact]
    public void Blurred_onsets_are_whole_intervals_about_the_onset()
    {
        var pose = new SignalOnset(Times: 64, Interval: 0.01, Latest: 3, Blur: 0.2, Start: 8);
        var blurred = pose.Blurred(Key.Of(7), Tensor.Full([20_000, 1], 0.5)).ToDoubles();
        Assert.All(blurred, value => Assert.Equal(Math.Round(value), value));
        Assert.Equal(150, blurred.Average(), 0.6);
        Assert.Equal(20, Math.Sqrt(blurred.Average(value => (value - 150) * (value - 150))), 0.5);
    }

    [Fact]
    public void Chains_of_shares_stay_between_zero_and_one_and_find_the_density()
    {
        // The density 2 x on [0, 1] has the mean 2/3 and the variance 1/18; beyond 1 it would grow on.
        var run = Compile.Of((Key key) => EnsembleSampler.OfShares(shares => Tensor.Log(shares).Sum(-1)).Run(key.Fold(0), Sample.Uniform(key.Fold(1), [100, 2]), burnIn: 100, kept: 200, thinning: 5).Positions);
        var drawn = run(Key.Of(8)).ToDoubles();
        Assert.All(drawn, share => Assert.InRange(share, 0, 1));
        Assert.Equal(2.0 / 3, drawn.Average(), 0.01);
        Assert.Equal(1.0 / 18, drawn.Average(share => (share - drawn.Average()) * (share - drawn.Average())), 0.004);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trained_density_finds_the_posterior_of_a_linear_model(bool isConvolutional)
    {
        // A value of prior N(0, 1), seen eight times with noise of variance 1: its posterior is N(8 mean / 9, 1 / 9).
        var density = isConvolutional ? MixtureDensity.Convolutional(Key.Of(9), 1, 8, 1, components: 2, width: 16) : MixtureDensity.Perceptron(Key.Of(9), 8, 1, components: 2, width: 16);
        var simulate = Compile.Of((Key key) =>
        {
            var values = Sample.Normal(key.Fold(0), [64, 1]);
            return new TreePair<Tensor, Tensor>((values + Sample.Normal(key.Fold(1), [64, 8])).ExpandDims(1), values);
        });
        var trainer = MixtureDensity.Trainer(600, rate: 5e-3);
        var trained = trainer.Run(trainer.Start(density, Key.Of(10)), Paramorph.Training.Batches.Drawn(step => simulate(Key.Of(11).Fold(step))), new(600)).State.Model;
        var drawn = trained.Draw(Key.Of(12), Tensor.Full([4000, 1, 8], 0.9)).ToDoubles();
        Assert.Equal(0.8, drawn.Average(), 0.1);
        Assert.Equal(1.0 / 3, Math.Sqrt(drawn.Average(value => Math.Pow(value - drawn.Average(), 2))), 0.08);
    }

    [Fact]
    public void A_signal_that_cannot_be_halved_three_times_is_refused() => Assert.Throws<ShapeException>(() => MixtureDensity.Convolutional(Key.Of(1), 1, 12, 2));

    [Fact]
    public void A_posterior_of_one_number_is_drawn_and_one_without_a_density_is_refused()
    {
        var posterior = new GridPosterior((share, centre) => -50.0 * Tensor.Square(share - centre).Sum(-1), [20], [400]);
        var draws = posterior.Draw(Key.Of(7), Tensor.Scalar(0.4f), 2000);
        Assert.Equal(0.4, draws.Mean().Item(), 0.01);
        Assert.Equal(0.1, Tensor.Sqrt(Tensor.Square(draws - 0.4).Mean()).Item(), 0.01);
        Assert.Throws<ArithmeticException>(() => new GridPosterior((share, _) => double.NegativeInfinity * Tensor.OnesLike(share).Sum(-1), [4], [4]).Draw(Key.Of(8), Tensor.Scalar(0f), 1));
    }
}
