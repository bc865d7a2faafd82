using Paramorph.Bayes;
using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class ExtrapolationSplitTests
{
    [Fact]
    public void Rows_outside_lie_beyond_all_of_the_region_and_follow_the_same_function()
    {
        var split = ExtrapolationSplit.Of(RegressionFunctions.Drawn(Key.Of(2), 400, [(-4, 4), (0, 1)], x => 3 * x[0] + x[1]), 50, 60);
        Assert.Equal([50, 60, 60], new[] { split.Train, split.Inside, split.Outside }.Select(rows => rows.Inputs.Shape[0]));
        double[] First(RegressionData rows) => rows.Inputs[.., 0].ToDoubles();
        Assert.True(First(split.Outside).Min() > First(split.Train).Max() && First(split.Outside).Min() > First(split.Inside).Max());
        Assert.Equal(0, First(split.Train).Average(), 9);
        Assert.Equal(1, split.Train.Targets.Std().Item(), 9);
        // A line through the examples is exact everywhere: all rows have one standardisation.
        Tensor Features(RegressionData rows) => Tensor.Concatenate([rows.Inputs, Tensor.OnesLike(rows.Inputs[.., ..1])], 1);
        var weights = RidgeRegression.Weights(Features(split.Train), split.Train.Targets, Tensor.Scalar(1e-12));
        foreach (var rows in (RegressionData[])[split.Inside, split.Outside]) Numbers.Close(rows.Targets.ToDoubles(), Features(rows).Dot(weights).ToDoubles(), 1e-6);
    }
}
