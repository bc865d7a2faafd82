using Paramorph.Fields;
using Paramorph.Layers;
using Paramorph.Parameters;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Fields;

public class FieldTests
{
    [Fact]
    public void A_siren_takes_sines_between_its_layers()
    {
        var field = Siren.Create(Key.Of(1), [2, 4, 3, 1], firstFrequency: 3, frequency: 2, type: ElementType.Float64);
        var x = Numbers(5, 2);
        double[] Row(Linear layer, double[] input) =>
            [.. Enumerable.Range(0, layer.Weight.Shape[1]).Select(j => Elements(layer.Bias!)([j]) + input.Select((v, i) => v * Elements(layer.Weight)([i, j])).Sum())];
        var expected = Fill([5, 1], at =>
        {
            double[] y = [.. Enumerable.Range(0, 2).Select(i => Elements(x)([at[0], i]))];
            y = [.. Row(field.Layers[0], y).Select(v => Math.Sin(3 * v))];
            y = [.. Row(field.Layers[1], y).Select(v => Math.Sin(2 * v))];
            return Row(field.Layers[2], y)[0];
        });
        Agree(expected, field, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void The_arguments_of_inner_sines_have_variance_one()
    {
        var field = Siren.Create(Key.Of(1), [2, 512, 512, 1], type: ElementType.Float64);
        var variance = Compile.Of((Siren m, Tensor x) =>
        {
            var first = Tensor.Sin(m.FirstFrequency * m.Layers[0].Call(x));
            return Tensor.Square(m.Frequency * first.Dot(m.Layers[1].Weight)).Mean();
        })(field, Sample.Uniform(Key.Of(2), [200, 2], -1.0, 1.0, ElementType.Float64));
        Assert.Equal(1, variance.Item(), 0.1);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void A_feature_grid_interpolates_between_the_points_of_each_level(int dimensions, bool isSmooth)
    {
        var grid = FeatureGrid.Create(Key.Of(1), dimensions, levels: 2, features: 2, coarsest: 3, finest: 5, Initialiser.Normal(1), isSmooth, ElementType.Float64);
        Assert.Equal([3, 5], grid.Levels.Select(level => level.Shape[^1]));
        var x = Fill([7, dimensions], at => 0.5 + 0.45 * Math.Sin(1 + 3 * at[0] + 2 * at[1]));
        var places = Elements(x);
        var expected = Fill([7, 4], at =>
        {
            var level = grid.Levels[at[1] / 2];
            var (values, steps) = (Elements(level), level.Shape[^1] - 1);
            // Each corner of the cell by the product of its distances to the far sides.
            return All([.. Enumerable.Repeat(2, dimensions)]).Sum(corner =>
            {
                var (weight, index) = (1.0, new int[dimensions]);
                for (var a = 0; a < dimensions; a++)
                {
                    var position = places([at[0], a]) * steps;
                    index[a] = (int)Math.Floor(position) + corner[a];
                    var upper = position - Math.Floor(position);
                    if (isSmooth) upper = (1 - Math.Cos(Math.PI * upper)) / 2;
                    weight *= corner[a] == 1 ? upper : 1 - upper;
                }
                return weight * values([at[1] % 2, .. index]);
            });
        });
        Agree(expected, grid, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void Levels_grow_geometrically()
    {
        var grid = FeatureGrid.Create(Key.Of(1), 2, levels: 4, features: 2, coarsest: 8, finest: 64);
        Assert.Equal([8, 16, 32, 64], grid.Levels.Select(level => level.Shape[^1]));
        Assert.Equal(2 * (64 + 256 + 1024 + 4096), ParameterCount.Of(grid));
        Assert.True(Tensor.Abs(grid.Levels[3]).Max().Item() <= 1e-4);
    }

    [Fact]
    public void Places_outside_the_box_count_as_on_its_edge()
    {
        var grid = FeatureGrid.Create(Key.Of(1), 1, initial: Initialiser.Normal(1), type: ElementType.Float64);
        Expect.Close(grid.Call(Tensor.From(new[,] { { 0.0 }, { 1.0 } })), grid.Call(Tensor.From(new[,] { { -0.5 }, { 1.7 } })), 1e-14);
    }

    [Fact]
    public void Places_with_other_coordinates_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => FeatureGrid.Create(Key.Of(1), 2).Call(Tensor.Ones([4, 3])));
        Assert.Equal("feature grid: f32[4, 3] are no places: their last axis must have 2 coordinates.", error.Message);
    }
}
