using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class NeuralDiffusionProcessTests
{
    private const ElementType Double = ElementType.Float64;

    private static Tensor Points => 2.0 * Sample.Uniform(Key.Of(1), [2, 5, 3], type: Double) - 1.0;

    private static Tensor Noisy => Sample.Normal(Key.Of(2), [2, 5], Double);

    /// <summary>With an output layer that is not zero, as it is before training.</summary>
    private static NeuralDiffusionProcess Network
    {
        get
        {
            var network = NeuralDiffusionProcess.Create(Key.Of(3), features: 8, heads: 2, layers: 2, levels: 10, waves: 2, Double);
            return network with { Output = network.Output with { Weight = Sample.Normal(Key.Of(4), [8, 1], Double) } };
        }
    }

    [Fact]
    public void What_is_told_of_places_follows_their_order_and_not_that_of_dimensions()
    {
        var (network, level, places, dimensions) = (Network, Tensor.From(3, 7), Tensor.From(4, 2, 0, 1, 3), Tensor.From(2, 0, 1));
        var noise = network.Call(Points, Noisy, level);
        Numbers.Close(noise.Take(places, 1).ToDoubles(), network.Call(Points.Take(places, 1), Noisy.Take(places, 1), level).ToDoubles(), 1e-12);
        Numbers.Close(noise.ToDoubles(), network.Call(Points.Take(dimensions, 2), Noisy, level).ToDoubles(), 1e-12);
    }

    [Fact]
    public void A_block_follows_the_order_of_places_and_of_dimensions_and_each_element_sees_its_row_and_its_column()
    {
        var block = BidimensionalAttention.Create(Key.Of(5), 8, 2, Double);
        var (x, time) = (Sample.Normal(Key.Of(6), [4, 3, 8], Double), Sample.Normal(Key.Of(7), [8], Double));
        foreach (var (axis, order) in new[] { (0, Tensor.From(3, 1, 0, 2)), (1, Tensor.From(2, 0, 1)) })
        {
            var ((next, skip), (nextOf, skipOf)) = (block.Call(x, time), block.Call(x.Take(order, axis), time));
            Numbers.Close(next.Take(order, axis).ToDoubles(), nextOf.ToDoubles(), 1e-12);
            Numbers.Close(skip.Take(order, axis).ToDoubles(), skipOf.ToDoubles(), 1e-12);
        }
        var changed = x + (Tensor.OneHot(Tensor.Scalar(1), 4).ExpandDims(1) * Tensor.OneHot(Tensor.Scalar(2), 3)).AsType(Double).ExpandDims(-1);
        var moved = Tensor.Abs(block.Call(changed, time).Skip - block.Call(x, time).Skip).Sum(-1);
        for (var place = 0; place < 4; place++)
            for (var dimension = 0; dimension < 3; dimension++) Assert.Equal(place == 1 || dimension == 2, moved[place, dimension].Item() > 1e-9);
    }

    [Fact]
    public void Steps_of_noise_one_after_the_other_are_the_level_at_once()
    {
        var levels = NoiseLevels.Cosine(20);
        var (share, variance) = (1.0, 0.0);
        foreach (var (level, step) in levels.Steps.ToDoubles().Index())
        {
            Assert.InRange(step, 0, 0.5);
            (share, variance) = (share * Math.Sqrt(1 - step), (1 - step) * variance + step);
            Tensor At(double value, double noise) => levels.Noised(Tensor.From(value), Tensor.Scalar(level), Tensor.From(noise));
            Assert.Equal(share, At(1, 0).Item(), 1e-12);
            Assert.Equal(Math.Sqrt(variance), At(0, 1).Item(), 1e-12);
        }
        Assert.InRange(share, 0, 0.1);
    }

    [Fact]
    public void Denoising_by_the_expected_noise_of_standard_normal_values_leaves_them_standard_normal()
    {
        var levels = NoiseLevels.Cosine(20);
        var share = (1.0 - levels.Steps).CumulativeProduct(0).ToDoubles();
        for (var level = 1; level < 20; level++)
        {
            var (at, expected) = (Tensor.Scalar(level), Math.Sqrt(1 - share[level]));
            double slope = levels.Denoised(Tensor.From(1.0), at, Tensor.From(expected), Tensor.From(0.0)).Item(), spread = levels.Denoised(Tensor.From(0.0), at, Tensor.From(0.0), Tensor.From(1.0)).Item();
            Assert.Equal(1, slope * slope + spread * spread, 1e-12);
        }
    }

    [Fact]
    public void With_the_expected_noise_of_a_Gaussian_process_draws_have_its_posterior()
    {
        // The noise that is expected on values y of covariance K at a level of share a is √(1 - a) (a K + (1 - a) I)⁻¹ y.
        const int Levels = 30, Places = 4;
        var (levels, eye) = (NoiseLevels.Cosine(Levels), Tensor.Eye(Places, Double));
        var share = (1.0 - levels.Steps).CumulativeProduct(0).Evaluate();
        var x = Tensor.From(-0.5, 0.1, 0.4, 0.9);
        var kernel = Tensor.Exp(-2.0 * Tensor.Square(x.ExpandDims(1) - x)) + 0.01 * eye;
        var inverses = Tensor.Stack([.. Enumerable.Range(0, Levels).Select(level => LinearAlgebra.Inverse(share[level] * kernel + (1.0 - share[level]) * eye))]).Evaluate();
        Tensor Expected(Tensor noisy, Tensor level) => Tensor.Sqrt(1.0 - share.Take(level)) * noisy.Dot(inverses.Take(level));
        var values = Tensor.From(1.0, 0, -0.5, 0);
        Tensor Draws(Tensor known, int again) => Compile.Of((Key key) => levels.Draw(key, Expected, new(x.ExpandDims(1), values, known), 4000, again))(Key.Of(8));
        var known = Tensor.From(true, false, true, false);
        var (rows, asked) = (Tensor.From(0, 2), Tensor.From(1, 3));
        var across = LinearAlgebra.Solve(kernel.Take(rows).Take(rows, 1), kernel.Take(rows).Take(asked, 1));
        var mean = values.Take(rows).Dot(across);
        var deviation = Tensor.Sqrt(LinearAlgebra.Diagonal(kernel.Take(asked).Take(asked, 1) - Tensor.MatMul(kernel.Take(asked).Take(rows, 1), across)));
        double Far(Tensor draws) => Tensor.Abs(draws.Mean(0).Take(asked) - mean).Max().Item();
        var drawn = Draws(known, again: 5);
        Assert.Equal([1, 1, -0.5, -0.5], drawn[..2].Take(rows, 1).T.ToDoubles());
        Assert.InRange(Far(drawn), 0, 0.1);
        Numbers.Close(deviation.ToDoubles(), Tensor.Sqrt(drawn.Variance(0)).Take(asked).ToDoubles(), 0.04);
        // Once at each level is not enough, and where nothing is known there is nothing to fit to.
        Assert.True(Far(Draws(known, again: 0)) > 0.15);
        var prior = Draws(Tensor.From(false, false, false, false), again: 0);
        Numbers.Close(kernel.ToDoubles(), (Tensor.MatMul(prior.T, prior) / 4000).ToDoubles(), 0.1);
    }

    [Fact]
    public void Before_training_the_loss_is_the_variance_of_the_noise() =>
        Assert.Equal(1, NeuralDiffusionProcess.Create(Key.Of(3), 8, 2, 1, 10, type: Double).Loss(NoiseLevels.Cosine(10), Tensor.Zeros([400, 20, 1], Double), Tensor.Zeros([400, 20], Double), Key.Of(9)).Item(), 0.05);

    [Fact]
    public void Waves_of_a_coordinate_are_sines_and_cosines_of_quarters_of_a_period()
    {
        const double X = 0.3;
        Numbers.Close(
            [X, Math.Sin(Math.PI / 2 * X), Math.Sin(Math.PI * X), Math.Cos(Math.PI / 2 * X), Math.Cos(Math.PI * X)],
            NeuralDiffusionProcess.WithWaves(Tensor.From(X), 2).ToDoubles(), 1e-12);
    }
}
