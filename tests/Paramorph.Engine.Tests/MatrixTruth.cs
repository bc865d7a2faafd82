using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<System.Numerics.Complex>;

namespace Paramorph.Tests;

/// <summary>Linear algebra by another library, on batches of matrices, with the sign conventions of ours.</summary>
internal static class MatrixTruth
{
    public static Tensor Cholesky(Tensor a) => Each(a, m => m.Cholesky().Factor);

    public static Tensor Inverse(Tensor a) => Each(a, m => m.Inverse());

    public static Tensor Determinant(Tensor a) => Each(a, m => Single(m.Determinant())).Squeeze(-1, -2);

    public static Tensor PseudoInverse(Tensor a) => Each(a, m => m.PseudoInverse());

    /// <summary>The packed factors, in which the diagonal of ones is not stored.</summary>
    public static Tensor Lu(Tensor a) => Each(a, m =>
    {
        var factors = m.LU();
        return factors.L.StrictlyLowerTriangle() + factors.U;
    });

    public static Tensor Solve(Tensor a, Tensor b)
    {
        if (b.Rank < 2) return Solve(a, b.ExpandDims(-1)).Squeeze(-1);
        var (matrices, sides) = (Matrices(a), Matrices(b));
        return Stack([.. matrices.Zip(sides, (m, r) => m.Solve(r))], b);
    }

    /// <summary>Reduced factors with a positive diagonal.</summary>
    public static Tensor[] Qr(Tensor a)
    {
        var factors = Matrices(a).Select(m => m.QR(QRMethod.Thin)).ToArray();
        var phases = factors.Select(f => Matrix.Build.DiagonalOfDiagonalVector(f.R.Diagonal().Map(x => x / x.Magnitude))).ToArray();
        return
        [
            Stack([.. factors.Zip(phases, (f, p) => f.Q * p)], a),
            Stack([.. factors.Zip(phases, (f, p) => p.ConjugateTranspose() * f.R)], a),
        ];
    }

    /// <summary>Ascending eigenvalues.</summary>
    public static Tensor Eigenvalues(Tensor a) =>
        Stack([.. Matrices(a).Select(m => m.Evd(Symmetricity.Hermitian).EigenValues.ToRowMatrix())], Tensor.Real(a)).Squeeze(-2);

    /// <summary>Eigenvectors of real matrices with the signs that ours have: the truth is the line, not the direction.</summary>
    public static Tensor Eigenvectors(Tensor a)
    {
        var vectors = Each(a, m => m.Evd(Symmetricity.Hermitian).EigenVectors);
        return vectors * Tensor.Sign((vectors * LinearAlgebra.Eigh(a).Vectors).Sum(-2)).ExpandDims(-2);
    }

    public static Tensor SingularValues(Tensor a) => Stack([.. Matrices(a).Select(m => m.Svd(false).S.ToRowMatrix())], Tensor.Real(a)).Squeeze(-2);

    public static Tensor Kronecker(Tensor a, Tensor b) => Stack([Matrices(a)[0].KroneckerProduct(Matrices(b)[0])], a);

    /// <summary>The power series, after a division by 2^12 that squarings undo.</summary>
    public static Tensor Exponential(Tensor a) => Each(a, m =>
    {
        const int halvings = 12;
        var small = m / Math.Pow(2, halvings);
        var one = Matrix.Build.DenseIdentity(m.RowCount);
        var result = one;
        for (var k = 14; k > 0; k--) result = one + small * result / k;
        // Squaring without the identity keeps the small part accurate: (1 + x)^2 = 1 + 2 x + x^2.
        var rest = result - one;
        for (var i = 0; i < halvings; i++) rest = 2 * rest + rest * rest;
        return one + rest;
    });

    /// <summary>A real number of each matrix.</summary>
    public static Tensor Scalars(Tensor a, Func<Matrix, double> function) =>
        Stack([.. Matrices(a).Select(m => Single(function(m)))], Tensor.Real(a)).Squeeze(-1, -2);

    private static Tensor Each(Tensor a, Func<Matrix, Matrix> function) => Stack([.. Matrices(a).Select(function)], a);

    private static Matrix Single(Complex x) => Matrix.Build.Dense(1, 1, x);

    private static Matrix[] Matrices(Tensor a)
    {
        var (rows, columns) = (a.Shape[^2], a.Shape[^1]);
        var elements = a.AsType(ElementType.Complex128).ToArray<Complex>();
        return [.. elements.Chunk(rows * columns).Select(c => Matrix.Build.Dense(rows, columns, (i, j) => c[i * columns + j]))];
    }

    /// <summary>Matrices with the batch and the element type of another tensor.</summary>
    private static Tensor Stack(Matrix[] matrices, Tensor like)
    {
        var elements = matrices.SelectMany(m => m.ToRowMajorArray()).ToArray();
        var result = Tensor.From(elements, [.. like.Shape[..^2], matrices[0].RowCount, matrices[0].ColumnCount]);
        return like.ElementType.IsComplex() ? result : Tensor.Real(result);
    }
}
