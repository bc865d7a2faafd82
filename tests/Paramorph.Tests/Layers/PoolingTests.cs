using Paramorph.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class PoolingTests
{
    private static readonly Tensor Input = Numbers(2, 3, 7, 6);

    [Fact]
    public void Max_pooling_takes_the_largest_of_each_window() =>
        Agree(Windows(Input, 3, 2, values => values.Max()), new MaxPooling([3, 3], [2]), Input, (m, x) => m.Call(x));

    [Fact]
    public void Average_pooling_takes_the_mean_of_each_window() =>
        Agree(Windows(Input, 2, 2, values => values.Average()), new AveragePooling([2, 2]), Input, (m, x) => m.Call(x));

    [Fact]
    public void Padding_counts_as_zeros_only_when_asked()
    {
        var x = Tensor.Ones([1, 4], ElementType.Float64);
        Assert.Equal([0.5, 1.0, 0.5], new AveragePooling([2], Padding: 1).Call(x).ToDoubles());
        Assert.Equal([1.0, 1.0, 1.0], new AveragePooling([2], Padding: 1, CountsPadding: false).Call(x).ToDoubles());
    }

    [Fact]
    public void Global_pooling_takes_everything()
    {
        var values = Elements(Input);
        double[] Of(int[] at) => [.. All([7, 6]).Select(p => values([at[0], at[1], .. p]))];
        Agree(Fill([2, 3], at => Of(at).Average()), new GlobalPooling(2), Input, (m, x) => m.Call(x));
        Agree(Fill([2, 3], at => Of(at).Max()), new GlobalPooling(2, IsMax: true), Input, (m, x) => m.Call(x));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(7, 6)]
    [InlineData(1, 1)]
    [InlineData(9, 2)]
    public void Adaptive_pooling_takes_means_of_windows_that_cover_the_input(int rows, int columns)
    {
        var values = Elements(Input);
        var expected = Fill([2, 3, rows, columns], at =>
        {
            double sum = 0, count = 0;
            for (var i = at[2] * 7 / rows; i < Math.Ceiling((at[2] + 1) * 7.0 / rows); i++)
            {
                for (var j = at[3] * 6 / columns; j < Math.Ceiling((at[3] + 1) * 6.0 / columns); j++, count++) sum += values([at[0], at[1], i, j]);
            }
            return sum / count;
        });
        Agree(expected, new AdaptiveAveragePooling([rows, columns]), Input, (m, x) => m.Call(x));
    }

    [Fact]
    public void Pooling_over_more_axes_than_there_are_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => new GlobalPooling(3).Call(Numbers(2, 2)));
        Assert.Equal("global pooling: f64[2, 2] has not the 3 axes to pool over: it takes one or more of its axes.", error.Message);
        error = Assert.Throws<ShapeException>(() => new AdaptiveAveragePooling([2, 0]).Call(Numbers(2, 2)));
        Assert.Equal("adaptive pooling: f64[2, 2] is not pooled to [2, 0]: it takes a size of 1 or more for at most each axis.", error.Message);
    }

    private static Tensor Windows(Tensor x, int window, int stride, Func<IEnumerable<double>, double> reduce)
    {
        var values = Elements(x);
        return Fill([2, 3, (7 - window) / stride + 1, (6 - window) / stride + 1], at =>
            reduce(All([window, window]).Select(k => values([at[0], at[1], at[2] * stride + k[0], at[3] * stride + k[1]]))));
    }
}
