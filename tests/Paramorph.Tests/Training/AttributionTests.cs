using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class AttributionTests
{
    private const int Variables = 5;

    /// <summary>What each coalition adds by itself: the game's dividends.</summary>
    private static readonly double[] dividends = [.. Enumerable.Range(0, 1 << Variables).Select(c => c == 0 ? 0.7 : Math.Sin(3 * c))];

    [Fact]
    public void A_dividend_is_shared_by_its_members_alike()
    {
        var shares = Attribution.Shapley(Game, Variables).ToDoubles();
        for (var i = 0; i < Variables; i++)
        {
            var expected = Enumerable.Range(0, 1 << Variables).Where(c => (c >> i & 1) == 1).Sum(c => dividends[c] / int.PopCount(c));
            Assert.Equal(expected, shares[i], 12);
        }
    }

    [Fact]
    public void The_known_game_of_gloves_is_shared_as_known()
    {
        // One left glove and two right ones: a pair is worth 1. (Shapley value 2/3, 1/6, 1/6.)
        static Tensor Gloves(Tensor coalitions) => coalitions[.., 0] * Tensor.Maximum(coalitions[.., 1], coalitions[.., 2]);
        Assert.Equal([2 / 3.0, 1 / 6.0, 1 / 6.0], Attribution.Shapley(Gloves, 3).ToDoubles().Select(share => Math.Round(share, 15)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Least_squares_on_all_coalitions_with_their_weights_is_exact_where_effects_add()
    {
        static Tensor Sum(Tensor coalitions) => coalitions.Dot(Tensor.From(1.0, -2, 3, 0.5, 0)) + 4.0;
        var shares = Attribution.KernelShapley(Key.Of(1), Sum, Variables, 40).ToDoubles();
        Assert.All(shares.Zip([1.0, -2, 3, 0.5, 0]), pair => Assert.Equal(pair.Second, pair.First, 9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Estimates_come_near_the_exact_shares_and_add_to_the_difference(bool isKernel)
    {
        var exact = Attribution.Shapley(Game, Variables);
        Tensor Estimate(int count) => isKernel ? Attribution.KernelShapley(Key.Of(2), Game, Variables, 6 * count) : Attribution.SampledShapley(Key.Of(2), Game, Variables, count);
        double Error(int count) => Tensor.Abs(Estimate(count) - exact).Max().Item();
        Assert.True(Error(4000) < 0.08);
        Assert.True(Error(4000) < Error(20));
        Assert.Equal(dividends.Sum() - dividends[0], Estimate(20).Sum().Item(), 9);
    }

    [Fact]
    public void Integrated_gradients_add_to_the_difference_of_the_outputs()
    {
        static Tensor Function(Tensor x) => Tensor.Sin(x[.., 0]) * Tensor.Exp(x[.., 1]) + Tensor.Square(x[.., 2]);
        var (x, baseline) = (Tensor.From(1.2, 0.4, -0.8), Tensor.From(0.1, -0.3, 0.5));
        var shares = Attribution.IntegratedGradients(Function, x, baseline, 400);
        Assert.Equal(Function(x.ExpandDims(0)).Item() - Function(baseline.ExpandDims(0)).Item(), shares.Sum().Item(), 5);
        // A variable that is added alone has its own difference.
        Assert.Equal(0.64 - 0.25, shares[2].Item(), 9);
    }

    [Fact]
    public void A_game_puts_absent_variables_at_the_baseline()
    {
        var game = Attribution.Game(x => x[.., 0] - 10.0 * x[.., 1], Tensor.From(1.0, 2), Tensor.From(3.0, 5));
        Assert.Equal([3 - 50.0, 1 - 50, 3 - 20, 1 - 20], game(Attribution.Coalitions(2)).ToDoubles());
    }

    private static Tensor Game(Tensor coalitions)
    {
        var (values, members) = (new double[coalitions.Shape[0]], coalitions.ToDoubles());
        for (var row = 0; row < values.Length; row++)
        {
            var coalition = Enumerable.Range(0, Variables).Sum(i => members[row * Variables + i] > 0.5 ? 1 << i : 0);
            values[row] = Enumerable.Range(0, 1 << Variables).Where(c => (c & ~coalition) == 0).Sum(c => dividends[c]);
        }
        return Tensor.From(values);
    }

    [Fact]
    public void Too_few_coalitions_are_refused() =>
        Assert.Contains("at least 8", Assert.Throws<ShapeException>(() => Attribution.KernelShapley(Key.Of(1), Game, 5, 7)).Message, StringComparison.Ordinal);
}
