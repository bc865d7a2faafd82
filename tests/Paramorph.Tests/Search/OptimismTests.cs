using Paramorph.Layers;
using Paramorph.Search;

namespace Paramorph.Tests.Search;

public sealed class OptimismTests
{
    private const int Dimensions = 3;

    private static readonly Tensor points = Sample.Normal(Key.Of(1), [6, Dimensions], ElementType.Float64).Evaluate();

    [Fact]
    public void For_a_linear_model_the_upper_bound_is_that_of_linear_bandits()
    {
        // f = w · x: θ̂ is ridge regression towards w₀, and the highest value of the ball w · x + √β ‖x‖ in the metric of Σ⁻¹.
        var start = new Linear(Tensor.From(new double[,] { { 0.5 }, { -1 }, { 2 } }), null);
        var search = new ParametricSearch<Linear>(start, (map, x) => map.Call(x).Squeeze(-1), ridge: 0.7);
        double[] values = [1, -2, 0.5, 3];
        for (var i = 0; i < values.Length; i++) search.Tell(points[i].Evaluate(), values[i]);
        var (seen, y) = (points[..4], Tensor.From(values));
        var metric = 0.7 * Tensor.Eye(Dimensions, ElementType.Float64) + Tensor.MatMul(seen.T, seen);
        var w = LinearAlgebra.Solve(metric, 0.7 * start.Weight + Tensor.MatMul(seen.T, y.ExpandDims(-1)));
        Numbers.Close(metric.ToDoubles(), search.Metric.ToDoubles(), 1e-12);
        Numbers.Close(w.ToDoubles(), search.Parameters.ToDoubles(), 1e-10);
        var expected = points.Dot(w).Squeeze(-1) + 1.5 * Tensor.Sqrt((points * LinearAlgebra.Solve(metric, points.T).T).Sum(-1));
        Numbers.Close(expected.ToDoubles(), search.UpperBound(points, 1.5).ToDoubles(), 1e-10);
        Numbers.Close(points.Dot(w).Squeeze(-1).ToDoubles(), search.Predict(points).ToDoubles(), 1e-10);
    }

    [Fact]
    public void For_a_network_gradients_are_at_the_first_parameters_and_the_bound_is_of_a_network_of_the_ball()
    {
        var network = Mlp.Create(Key.Of(2), [Dimensions, 4, 1], Tensor.Tanh, type: ElementType.Float64);
        var search = new ParametricSearch<Mlp>(network, (m, x) => m.Call(x).Squeeze(-1), ridge: 1);
        var before = search.UpperBound(points, 1).ToDoubles();
        search.Tell(points[0].Evaluate(), network.Call(points[0]).Item());
        // What was expected teaches nothing but narrows the ball, most of all there.
        Numbers.Close(network.Call(points).Squeeze(-1).ToDoubles(), search.Predict(points).ToDoubles(), 1e-10);
        var after = search.UpperBound(points, 1).ToDoubles();
        Assert.True(after[0] < before[0] - 0.1);
    }

    [Fact]
    public void The_posterior_is_that_of_the_dense_formula()
    {
        var (x, y) = (Sample.Uniform(Key.Of(3), [20, 2], type: ElementType.Float64).Evaluate(), Tensor.Zeros([20]));
        double Function(double[] p) => Math.Sin(4 * p[0]) + p[1];
        y = Tensor.From<double>([.. x.ToDoubles().Chunk(2).Select(Function)]);
        var search = new GaussianProcessSearch(2, 30);
        search.Tell(x, y);
        // It knows what it was told, and is unsure far away.
        var (mean, deviation) = search.Posterior(x);
        Numbers.Close(y.ToDoubles(), mean.ToDoubles(), 0.02);
        var (_, far) = search.Posterior(Tensor.From(new double[,] { { 30, 30 } }));
        Assert.True(far.Item() > 10 * deviation.Max().Item());
        var inside = Sample.Uniform(Key.Of(4), [50, 2], type: ElementType.Float64).Evaluate();
        double[] truth = [.. inside.ToDoubles().Chunk(2).Select(Function)], found = search.Posterior(inside).Mean.ToDoubles();
        Assert.True(truth.Zip(found, (a, b) => Math.Abs(a - b)).Average() < 0.1);
        Numbers.Close([.. search.Posterior(inside).Mean.ToDoubles().Zip(search.Posterior(inside).Deviation.ToDoubles(), (m, s) => m + 2 * s)], search.UpperBound(inside, 2).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Expected_improvement_is_the_mean_of_what_exceeds_the_best()
    {
        var search = new GaussianProcessSearch(1, 5);
        search.Tell(Tensor.From(new double[,] { { 0 }, { 0.5 }, { 1 } }), Tensor.From(0.1, 1, 0.3));
        var at = Tensor.From(new double[,] { { 0.25 }, { 0.6 }, { 3 } });
        var (mean, deviation) = search.Posterior(at);
        // The integral of max(0, f - best) against the normal density, by the midpoint rule.
        double[] expected = [.. mean.ToDoubles().Zip(deviation.ToDoubles(), (m, s) => Enumerable.Range(0, 4000).Sum(i =>
        {
            var z = -8 + (i + 0.5) * 16 / 4000;
            return 16.0 / 4000 * Math.Max(0, m + s * z - 1) * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
        }))];
        Numbers.Close(expected, search.ExpectedImprovement(at).ToDoubles(), 1e-5);
    }

    [Fact]
    public void More_values_than_announced_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => new GaussianProcessSearch(1, 1).Tell(Tensor.From(new double[,] { { 0 }, { 1 } }), Tensor.From(0.0, 1)));
}
