using Paramorph.Primitives;

namespace Paramorph;

/// <content>Functions of Hermitian matrices by their eigenvalues.</content>
public static partial class LinearAlgebra
{
    /// <summary>Values this close to one another, beside the largest, are taken for neighbours if the function or its slope hardly differs there.</summary>
    private const double Near = 1e-2;

    private const double HardlyDiffers = 1e-3;

    private static readonly (double[] Nodes, double[] Weights) Between = GaussLegendre.UnitInterval(3);

    /// <summary>
    /// f(A) = V diag(f(w)) V^H for the Hermitian part of A, with right derivatives of all orders wherever f is smooth at the eigenvalues, repeated ones too:
    /// the square root is <c>MatrixFunction(a, Tensor.Sqrt)</c>, and the sum of f over the eigenvalues its <see cref="Trace"/>. A function of singular values s
    /// that is one of their squares is that of A^H A.
    /// </summary>
    /// <param name="a">[..., n, n].</param>
    /// <param name="function">f, applied element by element to real numbers. It must not use tensors of enclosing traces.</param>
    /// <returns>[..., n, n].</returns>
    /// <remarks>
    /// A derivative of order k is the sum over all orders of its directions E of V (f[w_0, ..., w_k] X_1 ... X_k) V^H with X = V^H E V, where f[...] are divided
    /// differences. (Daleckii and Krein, 1951; Higham, "Functions of Matrices", 2008, section 3.2.) Composed of <see cref="Eigh"/> alone, what happens inside the
    /// space of a repeated value would be lost: equal values do not tell how f changes between them.
    /// </remarks>
    public static Tensor MatrixFunction(Tensor a, Func<Tensor, Tensor> function)
    {
        Matrices.CheckSquare("matrix_function", a.Type);
        return a.Count == 0 ? a : Along(Matrices.HermitianPart(a), [], function);
    }

    /// <summary>
    /// U diag(f(s)) V^H for the singular value decomposition A = U diag(s) V^H and an odd function f, with right derivatives of all orders wherever f is smooth at s and -s, at repeated singular
    /// values and at zero ones too: the block at the top right of <see cref="MatrixFunction"/> of the Hermitian matrix of the blocks 0, A, A^H and 0, whose eigenvalues are s, -s and zeros.
    /// (Golub and Kahan, "Calculating the singular values and pseudo-inverse of a matrix", 1965.)
    /// </summary>
    /// <param name="a">[..., m, n].</param>
    /// <param name="function">f with f(-x) = -f(x), applied element by element to real numbers. It must not use tensors of enclosing traces.</param>
    /// <returns>[..., m, n].</returns>
    public static Tensor SingularValueFunction(Tensor a, Func<Tensor, Tensor> function)
    {
        Matrices.Check("singular_value_function", a.Type);
        if (a.Count == 0) return a;
        var (m, n) = (a.Shape[^2], a.Shape[^1]);
        Tensor Zeros(int size) => Tensor.Zeros([.. a.Shape[..^2], size, size], a.ElementType);
        var blocks = Tensor.Concatenate([Tensor.Concatenate([Zeros(m), a], -1), Tensor.Concatenate([Adjoint(a), Zeros(n)], -1)], -2);
        return MatrixFunction(blocks, function).SliceAxis(-2, 0, m).SliceAxis(-1, m, m + n);
    }

