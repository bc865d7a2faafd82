using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// Dense linear algebra of matrices [..., m, n] of f32, f64, c64 or c128, where the leading axes are a batch. Everything has derivatives of all orders in
/// both modes; where they are a matter of convention, at repeated or zero eigenvalues and singular values, see <see cref="Primitives.Eigh"/> and
/// <see cref="Primitives.Svd"/>. A matrix that a method cannot take (singular, not positive definite) throws an <see cref="EvaluationException"/>
/// that names it when its result is computed; one with an element that is infinite or NaN gives NaN.
/// </summary>
public static partial class LinearAlgebra
{
    /// <summary>The lower triangular L with a positive diagonal of the Hermitian part (A + A^H) / 2 = L L^H.</summary>
    /// <param name="a">[..., n, n]; its Hermitian part is positive definite.</param>
    /// <returns>[..., n, n].</returns>
    /// <exception cref="EvaluationException">When it runs: a matrix is not positive definite.</exception>
    public static Tensor Cholesky(Tensor a) => Tensor.Bind(new Cholesky(), a)[0];

    /// <summary>The solution X of A X = B, A^T X = B or A^H X = B for triangular A; batches broadcast.</summary>
    /// <param name="a">[..., n, n], of which one triangle is read.</param>
    /// <param name="b">[..., n, k], or a vector [n].</param>
    /// <param name="isLower">Whether the lower triangle is read, or the upper one.</param>
    /// <param name="form">Whether A is transposed.</param>
    /// <param name="isUnitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <returns>[..., n, k], or [..., n] for a vector.</returns>
    /// <exception cref="EvaluationException">When it runs: an element of a diagonal is zero.</exception>
    public static Tensor TriangularSolve(Tensor a, Tensor b, bool isLower = true, MatrixForm form = MatrixForm.Plain, bool isUnitDiagonal = false)
    {
        var solve = new TriangularSolve(isLower, form != MatrixForm.Plain, isUnitDiagonal);
        return OverBatch("triangular_solve", a, b, (a, b) => Tensor.Bind(solve, form == MatrixForm.Adjoint ? Tensor.Conjugate(a) : a, b)[0]);
    }

    /// <summary>Factors L U of the rows of A in the order of a permutation, by elimination with partial pivoting.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <returns>
    /// L (with a diagonal of ones, not stored) and U packed as [..., n, n]; pivots i32 [..., n], where step i exchanged rows i and pivots[i]; the permutation
    /// i32 [..., n].
    /// </returns>
    public static (Tensor Factors, Tensor Pivots, Tensor Permutation) Lu(Tensor a)
    {
        var results = Tensor.Bind(new Lu(), a);
        return (results[0], results[1], results[2]);
    }

    /// <summary>The solution X of A X = B; batches broadcast. Value and derivatives share one factorisation.</summary>
    /// <param name="a">[..., n, n], not singular.</param>
    /// <param name="b">[..., n, k], or a vector [n].</param>
    /// <returns>[..., n, k], or [..., n] for a vector.</returns>
    /// <exception cref="EvaluationException">When it runs: a matrix is singular.</exception>
    public static Tensor Solve(Tensor a, Tensor b) => OverBatch("solve", a, b, (a, b) =>
    {
        // The factors are inputs of their own, so that dX = A^-1 (dB - dA X) uses them again, and second derivatives know where they come from.
        var (factors, _, permutation) = Lu(a);
        return CustomDerivative.OfTangents<TreeList<Tensor>, Tensor>(
            [a, factors, permutation, b],
            x => Substitute(x[1], x[2], x[3]),
            (x, y, d) => Substitute(x[1], x[2], d[3] - Tensor.MatMul(d[0], y)));
    });

    /// <summary>The inverse.</summary>
    /// <param name="a">[..., n, n], not singular.</param>
    /// <exception cref="EvaluationException">When it runs: a matrix is singular.</exception>
    public static Tensor Inverse(Tensor a)
    {
        Matrices.CheckSquare("inverse", a.Type);
        return CustomDerivative.OfTangents<Tensor, Tensor>(
            a,
            x => Solve(x, Tensor.Eye(x.Shape[^1], x.ElementType).BroadcastTo(x.Shape)),
            (x, y, d) => -Tensor.MatMul(Tensor.MatMul(y, d), y));
    }

    /// <summary>
    /// The determinant. Its first derivative, the <see cref="Adjugate"/>, is right for singular matrices too; so are higher derivatives unless the rank is
    /// below n - 1, where they come out as 0.
    /// </summary>
    /// <param name="a">[..., n, n].</param>
    /// <returns>[...].</returns>
    public static Tensor Determinant(Tensor a)
    {
        Matrices.CheckSquare("determinant", a.Type);
        return CustomDerivative.OfTangents<Tensor, Tensor>(
            a,
            x =>
            {
                var (factors, pivots, _) = Lu(x);
                return Diagonal(factors).Product(-1) * Parity(pivots).AsType(x.ElementType);
            },
            (x, _, d) => (Adjugate(x).T * d).Sum(-1, -2));
    }

