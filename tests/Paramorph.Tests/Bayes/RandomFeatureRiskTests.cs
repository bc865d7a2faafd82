using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class RandomFeatureRiskTests
{
    private static readonly double[] values = [.. Enumerable.Range(1, 200).Select(i => Math.Pow(i, -1.4))];
    private static readonly double[] squares = [.. Enumerable.Range(1, 200).Select(i => Math.Pow(i, -1.3))];

    [Theory]
    [InlineData(60, 30, 0.05)]
    [InlineData(40, 80, 0.5)]
    public void It_is_the_mean_of_regressions_drawn(int samples, int features, double ridge)
    {
        const double Noise = 0.2;
        const int Draws = 60;
        var (scale, target) = (Tensor.Sqrt(Tensor.From(values)), Tensor.Sqrt(Tensor.From(squares)));
        // Eigenfunctions at the samples and at the features are independent normal numbers; errors on new samples then are squared distances of coefficients.
        var regress = Compile.Of((Key key) =>
        {
            var eigenfunctions = Sample.Normal(key.Fold(0), [samples, 200], ElementType.Float64);
            var random = scale.ExpandDims(1) * Sample.Normal(key.Fold(1), [200, features], ElementType.Float64) / Math.Sqrt(features);
            var y = eigenfunctions.Dot(target) + Math.Sqrt(Noise) * Sample.Normal(key.Fold(2), [samples], ElementType.Float64);
            var products = Tensor.MatMul(eigenfunctions, random);
            var weights = RidgeRegression.Weights(products, y, Tensor.Scalar(ridge / samples));
            return Tensor.Stack([Tensor.Square(random.Dot(weights) - target).Sum() + Noise, Tensor.Square(products.Dot(weights) - y).Mean()]);
        });
        var means = Enumerable.Range(0, Draws).Select(draw => regress(Key.Of(draw)).ToDoubles()).ToArray();
        var risk = RandomFeatureRisk.Of(values, squares, samples, features, ridge, Noise);
        Assert.Equal(1, means.Average(mean => mean[0]) / risk.Test, 0.06);
        Assert.Equal(1, means.Average(mean => mean[1]) / risk.Train, 0.08);
    }

    [Fact]
    public void Very_many_features_are_the_kernel()
    {
        var (many, infinite) = (RandomFeatureRisk.Of(values, squares, 50, 1e9, 0.1, 0.1), RandomFeatureRisk.Of(values, squares, 50, double.PositiveInfinity, 0.1, 0.1));
        Assert.Equal(infinite.Test, many.Test, 6);
        Assert.Equal(infinite.SampleThreshold, infinite.FeatureThreshold, 12);
        Assert.Equal(50, values.Sum(value => value / (value + infinite.FeatureThreshold)) + 0.1 / infinite.SampleThreshold, 8);
    }
}
