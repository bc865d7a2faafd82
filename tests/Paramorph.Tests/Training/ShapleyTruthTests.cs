using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class ShapleyTruthTests
{
    /// <summary>x1 + 2 x2 x3 at (1, 2, 3): the product is shared alike, so the values are 1, 6 and 6.</summary>
    private static readonly ShapleyTruth truth = new(x => x[.., 0] + 2.0 * x[.., 1] * x[.., 2], Tensor.From(1.0, 2, 3));

    [Fact]
    public void Errors_are_in_the_mean_of_the_absolute_values()
    {
        var values = Tensor.From(1.0, 5, 8);
        Assert.Equal(1 / (13.0 / 3), truth.MeanError(values), 1e-12);
        Assert.Equal(2 / (13.0 / 3), truth.LargestError(values), 1e-12);
    }

    [Fact]
    public void Integrated_gradients_share_a_product_alike_too() => Assert.Equal(0, truth.LargestError(truth.IntegratedGradients()), 1e-9);

    [Fact]
    public void Passes_double_until_an_estimate_is_near()
    {
        var seen = new List<(int Passes, double Error)>();
        // An error of 100 / passes, of each value.
        int Passes(double near, int most) => ShapleyTruth.Passes(
            [truth, truth], (_, _, passes) => Tensor.From(1.0, 6, 6) + 100.0 / passes, near, most, (passes, error) => seen.Add((passes, error)));
        Assert.Equal(128, Passes(0.2, 4096));
        Assert.Equal([32, 64, 128], seen.Select(at => at.Passes));
        Assert.Equal(100.0 / 64 / (13.0 / 3), seen[1].Error, 1e-12);
        Assert.Equal(500, Passes(0, 500));
    }
}
