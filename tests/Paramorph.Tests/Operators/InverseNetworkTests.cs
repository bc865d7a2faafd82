using Paramorph.Data.Solvers;
using Paramorph.Operators;

namespace Paramorph.Tests.Operators;

public sealed class InverseNetworkTests
{
    private static readonly Tensor IsFree = Poisson.RandomObstacles(Key.Of(1), 16, 16, 3);

    private static readonly Tensor Residual = Poisson.RandomRightHandSides(Key.Of(2), IsFree, 2).Evaluate();

    private static readonly InverseNetwork Network = InverseNetwork.Create(Key.Of(3), width: 3, type: ElementType.Float64);

    private static Tensor Direction(Tensor residual) => Network.Call(residual, IsFree.AsType(ElementType.Float64));

    [Fact]
    public void A_multiple_of_the_residual_gives_that_multiple_of_the_direction() =>
        Expect.Close(2.5 * Direction(Residual), Direction(2.5 * Residual), 1e-12);

    [Fact]
    public void In_obstacles_directions_are_zero() =>
        Assert.Equal(0, Tensor.Where(IsFree, 0.0, Tensor.Abs(Direction(Residual))).Max().Item());

    [Fact]
    public void A_network_as_drawn_lowers_the_error() =>
        Assert.True((Residual * Direction(Residual)).Sum(1, 2).Min().Item() > 0);

    [Fact]
    public void What_it_says_of_one_place_reaches_all_others()
    {
        var unit = Tensor.Eye(256, ElementType.Float64)[17].Reshape(1, 16, 16);
        var reached = Tensor.NotEqual(Network.Call(unit, Tensor.Ones([16, 16], ElementType.Float64)), 0.0);
        Assert.Equal(256, reached.AsType(ElementType.Float64).Sum().Item());
    }
}
