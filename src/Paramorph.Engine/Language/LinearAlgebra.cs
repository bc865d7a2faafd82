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
    /// <summary>How many directions in which a matrix vanishes the derivatives of its determinant look at: a derivative of higher order than this may miss some.</summary>
    private const int MostChanged = 4;

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

    /// <summary>The determinant. Its derivatives up to the fourth are right for singular matrices of any rank too.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <returns>[...].</returns>
    public static Tensor Determinant(Tensor a)
    {
        Matrices.CheckSquare("determinant", a.Type);
        return CustomDerivative.OfTangents<Tensor, Tensor>(a, Eliminated, (x, _, d) => (Adjugate(x).T * d).Sum(-1, -2));
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

    /// <summary>The transposed matrix of cofactors: A adj(A) = det(A) I. It exists for singular matrices too, and so do its derivatives up to the third.</summary>
    /// <param name="a">[..., n, n].</param>
    /// <remarks>
    /// det(A) A^-1, except for matrices whose factors have a diagonal that is nearly zero somewhere. Those are seen as a change of a few rows of another matrix,
    /// A = M - B C^T with k columns each, for which det(A) = det(M) det(I - C^T M^-1 B): the adjugate is its derivative. The determinant of order k is taken without
    /// divisions, so that all of this can be differentiated again. When M is singular too, the rank of A is below n - k, and all derivatives of
    /// det(A) up to the k-th are zero.
    /// </remarks>
    public static Tensor Adjugate(Tensor a)
    {
        Matrices.CheckSquare("adjugate", a.Type);
        if (a.Count == 0) return a;
        var isSmall = HasSmallPivot(a);
        // In a batch of its own the condition does not keep either branch from running.
        var regular = Tensor.Where(isSmall, Tensor.Eye(a.Shape[^1], a.ElementType), a);
        return Control.Cond(
            isSmall.Any(),
            () => Tensor.Conjugate(Gradient.Of(a, x => Tensor.Real(OfChanged(x)).Sum())).T,
            () => Regular(regular).ExpandDims(-1).ExpandDims(-1) * Inverse(regular));
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
    /// <remarks>Derivatives at repeated values are those of <see cref="Primitives.Eigh"/>; for a function of the matrix see <see cref="MatrixFunction"/>.</remarks>
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

    /// <summary>The determinant by elimination.</summary>
    private static Tensor Eliminated(Tensor a)
    {
        var (factors, pivots, _) = Lu(a);
        return Diagonal(factors).Product(-1) * Parity(pivots).AsType(a.ElementType);
    }

    /// <summary>The determinant of matrices that have an inverse: its derivative is that of its logarithm, times itself.</summary>
    private static Tensor Regular(Tensor a) => CustomDerivative.OfTangents<Tensor, Tensor>(a, Eliminated, (x, y, d) => y * (Inverse(x).T * d).Sum(-1, -2));

    /// <summary>The determinant, with right derivatives where <see cref="Regular"/> has none: see <see cref="Adjugate"/>.</summary>
    private static Tensor OfChanged(Tensor a)
    {
        var (n, real) = (a.Shape[^1], a.ElementType.RealType());
        var k = Math.Min(n, MostChanged);
        var size = Tensor.StopGradient(Tensor.Abs(a).Max(-1, -2).ExpandDims(-1).ExpandDims(-1));
        size = Tensor.Where(Tensor.Equal(size, 0.0), 1.0, size);
        // Any orthonormal vectors do that no matrix of practice is made of. Where a matrix needs no change, B = 0.
        var (row, column) = (Tensor.Iota([n, k], 0, real) + 1.0, Tensor.Iota([n, k], 1, real) + 1.0);
        var b = Tensor.Where(HasSmallPivot(a), Qr(Tensor.Cos(row * column)).Q * size, 0.0).AsType(a.ElementType);
        var c = Qr(Tensor.Cos(row * (column + 0.5) * 1.7 + column)).Q.T.AsType(a.ElementType);
        var changed = a + Tensor.MatMul(b, c);
        var isNull = HasSmallPivot(changed);
        changed = Tensor.Where(isNull, Tensor.Eye(n, a.ElementType), changed);
        var rest = Tensor.Eye(k, a.ElementType) - Tensor.MatMul(c, Solve(changed, b));
        return Tensor.Where(isNull.Squeeze(-1).Squeeze(-1), 0.0, Regular(changed) * WithoutDivisions(rest));
    }

    /// <summary>The determinant by sums and products alone. (Bird, "A simple division-free algorithm for computing determinants", 2011.)</summary>
    private static Tensor WithoutDivisions(Tensor a)
    {
        var (n, x) = (a.Shape[^1], a);
        for (var step = 1; step < n; step++)
        {
            var diagonal = Diagonal(x);
            var below = diagonal - diagonal.CumulativeSum(-1, isReverse: true);
            x = Tensor.MatMul(Upper(x, 1) + DiagonalMatrix(below), a);
        }
        return x[TensorIndex.Ellipsis, 0, 0] * (n % 2 == 0 ? -1.0 : 1.0);
    }

    /// <summary>Whether elimination meets a column that is nearly zero beside the others, as [..., 1, 1].</summary>
    private static Tensor HasSmallPivot(Tensor a)
    {
        var pivots = Tensor.Abs(Diagonal(Lu(a).Factors));
        var small = Math.Pow(Matrices.Spacing(a.ElementType), 2.0 / 3);
        return Tensor.LessEqual(pivots.Min(-1), pivots.Max(-1) * small).ExpandDims(-1).ExpandDims(-1);
    }

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
