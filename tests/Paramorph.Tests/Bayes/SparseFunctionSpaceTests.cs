using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Training;
using static Paramorph.Tests.Bayes.LaplacePosteriorTests;

namespace Paramorph.Tests.Bayes;

public sealed class SparseFunctionSpaceTests
{
    private const double Noise = 0.3, Variance = 0.6;

    private static readonly Mlp network = Mlp.Create(Key.Of(1), [1, 12, 1], Activation.Tanh, type: ElementType.Float64);
    private static readonly Tensor x = Normal(2, 14, 1), y = Normal(3, 14, 1), other = Normal(4, 9, 1);

    [Fact]
    public void With_all_inputs_as_inducing_points_it_is_the_gaussian_process_of_the_tangent_kernel()
    {
        var answer = SparseFunctionSpace.Of(network, x, Normals(network, x, y), x, Variance).ToLayer().Predict(other);
        static Tensor Kernel(Tensor a, Tensor b) => Variance * TangentKernel.Of(network, a, b, (network, x) => network.Call(x)[.., 0]);
        var inverse = LinearAlgebra.Inverse(Kernel(x, x) + Noise * Noise * Tensor.Eye(x.Shape[0], ElementType.Float64));
        Numbers.Close(Kernel(other, x).Dot(inverse).Dot(y).ToDoubles(), answer.Mean.ToDoubles(), 1e-5);
        var variances = LinearAlgebra.Diagonal(Kernel(other, other) - Kernel(other, x).Dot(inverse).Dot(Kernel(x, other)));
        Numbers.Close(variances.ToDoubles(), Tensor.Square(answer.Deviation).ToDoubles(), 1e-5);
    }

