using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The reduced singular value decomposition A = U diag(s) V^H of matrices A [..., m, n], with k = min(m, n): U [..., m, k] with orthonormal columns, real s
/// [..., k] in descending order, V^H [..., k, n] with orthonormal rows. The sign (or phase) of each pair of vectors makes the largest element of the
/// column of U, the first of those equal within a hundredth, positive. A matrix with an element that is not finite gives NaN.
/// </summary>
/// <remarks>
/// Derivatives (Giles; Wan and Zhang for the complex case): with P = U^H dA V, ds = Re diag(P). The rotations X = U^H dU and Y = V^H dV are split into
/// what turns both sides alike, (X + Y)[i, j] = (P + P^H)[i, j] / (s[j] - s[i]), and what turns them against each other,
/// (X - Y)[i, j] = (P - P^H)[i, j] / (s[i] + s[j]). A quotient whose divisor is zero up to the rounding error of the values (the larger size times
/// the spacing of numbers at the largest s) is 0, and so is the derivative of a singular value that is zero, as that of |x| at 0. All
/// derivatives are then finite. First derivatives are right of whatever does not depend on the choice of vectors in the space of a repeated value:
/// symmetric functions of the values such as the nuclear norm (at zero values the smallest subgradient), projections on whole spaces, and, since
/// only the common rotation is lost, U V^H at repeated values too. What stays unseen is the change of U f(s) V^H inside the space of a repeated
/// value when it stretches, nor is it in second derivatives; <see cref="LinearAlgebra.SingularValueFunction"/> has all of odd functions, and
/// <see cref="LinearAlgebra.MatrixFunction"/> of A^H A those of functions of squared values. Of complex vectors only what does not depend on the common phase of a pair has a derivative.
/// </remarks>
public sealed record Svd : Primitive
{
    private const int MostSweeps = 60;

