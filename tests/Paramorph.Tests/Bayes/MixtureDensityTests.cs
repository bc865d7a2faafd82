using Paramorph.Bayes;
using Paramorph.Layers;

namespace Paramorph.Tests.Bayes;

public sealed class MixtureDensityTests
{
    private const int Components = 3, Dimensions = 2;

    private static readonly MixtureDensity density = new(Linear.Create(Key.Of(1), 4, MixtureDensity.Outputs(Components, Dimensions), type: ElementType.Float64), Components, Dimensions);

    private static readonly Tensor condition = Sample.Normal(Key.Of(2), [1, 4], ElementType.Float64).Evaluate();

    [Fact]
    public void One_component_is_the_normal_density_of_its_mean_and_covariance()
    {
        // Output: weight, mean (1, -1), factor (exp(log 2), 0; 0.5, exp(0)), whose inverse covariance is Fᵀ F = (4.25, 0.5; 0.5, 1) with the determinant 4.
        var fixedNetwork = new Linear(Tensor.Zeros([1, 7], ElementType.Float64), Tensor.From(0.3, 1, -1, Math.Log(2), 99, 0.5, 0));
        var value = new MixtureDensity(fixedNetwork, 1, 2).LogDensity(Tensor.Zeros([1, 1], ElementType.Float64), Tensor.From(1.5, 1.0).Reshape(1, 2));
        var square = (4.25 * 0.25) + (2 * 0.5 * 0.5 * 2) + 4;
        Assert.Equal((-0.5 * square) + (0.5 * Math.Log(4)) - Math.Log(2 * Math.PI), value.ToDoubles()[0], 1e-12);
    }

    [Fact]
    public void It_integrates_to_one_and_draws_have_its_moments()
    {
        const int Side = 400, Count = 40_000;
        const double Bound = 25, Cell = 2 * Bound / Side;
        var axis = ((Tensor.Arange(Side).AsType(ElementType.Float64) + 0.5) * Cell) - Bound;
        var grid = Tensor.Stack([axis.ExpandDims(1).BroadcastTo([Side, Side]).Flatten(), axis.ExpandDims(0).BroadcastTo([Side, Side]).Flatten()], -1);
        var mass = Tensor.Exp(density.LogDensity(condition.BroadcastTo([Side * Side, 4]), grid)) * (Cell * Cell);
        Assert.Equal(1, mass.Sum().Item(), 1e-3);
        var draws = density.Draw(Key.Of(3), condition.BroadcastTo([Count, 4]));
        var (mean, drawn) = ((grid * mass.ExpandDims(1)).Sum(0), draws.Mean(0));
        var (centred, own) = (grid - mean, draws - drawn);
        Numbers.Close(mean.ToDoubles(), drawn.ToDoubles(), 0.06);
        Numbers.Close(Tensor.MatMul((centred * mass.ExpandDims(1)).T, centred).Flatten().ToDoubles(), (Tensor.MatMul(own.T, own) / Count).Flatten().ToDoubles(), 0.2);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2)]
    public void Chains_over_blurred_poses_end_in_the_posterior_whatever_the_blur(double blur)
    {
        // A pose of prior N(0, 4), seen once as 3 with noise of variance 1: its posterior is N(2.4, 0.8). Given the blurred pose, too, precisions add up.
        const double Precision = 0.25 + 1;
        var both = Precision + (1 / (blur * blur));
        var gibbs = new PoseGibbs(
            (key, poses) => poses + blur * Sample.Normal(key, poses.Shape, ElementType.Float64),
            (key, blurred) => (3.0 + blurred / (blur * blur)) / both + Sample.Normal(key, blurred.Shape, ElementType.Float64) / Math.Sqrt(both),
            parameters => parameters);
        var last = Compile.Of((Key key) => gibbs.Run(key, Tensor.Full([20_000, 1], -5.0, ElementType.Float64), 100)[^1])(Key.Of(4));
        Assert.Equal(2.4, last.Mean().Item(), 0.03);
        Assert.Equal(0.8, Tensor.Square(last - last.Mean()).Mean().Item(), 0.03);
    }
}