    /// <summary>The sign (of complex matrices the phase) of the determinant and the logarithm of its modulus, which does not overflow.</summary>
    /// <param name="a">[..., n, n]; a singular one has sign 0 and logarithm -inf, and no derivative.</param>
    /// <returns>Both [...]; the sign has the element type of the matrix, the logarithm is real.</returns>
    public static (Tensor Sign, Tensor Logarithm) LogDeterminant(Tensor a)
    {
        var (factors, pivots, permutation) = Lu(a);
        var results = CustomDerivative.OfTangents<TreeList<Tensor>, TreePair<Tensor, Tensor>>(
            [a, factors, pivots, permutation],
            x =>
            {
                var diagonal = Diagonal(x[1]);
                var size = Tensor.Abs(diagonal);
                var phases = diagonal.ElementType.IsComplex() ? diagonal / Tensor.Where(Tensor.Equal(size, 0.0), 1.0, size) : Tensor.Sign(diagonal);
                return new(phases.Product(-1) * Parity(x[2]).AsType(diagonal.ElementType), Tensor.Log(size).Sum(-1));
            },
            (x, y, d) =>
            {
                var relative = Trace(Substitute(x[1], x[3], d[0]));
                var turn = Tensor.Complex(Tensor.ZerosLike(Tensor.Real(relative)), Tensor.Imaginary(relative));
                return new(relative.ElementType.IsComplex() ? y.Item1 * turn : Tensor.ZerosLike(y.Item1), Tensor.Real(relative));
            });
        return (results.Item1, results.Item2);
    }

    /// <summary>The transposed matrix of cofactors: A adj(A) = det(A) I. It exists for singular matrices too.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <remarks>
    /// det(A) A^-1, except for matrices whose factors have a zero on the diagonal. Those are seen as a change of rank one of another matrix,
    /// A = M - b c^T, for which adj(A) = det(M) ((1 - c^T M^-1 b) M^-1 + M^-1 b c^T M^-1). When M is singular too, the rank is n - 2 at most and the
    /// adjugate is zero.
    /// </remarks>
    public static Tensor Adjugate(Tensor a)
    {
        Matrices.CheckSquare("adjugate", a.Type);
        var n = a.Shape[^1];
        if (n == 0) return a;
        var isSingular = HasZeroPivot(a);
        var size = Tensor.StopGradient(Tensor.Abs(a).Max(-1, -2).ExpandDims(-1).ExpandDims(-1));
        size = Tensor.Where(Tensor.Equal(size, 0.0), 1.0, size);
        // Any vectors do that no matrix of practice is made of.
        var b = (Tensor.Cos(Tensor.Arange(n, a.ElementType.RealType()) + 1.0).ExpandDims(-1) * size).AsType(a.ElementType);
        var c = Tensor.Cos(Tensor.Arange(n, a.ElementType.RealType()) * 2.0 + 0.5).ExpandDims(0).AsType(a.ElementType);
        var near = Tensor.Where(isSingular, a + b * c, a);
        var isNull = HasZeroPivot(near);
        near = Tensor.Where(isNull, Tensor.Eye(n, a.ElementType), near);
        var inverse = Inverse(near);
        var (right, left) = (Tensor.MatMul(inverse, b), Tensor.MatMul(c, inverse));
        var changed = (1.0 - Tensor.MatMul(c, right)) * inverse + right * left;
        return Tensor.Where(isNull, 0.0, Determinant(near).ExpandDims(-1).ExpandDims(-1) * Tensor.Where(isSingular, changed, inverse));
    }

    /// <summary>The reduced factors A = Q R.</summary>
    /// <param name="a">[..., m, n]; derivatives exist where its first min(m, n) columns are independent.</param>
    /// <returns>Q [..., m, min(m, n)] with orthonormal columns, R [..., min(m, n), n] upper triangular with a diagonal that is not negative.</returns>
    public static (Tensor Q, Tensor R) Qr(Tensor a)
    {
        var results = Tensor.Bind(new Qr(), a);
        return (results[0], results[1]);
    }

    /// <summary>Eigenvalues and eigenvectors of the Hermitian part (A + A^H) / 2 = V diag(w) V^H.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <returns>Real values [..., n] in ascending order, orthonormal vectors [..., n, n] as columns, each with the sign or phase that makes its largest element positive.</returns>
    /// <remarks>Derivatives at repeated values are those of <see cref="Primitives.Eigh"/>.</remarks>
    public static (Tensor Values, Tensor Vectors) Eigh(Tensor a)
    {
        var results = Tensor.Bind(new Eigh(), a);
        return (results[0], results[1]);
    }

