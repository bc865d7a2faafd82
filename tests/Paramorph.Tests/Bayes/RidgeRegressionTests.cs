using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class RidgeRegressionTests
{
    [Fact]
    public void A_fold_that_is_left_out_is_predicted_from_the_others()
    {
        var x = Sample.Normal(Key.Of(5), [40, 3], ElementType.Float64).Evaluate();
        var line = (x.Dot(Tensor.From(1.0, -2.0, 0.5)) + 7.0).Evaluate();
        Expect.Close(line, RidgeRegression.LeftOut(x, line, 1e-9, 10), 1e-6);
        // A target of its own in each row says nothing of others: a change of one row changes all predictions but its own.
        var one = Tensor.From([.. line.ToDoubles().Select((value, i) => i == 3 ? value + 1 : value)]);
        var changes = (RidgeRegression.LeftOut(x, one, 1e-9, 40) - RidgeRegression.LeftOut(x, line, 1e-9, 40)).ToDoubles();
        Assert.Equal(0, changes[3], 1e-12);
        Assert.All(changes.Where((_, i) => i != 3), change => Assert.NotEqual(0, change));
    }

    [Fact]
    public void The_penalised_loss_is_stationary_at_the_weights()
    {
        var (features, targets) = (Normal(1, 20, 6), Normal(2, 20));
        var weights = RidgeRegression.Weights(features, targets, 0.3);
        var gradient = Gradient.Of(weights, w => Tensor.Square(features.Dot(w) - targets).Mean() + 0.3 * Tensor.Square(w).Sum());
        Assert.True(Tensor.Abs(gradient).Max().Item() < 1e-12);
    }

    [Fact]
    public void Several_outputs_are_solved_as_one_each()
    {
        var (features, targets) = (Normal(1, 20, 6), Normal(3, 20, 2));
        var together = RidgeRegression.Weights(features, targets, 0.1);
        Assert.True(Tensor.Abs(together[.., 1] - RidgeRegression.Weights(features, targets[.., 1], 0.1)).Max().Item() < 1e-12);
    }

    [Fact]
    public void More_features_than_examples_are_no_obstacle()
    {
        var (features, targets) = (Normal(4, 3, 8), Normal(5, 3));
        Assert.True(Tensor.Abs(features.Dot(RidgeRegression.Weights(features, targets, 1e-9)) - targets).Max().Item() < 1e-6);
    }

    [Fact]
    public void Features_and_targets_of_different_numbers_are_refused() =>
        Assert.Throws<ShapeException>(() => RidgeRegression.Weights(Normal(1, 4, 2), Normal(2, 5), 1.0));

    private static Tensor Normal(int seed, params int[] sizes) => Sample.Normal(Key.Of(seed), [.. sizes], ElementType.Float64);

    [Theory]
    [InlineData(9, 3)]
    [InlineData(4, 7)]
    public void Leverages_tell_what_a_row_would_get_without_itself(int rows, int features)
    {
        const double Ridge = 0.2;
        var (x, y) = (Sample.Normal(Key.Of(1), [rows, features], ElementType.Float64).Evaluate(), Sample.Normal(Key.Of(2), [rows], ElementType.Float64).Evaluate());
        var fitted = x.Dot(RidgeRegression.Weights(x, y, Tensor.Scalar(Ridge)));
        var without = (y - (y - fitted) / (1.0 - RidgeRegression.Leverages(x, Tensor.Scalar(Ridge)))).ToDoubles();
        for (var row = 0; row < rows; row++)
        {
            var rest = Tensor.From<int>([.. Enumerable.Range(0, rows).Where(other => other != row)]);
            // The penalty on the sum of squares stays the same.
            var weights = RidgeRegression.Weights(x.Take(rest), y.Take(rest), Tensor.Scalar(Ridge * rows / (rows - 1)));
            Assert.Equal(x[row].Dot(weights).Item(), without[row], 1e-10);
        }
    }
}
