using Paramorph.Bayes;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Tests.Bayes;

public sealed class LaplacePosteriorTests
{
    private const double Noise = 0.3, Precision = 0.7;

    [Fact]
    public void Of_a_linear_model_it_is_bayesian_linear_regression()
    {
        var (x, y, other) = (Normal(1, 20, 3), Normal(2, 20, 1), Normal(3, 6, 3));
        var (mean, covariance) = LinearPosterior(x, y, Noise * Noise, Precision);
        var network = new Linear(mean[..3], mean[3]);
        var posterior = LaplacePosterior.Of(network, x, DualParameters.Normal(network.Call(x), y, Tensor.Scalar(Noise * Noise)).Curvatures, Tensor.Scalar(Precision));
        var answer = posterior.Predict(other);
        Numbers.Close(WithOne(other).Dot(mean).ToDoubles(), answer.Mean.ToDoubles(), 1e-10);
        var variances = LinearAlgebra.Diagonal(WithOne(other).Dot(covariance).Dot(WithOne(other).T));
        Numbers.Close(variances.ToDoubles(), Tensor.Square(answer.Deviation).ToDoubles(), 1e-10);
    }

    [Fact]
    public void Independent_weights_have_the_precision_of_each_by_itself()
    {
        var (x, other) = (Normal(4, 10, 2), Normal(5, 4, 2));
        var network = new Linear(Normal(6, 2, 1), Normal(7, 1));
        var posterior = LaplacePosterior.Of(network, x, DualParameters.Normal(network.Call(x), Normal(8, 10, 1), Tensor.Scalar(Noise * Noise)).Curvatures, Tensor.Scalar(Precision), isDiagonal: true);
        var variances = 1 / (Precision + Tensor.Square(WithOne(x)).Sum(0) / (Noise * Noise));
        Numbers.Close((Tensor.Square(WithOne(other)) * variances).Sum(1).ToDoubles(), Tensor.Square(posterior.Predict(other).Deviation).ToDoubles(), 1e-12);
    }

    [Fact]
    public void Of_the_last_layer_it_is_a_linear_model_of_the_features()
    {
        var network = Mlp.Create(Key.Of(9), [2, 5, 1], Activation.Tanh, type: ElementType.Float64);
        var (x, y, other) = (Normal(10, 30, 2), Normal(11, 30, 1), Normal(12, 4, 2));
        Tensor Features(Tensor x) => Tensor.Tanh(network.Layers[0].Call(x));
        var (_, covariance) = LinearPosterior(Features(x), y, Noise * Noise, Precision);
        var posterior = LaplacePosterior.Of(
            network, x, DualParameters.Normal(network.Call(x), y, Tensor.Scalar(Noise * Noise)).Curvatures, Tensor.Scalar(Precision), Leaves.Named("layers[1]*"));
        var rows = WithOne(Features(other));
        Numbers.Close(LinearAlgebra.Diagonal(rows.Dot(covariance).Dot(rows.T)).ToDoubles(), Tensor.Square(posterior.Predict(other).Deviation).ToDoubles(), 1e-10);
    }

    [Fact]
    public void The_precision_of_a_linear_classifier_is_the_curvature_of_its_loss()
    {
        var (x, labels) = (Normal(13, 8, 2), Tensor.From(0, 1, 2, 2, 1, 0, 0, 1));
        var network = new Linear(Normal(14, 2, 3), null);
        var posterior = LaplacePosterior.Of(network, x, DualParameters.Classes(network.Call(x), labels).Curvatures, Tensor.Scalar(Precision));
        var hessian = Hessian.Of(network.Weight, w => Loss.CrossEntropy(x.Dot(w), labels) * 8.0 + Precision / 2 * Tensor.Square(w).Sum()).Reshape(6, 6);
        Numbers.Close(hessian.ToDoubles(), posterior.Precision.Dot(posterior.Precision.T).ToDoubles(), 1e-10);
    }

    [Fact]
    public void Slopes_and_curvatures_are_derivatives_of_the_logarithm_of_the_density()
    {
        const double Step = 1e-5;
        var (logits, labels) = (Normal(15, 1, 3), Tensor.From(1));
        double Log(Tensor at) => -Loss.CrossEntropy(at, labels).Item();
        var duals = DualParameters.Classes(logits, labels);
        for (var i = 0; i < 3; i++)
        {
            var move = Step * Tensor.OneHot(Tensor.From(i), 3, ElementType.Float64);
            Assert.Equal((Log(logits + move) - Log(logits - move)) / (2 * Step), duals.Slopes[0, i].Item(), 1e-8);
            Numbers.Close(((DualParameters.Classes(logits - move, labels).Slopes - DualParameters.Classes(logits + move, labels).Slopes) / (2 * Step)).ToDoubles(), duals.Curvatures[0, i].ToDoubles(), 1e-8);
        }
    }

    [Fact]
    public void Too_many_weights_and_none_are_refused()
    {
        var network = Linear.Create(Key.Of(16), LaplacePosterior.MostWeights, 1, type: ElementType.Float64);
        var (x, curvatures) = (Tensor.Ones([1, LaplacePosterior.MostWeights], ElementType.Float64), Tensor.Ones([1, 1, 1], ElementType.Float64));
        Assert.Throws<ArgumentException>(() => LaplacePosterior.Of(network, x, curvatures, Tensor.Scalar(1.0)));
        Assert.Throws<ArgumentException>(() => LaplacePosterior.Of(network, x, curvatures, Tensor.Scalar(1.0), Leaves.Named("none")));
    }

    /// <summary>Mean [features + 1, 1] and covariance of the weights and the bias of a linear model whose prior is normal.</summary>
    internal static (Tensor Mean, Tensor Covariance) LinearPosterior(Tensor x, Tensor y, double variance, double precision)
    {
        var rows = WithOne(x);
        var covariance = LinearAlgebra.Inverse(rows.T.Dot(rows) / variance + precision * Tensor.Eye(rows.Shape[1], ElementType.Float64));
        return (covariance.Dot(rows.T.Dot(y)) / variance, covariance);
    }

    internal static Tensor WithOne(Tensor x) => Tensor.Concatenate([x, Tensor.Ones([x.Shape[0], 1], ElementType.Float64)], 1);

    internal static Tensor Normal(int seed, params int[] sizes) => Sample.Normal(Key.Of(seed), [.. sizes], ElementType.Float64).Evaluate();
}
