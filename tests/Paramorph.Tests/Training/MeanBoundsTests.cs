using Paramorph.Data;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class MeanBoundsTests
{
    [Fact]
    public void One_usual_mean_in_so_many_is_outside()
    {
        double[] means = [.. Enumerable.Range(0, 1000).Select(i => (i * 617 % 1000) / 10.0)];
        var bounds = MeanBounds.Of(means, 50);
        Assert.Equal((1.0, 98.9), (bounds.Low, bounds.High));
        Assert.Equal(0.02, bounds.Left(means), 1e-12);
    }

    [Fact]
    public void What_is_no_number_is_outside() => Assert.Equal(0.5, new MeanBounds(0, 1).Left([double.NaN, 0.5]));

    [Fact]
    public void Means_vary_with_the_inverse_root_of_what_is_watched()
    {
        double[] means = MeanBounds.Means([0, 1], 25, 4000, new KeyRandom(Key.Of(1)));
        Assert.Equal(0.5, means.Average(), 0.01);
        Assert.Equal(0.1, Math.Sqrt(means.Average(mean => (mean - 0.5) * (mean - 0.5))), 0.005);
    }
}
