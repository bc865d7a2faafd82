using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class BarDistributionTests
{
    private static readonly BarDistribution bars = new(-1, -0.5, 0.25, 0.5, 2);

    private static readonly Tensor logits = Tensor.From(0.3, -1.0, 1.2, 0.1);

    private static readonly Func<Tensor, Tensor> density = Compile.Of((Tensor values) => Tensor.Exp(bars.LogDensity(logits.ExpandDims(0).BroadcastTo([values.Count, 4]), values)));

    [Fact]
    public void The_density_integrates_to_one() => Assert.Equal(1, Integral(_ => 1, -15, 40), 1e-3);

    [Fact]
    public void Inner_bars_are_flat_and_tails_half_normal()
    {
        double[] weights = [.. logits.ToDoubles().Select(Math.Exp)];
        var p = weights.Select(weight => weight / weights.Sum()).ToArray();
        double HalfNormal(double distance, double scale) => Math.Sqrt(2 / Math.PI) / scale * Math.Exp(-distance * distance / (2 * scale * scale));
        var values = density(Tensor.From(-0.9, -3.0, 0.1, 0.3, 0.6, 4.0)).ToDoubles();
        const double Median = 0.674489750196082;
        Assert.Equal(p[0] * HalfNormal(0.4, 0.5 / Median), values[0], 1e-12);
        Assert.Equal(p[0] * HalfNormal(2.5, 0.5 / Median), values[1], 1e-12);
        Assert.Equal(p[1] / 0.75, values[2], 1e-12);
        Assert.Equal(p[2] / 0.25, values[3], 1e-12);
        Assert.Equal(p[3] * HalfNormal(0.1, 1.5 / Median), values[4], 1e-12);
        Assert.Equal(p[3] * HalfNormal(3.5, 1.5 / Median), values[5], 1e-12);
    }

    [Fact]
    public void The_mean_is_the_first_moment() => Assert.Equal(Integral(x => x, -15, 40), bars.Mean(logits).Item(), 1e-3);

    [Theory]
    [InlineData(-2.0)]
    [InlineData(-0.4)]
    [InlineData(0.3)]
    [InlineData(1.7)]
    public void The_probability_above_is_the_integral(double value) =>
        Assert.Equal(Integral(_ => 1, value, 40), bars.ProbabilityAbove(logits, Tensor.Scalar(value)).Item(), 1e-3);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void A_quantile_has_its_probability_below(double probability) =>
        Assert.Equal(probability, 1 - bars.ProbabilityAbove(logits, bars.Quantile(logits, probability)).Item(), 1e-9);

    [Fact]
    public void Bars_of_quantiles_are_equally_probable()
    {
        var values = Sample.Normal(Key.Of(1), [1001], ElementType.Float64);
        var found = BarDistribution.OfQuantiles(values, 10);
        var sorted = values.Sort().ToDoubles();
        Assert.Equal([.. Enumerable.Range(0, 11).Select(i => sorted[100 * i])], found.Borders);
    }

    [Fact]
    public void Borders_that_do_not_rise_are_refused() => Assert.Throws<ArgumentException>(() => new BarDistribution(0, 1, 1, 2));

    [Fact]
    public void Logits_of_another_number_of_bars_are_refused() => Assert.Throws<ShapeException>(() => bars.LogDensity(Tensor.Zeros([2, 3]), Tensor.Zeros([2])));

    /// <summary>The integral of a function times the density, by midpoints.</summary>
    private static double Integral(Func<double, double> function, double from, double to)
    {
        const int Count = 200_000;
        double[] points = [.. Enumerable.Range(0, Count).Select(i => from + (to - from) * (i + 0.5) / Count)];
        return density(Tensor.From(points)).ToDoubles().Zip(points, (p, x) => p * function(x)).Sum() * (to - from) / Count;
    }
}
