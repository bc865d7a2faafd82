namespace Paramorph.Tests;

/// <summary>Matrices on which linear algebra is checked, and what is checked of results that are not unique.</summary>
internal static class MatrixSamples
{
    public static Tensor Mixed => Tensor.From(new double[,] { { 0.3, 1.2, -0.7 }, { -1.1, 0.4, 0.9 }, { 0.8, -0.5, 1.6 } });

    public static Tensor OneToSix => Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });

    /// <summary>Of rank 2, with elimination meeting an exact zero.</summary>
    public static Tensor Singular => Tensor.From(new double[,] { { 1, 2, 3 }, { 2, 4, 6 }, { 0, 1, 2 } });

    /// <summary>A A^H and as much of the identity that it is far from singular.</summary>
    public static Tensor Positive(Tensor a) => Tensor.MatMul(a, LinearAlgebra.Adjoint(a)).Evaluate() + Tensor.Eye(a.Shape[^1], a.ElementType);

    /// <summary>A with a large diagonal.</summary>
    public static Tensor Dominant(Tensor a) => a + 2.0 * Tensor.Eye(a.Shape[^1], a.ElementType);

    /// <summary>A Hermitian matrix, and its diagonal made uneven so that eigenvalues differ.</summary>
    public static Tensor Symmetric(Tensor a) => a + LinearAlgebra.Adjoint(a) + LinearAlgebra.DiagonalMatrix(Tensor.Arange(a.Shape[^1], ElementType.Float64));

    /// <summary>A symmetric matrix whose eigenvalues lie well apart.</summary>
    public static Tensor Spread(int size) => Symmetric(Primitives.Case.Numbers([size, size], seed: 7) * 0.4);

    /// <summary>The factors multiplied, and the exchanges of rows undone.</summary>
    public static Tensor Eliminated(Tensor a)
    {
        var (factors, _, permutation) = LinearAlgebra.Lu(a);
        var product = Tensor.MatMul(LinearAlgebra.Lower(factors, -1) + Tensor.Eye(a.Shape[^1], a.ElementType), LinearAlgebra.Upper(factors));
        var inverse = Tensor.Equal(permutation.ExpandDims(-2), Tensor.Arange(a.Shape[^1]).ExpandDims(-1)).AsType(a.ElementType);
        return Tensor.MatMul(inverse, product);
    }

    /// <summary>For each vector v the matrix v v^H, which does not depend on its phase; the last axis counts the vectors.</summary>
    public static Tensor Projections(Tensor vectors) => vectors.ExpandDims(-2) * Tensor.Conjugate(vectors).ExpandDims(-3);

    /// <summary>For each pair of singular vectors the matrix u v^H, which does not depend on their phase; the last axis counts the pairs.</summary>
    public static Tensor Pairs((Tensor U, Tensor Values, Tensor Vh) x) => x.U.ExpandDims(-2) * x.Vh.T.ExpandDims(-3);

    public static Tensor MultipliedBack((Tensor Q, Tensor R) x) => Tensor.MatMul(x.Q, x.R);

    public static Tensor MultipliedBack((Tensor U, Tensor Values, Tensor Vh) x) => Tensor.MatMul(x.U * x.Values.ExpandDims(-2), x.Vh);

    /// <summary>The matrix of eigenvalues and eigenvectors.</summary>
    public static Tensor Composed((Tensor Values, Tensor Vectors) x) => Tensor.MatMul(x.Vectors * x.Values.ExpandDims(-2), LinearAlgebra.Adjoint(x.Vectors));

    public static Tensor[] Pair((Tensor, Tensor) x) => [x.Item1, x.Item2];

    public static Tensor[] Triple((Tensor, Tensor, Tensor) x) => [x.Item1, x.Item2, x.Item3];
}