    /// <inheritdoc/>
    public override string Name => "svd";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Matrices.Check(Name, inputs[0]);
        var (type, shape) = inputs[0];
        var k = Math.Min(shape[^2], shape[^1]);
        return [new(type, shape.With(shape.Rank - 1, k)), new(type.RealType(), [.. shape.Sizes[..^2], k]), new(type, shape.With(shape.Rank - 2, k))];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (tangents[0] is not { } tangent) return [null, null, null];
        var (u, s, vh) = (operation.Outputs[0], operation.Outputs[1], operation.Outputs[2]);
        var (m, n, k) = (u.Shape[^2], vh.Shape[^1], s.Shape[^1]);
        if (k == 0) return [null, null, null];
        var error = Matrices.RoundingError(s, Math.Max(m, n));
        var left = Tensor.MatMul(Matrices.Adjoint(u), tangent);
        var right = Tensor.MatMul(tangent, Matrices.Adjoint(vh));
        var p = Tensor.MatMul(left, Matrices.Adjoint(vh));
        var ph = Matrices.Adjoint(p);
        var alike = (p + ph) * Matrices.InverseDifferences(s, error);
        var against = (p - ph) * Matrices.InverseOrZero(s.ExpandDims(-2) + s.ExpandDims(-1), error.ExpandDims(-1));
        var du = Tensor.MatMul(u, (alike + against) * 0.5);
        var dvh = Tensor.MatMul((against - alike) * 0.5, vh);
        // What leaves the spaces that the vectors span.
        var inverse = Matrices.InverseOrZero(s, error);
        if (m > k) du += (right - Tensor.MatMul(u, p)) * inverse.ExpandDims(-2);
        if (n > k) dvh += (left - Tensor.MatMul(p, vh)) * inverse.ExpandDims(-1);
        var ds = Tensor.Where(Tensor.LessEqual(s, error), 0.0, Tensor.Real(LinearAlgebra.Diagonal(p)));
        return [du, ds, dvh];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        double m = inputs[0].Shape[^2], n = inputs[0].Shape[^1], k = Math.Min(m, n);
        return Matrices.Cost(6 * m * n * k + 20 * k * k * k, inputs, outputs);
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        for (var b = 0; b < Matrices.Count(inputs[0].Shape); b++)
        {
            var a = Matrices.Read(inputs[0], b);
            var isWide = a.GetLength(0) < a.GetLength(1);
            var (left, values, right) = Decompose(isWide ? Matrices.Adjoint(a) : a);
            var (u, v) = isWide ? (right, left) : (left, right);
            for (var j = 0; j < values.Length; j++)
            {
                var phase = Matrices.PhaseOfColumn(u, j);
                Matrices.ScaleColumn(u, j, phase);
                Matrices.ScaleColumn(v, j, phase);
            }
            Matrices.Write(results[0], b, u);
            Matrices.Write(results[1], b, values);
            Matrices.Write(results[2], b, Matrices.Adjoint(v));
        }
        return results;
    }

    /// <summary>The one-sided method of Jacobi (Hestenes), for at least as many rows as columns: rotations that make the columns orthogonal.</summary>
    private static (Complex[,] U, double[] Values, Complex[,] V) Decompose(Complex[,] a)
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        if (!Matrices.IsFinite(a)) return (Matrices.NaN(m, n), [.. Enumerable.Repeat(double.NaN, n)], Matrices.NaN(n, n));
        // Scaled so that squares of elements neither overflow nor vanish.
        var scale = Matrices.Largest(a);
        if (scale == 0) scale = 1;
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++) a[i, j] /= scale;
        var v = Matrices.Identity(n, n);
        for (var (sweep, isDone) = (0, false); !isDone && sweep < MostSweeps; sweep++)
        {
            isDone = true;
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++) isDone &= !Rotate(a, v, p, q);
        }
        double[] norms = [.. Enumerable.Range(0, n).Select(j => Math.Sqrt(Inner(a, j, j).Real))];
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => norms[j])];
        double[] values = [.. order.Select(j => norms[j])];
        var u = Matrices.TakeColumns(a, order);
        Normalise(u, values);
        return (u, [.. values.Select(x => x * scale)], Matrices.TakeColumns(v, order));
    }

    /// <summary>Makes two columns orthogonal; tells whether they were not.</summary>
    private static bool Rotate(Complex[,] a, Complex[,] v, int p, int q)
    {
        var (pp, qq, pq) = (Inner(a, p, p).Real, Inner(a, q, q).Real, Inner(a, p, q));
        var size = Complex.Abs(pq);
        // As orthogonal as sums of so many products can tell.
        if (size <= a.GetLength(0) * Math.Pow(2, -52) * Math.Sqrt(pp) * Math.Sqrt(qq)) return false;
        // A phase on q makes the inner product real; then a real rotation makes it zero.
        var phase = Complex.Conjugate(pq) / size;
        Matrices.ScaleColumn(a, q, phase);
        Matrices.ScaleColumn(v, q, phase);
        var (c, s) = Matrices.JacobiAngle((qq - pp) / (2 * size));
        Matrices.RotateColumns(a, p, q, c, s);
        Matrices.RotateColumns(v, p, q, c, s);
        return true;
    }

    /// <summary>Divides columns by their norms; in place of columns that vanish come unit vectors orthogonal to all others.</summary>
    private static void Normalise(Complex[,] u, double[] norms)
    {
        const double Vanishing = 1e-100;
        for (var j = 0; j < norms.Length; j++)
        {
            if (norms[j] > Vanishing) Matrices.ScaleColumn(u, j, 1 / norms[j]);
            else Complete(u, j);
        }
    }

    /// <summary>Makes column j a unit vector orthogonal to the columns before it, from that coordinate axis of which most is left.</summary>
    private static void Complete(Complex[,] u, int j)
    {
        var m = u.GetLength(0);
        var taken = Enumerable.Range(0, m).Select(i => Enumerable.Range(0, j).Sum(k => Math.Pow(Complex.Abs(u[i, k]), 2))).ToArray();
        var axis = Array.IndexOf(taken, taken.Min());
        for (var i = 0; i < m; i++) u[i, j] = i == axis ? 1 : 0;
        // Twice, since once leaves a rounding error relative to what was taken away.
        for (var pass = 0; pass < 2; pass++)
        {
            for (var k = 0; k < j; k++)
            {
                var inner = Inner(u, k, j);
                for (var i = 0; i < m; i++) u[i, j] -= inner * u[i, k];
            }
        }
        Matrices.ScaleColumn(u, j, 1 / Math.Sqrt(Inner(u, j, j).Real));
    }

    /// <summary>The inner product of two columns.</summary>
    private static Complex Inner(Complex[,] a, int p, int q)
    {
        Complex sum = 0;
        for (var i = 0; i < a.GetLength(0); i++) sum += Complex.Conjugate(a[i, p]) * a[i, q];
        return sum;
    }
}
