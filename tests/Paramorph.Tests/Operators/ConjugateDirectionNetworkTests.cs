using Paramorph.Data.Solvers;
using Paramorph.Operators;
using Paramorph.Training;

namespace Paramorph.Tests.Operators;

public sealed class ConjugateDirectionNetworkTests
{
    private static readonly Tensor IsFree = Poisson.RandomObstacles(Key.Of(1), 16, 16, 3);

    private static readonly FivePointMatrix Matrix = Poisson.Matrix(IsFree, EdgeCondition.Dirichlet, EdgeCondition.Neumann);

    private static readonly RitzMixtures Mixtures = RitzMixtures.Of(Matrix, IsFree.AsType(ElementType.Float64), Poisson.RandomRightHandSides(Key.Of(2), IsFree, 1)[0].Evaluate(), 40);

    [Fact]
    public void Residuals_have_unit_size_and_lie_where_cells_are_free()
    {
        var drawn = Mixtures.Draw(Key.Of(3), 5).Evaluate();
        var free = Mixtures.IsFree.Sum().Item();
        Assert.All(Tensor.Square(drawn).Sum(1, 2).ToDoubles(), square => Assert.Equal(256, square, 0.05));
        Assert.InRange(Tensor.Abs(drawn * (1.0 - Mixtures.IsFree)).Max().Item(), 0, 1e-3);
        Assert.InRange(free, 100, 255);
    }

    [Fact]
    public void Training_makes_directions_that_lower_residuals_more()
    {
        static Tensor Call(ConjugateDirectionNetwork network, Tensor residual, Tensor isFree) => network.Call(residual) * isFree;
        ConjugateDirectionNetwork Start() => ConjugateDirectionNetwork.Create(Key.Of(4), width: 4);
        TreeList<RitzMixtures> domains = [Mixtures];
        var trainer = RitzMixtures.Trainer<ConjugateDirectionNetwork>(1e-2, 150, 4, Call);
        var run = trainer.Run(trainer.Start(Start(), Key.Of(6)), Batches.Whole(domains), new(150));
        Assert.True(Left(run.State.Model) < 0.8 * Left(Start()), $"{Left(Start())} {Left(run.State.Model)}");

        // The part of a residual that one step along the direction leaves, by its definition.
        double Left(ConjugateDirectionNetwork network)
        {
            var residual = Mixtures.Draw(Key.Of(5), 1)[0].AsType(ElementType.Float64).Evaluate();
            var image = Matrix.Apply(Call(network, residual.AsType(ElementType.Float32).ExpandDims(0), Mixtures.IsFree)[0].AsType(ElementType.Float64)).Evaluate();
            var step = (residual * image).Sum().Item() / Tensor.Square(image).Sum().Item();
            return Math.Sqrt(Tensor.Square(residual - step * image).Sum().Item() / Tensor.Square(residual).Sum().Item());
        }
    }

    [Fact]
    public void A_side_that_is_not_halved_is_refused() =>
        Assert.Throws<ShapeException>(() => ConjugateDirectionNetwork.Create(Key.Of(1), width: 2).Call(Tensor.Zeros([1, 7, 8])));
}
