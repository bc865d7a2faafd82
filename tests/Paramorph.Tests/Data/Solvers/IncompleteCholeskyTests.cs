using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class IncompleteCholeskyTests
{
    [Fact]
    public void The_product_of_the_factors_equals_the_matrix_where_that_is_not_zero()
    {
        const int Rows = 4, Columns = 3, Size = Rows * Columns;
        var matrix = Poisson.Matrix(Tensor.Ones([Rows, Columns], ElementType.Bool));
        var factors = new IncompleteCholesky(matrix);
        var units = Tensor.Eye(Size, ElementType.Float64);
        var inverse = Tensor.Stack([.. Enumerable.Range(0, Size).Select(p => factors.Apply(units[p].Reshape(Rows, Columns).Evaluate()).Reshape(Size))], 1);
        Expect.Close(inverse.T, inverse, 1e-14);
        var product = LinearAlgebra.Solve(inverse, units).ToArray<double>();
        var (rows, columns, values) = matrix.Entries();
        foreach (var (row, column, value) in rows.ToArray<int>().Zip(columns.ToArray<int>(), values.ToArray<double>()))
            Assert.Equal(value, product[row * Size + column], 1e-10);
    }

    [Fact]
    public void On_a_line_of_cells_they_are_exact()
    {
        var matrix = Poisson.Matrix(Tensor.Ones([1, 20], ElementType.Bool));
        var u = Sample.Normal(Key.Of(1), [1, 20], ElementType.Float64);
        Expect.Close(u, new IncompleteCholesky(matrix).Apply(matrix.Apply(u).Evaluate()), 1e-10);
    }

    [Fact]
    public void They_save_iterations_of_conjugate_gradients()
    {
        var isFree = Poisson.RandomObstacles(Key.Of(2), 24, 24, 4);
        var matrix = Poisson.Matrix(isFree, obstacle: EdgeCondition.Neumann);
        var right = Poisson.RandomRightHandSides(Key.Of(3), isFree, 1)[0].Evaluate();
        int Iterations(Func<Tensor, Tensor> direction) => ConjugateDirections.Solve(matrix, right, direction, 1e-6, memory: 1).Residuals.Count;
        Assert.InRange(Iterations(new IncompleteCholesky(matrix).Apply), 2, Iterations(residual => residual) / 2);
    }

    [Fact]
    public void A_grid_that_wraps_round_is_refused() =>
        Assert.Throws<ShapeException>(() => new IncompleteCholesky(Poisson.Matrix(Tensor.Ones([4, 4], ElementType.Bool), EdgeCondition.Periodic)));
}
