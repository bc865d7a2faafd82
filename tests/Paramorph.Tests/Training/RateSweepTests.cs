using Paramorph.Data;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class RateSweepTests
{
    [Fact]
    public void A_linear_model_converges_below_the_critical_rate_and_not_above()
    {
        var x = Sample.Normal(Key.Of(1), [12, 2], ElementType.Float64).Evaluate();
        var known = new RegressionData(x, x.Dot(Tensor.From(1.0, -2)).ExpandDims(1).Evaluate());
        var sweep = RateSweep.Of(Tensor.Zeros([2], ElementType.Float64).Evaluate(), (w, x) => x.Dot(w), known, known, [0.5, 0.9, 1.1], 200);
        Assert.Equal([0, 1], sweep.Below);
        Assert.Equal([2], sweep.Above);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(sweep.IsConverged));
        Assert.Equal(1, sweep.Peak(0));
        // Along the first eigenvector the error is multiplied by 1 - 2 rate in each step, so that it grows by 1.2.
        Assert.Equal(1.44, sweep.Losses[2][^1] / sweep.Losses[2][^2], 1e-6);
        Assert.All(sweep.Kernels, kernel => Assert.Equal(1, kernel, 1e-9));
        // The loss of the best weights is zero.
        Assert.Equal(0, sweep.Errors[0], 1e-6);
    }
}
