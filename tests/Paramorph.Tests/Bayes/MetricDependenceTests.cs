using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class MetricDependenceTests
{
    private const int Rows = 12, Features = 2;

    private static readonly Tensor features = Sample.Normal(Key.Of(1), [Rows, Features], ElementType.Float64).Evaluate();

    /// <summary>Two responses are the same, so that distances tie.</summary>
    private static readonly Tensor responses = Tensor.Concatenate([Sample.Normal(Key.Of(2), [Rows - 1, 3], ElementType.Float64), Sample.Normal(Key.Of(2), [Rows - 1, 3], ElementType.Float64)[..1]]).Evaluate();

    private static readonly Tensor distances = Distance.Euclidean(responses, responses).Evaluate();

    [Fact]
    public void Cumulative_covariance_is_the_mean_over_balls_of_squared_covariances_with_their_indicators()
    {
        double At(Tensor matrix, int i, int j) => matrix.ToDoubles()[(i * matrix.Shape[1]) + j];
        double[] means = features.Mean(0).ToDoubles();
        var expected = 0.0;
        for (var centre = 0; centre < Rows; centre++)
            for (var edge = 0; edge < Rows; edge++)
                for (var feature = 0; feature < Features; feature++)
                {
                    var within = Enumerable.Range(0, Rows).Where(k => At(distances, centre, k) <= At(distances, centre, edge));
                    expected += Math.Pow(within.Sum(k => At(features, k, feature) - means[feature]) / Rows, 2) / (Rows * Rows);
                }
        Assert.Equal(expected, MetricDependence.CumulativeCovariance(features, MetricDependence.BallWeights(distances)).Item(), 1e-12);
    }

    [Fact]
    public void Balls_know_the_order_of_distances_alone()
    {
        var expected = MetricDependence.BallWeights(distances).ToDoubles();
        Numbers.Close(expected, MetricDependence.BallWeights(Tensor.Exp(3.0 * distances)).ToDoubles(), 1e-14);
    }

    [Fact]
    public void Distance_covariance_of_numbers_is_the_sum_of_moments_of_distances()
    {
        double[] x = features[.., 0].ToDoubles(), y = responses[.., 0].ToDoubles();
        double Mean(Func<int, int, int, double> value) => (from i in Enumerable.Range(0, Rows) from j in Enumerable.Range(0, Rows) from k in Enumerable.Range(0, Rows) select value(i, j, k)).Average();
        double A(int i, int j) => Math.Abs(x[i] - x[j]);
        double B(int i, int j) => Math.Abs(y[i] - y[j]);
        var expected = Mean((i, j, _) => A(i, j) * B(i, j)) + (Mean((i, j, _) => A(i, j)) * Mean((i, j, _) => B(i, j))) - (2 * Mean((i, j, k) => A(i, j) * B(i, k)));
        Tensor Apart(Tensor column) => Distance.Euclidean(column, column);
        Assert.Equal(expected, MetricDependence.DistanceCovariance(Apart(features[.., ..1]), Apart(responses[.., ..1])).Item(), 1e-12);
    }

    [Fact]
    public void Distance_correlation_with_a_scaled_rotation_is_one()
    {
        var rotation = Tensor.From(0.6, 0.8, -0.8, 0.6).Reshape(2, 2);
        var turned = 3.0 * features.Dot(rotation) + 5.0;
        Assert.Equal(1, MetricDependence.DistanceCorrelation(Distance.Euclidean(features, features), Distance.Euclidean(turned, turned)).Item(), 1e-12);
        Assert.True(MetricDependence.DistanceCorrelation(Distance.Euclidean(features, features), distances).Item() < 0.9);
        Assert.Equal(0, MetricDependence.DistanceCorrelation(Tensor.ZerosLike(distances), distances).Item());
    }

    [Fact]
    public void White_features_have_no_penalty()
    {
        var centred = features - features.Mean(0);
        var factor = LinearAlgebra.Cholesky(Tensor.MatMul(centred.T, centred) / Rows);
        var white = LinearAlgebra.TriangularSolve(factor, features.T).T;
        Assert.Equal(0, MetricDependence.CovariancePenalty(white).Item(), 1e-20);
        Assert.Equal(2 * 9, MetricDependence.CovariancePenalty(2.0 * white).Item(), 1e-9);
    }
}
