using Paramorph.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class NormTests
{
    private const double Epsilon = 1e-5;
    private static readonly BatchNorm Batch = new(Numbers(3) + 1.5, Numbers(3), 2);
    private static readonly BatchStatistics Running = new(Numbers(3) * 0.2, Tensor.Square(Numbers(3)) + 0.5);
    private static readonly Tensor Pictures = Numbers(4, 3, 2, 5);

    [Fact]
    public void Batch_norm_in_training_uses_the_statistics_of_the_batch()
    {
        var (mean, variance) = Statistics();
        Agree(Normalised(c => mean[c], c => variance[c]), Batch, Pictures, (m, x) => m.Call(x, Running).Output);
    }

    [Fact]
    public void Batch_norm_in_evaluation_uses_the_running_statistics()
    {
        var (mean, variance) = (Running.Mean.ToDoubles(), Running.Variance.ToDoubles());
        Agree(Normalised(c => mean[c], c => variance[c]), Batch, Pictures, (m, x) => m.Evaluate(x, Running));
    }

    [Fact]
    public void Running_statistics_move_a_tenth_of_the_way_to_the_unbiased_ones_of_the_batch()
    {
        var (mean, variance) = Statistics();
        var moved = Compile.Of((BatchNorm m, BatchStatistics s, Tensor x) => m.Call(x, s).Statistics)(Batch, Running, Pictures);
        var (oldMean, oldVariance) = (Running.Mean.ToDoubles(), Running.Variance.ToDoubles());
        Expect.Close(Fill([3], at => 0.9 * oldMean[at[0]] + 0.1 * mean[at[0]]), moved.Mean, 1e-14);
        Expect.Close(Fill([3], at => 0.9 * oldVariance[at[0]] + 0.1 * variance[at[0]] * 40 / 39), moved.Variance, 1e-14);
    }

    [Fact]
    public void Batch_norm_of_vectors_has_no_spatial_axes()
    {
        var norm = BatchNorm.Create(3, 0, ElementType.Float64);
        var (y, _) = norm.Call(Numbers(5, 3), norm.InitialStatistics);
        Expect.Close(Tensor.Zeros([3], ElementType.Float64), y.Mean(0), 1e-14);
    }

    [Fact]
    public void A_pass_hands_each_norm_its_own_statistics()
    {
        var (first, second) = (BatchNorm.Create(3, 2, ElementType.Float64), Batch);
        TreeList<BatchStatistics> before = [first.InitialStatistics, Running];
        var pass = BatchPass.Training(before);
        var y = second.Call(first.Call(Pictures, pass), pass);
        var (inner, firstMoved) = first.Call(Pictures, before[0]);
        var (outer, secondMoved) = second.Call(inner, before[1]);
        Expect.Close(outer, y, 1e-14);
        Expect.Close(firstMoved.Mean, pass.Statistics[0].Mean, 1e-14);
        Expect.Close(secondMoved.Variance, pass.Statistics[1].Variance, 1e-14);

        var evaluation = BatchPass.Evaluation(before);
        Expect.Close(second.Evaluate(first.Evaluate(Pictures, before[0]), before[1]), second.Call(first.Call(Pictures, evaluation), evaluation), 1e-14);
        Assert.Same(before, evaluation.Statistics);
    }

    [Fact]
    public void A_pass_of_another_network_is_refused()
    {
        var pass = BatchPass.Training([Running, Running]);
        Batch.Call(Pictures, pass);
        Assert.StartsWith("batch pass: 1 batch norms have been called, but there are statistics of 2", Assert.Throws<InvalidOperationException>(() => pass.Statistics).Message);
        Batch.Call(Pictures, pass);
        Assert.StartsWith("batch pass: more batch norms are called than the 2", Assert.Throws<InvalidOperationException>(() => Batch.Call(Pictures, pass)).Message);
    }

    [Fact]
    public void A_training_step_returns_gradient_and_statistics_from_one_compiled_function()
    {
        var step = Compile.Of((BatchNorm norm, TreeList<BatchStatistics> statistics, Tensor x) =>
        {
            var (loss, gradient, moved) = ValueAndGradient.Of(norm, n =>
            {
                var pass = BatchPass.Training(statistics);
                return (Tensor.Square(n.Call(x, pass) - 0.3).Sum(), pass.Statistics);
            });
            return (loss, gradient, moved);
        });
        var (_, gradient, moved) = step(Batch, [Running], Pictures);
        Expect.Close(Gradient.Of(Batch, n => Tensor.Square(n.Call(Pictures, Running).Output - 0.3).Sum()).Scale, gradient.Scale, 1e-10);
        Expect.Close(Batch.Call(Pictures, Running).Statistics.Mean, moved[0].Mean, 1e-14);
    }

    [Fact]
    public void A_batch_of_one_value_a_channel_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Batch.Call(Numbers(1, 3, 1, 1), Running));
        Assert.Equal("batch norm: f64[1, 3, 1, 1] has 1 value for each channel: a variance needs two or more.", error.Message);
    }

    [Fact]
    public void Layer_norm_normalises_the_axes_of_its_scale()
    {
        var norm = new LayerNorm(Numbers(2, 5) + 1.5, Numbers(2, 5));
        var (values, scale, offset) = (Elements(Pictures), Elements(norm.Scale), Elements(norm.Offset!));
        var expected = Fill([4, 3, 2, 5], at =>
        {
            double[] all = [.. All([2, 5]).Select(p => values([at[0], at[1], .. p]))];
            return Standard(values(at), all) * scale([at[2], at[3]]) + offset([at[2], at[3]]);
        });
        Agree(expected, norm, Pictures, (m, x) => m.Call(x));
    }

    [Fact]
    public void Rms_norm_divides_by_the_root_of_the_mean_square()
    {
        var norm = new RmsNorm(Numbers(5) + 1.5);
        var (values, scale) = (Elements(Pictures), Elements(norm.Scale));
        var expected = Fill([4, 3, 2, 5], at =>
        {
            var squares = Enumerable.Range(0, 5).Average(i => Math.Pow(values([at[0], at[1], at[2], i]), 2));
            return values(at) / Math.Sqrt(squares + 1e-6) * scale([at[3]]);
        });
        Agree(expected, norm, Pictures, (m, x) => m.Call(x));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(4)]
    public void Group_norm_normalises_groups_of_channels_of_each_example(int groups)
    {
        var x = Numbers(2, 4, 3, 2);
        var norm = new GroupNorm(Numbers(4) + 1.5, Numbers(4), groups, 2);
        var (values, scale, offset, size) = (Elements(x), Elements(norm.Scale), Elements(norm.Offset), 4 / groups);
        var expected = Fill([2, 4, 3, 2], at =>
        {
            double[] all = [.. All([size, 3, 2]).Select(p => values([at[0], at[1] / size * size + p[0], p[1], p[2]]))];
            return Standard(values(at), all) * scale([at[1]]) + offset([at[1]]);
        });
        Agree(expected, norm, x, (m, x) => m.Call(x));
        if (groups == 4) Expect.Close(GroupNorm.Instance(4, 2, ElementType.Float64).Call(x), (norm with { Scale = Tensor.Ones([4], ElementType.Float64), Offset = Tensor.Zeros([4], ElementType.Float64) }).Call(x), 1e-14);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Equal("layer norm: f64[2, 3] does not end in the axes [4] of the scale.", Assert.Throws<ShapeException>(() => LayerNorm.Create([4]).Call(Numbers(2, 3))).Message);
        Assert.Equal("rms norm: f64[2, 3] does not end in the axis [4] of the scale.", Assert.Throws<ShapeException>(() => RmsNorm.Create(4).Call(Numbers(2, 3))).Message);
        Assert.Equal("group norm: 4 channels do not divide into 3 groups.", Assert.Throws<ShapeException>(() => GroupNorm.Create(4, 3, 2)).Message);
    }

    private static (double[] Mean, double[] Variance) Statistics()
    {
        var values = Elements(Pictures);
        double[][] channels = [.. Enumerable.Range(0, 3).Select(c => All([4, 2, 5]).Select(p => values([p[0], c, p[1], p[2]])).ToArray())];
        double[] mean = [.. channels.Select(all => all.Average())];
        return (mean, [.. channels.Select((all, c) => all.Average(v => (v - mean[c]) * (v - mean[c])))]);
    }

    private static Tensor Normalised(Func<int, double> mean, Func<int, double> variance)
    {
        var (values, scale, offset) = (Elements(Pictures), Elements(Batch.Scale), Elements(Batch.Offset));
        return Fill([4, 3, 2, 5], at => (values(at) - mean(at[1])) / Math.Sqrt(variance(at[1]) + Epsilon) * scale([at[1]]) + offset([at[1]]));
    }

    private static double Standard(double value, double[] all)
    {
        var mean = all.Average();
        return (value - mean) / Math.Sqrt(all.Average(v => (v - mean) * (v - mean)) + Epsilon);
    }
}