    [Fact]
    public void Around_the_network_with_all_inputs_as_inducing_points_it_is_laplace()
    {
        var duals = Normals(network, x, y);
        var answer = SparseFunctionSpace.Of(network, x, duals, x, Variance, isAroundNetwork: true).ToLayer().Predict(other);
        var expected = LaplacePosterior.Of(network, x, duals.Curvatures, Tensor.Scalar(1 / Variance)).Predict(other);
        Numbers.Close(expected.Mean.ToDoubles(), answer.Mean.ToDoubles(), 1e-10);
        Numbers.Close(expected.Deviation.ToDoubles(), answer.Deviation.ToDoubles(), 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_linear_model_few_points_are_enough_and_an_update_is_bayesian_regression_on_all(bool isAroundNetwork)
    {
        var (inputs, targets, asked) = (Normal(5, 30, 3), Normal(6, 30, 1), Normal(7, 6, 3));
        var (first, _) = LinearPosterior(inputs[..20], targets[..20], Noise * Noise, 1 / Variance);
        var (mean, covariance) = LinearPosterior(inputs, targets, Noise * Noise, 1 / Variance);
        var linear = new Linear(first[..3], first[3]);
        var answer = SparseFunctionSpace.Of(linear, inputs[..20], Normals(linear, inputs[..20], targets[..20]), Normal(8, 4, 3), Variance, isAroundNetwork)
            .Updated(inputs[20..], Normals(linear, inputs[20..], targets[20..])).ToLayer().Predict(asked);
        Numbers.Close(WithOne(asked).Dot(mean).ToDoubles(), answer.Mean.ToDoubles(), 1e-5);
        var variances = LinearAlgebra.Diagonal(WithOne(asked).Dot(covariance).Dot(WithOne(asked).T));
        Numbers.Close(variances.ToDoubles(), Tensor.Square(answer.Deviation).ToDoubles(), 1e-5);
    }

    [Fact]
    public void An_update_equals_the_sums_of_all_examples_at_once()
    {
        var classifier = Mlp.Create(Key.Of(9), [2, 6, 3], Activation.Tanh, type: ElementType.Float64);
        var (inputs, labels, points) = (Normal(10, 24, 2), Tensor.From([.. Enumerable.Range(0, 24).Select(i => i % 3)]), Normal(11, 8, 2));
        DualParameters Duals(Range rows) => DualParameters.Classes(classifier.Call(inputs[rows]), labels[rows]);
        var whole = SparseFunctionSpace.Of(classifier, inputs, Duals(..), points, Variance).ToLayer();
        var parts = SparseFunctionSpace.Of(classifier, inputs[..16], Duals(..16), points, Variance).Updated(inputs[16..], Duals(16..)).ToLayer();
        var (expected, answer) = (whole.Predict(Normal(12, 5, 2)), parts.Predict(Normal(12, 5, 2)));
        Numbers.Close(expected.Mean.ToDoubles(), answer.Mean.ToDoubles(), 1e-9);
        Numbers.Close(expected.Deviation.ToDoubles(), answer.Deviation.ToDoubles(), 1e-9);
    }

    [Fact]
    public void More_inducing_points_change_nothing_by_themselves()
    {
        var few = SparseFunctionSpace.Of(network, x, Normals(network, x, y), x[..5], Variance);
        var (before, after) = (few.ToLayer().Predict(Normal(13, 7, 1)), few.Grown(other[..4]).ToLayer().Predict(Normal(13, 7, 1)));
        Numbers.Close(before.Mean.ToDoubles(), after.Mean.ToDoubles(), 1e-5);
        Numbers.Close(before.Deviation.ToDoubles(), after.Deviation.ToDoubles(), 1e-5);
    }

    [Fact]
    public void Grown_by_the_inputs_of_new_examples_and_told_of_them_it_is_the_process_of_all()
    {
        var (inputs, targets, asked) = (Tensor.Concatenate([x, other], 0), Tensor.Concatenate([y, Normal(17, 9, 1)], 0), Normal(18, 5, 1));
        var expected = SparseFunctionSpace.Of(network, inputs, Normals(network, inputs, targets), inputs, Variance).ToLayer().Predict(asked);
        var told = SparseFunctionSpace.Of(network, x, Normals(network, x, y), x, Variance).Grown(other).Updated(other, Normals(network, other, targets[14..])).ToLayer().Predict(asked);
        Numbers.Close(expected.Mean.ToDoubles(), told.Mean.ToDoubles(), 1e-6);
        Numbers.Close(expected.Deviation.ToDoubles(), told.Deviation.ToDoubles(), 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_prior_and_other_noise_are_multiples_of_what_is_known(bool isAroundNetwork)
    {
        var expected = SparseFunctionSpace.Of(network, x, Normals(network, x, y), x[..6], Variance, isAroundNetwork).ToLayer().Predict(other);
        var answer = SparseFunctionSpace.Of(network, x, Normals(network, x, y, 1), x[..6], 5 * Variance, isAroundNetwork).WithVariance(Variance).Weighted(1 / (Noise * Noise)).ToLayer().Predict(other);
        Numbers.Close(expected.Mean.ToDoubles(), answer.Mean.ToDoubles(), 1e-6);
        Numbers.Close(expected.Deviation.ToDoubles(), answer.Deviation.ToDoubles(), 1e-6);
    }

    [Fact]
    public void Probabilities_of_uncertain_logits_are_about_the_mean_of_draws()
    {
        var logits = new IndependentNormal(Tensor.From(new[,] { { 1.0, -0.5 } }), Tensor.From(new[,] { { 1.2, 0.8 } }));
        var drawn = logits.Draw(Key.Of(14), 100_000).Softmax().Mean(0);
        Numbers.Close(drawn.ToDoubles(), Tensor.Exp(FunctionSpaceClassifier.LogProbabilities(logits)).ToDoubles(), 0.03);
    }

    [Fact]
    public void The_diagonal_of_the_tangent_kernel_is_that_of_its_matrix()
    {
        var wide = Mlp.Create(Key.Of(15), [2, 4, 3, 2], Activation.Tanh, type: ElementType.Float64);
        static Tensor Second(Mlp network, Tensor x) => network.Call(x)[.., 1];
        var batch = Normal(16, 5, 2);
        Numbers.Close(LinearAlgebra.Diagonal(TangentKernel.Of(wide, batch, Second)).ToDoubles(), TangentKernel.Diagonal(wide, batch, Second).ToDoubles(), 1e-12);
    }

    [Fact]
    public void A_variance_of_the_prior_that_is_not_positive_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseFunctionSpace.Prior(network, x, 0));

    private static DualParameters Normals(ILayer network, Tensor x, Tensor y, double deviation = Noise) => DualParameters.Normal(network.Call(x), y, Tensor.Scalar(deviation * deviation));
}
