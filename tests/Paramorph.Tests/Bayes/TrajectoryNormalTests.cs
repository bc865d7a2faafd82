using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class TrajectoryNormalTests
{
    [Fact]
    public void Half_of_the_covariance_is_of_single_numbers_and_half_of_directions()
    {
        var places = Tensor.From(new[,] { { 1.0, 0.0 }, { 2.0, 1.0 }, { 4.0, 1.5 }, { 3.0, 2.5 } });
        var normal = TrajectoryNormal.Of(places, 3);
        Assert.Equal([2.5, 1.25], normal.Mean.ToDoubles());
        // By hand: the running means are (1.5, 0.5), (7/3, 5/6) and (2.5, 1.25).
        double[][] apart = [[0.5, 0.5], [5 / 3.0, 2 / 3.0], [0.5, 1.25]];
        var draws = normal.Draw(Key.Of(1), 200_000);
        var centred = draws - normal.Mean;
        var covariance = centred.T.Dot(centred) / 200_000.0;
        double Expected(int i, int j) => apart.Sum(row => row[i] * row[j]) / (2 * 2) + (i == j ? 0.5 * (i == 0 ? 1.25 : 0.8125) : 0);
        for (var i = 0; i < 2; i++)
            for (var j = 0; j < 2; j++) Assert.Equal(Expected(i, j), covariance[i, j].Item(), 0.02);
        Assert.True(Tensor.Abs(draws.Mean(0) - normal.Mean).Max().Item() < 0.02);
    }

    [Fact]
    public void More_directions_than_places_are_refused() =>
        Assert.Contains("at least 5 places", Assert.Throws<ShapeException>(() => TrajectoryNormal.Of(Tensor.Zeros([4, 2], ElementType.Float64), 5)).Message);
}
