using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class ChainDiagnosticsTests
{
    [Theory]
    [InlineData(0.6)]
    [InlineData(0.0)]
    [InlineData(-0.4)]
    public void Effective_size_of_an_autoregression_is_known(double correlation)
    {
        const int count = 20000, chains = 4;
        var noise = Sample.Normal(Key.Of(1), [count, chains], ElementType.Float64);
        var draws = Control.Scan<Tensor, Tensor, Tensor>((x, e) => correlation * x + Math.Sqrt(1 - correlation * correlation) * e is var next ? (next, next) : default, noise[0], noise).Results.Evaluate();
        var expected = count * chains * (1 - correlation) / (1 + correlation);
        Assert.InRange(ChainDiagnostics.EffectiveSize(draws).Item() / expected, 0.9, 1.1);
        Assert.InRange(ChainDiagnostics.BulkSize(draws).Item() / expected, 0.9, 1.1);
        Assert.InRange(ChainDiagnostics.RHat(draws).Item(), 0.999, 1.002);
    }

    [Fact]
    public void Plain_split_value_is_that_by_hand()
    {
        // Halves (0, 1), (0, 1), (2, 3), (2, 3): the variance within is 1/2, that of means 4/3.
        var draws = Tensor.From(new[,] { { 0.0, 2 }, { 1, 3 }, { 0, 2 }, { 1, 3 } });
        Assert.Equal(Math.Sqrt((0.5 * 0.5 + 4.0 / 3) / 0.5), ChainDiagnostics.SplitRHat(draws).Item(), 1e-12);
    }

    [Fact]
    public void Chains_of_unlike_width_are_seen_by_ranks_alone()
    {
        var draws = (Sample.Normal(Key.Of(2), [1000, 4], ElementType.Float64) * Tensor.From(1.0, 1.0, 1.0, 5.0)).Evaluate();
        Assert.InRange(ChainDiagnostics.SplitRHat(draws).Item(), 0.99, 1.01);
        Assert.True(ChainDiagnostics.RHat(draws).Item() > 1.05);
    }

    [Fact]
    public void Chains_at_unlike_places_are_seen()
    {
        var draws = (Sample.Cauchy(Key.Of(3), [500, 4], ElementType.Float64) + Tensor.From(0.0, 0.0, 0.0, 4.0)).Evaluate();
        Assert.True(ChainDiagnostics.RHat(draws).Item() > 1.1);
    }

    [Fact]
    public void Size_in_the_bulk_knows_order_alone()
    {
        var draws = Sample.Normal(Key.Of(4), [300, 2, 3], ElementType.Float64).Evaluate();
        Assert.Equal(ChainDiagnostics.BulkSize(draws).ToDoubles(), ChainDiagnostics.BulkSize(Tensor.Exp(3.0 * draws)).ToDoubles());
        Assert.Equal([3], ChainDiagnostics.BulkSize(draws).Shape.ToArray());
    }

    [Fact]
    public void Draws_that_are_all_equal_have_no_size() => Assert.True(double.IsNaN(ChainDiagnostics.EffectiveSize(Tensor.Ones([10, 2])).Item()));

    [Fact]
    public void Too_few_draws_are_refused() => Assert.Throws<ShapeException>(() => ChainDiagnostics.RHat(Tensor.Zeros([3, 2])));

    [Fact]
    public void Draws_that_are_no_numbers_have_no_diagnosis()
    {
        double[] draws = [.. Sample.Normal(Key.Of(9), [40, 2], ElementType.Float64).ToDoubles()];
        draws[17] = double.NaN;
        var broken = Tensor.From(draws, [40, 2]);
        Assert.All((IEnumerable<Tensor>)[ChainDiagnostics.RHat(broken), ChainDiagnostics.BulkSize(broken)], value => Assert.True(double.IsNaN(value.Item())));
    }
}
