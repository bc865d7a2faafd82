using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class GaussianClustersTests
{
    [Fact]
    public void Each_cluster_has_its_deviation()
    {
        var data = GaussianClusters.Of(Key.Of(1), 4000, 3, 2, deviation: 0.5);
        var values = data.Inputs.ToArray<float>();
        for (var column = 0; column < 3; column++)
        {
            var first = Enumerable.Range(0, 2000).Select(i => (double)values[2 * i * 3 + column]).ToArray();
            var mean = first.Average();
            Assert.InRange(Math.Sqrt(first.Average(x => (x - mean) * (x - mean))), 0.47, 0.53);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void The_share_of_variance_along_the_label_is_the_separability(double separability)
    {
        var data = GaussianClusters.ExclusiveOr(Key.Of(2), 4, 8, separability, deviation: 0);
        var centres = data.Inputs.ToArray<float>();
        Assert.Equal([0, 1, 0, 1], data.Labels.ToArray<int>());
        // The squared length of the mean of ab times the centre, by which the label is told linearly.
        var along = Enumerable.Range(0, 8).Sum(i => Math.Pow((centres[i] - centres[8 + i] + centres[16 + i] - centres[24 + i]) / 4, 2));
        Assert.Equal(separability, along, 5);
        Assert.Equal(4, centres.Sum(x => x * x), 4);
    }

    [Fact]
    public void A_separability_beyond_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianClusters.ExclusiveOr(Key.Of(1), 4, 8, 1.5));
}
