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

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Whatever_its_weights_it_is_symmetric_and_positive(double spread)
    {
        var key = Key.Of(4);
        var network = Tree.Map(Network, weights => weights + spread * Sample.Normal(key = key.Fold(1), weights.Shape, type: ElementType.Float64));
        var units = Tensor.Eye(256, ElementType.Float64).Reshape(256, 16, 16) * IsFree.AsType(ElementType.Float64);
        var matrix = network.Call(units, IsFree.AsType(ElementType.Float64)).Reshape(256, 256);
        Expect.Close(matrix, matrix.Transpose(1, 0), 1e-9 * Tensor.Abs(matrix).Max().Item());
        var outside = Tensor.Eye(256, ElementType.Float64) * Tensor.Where(IsFree, 0.0, LinearAlgebra.Trace(matrix)).Reshape(256);
        Assert.True(LinearAlgebra.Eigh(matrix + outside).Values.Min().Item() > 0);
    }

    [Fact]
    public void What_it_says_of_one_place_reaches_all_others()
    {
        var unit = Tensor.Eye(256, ElementType.Float64)[17].Reshape(1, 16, 16);
        var reached = Tensor.NotEqual(Network.Call(unit, Tensor.Ones([16, 16], ElementType.Float64)), 0.0);
        Assert.Equal(256, reached.AsType(ElementType.Float64).Sum().Item());
    }

    [Fact]
    public void Around_obstacles_a_finer_grid_is_hardly_worse_conditioned()
    {
        double Condition(int side)
        {
            var isFree = Poisson.RandomObstacles(Key.Of(1), side, side, 3);
            var (matrix, free) = (Poisson.Matrix(isFree, EdgeCondition.Dirichlet, EdgeCondition.Neumann), isFree.AsType(ElementType.Float64));
            var cells = Enumerable.Range(0, free.Count).Where(cell => free.ToDoubles()[cell] > 0).ToArray();
            var units = Tensor.Eye(free.Count, ElementType.Float64).Take(Tensor.From(cells)).Reshape(cells.Length, side, side);
            Tensor Dense(Tensor images) => images.Reshape(cells.Length, free.Count).Take(Tensor.From(cells), 1).Evaluate();
            var values = Compile.Of((Tensor matrix, Tensor inverse) =>
            {
                var factor = LinearAlgebra.Cholesky(matrix);
                return LinearAlgebra.Eigh(factor.Transpose(1, 0).Dot(inverse).Dot(factor)).Values;
            })(Dense(matrix.Apply(units)), Dense(Network.Call(units, free))).ToDoubles();
            return values.Max() / values.Min();
        }
        Assert.InRange(Condition(24) / Condition(12), 1, 1.6);
    }
}
