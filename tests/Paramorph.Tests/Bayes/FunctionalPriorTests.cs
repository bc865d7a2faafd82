using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using Paramorph.Bayes;
using Paramorph.Layers;

namespace Paramorph.Tests.Bayes;

public sealed class FunctionalPriorTests
{
    private static readonly double rootOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(0, 3, 1.5957691216057308)]
    public void A_critic_finds_the_distance_of_normal_numbers(double mean, double deviation, double distance)
    {
        // The quantiles of N(m, s²) are m + s z, so the distance from N(0, 1) is the mean of |m + (s - 1) z|.
        var found = Compile.Of((Key key) =>
        {
            Tensor One(int part) => mean + deviation * Normal(key.Fold(part), 1000, 1);
            Tensor Other(int part) => Normal(key.Fold(part), 1000, 1);
            var critic = WassersteinCritic.Create(key.Fold(0), 1, 32, ElementType.Float64).Trained(key.Fold(1), One(2), Other(3), 300, weight: 50);
            return critic.Difference(One(4), Other(5));
        })(Key.Of(1));
        Assert.Equal(distance, found.Item(), 0.12 * distance);
    }

    [Fact]
    public void Slices_of_normal_numbers_are_as_far_apart_as_their_deviations()
    {
        var drawn = Normal(Key.Of(1), 4000, 3).Evaluate();
        // Each slice of one is twice that of the other, and the mean of |z| is the root of 2 / π.
        Assert.Equal(rootOfTwoOverPi, SlicedWasserstein.Distance(Key.Of(2), drawn, 2 * Normal(Key.Of(3), 4000, 3)).Item(), 0.04);
        Assert.Equal(0, SlicedWasserstein.Distance(Key.Of(2), drawn, drawn).Item());
        Assert.Throws<ShapeException>(() => SlicedWasserstein.Distance(Key.Of(2), drawn, drawn[..5]));
    }

    [Fact]
    public void The_deviations_of_a_linear_model_are_found()
    {
        // y = a x + b with a ~ N(0, 2²) and b ~ N(0, 0.5²), as a process of values that the prior of a network without hidden layers can make.
        static Tensor Process(Key key, Tensor x, int draws) => 2.0 * Normal(key.Fold(0), draws, 1) * x[.., 0] + 0.5 * Normal(key.Fold(1), draws, 1);
        var prior = new FunctionalPrior(120, 40, 256).Match(
            Key.Of(1), NormalWeightPrior.Even(1, type: ElementType.Float64), [1, 1], Activation.Tanh, Process, key => Sample.Uniform(key, [8, 1], -1, 1, ElementType.Float64));
        Assert.Equal(2, prior.WeightDeviations[0].Item(), 0.25);
        Assert.Equal(0.5, prior.BiasDeviations[0].Item(), 0.12);
    }

    [Fact]
    public void The_scale_of_a_wide_rectifier_network_is_that_of_its_kernel()
    {
        // Without biases f(x) = a / sqrt(width) Σ v relu(w x) for x > 0 is nearly normal with the variance a² x² / 2: what scale gives the variance 4.5 x² is known.
        const int width = 200;
        static Tensor Function(Tensor scale, Key key, Tensor x) =>
            scale * Tensor.MatMul(Tensor.Relu(Tensor.MatMul(x, Normal(key.Fold(0), 1, width))), Normal(key.Fold(1), width, 1))[.., 0] / Math.Sqrt(width);
        var scale = new FunctionalPrior(100, 40, 256).Match(
            Key.Of(1), Tensor.Scalar(1.0), Function, (key, x, draws) => Math.Sqrt(4.5) * Normal(key, draws, 1) * x[.., 0], key => Sample.Uniform(key, [6, 1], 0.2, 1, ElementType.Float64));
        Assert.Equal(3, scale.Item(), 0.35);
    }

    [Fact]
    public void The_distance_to_the_target_falls_for_a_hierarchical_prior()
    {
        static Tensor Process(Key key, Tensor x, int draws) => new GaussianProcess(Tensor.From([-1.0]), Tensor.Scalar(0.7), Tensor.Scalar(-3.0)).Draw(key, StationaryKernel.SquaredExponential, x, draws);
        Sequence<int> sizes = [1, 20, 1];
        var start = HierarchicalWeightPrior.Even(2, 2, 2, ElementType.Float64);
        var prior = new FunctionalPrior(80, 30, 128).Match(Key.Of(1), start, sizes, Activation.Tanh, Process, key => Sample.Uniform(key, [12, 1], -1, 1, ElementType.Float64));
        var points = Sample.Uniform(Key.Of(2), [12, 1], -1, 1, ElementType.Float64).Evaluate();
        double Apart(HierarchicalWeightPrior prior) => SlicedWasserstein.Distance(
            Key.Of(3), Vmap.Of((Key key) => prior.Draw(key, sizes, Activation.Tanh).Call(points)[.., 0], Key.Of(4).SplitBatch(1000)), Process(Key.Of(5), points, 1000)).Item();
        Assert.True(Apart(prior) < 0.7 * Apart(start), $"{Apart(prior)} is not well below {Apart(start)}");
    }

    [Fact]
    public void Networks_of_two_hidden_layers_take_a_step_towards_the_target()
    {
        // Targets are far smaller than functions of the start, so the first step makes all deviations smaller.
        static Tensor Process(Key key, Tensor x, int draws) => 0.1f * Sample.Normal(key, [draws, x.Shape[0]]);
        var start = NormalWeightPrior.Even(3);
        var prior = new FunctionalPrior(2).Match(Key.Of(1), start, [1, 50, 50, 1], Activation.Tanh, Process, key => Sample.Uniform(key, [32, 1], -1, 1));
        Assert.True(prior.WeightDeviations[2].Item() < start.WeightDeviations[2].Item());
        Assert.True(prior.BiasDeviations[2].Item() < start.BiasDeviations[2].Item());
    }

    [Fact]
    public void The_density_of_normal_weights_is_the_product_of_normal_densities()
    {
        var prior = new NormalWeightPrior(Tensor.From(0.3, 1.0), Tensor.From(-0.5, 0.2));
        Sequence<int> sizes = [3, 2, 1];
        var network = prior.Draw(Key.Of(1), sizes, Activation.Tanh);
        double Softplus(double x) => Math.Log(1 + Math.Exp(x));
        double Of(Tensor x, double deviation) => x.ToDoubles().Sum(value => MathNet.Numerics.Distributions.Normal.PDFLn(0, deviation, value));
        var expected = Of(network.Layers[0].Weight, Softplus(0.3) / Math.Sqrt(3)) + Of(network.Layers[0].Bias!, Softplus(-0.5)) + Of(network.Layers[1].Weight, Softplus(1) / Math.Sqrt(2)) + Of(network.Layers[1].Bias!, Softplus(0.2));
        Assert.Equal(expected, prior.LogDensity(network).Item(), 10);
        Assert.Equal(0.8, NormalWeightPrior.Even(2, 0.8, ElementType.Float64).WeightDeviations[1].Item(), 12);
        Assert.Throws<ShapeException>(() => prior.Draw(Key.Of(1), [3, 2, 2, 1], Activation.Tanh));
    }

    [Fact]
    public void The_density_of_hierarchical_weights_is_the_integral_over_their_variance()
    {
        var prior = HierarchicalWeightPrior.Even(1, 2.5, 1.5, ElementType.Float64);
        var network = new Mlp([new(Tensor.From(0.4, -1.1).Reshape(2, 1), Tensor.From([0.7]))], Activation.Tanh);
        // Of a precision with the gamma distribution; weights have their variance divided by the two inputs.
        double Integral(double[] x, double inputs) => GaussLegendreRule.Integrate(
            precision => Gamma.PDF(2.5, 1.5, precision) * x.Aggregate(1.0, (product, value) => product * MathNet.Numerics.Distributions.Normal.PDF(0, 1 / Math.Sqrt(precision * inputs), value)), 0, 40, 1000);
        Assert.Equal(Math.Log(Integral([0.4, -1.1], 2)) + Math.Log(Integral([0.7], 1)), prior.LogDensity(network).Item(), 1e-6);
    }

    [Fact]
    public void Hierarchical_biases_are_drawn_from_student_s_t()
    {
        var prior = HierarchicalWeightPrior.Even(1, 2, 3, ElementType.Float64);
        var biases = Vmap.Of((Key key) => prior.Draw(key, [1, 1], Activation.Tanh).Layers[0].Bias!, Key.Of(1).SplitBatch(20_000)).ToDoubles();
        // With 2 a degrees of freedom and the scale of the root of b / a.
        foreach (var place in (double[])[-2, 0.5, 3]) Assert.Equal(StudentT.CDF(0, Math.Sqrt(1.5), 4, place), biases.Count(bias => bias < place) / 20_000.0, 0.012);
    }

    [Fact]
    public void Draws_of_a_process_have_its_covariance_and_its_posterior_is_the_conditional_distribution()
    {
        var process = new GaussianProcess(Tensor.From([0.3]), Tensor.Scalar(Math.Log(2.0)), Tensor.Scalar(Math.Log(0.5)));
        var points = Tensor.From(0.0, 1.0).Reshape(2, 1);
        var drawn = process.Draw(Key.Of(1), StationaryKernel.SquaredExponential, points, 40_000).Evaluate();
        var between = 2 * Math.Exp(-0.5 * Math.Exp(-0.6));
        Numbers.Close([2, between, between, 2], (Tensor.MatMul(drawn.T, drawn) / 40_000).Flatten().ToDoubles(), 0.05);
        // One known value of 1.2 at 0 with noise of variance 0.5.
        var posterior = process.Posterior(StationaryKernel.SquaredExponential, points[..1], Tensor.From([1.2]), points[1..]);
        Assert.Equal(between / 2.5 * 1.2, posterior.Mean[0].Item(), 1e-4);
        Assert.Equal(Math.Sqrt(2 - between * between / 2.5), posterior.Deviation[0].Item(), 1e-4);
    }

    [Fact]
    public void Draws_of_a_linear_network_have_the_conjugate_posterior()
    {
        var x = Normal(Key.Of(1), 6, 2).Evaluate();
        var y = (x[.., ..1] - 0.5 * x[.., 1..] + 0.3 * Normal(Key.Of(2), 6, 1)).Evaluate();
        const double variance = 0.2;
        var prior = NormalWeightPrior.Even(1, 0.9, ElementType.Float64);
        var (draws, acceptance) = Compile.Of((Tensor x, Tensor y) => NetworkDraws.Posterior(
            Key.Of(3), prior, [2, 1], Activation.Tanh, x, y, Tensor.Scalar(variance), new(Chains: 20, WarmUp: 200, Kept: 200, Thinning: 2, Flight: 8)) is var (draws, acceptance) ? new TreePair<NetworkDraws, Tensor>(draws, acceptance) : default)(x, y);
        // Of the function at a place: features are the inputs, whose weights have the variance 0.81 / 2, and one with the variance 0.81.
        var features = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(6, 3, (i, j) => j < 2 ? x[i, j].Item() : 1);
        var precision = features.TransposeThisAndMultiply(features) / variance + MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DiagonalOfDiagonalArray([2 / 0.81, 2 / 0.81, 1 / 0.81]);
        var covariance = precision.Inverse();
        var mean = covariance * features.TransposeThisAndMultiply(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(6, 1, y.ToDoubles())) / variance;
        var place = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(1, 3, [1.5, -1, 1]);
        var answers = draws.Answers(Tensor.From(1.5, -1).Reshape(1, 2)).ToDoubles();
        Assert.Equal((place * mean)[0, 0], answers.Average(), 0.03);
        Assert.Equal((place * covariance * place.Transpose())[0, 0], answers.Sum(answer => Math.Pow(answer - answers.Average(), 2)) / answers.Length, 0.1 * (place * covariance * place.Transpose())[0, 0]);
        Assert.Equal(answers.Average(), draws.Call(Tensor.From(1.5, -1).Reshape(1, 2)).Item(), 9);
        Assert.InRange(acceptance.Mean().Item(), 0.6, 1);
    }

    [Fact]
    public void As_a_method_it_answers_better_than_the_mean_and_is_kept()
    {
        var problem = Methods.Examples.Waves(200);
        (string, double)[] quick = [("width", 20), ("moves", 60)];
        var answers = problem.Outputs(Methods.Examples.Fitted(FunctionalPriorNetwork.Method, problem, quick), problem.Split.Test);
        Assert.True(problem.Judge(answers, problem.Split.Test)["R2"] > 0.8, $"{problem.Judge(answers, problem.Split.Test)["R2"]}");
        Methods.Examples.AssertKept(FunctionalPriorNetwork.Method, Methods.Examples.Waves(60), quick);
    }

    private static Tensor Normal(Key key, int rows, int columns) => Sample.Normal(key, [rows, columns], ElementType.Float64);
}
