namespace Paramorph.Tests.Operations;

public class LogSumTests
{
    private const double Inf = double.PositiveInfinity;
    private static readonly Tensor Infinite = Tensor.From(new[,] { { -Inf, 0, 1 }, { -Inf, -Inf, -Inf }, { Inf, 0, -Inf }, { 1000, 1000, -1000 } });

    [Fact]
    public void Infinite_terms_are_nothing_or_everything() =>
        Expect.Close(Tensor.From(Math.Log(1 + Math.E), -Inf, Inf, 1000 + Math.Log(2)), Infinite.LogSumExp(1), 1e-15);

    [Fact]
    public void Softmax_ignores_minus_infinity_and_is_zero_without_anything_else()
    {
        var s = Infinite.Softmax();

        Expect.Close(Tensor.From(0, 1 / (1 + Math.E), Math.E / (1 + Math.E)), s[0], 1e-15);
        Expect.Close(Tensor.Zeros([3], ElementType.Float64), s[1], 0);
        Expect.Close(Tensor.From(0.5, 0.5, 0), s[3], 1e-15);
    }

    [Fact]
    public void Derivatives_are_finite_beside_minus_infinity()
    {
        var x = Infinite[TensorIndex.Every(1, ..2)];

        Expect.Close(x.Softmax(), Gradient.Of(x, v => Tensor.Where(Tensor.IsFinite(v.LogSumExp(1)), v.LogSumExp(1), 0.0).Sum()), 1e-15);
        Assert.All(Gradient.Of(x, v => (v.Softmax() * Tensor.From(1.0, 2, 3)).Sum()).ToDoubles(), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void Log_add_exp_of_infinities()
    {
        const double nan = double.NaN;
        var (x, y) = (Tensor.From(-Inf, -Inf, Inf, 1000, nan, 0, nan, nan, Inf), Tensor.From(-Inf, 2, 3, 1000, 0, nan, Inf, -Inf, nan));

        Expect.Close(Tensor.From(-Inf, 2, Inf, 1000 + Math.Log(2), nan, nan, nan, nan, nan), Tensor.LogAddExp(x, y), 1e-15);
        Expect.Close(Tensor.From(0.0, 0, 1, 0.5), Gradient.Of(x[..4], v => Tensor.LogAddExp(v, y[..4]).Sum())[..4] * Tensor.From(0.0, 1, 1, 1), 1e-15);
    }

    [Fact]
    public void Of_nothing_the_logarithm_of_the_sum_is_minus_infinity()
    {
        Assert.Equal([-Inf, -Inf], Tensor.Zeros([2, 0]).LogSumExp(1).ToDoubles());
        Assert.Equal(0, Tensor.Zeros([2, 0]).Softmax().Evaluate().Count);
    }

    [Fact]
    public void Log_softmax_keeps_digits_that_the_logarithm_of_the_softmax_loses() =>
        Assert.Equal(-1000, Tensor.From(0.0, 1000).LogSoftmax()[0].Item(), 1e-12);

    [Fact]
    public void Cumulation_begins_with_nothing() =>
        Expect.Close(Tensor.From(-Inf, -Inf, 0, Math.Log(2)), Tensor.From(-Inf, -Inf, 0, 0).CumulativeLogSumExp(0), 1e-15);
}
