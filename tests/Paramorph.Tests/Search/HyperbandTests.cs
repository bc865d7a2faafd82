using Paramorph.Search;

namespace Paramorph.Tests.Search;

public sealed class HyperbandTests
{
    /// <summary>Candidate c has the loss c at every budget, and candidates come in a fixed disorder.</summary>
    private static (Hyperband Search, List<(int Candidate, int Budget)> Asked) Make(int largest, PromotionRule rule = PromotionRule.Efficient)
    {
        var (drawn, asked) = (0, new List<(int, int)>());
        var search = new Hyperband(() => drawn++ * 37 % 101, (candidate, budget) =>
        {
            asked.Add((candidate, budget));
            return candidate;
        }, largest, 3, rule);
        return (search, asked);
    }

    [Fact]
    public void Brackets_are_those_of_the_paper()
    {
        // R = 9, η = 3: brackets of 9, 5 and 3 candidates: (9, 3, 1), (5, 1) and (3) evaluations at their rungs.
        var (search, asked) = Make(9);
        search.Run();
        Assert.Equal([9, 3 + 5, 1 + 1 + 3], asked.GroupBy(pair => pair.Budget).OrderBy(group => group.Key).Select(group => group.Count()));
        Assert.Equal(9 * 1 + 8 * 3 + 5 * 9, search.Spent);
    }

    [Fact]
    public void Without_crossings_the_best_that_was_drawn_is_found()
    {
        var (search, asked) = Make(9);
        var best = search.Run();
        Assert.Equal(asked.Min(pair => pair.Candidate), best.Candidate);
    }

    [Theory]
    [InlineData(PromotionRule.Efficient)]
    [InlineData(PromotionRule.Preserving)]
    [InlineData(PromotionRule.Discarding)]
    public void A_raised_budget_asks_for_nothing_twice_and_fills_the_new_brackets(PromotionRule rule)
    {
        var (search, asked) = Make(9, rule);
        search.Run();
        search.Raise();
        var best = search.Run();
        Assert.Equal(27, search.Largest);
        Assert.Equal(asked.Count, asked.Distinct().Count());
        // 27, 12, 6 and 4 candidates.
        Assert.Equal(49, asked.Select(pair => pair.Candidate).Distinct().Count());
        Assert.Equal(0, best.Candidate);
    }

    [Fact]
    public void Earlier_promotions_stand_or_compete_as_the_rule_says()
    {
        // The first three candidates have losses 2, 3 and 4, all later ones less: what was promoted first is best no more.
        int Evaluations(PromotionRule rule)
        {
            var (drawn, count) = (0, 0);
            var search = new Hyperband(() => drawn++, (candidate, _) =>
            {
                count++;
                return candidate < 4 ? 2 + candidate : 1.0 / candidate;
            }, 3, 3, rule);
            search.Run();
            search.Raise();
            search.Run();
            return count;
        }
        Assert.True(Evaluations(PromotionRule.Efficient) < Evaluations(PromotionRule.Preserving));
    }

    [Fact]
    public void Budgets_that_are_no_power_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Make(10));

    [Fact]
    public void A_loss_that_is_no_number_is_the_worst()
    {
        var drawn = 0;
        var best = new Hyperband(() => drawn++, (candidate, _) => candidate % 2 == 0 ? double.NaN : candidate, 9, 3).Run();
        Assert.Equal((1, 1.0), best);
    }
}
