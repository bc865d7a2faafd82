using Paramorph.Data.Solvers;

namespace Paramorph.Tests.Data.Solvers;

public sealed class LanczosTests
{
    [Fact]
    public void As_many_vectors_as_points_are_the_eigenvectors()
    {
        // Cells held at the edge of a rectangle have the eigenvalues 4 sin^2(i pi / 2 rows) + 4 sin^2(j pi / 2 columns), here all different.
        const int Rows = 2, Columns = 5;
        var matrix = Poisson.Matrix(Tensor.Ones([Rows, Columns], ElementType.Bool));
        var (values, vectors) = Lanczos.RitzVectors(matrix, Sample.Normal(Key.Of(1), [Rows, Columns], ElementType.Float64).Evaluate(), Rows * Columns);
        static double Square(double x) => x * x;
        double[] expected =
        [
            .. (from i in Enumerable.Range(1, Rows) from j in Enumerable.Range(1, Columns)
                select 4 * Square(Math.Sin(i * Math.PI / (2 * Rows))) + 4 * Square(Math.Sin(j * Math.PI / (2 * Columns)))).Order(),
        ];
        Expect.Close(Tensor.From(expected), values, 1e-9);
        Expect.Close(values.Reshape(10, 1, 1) * vectors, matrix.Apply(vectors), 1e-9);
    }

    [Fact]
    public void Few_vectors_are_orthonormal_and_have_their_values_as_energies()
    {
        const int Count = 30;
        var isFree = Poisson.RandomObstacles(Key.Of(2), 16, 12, 3);
        var matrix = Poisson.Matrix(isFree, obstacle: EdgeCondition.Neumann);
        var (values, vectors) = Lanczos.RitzVectors(matrix, Poisson.RandomRightHandSides(Key.Of(3), isFree, 1)[0].Evaluate(), Count);
        var (rows, images) = (vectors.Reshape(Count, 192), matrix.Apply(vectors).Reshape(Count, 192));
        Expect.Close(Tensor.Eye(Count, ElementType.Float64), rows.Dot(rows.T), 1e-10);
        Expect.Close(LinearAlgebra.DiagonalMatrix(values), rows.Dot(images.T), 1e-10);
    }

    [Fact]
    public void A_start_in_a_small_space_is_refused()
    {
        var matrix = Poisson.Matrix(Tensor.Ones([4, 4], ElementType.Bool), EdgeCondition.Periodic);
        Assert.Throws<EvaluationException>(() => Lanczos.RitzVectors(matrix, Tensor.Ones([4, 4], ElementType.Float64).Evaluate(), 3));
    }
}
