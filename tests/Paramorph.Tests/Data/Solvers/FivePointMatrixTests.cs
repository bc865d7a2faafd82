using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class FivePointMatrixTests
{
    public static TheoryData<EdgeCondition, EdgeCondition> Conditions => new()
    {
        { EdgeCondition.Dirichlet, EdgeCondition.Dirichlet },
        { EdgeCondition.Dirichlet, EdgeCondition.Neumann },
        { EdgeCondition.Periodic, EdgeCondition.Dirichlet },
        { EdgeCondition.Neumann, EdgeCondition.Dirichlet },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Its_entries_are_a_symmetric_matrix_that_does_what_applying_does(EdgeCondition edge, EdgeCondition obstacle)
    {
        var matrix = Poisson.Matrix(Poisson.RandomObstacles(Key.Of(1), 6, 5, 2), edge, obstacle);
        var dense = Dense(matrix);
        Expect.Close(dense.T, dense, 0);
        var u = Sample.Normal(Key.Of(2), [6, 5], ElementType.Float64);
        Expect.Close(dense.Dot(u.Reshape(30)), matrix.Apply(u).Reshape(30), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Solving_undoes_applying(EdgeCondition edge, EdgeCondition obstacle)
    {
        var matrix = Poisson.Matrix(Poisson.RandomObstacles(Key.Of(3), 12, 10, 3), edge, obstacle);
        var u = Sample.Normal(Key.Of(4), [2, 12, 10], ElementType.Float64);
        Expect.Close(u, matrix.Solve(matrix.Apply(u).Evaluate(), 1e-13), 1e-9);
    }

    [Fact]
    public void Where_nothing_holds_the_solution_it_has_mean_zero()
    {
        var matrix = Poisson.Matrix(Tensor.Ones([8, 8], ElementType.Bool), EdgeCondition.Periodic);
        var u = Sample.Normal(Key.Of(5), [8, 8], ElementType.Float64);
        Expect.Close(u - u.Mean(), matrix.Solve(matrix.Apply(u).Evaluate()), 1e-8);
    }

    [Fact]
    public void A_right_hand_side_without_solution_is_refused()
    {
        var matrix = Poisson.Matrix(Tensor.Ones([4, 4], ElementType.Bool), EdgeCondition.Periodic);
        Assert.ThrowsAny<Exception>(() => matrix.Solve(Tensor.Ones([4, 4], ElementType.Float64)));
    }

    private static Tensor Dense(FivePointMatrix matrix)
    {
        var (rows, columns, values) = matrix.Entries();
        var size = matrix.Diagonal.Count;
        var dense = new double[size * size];
        foreach (var (row, column, value) in rows.ToArray<int>().Zip(columns.ToArray<int>(), values.ToArray<double>())) dense[row * size + column] += value;
        return Tensor.From(dense, [size, size]);
    }
}
