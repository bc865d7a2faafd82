using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class MultigridPreconditionerTests
{
    private static (FivePointMatrix Matrix, Tensor IsFree, Tensor Right) Domain(int side)
    {
        var isFree = Poisson.RandomObstacles(Key.Of(2), 16, 16, 4).Repeat(side / 16, 0).Repeat(side / 16, 1).Evaluate();
        return (Poisson.Matrix(isFree, EdgeCondition.Dirichlet, EdgeCondition.Neumann), isFree.AsType(ElementType.Float64).Evaluate(), Poisson.RandomRightHandSides(Key.Of(3), isFree, 1)[0].Evaluate());
    }

    [Fact]
    public void A_cycle_is_symmetric_and_positive()
    {
        var (matrix, isFree, _) = Domain(16);
        var cycle = new MultigridPreconditioner(matrix, isFree);
        var units = Tensor.Eye(256, ElementType.Float64);
        var inverse = Tensor.Stack([.. Enumerable.Range(0, 256).Select(p => cycle.Apply(units[p].Reshape(16, 16).Evaluate()).Reshape(256))], 1).Evaluate();
        Expect.Close(inverse.T, inverse, 1e-12);
        Assert.True(LinearAlgebra.Eigh(inverse).Values.Min().Item() > 0);
    }

    [Fact]
    public void Iterations_hardly_grow_with_the_grid_and_are_fewer_than_with_incomplete_factors()
    {
        int Iterations(int side, Func<FivePointMatrix, Tensor, Func<Tensor, Tensor>> direction)
        {
            var (matrix, isFree, right) = Domain(side);
            var (solution, residuals) = ConjugateDirections.Solve(matrix, right, direction(matrix, isFree), 1e-8, memory: 1);
            Assert.InRange(Tensor.Abs(matrix.Apply(solution) - right).Max().Item(), 0, 1e-6);
            return residuals.Count - 1;
        }
        int[] cycles = [.. new[] { 32, 64, 128 }.Select(side => Iterations(side, (matrix, isFree) => new MultigridPreconditioner(matrix, isFree).Apply))];
        Assert.InRange(cycles[^1], 2, 25);
        Assert.InRange(cycles[^1], 2, 1.4 * cycles[0]);
        Assert.True(3 * cycles[^1] < Iterations(128, (matrix, _) => new IncompleteCholesky(matrix).Apply));
    }

    [Fact]
    public void A_mask_of_another_grid_is_refused() =>
        Assert.Throws<ShapeException>(() => new MultigridPreconditioner(Domain(16).Matrix, Tensor.Ones([8, 8], ElementType.Float64)));
}
