using Paramorph.Data;
using Paramorph.Search;

namespace Paramorph.Tests.Search;

public sealed class CurveTableTests
{
    private static readonly CurveTable table = new([[0.9, 0.4], [0.5, 0.5], [0.8, 0.1]]);

    [Fact]
    public void Candidates_are_judged_by_their_last_loss()
    {
        Assert.Equal(0.5, table.At(1, 1));
        Assert.Equal([2, 3, 1], Enumerable.Range(0, 3).Select(table.Rank));
        Assert.Equal(0.3, table.Regret(0), 1e-12);
    }

    [Fact]
    public void Each_candidate_comes_once_before_any_comes_again()
    {
        var draw = table.Draws(Key.Of(1));
        for (var round = 0; round < 3; round++) Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => draw()).Order());
    }

    [Fact]
    public void Some_perceptrons_learn_at_once_and_others_slowly()
    {
        LabelledData Draw(int key) => GaussianClusters.Of(Key.Of(key), 200, dimensions: 6, classes: 3, deviation: 0.3);
        var train = Draw(1);
        var learned = CurveTable.OfPerceptrons(Key.Of(2), 12, 8, train, train, classes: 3);
        Assert.Equal((12, 8), (learned.Losses.Count, learned.Losses[0].Length));
        Assert.InRange(learned.Losses.Min(curve => curve[^1]), 0, 0.05);
        Assert.InRange(learned.Losses.Min(curve => curve[0]), 0, 0.1);
        Assert.InRange(learned.Losses.Max(curve => curve[0]), 0.2, 1);
    }
}
