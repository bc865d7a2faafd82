using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Neurons;

namespace Paramorph.Tests.Data;

public sealed class HierarchicalPolynomialTests
{
    private static readonly HierarchicalPolynomial form = new(8);

    [Fact]
    public void Examples_are_the_polynomial_of_the_form()
    {
        var examples = form.Draw(Key.Of(1), 50);
        var (x, p, h) = (examples.Inputs.ToDoubles().Chunk(8).ToArray(), examples.Feature.ToDoubles(), examples.Target.ToDoubles());
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal((x[i][0] * x[i][1] + x[i][2] * x[i][3] + x[i][4] * x[i][5] + x[i][6] * x[i][7]) / 2, p[i], 1e-5);
            Assert.Equal(form.Of(p[i]), h[i], 1e-5);
        }
    }

    [Fact]
    public void What_no_quadratic_polynomial_tells_is_as_large_as_a_regression_finds_it()
    {
        // All 45 monomials of degree two at most, fitted to many samples.
        var examples = form.Draw(Key.Of(2), 40_000);
        var x = examples.Inputs.AsType(ElementType.Float64);
        var squares = (x.ExpandDims(1) * x.ExpandDims(2)).Reshape(-1, 64);
        var features = Tensor.Concatenate([Tensor.OnesLike(x[.., ..1]), x, squares], 1);
        double Left(Tensor targets) => Trend.Unexplained(features.Dot(RidgeRegression.Weights(features, targets.AsType(ElementType.Float64), 1e-9)).ToDoubles(), targets.ToDoubles());
        Assert.Equal(form.BeyondQuadratic, Left(examples.Target), 0.03);
        Assert.Equal(0, Left(examples.Quadratic), 1e-6);
        Assert.Equal(form.QuadraticCorrelation, Trend.Correlation(examples.Quadratic.ToDoubles(), examples.Feature.ToDoubles()), 0.01);
    }

    [Fact]
    public void Odd_dimensions_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchicalPolynomial(5));

    [Fact]
    public void Tasks_have_more_draws_in_smaller_dimensions()
    {
        var tasks = HierarchicalTask.Several(Key.Of(3), [4, 8], draws: 1, most: 2);
        Assert.Equal([16, 22, 32], tasks[0].Train.Select(sets => sets[0].Count));
        Assert.Equal([64, 90, 128], tasks[1].Train.Select(sets => sets[0].Count));
        Assert.Equal([4, 4, 4], tasks[0].Train.Select(sets => sets.Length));
        Assert.Equal([1, 1, 1], tasks[0].WithOneDraw().Train.Select(sets => sets.Length));
    }

    [Fact]
    public void A_curve_tells_where_errors_pass()
    {
        var task = HierarchicalTask.Of(Key.Of(4), form, [10, 20, 40], draws: 2, validation: 4, test: 200);
        // It leaves 1 of the variance from 10 samples, then 1/4, then 1/16, and knows p from 20 on.
        var curve = task.Curve(Key.Of(5), (samples, _) => (
            task.Test.Target.Mean() + (task.Test.Target - task.Test.Target.Mean()) * (1 - 10.0 / samples.Count), samples.Count > 10 ? task.Test.Feature : task.Test.Inputs[.., 0]));
        Numbers.Close([1, 0.25, 0.0625], [.. curve.Errors], 1e-5);
        Assert.Equal(10 * Math.Sqrt(2), curve.ErrorPassing(0.5), 1e-3);
        Assert.InRange(curve.CorrelationPassing(0.9), 10, 20);
        Assert.True(double.IsNaN(curve.ErrorPassing(0.01)));
    }

    [Fact]
    public void Training_by_layers_finds_the_form_and_the_function()
    {
        var task = HierarchicalTask.Of(Key.Of(6), form, [2000], draws: 1);
        var training = new HierarchicalTraining([1e-5, 1e-3]);
        var (network, flops) = training.Learn(HierarchicalNetwork.OfForm(Key.Of(7), 8, 1.5, 64), task.Train[0][0].Known, task.Validation.Known);
        var (output, feature) = training.Answer(network, task.Test.Inputs);
        Assert.True(flops > 0);
        Assert.True(Trend.Unexplained(output.ToDoubles(), task.Test.Target.ToDoubles()) < 0.3);
        Assert.Equal(form.QuadraticCorrelation, Math.Abs(Trend.Correlation(feature.ToDoubles(), task.Test.Feature.ToDoubles())), 0.03);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HierarchicalTraining([1e-3], share: 1));
    }

    [Fact]
    public void The_penalty_that_does_best_on_other_data_is_kept()
    {
        // The fit adds its penalty to a number that should be 1.
        var choice = new RidgeChoice<Tensor>((start, _, _, ridge) => start + ridge, (model, x) => model * x, [0.1, 0.5, 2]);
        var other = (Tensor.From(1f, 2, 3), Tensor.From(1f, 2, 3));
        Assert.Equal(1, choice.Best(Tensor.Scalar(0.5f), other, other).Model.Item(), 1e-6);
        Assert.Throws<ArgumentException>(() => new RidgeChoice<Tensor>((start, _, _, _) => start, (model, _) => model, []));
    }
}
