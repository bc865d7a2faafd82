using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Training;

namespace Paramorph.Tests.Bayes;

public sealed class LearningCurveTests
{
    private const int Epochs = 12;

    [Fact]
    public void A_curve_is_the_weighted_sum_of_its_families()
    {
        // Weights 1, 0.5, 0 of pow3 c - a x^-alpha and ilog2 c - a / ln(x + 1): alpha = exp(0) = 1.
        var parameters = Tensor.From<float>([1, 0.5f, 0, 0.3f, 0.9f, 0, 0.4f, 0.2f, 0, 0, 0, 0, -4]);
        var curve = LearningCurvePrior.Curve(parameters, Epochs).ToDoubles();
        for (var x = 1; x <= Epochs; x++) Assert.Equal(0.9 - 0.3 / x + 0.5 * (0.4 - 0.2 / Math.Log(x + 1)), curve[x - 1], 5);
    }

    [Fact]
    public void Values_have_a_normal_density()
    {
        var parameters = Tensor.From<float>([1, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0, 0, (float)Math.Log(0.1)]);
        var density = LearningCurvePrior.LogDensity(parameters, Tensor.Full([Epochs], 0.6)).ToDoubles();
        Assert.All(density, value => Assert.Equal(-0.5 - Math.Log(0.1) - 0.5 * Math.Log(2 * Math.PI), value, 4));
    }

    [Fact]
    public void Parameters_outside_of_the_prior_are_impossible()
    {
        var curves = Tensor.Full([1, Epochs], 0.5f);
        var known = Tensor.Arange(Epochs).ExpandDims(0) < 4;
        double Posterior(float weight) => LearningCurvePrior.LogPosterior(Tensor.From<float>([weight, 0, 0, 0.3f, 0.6f, 0, 0, 0, 0, 0, 0, 0, -3], [1, 1, 13]), curves, known).Item();
        Assert.True(double.IsFinite(Posterior(0.9f)));
        Assert.Equal(double.NegativeInfinity, Posterior(1.1f));
    }

    [Fact]
    public void Densities_of_a_network_integrate_to_one_and_its_quantiles_agree_with_them()
    {
        var network = LearningCurveNetwork.Create(Key.Of(1), Epochs, bars: 20, features: 16, layers: 1);
        var curve = LearningCurves.Of(Key.Of(2), 1, Epochs).Noisy;
        var known = Tensor.Arange(Epochs).ExpandDims(0) < 4;
        var logits = network.Call(curve, known).Evaluate();
        const double Low = -3, High = 4, Step = 1e-3;
        var (sum, below, median) = (0.0, 0.0, network.Quantile(logits, curve, known, 0.5)[0, 8].Item());
        var known4 = curve[.., ..4];
        var density = Compile.Of((Tensor value) => network.LogDensity(logits, Tensor.Concatenate([known4, value.BroadcastTo([1, Epochs - 4])], 1), known)[0, 8]);
        for (var value = Low; value < High; value += Step)
        {
            var mass = Step * Math.Exp(density(Tensor.Scalar((float)value)).Item());
            sum += mass;
            if (value < median) below += mass;
        }
        Assert.Equal(1, sum, 0.02);
        Assert.Equal(0.5, below, 0.02);
        Assert.Equal(0.5, network.ProbabilityAbove(logits, curve, known, Tensor.Scalar((float)median))[0, 8].Item(), 3);
    }

    [Fact]
    public void Training_raises_the_likelihood_and_hope_ends_where_a_curve_is_flat_and_low()
    {
        var start = LearningCurveNetwork.Create(Key.Of(1), Epochs, bars: 40, features: 16, layers: 1);
        var trainer = LearningCurveNetwork.Trainer(Epochs, 300);
        var run = trainer.Run(trainer.Start(start, Key.Of(3)), LearningCurveNetwork.Drawn(Key.Of(4), 16, Epochs), new(300) { ReadEvery = 10 });
        double[] losses = [.. run.Loss.Select(point => point.Value)];
        Assert.True(losses[^20..].Average() < losses[..20].Average() - 0.1);
        var ends = run.State.Model.HopelessAfter([[.. Enumerable.Repeat(0.2, Epochs)]], 0.05);
        Assert.InRange(ends(0, 0.95), 2, Epochs - 1);
        Assert.Equal(Epochs, ends(0, 0.1));
    }

    [Fact]
    public void Chains_predict_what_a_network_should()
    {
        var curves = LearningCurves.Of(Key.Of(5), 2, Epochs).Noisy;
        var known = (Tensor.Arange(Epochs).ExpandDims(0).BroadcastTo([2, Epochs]) < 8).Evaluate();
        var answers = Compile.Of((Key key, Tensor curves, Tensor known) => LearningCurvePrior.Extrapolated(key, curves, known, 28, 100, 20, 2, 2))(Key.Of(6), curves, known);
        Assert.Equal([2, 2, Epochs], answers.Shape);
        // Known epochs lie where the chains were drawn to.
        Assert.All(answers[1, .., ..8].ToDoubles(), density => Assert.InRange(density, -3, 8));
    }

    [Fact]
    public void A_curve_of_a_thousand_epochs_has_an_answer()
    {
        var network = LearningCurveNetwork.Create(Key.Of(3), 1000, bars: 20, features: 16, layers: 1);
        var curve = LearningCurves.Of(Key.Of(4), 1, 1000).Noisy;
        var known = Tensor.Arange(1000).ExpandDims(0) < 900;
        Assert.InRange(network.Quantile(network.Call(curve, known), curve, known, 0.5)[0, 950].Item(), -10, 10);
    }
}
