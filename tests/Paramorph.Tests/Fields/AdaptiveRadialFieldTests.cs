using Paramorph.Fields;
using Paramorph.Parameters;

namespace Paramorph.Tests.Fields;

public sealed class AdaptiveRadialFieldTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Features_are_sums_over_the_nearest_kernels_with_a_sine_for_each(int dimensions, bool hasSines)
    {
        const int Points = 5, Neighbours = 3, Features = 2;
        var field = Field(dimensions, hasSines ? [0.7, 5] : []);
        var x = Places(Points, dimensions);
        var nearest = field.Nearest(x, Neighbours);
        var (found, points, index) = (field.Embed(x, nearest).ToDoubles(), x.ToDoubles(), nearest.ToArray<int>());
        var (centres, scales, shears, features) = (field.Centres.ToDoubles(), field.Scales.ToDoubles(), field.Shears.ToDoubles(), field.Features.ToDoubles());
        var (below, width) = (dimensions * (dimensions - 1) / 2, found.Length / Points);
        for (var n = 0; n < Points; n++)
        {
            double Kernel(int i)
            {
                var square = 0.0;
                for (int d = 0, s = 0; d < dimensions; d++)
                {
                    var along = scales[i * dimensions + d] * (points[n * dimensions + d] - centres[i * dimensions + d]);
                    for (var e = 0; e < d; e++) along += shears[i * below + s++] * (points[n * dimensions + e] - centres[i * dimensions + e]);
                    square += along * along;
                }
                return 1 / (1 + square);
            }
            var kernels = index[(n * Neighbours)..((n + 1) * Neighbours)];
            for (var f = 0; f < Features; f++)
            {
                var expected = kernels.Sum(i =>
                {
                    var value = Kernel(i) / kernels.Sum(Kernel);
                    return features[i * Features + f] * (hasSines ? Math.Sin(field.Frequencies[f] * value) : value);
                });
                Assert.Equal(expected, found[n * width + f], 1e-12);
            }
        }
    }

    [Fact]
    public void Values_of_kernels_are_a_partition_of_one_and_alike_for_kernels_as_far_away()
    {
        var field = AdaptiveRadialField.Create(Key.Of(1), RadialKernels.Regular(2, 5, ElementType.Float64), 2, Grid(2), 4, 1, []);
        var x = Places(20, 2);
        foreach (var sum in field.Values(x, field.Nearest(x, 4)).Sum(1).ToDoubles()) Assert.Equal(1, sum, 1e-12);
        var middle = Tensor.From(new[,] { { 0.125, 0.375 } });
        foreach (var value in field.Values(middle, field.Nearest(middle, 4)).ToDoubles()) Assert.Equal(0.25, value, 1e-12);
    }

    [Fact]
    public void Hats_end_at_their_width_and_weigh_nothing_where_none_reaches()
    {
        var kernels = RadialKernels.Regular(2, 5, ElementType.Float64);
        Assert.Equal([1, 0.5, 0, 0], AdaptiveRadialField.Hat(Tensor.From(0, 0.25, 1, 4.0)).ToDoubles().Select(value => Math.Round(value, 5)));
        // Kernels of a fifth of half their spacing leave gaps between them.
        var field = AdaptiveRadialField.Create(Key.Of(1), kernels.Widened(0.2), 2, Grid(2), 4, 1, [], AdaptiveRadialField.Hat);
        var x = Tensor.From(new[,] { { 0.125, 0.375 }, { 0.25, 0.51 } });
        Assert.Equal([0, 1], field.Values(x, field.Nearest(x, 4)).Sum(1).ToDoubles());
    }

    [Fact]
    public void The_nearest_kernels_are_those_of_a_search_one_by_one()
    {
        var (field, x) = (Field(2, []), Places(9, 2));
        var (centres, points, nearest) = (field.Centres.ToDoubles(), x.ToDoubles(), field.Nearest(x, 3).ToArray<int>());
        for (var n = 0; n < 9; n++)
        {
            double Distance(int i) => double.Hypot(points[2 * n] - centres[2 * i], points[2 * n + 1] - centres[2 * i + 1]);
            Assert.Equal(Enumerable.Range(0, centres.Length / 2).OrderBy(Distance).Take(3), nearest[(3 * n)..(3 * n + 3)]);
        }
    }

    [Fact]
    public void Its_derivative_in_every_parameter_is_that_of_differences()
    {
        const double Step = 1e-6;
        var (field, x) = (Field(2, [0.7, 5]), Places(4, 2));
        var nearest = field.Nearest(x, 3);
        var value = Compile.Of((AdaptiveRadialField f) => Tensor.Square(f.Call(x, nearest)).Sum());
        var (leaves, gradient) = (Tree.Leaves(field), Tree.Leaves(Compile.Of((AdaptiveRadialField f) => Gradient.Of(f, f => Tensor.Square(f.Call(x, nearest)).Sum()))(field)));
        for (var l = 0; l < leaves.Length; l++)
        {
            var direction = Sample.Normal(Key.Of(l), leaves[l].Shape, ElementType.Float64).Evaluate();
            double Moved(double by)
            {
                var number = 0;
                return value(Tree.Map(field, leaf => number++ == l ? (leaf + by * direction).Evaluate() : leaf)).Item();
            }
            Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), (gradient[l] * direction).Sum().Item(), 1e-6);
        }
    }

    [Fact]
    public void Sines_and_placement_need_no_parameters()
    {
        var x = Places(200, 2);
        var fitted = RadialKernels.Fitted(Key.Of(1), x, Tensor.Ones([200], ElementType.Float64), 25, 0.01);
        long Count(RadialKernels kernels, Sequence<double> frequencies) => ParameterCount.Of(AdaptiveRadialField.Create(Key.Of(1), kernels, 2, Grid(2), 4, 1, frequencies));
        Assert.Equal(Count(fitted, []), Count(fitted, AdaptiveRadialField.Geometric(1, 8, 2)));
        Assert.Equal(Count(fitted, []), Count(RadialKernels.Regular(2, 5), []));
    }

    [Fact]
    public void Frequencies_grow_by_one_factor()
    {
        double[] expected = [0.5, 2, 8];
        Assert.Equal(expected, AdaptiveRadialField.Geometric(0.5, 8, 3));
    }

    [Fact]
    public void As_many_frequencies_as_features_are_asked_for() => Assert.Contains(
        "one for each", Assert.Throws<ShapeException>(() => AdaptiveRadialField.Create(Key.Of(1), RadialKernels.Regular(2, 3), 4, Grid(2), 4, 1, [1, 2])).Message);

    private static FeatureGrid Grid(int dimensions) =>
        FeatureGrid.Create(Key.Of(3), dimensions, levels: 1, features: 2, coarsest: 3, finest: 3, Paramorph.Layers.Initialiser.Normal(1), type: ElementType.Float64);

    private static Tensor Places(int count, int dimensions) => Sample.Uniform(Key.Of(5), [count, dimensions], type: ElementType.Float64).Evaluate();

    /// <summary>A field of seven kernels with shapes and features that are not small.</summary>
    private static AdaptiveRadialField Field(int dimensions, Sequence<double> frequencies)
    {
        var kernels = new RadialKernels(
            Sample.Uniform(Key.Of(6), [7, dimensions], type: ElementType.Float64).Evaluate(),
            Sample.Uniform(Key.Of(7), [7, dimensions], 1.0, 4.0, ElementType.Float64).Evaluate(),
            Sample.Normal(Key.Of(8), [7, dimensions * (dimensions - 1) / 2], ElementType.Float64).Evaluate());
        return AdaptiveRadialField.Create(Key.Of(9), kernels, 2, Grid(dimensions), 4, 1, frequencies) with { Features = Sample.Normal(Key.Of(10), [7, 2], ElementType.Float64).Evaluate() };
    }
}