    /// <summary>The term V (f[w_0, ..., w_k] X_1 ... X_k) V^H of a derivative, in which the directions keep their order.</summary>
    /// <remarks>
    /// The real part of the inner product with C is the trace of V (f[...] X_1 ... X_k D) V^H with D = C^H, in which all directions may be turned in a circle: what
    /// belongs to one of them is the term of those behind it, D, and those before it.
    /// </remarks>
    private static Tensor Along(Tensor a, Tensor[] directions, Func<Tensor, Tensor> function) => CustomDerivative.OfCotangents<TreeList<Tensor>, Tensor>(
        [a, .. directions],
        x => Term(x[0], [.. x.Skip(1)], function),
        (x, _, c) =>
        {
            Tensor[] given = [.. x.Skip(1)];
            var d = Adjoint(c);
            // A change of the matrix stands at each place between the directions.
            var ofMatrix = Enumerable.Range(0, given.Length + 1).Select(i => Along(x[0], [.. given[i..], d, .. given[..i]], function)).Aggregate((p, q) => p + q);
            var ofDirections = Enumerable.Range(0, given.Length).Select(i => Along(x[0], [.. given[(i + 1)..], d, .. given[..i]], function));
            return [Adjoint(ofMatrix), .. ofDirections.Select(Adjoint)];
        });

    private static Tensor Term(Tensor a, Tensor[] directions, Func<Tensor, Tensor> function)
    {
        var (values, vectors) = Eigh(a);
        var order = directions.Length;
        // The k-th axis behind those of the batch is that of w_k.
        var points = Enumerable.Range(0, order + 1).Select(k => values.ReshapeTo([.. values.Shape[..^1], .. Enumerable.Range(0, order + 1).Select(i => i == k ? values.Shape[^1] : 1)]));
        var scale = Tensor.Abs(values).Max(-1);
        var product = DividedDifference(function, [.. points], scale.ReshapeTo([.. scale.Shape, .. Enumerable.Repeat(1, order + 1)])).AsType(a.ElementType);
        if (order == 0) return Product(vectors, DiagonalMatrix(product), Adjoint(vectors));
        for (var k = 0; k < order; k++)
        {
            var inside = Product(Adjoint(vectors), directions[k], vectors);
            product *= inside.ReshapeTo([.. inside.Shape[..^2], .. Enumerable.Range(0, order + 1).Select(i => i == k || i == k + 1 ? inside.Shape[^1] : 1)]);
        }
        var inner = Enumerable.Range(values.Rank, order - 1).ToArray();
        return Product(vectors, inner.Length == 0 ? product : product.Sum(inner), Adjoint(vectors));
    }

    /// <summary>f[w_0, ..., w_k]: with g(x) = f[w_0, x] it is g[w_1, ..., w_k].</summary>
    private static Tensor DividedDifference(Func<Tensor, Tensor> function, ReadOnlySpan<Tensor> points, Tensor scale)
    {
        if (points.Length == 1) return function(points[0]);
        var first = points[0];
        return DividedDifference(x => DividedDifference(function, first, x, scale), points[1..], scale);
    }

    /// <summary>(f(x) - f(w)) / (x - w), or where that cancels the mean of f' between the two.</summary>
    private static Tensor DividedDifference(Func<Tensor, Tensor> function, Tensor w, Tensor x, Tensor scale)
    {
        var (left, right, distance) = (function(w), function(x), x - w);
        // Far values make no mean: near ones take their place, so that it has finite derivatives.
        var isClose = Tensor.LessEqual(Tensor.Abs(distance), scale * Near);
        var step = Tensor.Where(isClose, distance, 0.0);
        Tensor[] slopes = [.. Between.Nodes.Select(t => Slope(function, w + t * step))];
        var mean = slopes.Zip(Between.Weights, (slope, weight) => slope * weight).Aggregate((p, q) => p + q);
        // Around a zero of f its values differ by much however close they are, and its slopes tell that it is smooth.
        var isNear = (isClose & (HardlyDiffer(left, right) | HardlyDiffer(slopes[0], slopes[^1]))) | Tensor.Equal(distance, 0.0);
        return Tensor.Where(isNear, mean, (right - left) / Tensor.Where(isNear, 1.0, distance));
    }

    private static Tensor HardlyDiffer(Tensor p, Tensor q) => Tensor.LessEqual(Tensor.Abs(q - p), (Tensor.Abs(q) + Tensor.Abs(p)) * HardlyDiffers);

    private static Tensor Slope(Func<Tensor, Tensor> function, Tensor x) => Jvp.Of(x, Tensor.OnesLike(x), function).Tangent;
}
