using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class SmallLinearAlgebraTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 5, 8, 17, 32, 64, 150];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cholesky_factors_give_the_matrix_back(int size)
    {
        var a = Random(size, size);
        Check<double>(1e-12);
        Check<float>(1e-4);

        void Check<T>(double tolerance)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var positive = a * a.Transpose() + Matrix<double>.Build.DenseIdentity(size);
            var values = Flat<T>(positive);
            fixed (T* p = values)
                Assert.Equal(-1, Triangular<T>.Cholesky(p, size, size));
            Close(positive.Cholesky().Factor, Wide(values, size, size), tolerance * size);
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_reported_by_row()
    {
        double[] a = [4, 0, 0, 0, 1, 0, 2, 0, 1];
        fixed (double* p = a)
            Assert.Equal(2, Triangular<double>.Cholesky(p, 3, 3));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Triangular_solves_undo_products(int size)
    {
        const int columns = 5;
        var a = Random(size, size) / size + Matrix<double>.Build.DenseIdentity(size);
        var x = Random(size, columns);
        foreach (var lower in (bool[])[false, true])
            foreach (var transposed in (bool[])[false, true])
                foreach (var unit in (bool[])[false, true])
                {
                    var triangle = lower ? a.LowerTriangle() : a.UpperTriangle();
                    if (unit)
                        triangle.SetDiagonal(new double[size].Select(_ => 1.0).ToArray());
                    var b = Flat<double>((transposed ? triangle.Transpose() : triangle) * x);
                    fixed (double* p = Flat<double>(a), q = b)
                        Triangular<double>.Solve(p, size, size, lower, transposed, unit, q, columns, columns);
                    Close(x, Wide(b, size, columns), 1e-12);
                }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lu_solves_systems_and_transposed_systems(int size)
    {
        var a = Random(size, size);
        var x = Random(size, 3);
        var lu = Flat<double>(a);
        var pivots = new int[size];
        foreach (var transposed in (bool[])[false, true])
        {
            var b = Flat<double>((transposed ? a.Transpose() : a) * x);
            fixed (double* p = lu, q = b)
            fixed (int* v = pivots)
            {
                if (!transposed)
                    Assert.Equal(-1, Triangular<double>.Lu(p, size, size, v));
                Triangular<double>.LuSolve(p, size, size, v, transposed, q, 3, 3);
            }
            Close(x, Wide(b, size, 3), 1e-10);
        }
    }

    [Fact]
    public void A_singular_matrix_is_reported_by_column()
    {
        float[] a = [1, 2, 3, 2, 4, 6, 1, 0, 1];
        var pivots = new int[3];
        fixed (float* p = a)
        fixed (int* v = pivots)
            Assert.Equal(2, Triangular<float>.Lu(p, 3, 3, v));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Eigenvectors_diagonalise(int size)
    {
        var a = Random(size, size);
        Check<double>((a + a.Transpose()) / 2, 1e-12);
        Check<float>((a + a.Transpose()) / 2, 3e-5);
        Check<double>(Matrix<double>.Build.DenseDiagonal(size, 3), 1e-12);
        var low = Random(size, 1);
        Check<double>(low * low.Transpose(), 1e-12);

        void Check<T>(Matrix<double> symmetric, double tolerance)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var input = Flat<T>(symmetric);
            var values = new T[size];
            var vectors = new T[size * size];
            fixed (T* p = input, d = values, v = vectors, w = new T[size * (size + 3)])
                Assert.Equal(-1, SymmetricEigen<T>.Decompose(p, size, size, d, v, size, w));
            var expected = symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).Order().ToArray();
            for (var i = 0; i < size; i++)
                Assert.Equal(expected[i], double.CreateTruncating(values[i]), tolerance * size);
            var q = Wide(vectors, size, size);
            Close(Matrix<double>.Build.DenseIdentity(size), q.Transpose() * q, tolerance * size);
            var back = q * Matrix<double>.Build.DenseOfDiagonalArray([.. values.Select(double.CreateTruncating)]) * q.Transpose();
            Close(symmetric, back, tolerance * size);
        }
    }

    [Fact]
    public void Eigenvalues_of_a_NaN_are_reported_as_not_found()
    {
        fixed (double* p = (double[])[1, double.NaN, double.NaN, 1], d = new double[2], v = new double[4], w = new double[10])
            Assert.NotEqual(-1, SymmetricEigen<double>.Decompose(p, 2, 2, d, v, 2, w));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(9, 4)]
    [InlineData(4, 9)]
    [InlineData(64, 40)]
    [InlineData(130, 130)]
    public void Q_is_orthonormal_and_QR_is_the_matrix(int rows, int columns)
    {
        var a = Random(rows, columns);
        foreach (var qColumns in (int[])[Math.Min(rows, columns), rows])
        {
            var r = Flat<double>(a);
            var q = new double[rows * qColumns];
            fixed (double* p = r, o = q, w = new double[Math.Min(rows, columns) * (rows + 1) + Math.Max(columns, qColumns)])
                Orthogonal<double>.Qr(p, columns, rows, columns, o, qColumns, qColumns, w);
            var upper = Wide(r, rows, columns);
            Close(upper.UpperTriangle(), upper, 0);
            var orthonormal = Wide(q, rows, qColumns);
            Close(Matrix<double>.Build.DenseIdentity(qColumns), orthonormal.Transpose() * orthonormal, 1e-12);
            Close(a, orthonormal * upper.SubMatrix(0, qColumns, 0, columns), 1e-12 * rows);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(20, 7)]
    [InlineData(7, 20)]
    [InlineData(64, 64)]
    public void Singular_vectors_rebuild_the_matrix(int rows, int columns)
    {
        Check<double>(Random(rows, columns), 1e-12);
        Check<float>(Random(rows, columns), 3e-5);
        Check<double>(Random(rows, 1) * Random(1, columns), 1e-12);
        Check<double>(Matrix<double>.Build.Dense(rows, columns), 1e-12);

        void Check<T>(Matrix<double> a, double tolerance)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var size = Math.Min(rows, columns);
            var (u, s, vt) = (new T[rows * size], new T[size], new T[size * columns]);
            fixed (T* p = Flat<T>(a), x = u, y = s, z = vt, w = new T[size * (rows + columns)])
                Assert.True(Orthogonal<T>.Svd(p, columns, rows, columns, x, size, y, z, columns, w));
            var singular = s.Select(double.CreateTruncating).ToArray();
            var expected = a.Svd().S;
            for (var i = 0; i < size; i++)
                Assert.Equal(expected[i], singular[i], tolerance * rows);
            var (left, right) = (Wide(u, rows, size), Wide(vt, size, columns));
            Close(Matrix<double>.Build.DenseIdentity(size), left.Transpose() * left, tolerance * rows);
            Close(Matrix<double>.Build.DenseIdentity(size), right * right.Transpose(), tolerance * rows);
            Close(a, left * Matrix<double>.Build.DenseOfDiagonalArray(singular) * right, tolerance * rows);
        }
    }

    private static Matrix<double> Random(int rows, int columns)
    {
        var random = new Random(rows * 1000 + columns);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) => 2 * random.NextDouble() - 1);
    }

    private static T[] Flat<T>(Matrix<double> a)
        where T : unmanaged, IFloatingPointIeee754<T> => [.. a.ToRowMajorArray().Select(T.CreateTruncating)];

    private static Matrix<double> Wide<T>(T[] a, int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Matrix<double>.Build.Dense(rows, columns, (i, j) => double.CreateTruncating(a[i * columns + j]));

    private static void Close(Matrix<double> expected, Matrix<double> actual, double tolerance) =>
        Assert.True((expected - actual).Enumerate().All(d => Math.Abs(d) <= tolerance), $"largest difference {(expected - actual).Enumerate().Max(Math.Abs)}");
}
