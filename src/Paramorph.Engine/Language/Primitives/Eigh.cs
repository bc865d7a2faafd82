using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// Eigenvalues and eigenvectors of the Hermitian part (A + A^H) / 2 = V diag(w) V^H of matrices [..., n, n]: real values w [..., n] in ascending order, and
/// vectors [..., n, n] as orthonormal columns, each with the sign (or phase) that makes its largest element, the first of those equal within a
/// hundredth, positive. A matrix with an element that is not finite gives NaN.
/// </summary>
/// <remarks>
/// Derivatives: dw = diag(V^H dA V) and dV = V (F * V^H dA V) with F[i, j] = 1 / (w[j] - w[i]), where F is 0 when the two values are equal up to their
/// rounding error (n times the spacing of numbers at the largest |w|). Within the space of a repeated value the vectors may be any basis, and this
/// convention is the one that holds them still in it: all derivatives are finite, and first derivatives are right of whatever does not depend on
/// the choice of the basis, as are symmetric functions of the values (the sum of f(w), a determinant) and projections on whole eigenspaces. The
/// change of V f(w) V^H inside a repeated eigenspace is not seen, nor is it in second derivatives at repeated values: equal values do not tell how f differs
/// between them, which no rule for w and V alone could know. <see cref="LinearAlgebra.MatrixFunction"/> knows f and has all derivatives. A phase
/// convention does not enter: of complex vectors only what does not depend on their phases has a derivative.
/// </remarks>
public sealed record Eigh : Primitive
{
    private const int MostSweeps = 60;

    /// <inheritdoc/>
    public override string Name => "eigh";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Matrices.CheckSquare(Name, inputs[0]);
        return [new(inputs[0].ElementType.RealType(), inputs[0].Shape[..^1]), inputs[0]];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (tangents[0] is not { } tangent) return [null, null];
        var (values, vectors) = (operation.Outputs[0], operation.Outputs[1]);
        var n = values.Shape[^1];
        if (n == 0) return [null, null];
        var inside = Tensor.MatMul(Tensor.MatMul(Matrices.Adjoint(vectors), Matrices.HermitianPart(tangent)), vectors);
        var rates = Matrices.InverseDifferences(values, Matrices.RoundingError(values, n));
        return [Tensor.Real(LinearAlgebra.Diagonal(inside)), Tensor.MatMul(vectors, inside * rates)];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        Matrices.Cost(9 * Math.Pow(inputs[0].Shape[^1], 3), inputs, outputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        for (var b = 0; b < Matrices.Count(inputs[0].Shape); b++)
        {
            var (values, vectors) = Decompose(Matrices.HermitianPart(Matrices.Read(inputs[0], b)));
            Matrices.Write(results[0], b, values);
            Matrices.Write(results[1], b, vectors);
        }
        return results;
    }

    /// <summary>The cyclic method of Jacobi: rotations that each make one off-diagonal element zero, until all are.</summary>
    private static (double[] Values, Complex[,] Vectors) Decompose(Complex[,] a)
    {
        var n = a.GetLength(0);
        if (!Matrices.IsFinite(a)) return ([.. Enumerable.Repeat(double.NaN, n)], Matrices.NaN(n, n));
        var vectors = Matrices.Identity(n, n);
        var negligible = 1e-18 * Matrices.Largest(a);
        for (var (sweep, isDone) = (0, false); !isDone && sweep < MostSweeps; sweep++)
        {
            isDone = true;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    if (Complex.Abs(a[p, q]) <= negligible) continue;
                    isDone = false;
                    Rotate(a, vectors, p, q);
                }
            }
        }
        double[] values = [.. Enumerable.Range(0, n).Select(i => a[i, i].Real)];
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => values[i])];
        vectors = Matrices.TakeColumns(vectors, order);
        for (var j = 0; j < n; j++) Matrices.ScaleColumn(vectors, j, Matrices.PhaseOfColumn(vectors, j));
        return ([.. order.Select(i => values[i])], vectors);
    }

    private static void Rotate(Complex[,] a, Complex[,] vectors, int p, int q)
    {
        // A phase on q makes the element real; then a real rotation makes it zero.
        var size = Complex.Abs(a[p, q]);
        var phase = Complex.Conjugate(a[p, q]) / size;
        Matrices.ScaleColumn(a, q, phase);
        for (var j = 0; j < a.GetLength(1); j++) a[q, j] *= Complex.Conjugate(phase);
        Matrices.ScaleColumn(vectors, q, phase);
        var (c, s) = Matrices.JacobiAngle((a[q, q].Real - a[p, p].Real) / (2 * size));
        Matrices.RotateColumns(a, p, q, c, s);
        for (var j = 0; j < a.GetLength(1); j++)
            (a[p, j], a[q, j]) = (c * a[p, j] - s * a[q, j], s * a[p, j] + c * a[q, j]);
        (a[p, q], a[q, p]) = (0, 0);
        Matrices.RotateColumns(vectors, p, q, c, s);
    }
}
