using Paramorph.Fields;

namespace Paramorph.Tests.Fields;

public sealed class GaussianFieldTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Features_are_sums_of_Gaussians_with_the_stated_covariance(int dimensions)
    {
        var field = Field(dimensions);
        var x = Sample.Normal(Key.Of(5), [4, dimensions], ElementType.Float64).Evaluate();
        var (y, points) = (field.Embed(x).ToDoubles(), x.ToDoubles());
        var (means, logarithms, shears, features) = (field.Means.ToDoubles(), field.LogWidths.ToDoubles(), field.Shears.ToDoubles(), field.Features.ToDoubles());
        var below = dimensions * (dimensions - 1) / 2;
        for (var n = 0; n < 4; n++)
        {
            for (var k = 0; k < 2; k++)
            {
                var sum = 0.0;
                for (var i = 0; i < 6; i++)
                {
                    // The inverse covariance as a whole matrix, A^T A.
                    var a = new double[dimensions, dimensions];
                    for (int d = 0, s = 0; d < dimensions; d++)
                    {
                        var width = Math.Exp(logarithms[i * dimensions + d]);
                        a[d, d] = 1 / width;
                        for (var e = 0; e < d; e++) a[d, e] = shears[i * below + s++] / width;
                    }
                    var distance = 0.0;
                    for (var d = 0; d < dimensions; d++)
                        for (var e = 0; e < dimensions; e++)
                            for (var m = 0; m < dimensions; m++)
                                distance += (points[n * dimensions + d] / field.Unit[d] - means[i * dimensions + d]) * a[m, d] * a[m, e] * (points[n * dimensions + e] / field.Unit[e] - means[i * dimensions + e]);
                    sum += features[i * 2 + k] * Math.Exp(-0.5 * distance);
                }
                Assert.Equal(sum, y[n * 2 + k], 10);
            }
        }
    }

    [Fact]
    public void Gaussians_lie_in_the_box_with_the_width_of_its_sides()
    {
        var field = GaussianField.Create(Key.Of(1), 500, [-1, 0], [1, 10], 0.1);
        var means = field.Means.ToArray<float>();
        Assert.All(Enumerable.Range(0, 500), i => Assert.True(means[2 * i] is >= -5 and <= 5 && means[2 * i + 1] is >= 0 and <= 10));
        Assert.Equal([0.2, 1.0], field.Unit);
        Assert.All(field.LogWidths.ToArray<float>(), width => Assert.Equal(0f, width));
    }

    [Fact]
    public void Its_derivative_in_every_parameter_is_that_of_differences()
    {
        var field = Field(2);
        var x = Sample.Normal(Key.Of(5), [4, 2], ElementType.Float64).Evaluate();
        var gradient = Tree.Leaves(Gradient.Of(field, f => Tensor.Square(f.Call(x)).Sum()));
        var leaves = Tree.Leaves(field);
        for (var i = 0; i < leaves.Length; i++)
        {
            var slope = gradient[i].ToDoubles();
            for (var j = 0; j < slope.Length; j += 3)
            {
                double Loss(double step)
                {
                    var values = leaves[i].ToDoubles();
                    values[j] += step;
                    var moved = Tree.Rebuild(field, [.. leaves.Select((leaf, at) => at == i ? Tensor.From(values, leaf.Shape) : leaf)]);
                    return Tensor.Square(moved.Call(x)).Sum().Item();
                }
                Assert.Equal((Loss(1e-5) - Loss(-1e-5)) / 2e-5, slope[j], 1e-6 * Math.Max(1, Math.Abs(slope[j])));
            }
        }
    }

    private static GaussianField Field(int dimensions)
    {
        double[] side = [.. Enumerable.Repeat(1.0, dimensions)];
        var field = GaussianField.Create(Key.Of(1), 6, [.. side.Select(s => -s)], [.. side], 0.4, features: 2, hidden: 3, type: ElementType.Float64);
        return field with { Features = Sample.Normal(Key.Of(2), [6, 2], ElementType.Float64).Evaluate(), Shears = Sample.Normal(Key.Of(4), field.Shears.Shape, ElementType.Float64).Evaluate(), LogWidths = 0.3 * Sample.Normal(Key.Of(6), field.LogWidths.Shape, ElementType.Float64) };
    }
}