    /// <summary>The reduced singular value decomposition A = U diag(s) V^H.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <returns>U [..., m, min(m, n)], real s [..., min(m, n)] in descending order, V^H [..., min(m, n), n].</returns>
    /// <remarks>Derivatives at repeated and zero values are those of <see cref="Primitives.Svd"/>.</remarks>
    public static (Tensor U, Tensor Values, Tensor Vh) Svd(Tensor a)
    {
        var results = Tensor.Bind(new Svd(), a);
        return (results[0], results[1], results[2]);
    }

    /// <summary>
    /// The inverse of Moore and Penrose. Its derivative is that of Golub and Pereyra, along which the rank is taken as constant.
    /// </summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="tolerance">
    /// Singular values up to this multiple of the largest count as zero; by default the larger of m and n times the spacing of numbers at 1.
    /// </param>
    /// <returns>[..., n, m].</returns>
    public static Tensor PseudoInverse(Tensor a, double? tolerance = null)
    {
        Matrices.Check("pseudo_inverse", a.Type);
        if (a.Count == 0) return a.T;
        return CustomDerivative.OfTangents<Tensor, Tensor>(
            a,
            x =>
            {
                var (u, s, vh) = Svd(x);
                var cut = tolerance is { } t ? s.SliceAxis(-1, 0, 1) * t : Matrices.RoundingError(s, Math.Max(x.Shape[^1], x.Shape[^2]));
                return Tensor.MatMul(Adjoint(vh), Matrices.InverseOrZero(s, cut).ExpandDims(-1) * Adjoint(u));
            },
            (x, y, d) =>
            {
                var (xh, yh, dh) = (Adjoint(x), Adjoint(y), Adjoint(d));
                var outside = dh - Product(dh, x, y);
                var kernel = dh - Product(y, x, dh);
                return Product(y, yh, outside) + Product(kernel, yh, y) - Product(y, d, y);
            });
    }

    /// <summary>The X that makes |A X - B| smallest, and of several the smallest one.</summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="b">[..., m, k], or a vector [m].</param>
    /// <param name="tolerance">As in <see cref="PseudoInverse"/>.</param>
    /// <returns>[..., n, k], or [..., n] for a vector.</returns>
    public static Tensor LeastSquares(Tensor a, Tensor b, double? tolerance = null)
    {
        Matrices.Check("least_squares", a.Type);
        CheckRows("least_squares", a, b);
        return Tensor.MatMul(PseudoInverse(a, tolerance), b);
    }

    /// <summary>The solution for factors L U of the rows of a matrix in the order of a permutation.</summary>
    private static Tensor Substitute(Tensor factors, Tensor permutation, Tensor b) =>
        TriangularSolve(factors, TriangularSolve(factors, Primitives.Lu.TakeRows(b, permutation), isUnitDiagonal: true), isLower: false);

    /// <summary>1 for an even number of exchanges, -1 for an odd one.</summary>
    private static Tensor Parity(Tensor pivots) =>
        1 - 2 * (Tensor.NotEqual(pivots, Tensor.Arange(pivots.Shape[^1])).AsType(ElementType.Int32).Sum(-1) % 2);

    /// <summary>Whether elimination meets a column of zeros, as [..., 1, 1].</summary>
    private static Tensor HasZeroPivot(Tensor a) => Tensor.Equal(Diagonal(Lu(a).Factors), 0.0).Any(-1).ExpandDims(-1).ExpandDims(-1);

    private static Tensor Product(Tensor a, Tensor b, Tensor c) => Tensor.MatMul(Tensor.MatMul(a, b), c);

    private static void CheckRows(string name, Tensor a, Tensor b)
    {
        if (b.Rank == 0 || b.Shape[b.Rank == 1 ? 0 : ^2] != a.Shape[^2])
            throw new ShapeException($"{name}: the right sides {b.Type} do not fit {a.Type}: they must be a vector or matrices with {a.Shape[^2]} rows.");
    }

    /// <summary>Solves for right sides that may be a vector, or have more or fewer axes than the matrices.</summary>
    private static Tensor OverBatch(string name, Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> solve)
    {
        Matrices.CheckSquare(name, a.Type);
        CheckRows(name, a, b);
        if (b.Rank == 1) return OverBatch(name, a, b.ExpandDims(-1), solve).Squeeze(-1);
        (a, b) = Tensor.Promote(a, b, name);
        if (a.Rank == 2 && b.Rank > 2)
        {
            var flat = b.ReshapeTo([b.Shape[..^2].ElementCount, .. b.Shape[^2..]]);
            return Primitives.TriangularSolve.ByColumns(flat, columns => solve(a, columns)).ReshapeTo(b.Shape);
        }
        var batch = Shape.Broadcast(a.Shape[..^2], b.Shape[..^2], name);
        return solve(a.BroadcastTo([.. batch, .. a.Shape[^2..]]), b.BroadcastTo([.. batch, .. b.Shape[^2..]]));
    }
}
