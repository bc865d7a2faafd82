using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// Elimination with partial pivoting of matrices A [..., n, n]: the rows of A in the order of the permutation are L U. Three results: L below the diagonal
/// (its own diagonal is ones) and U on and above it, packed as [..., n, n]; pivots i32 [..., n], where step i exchanged rows i and pivots[i]; the
/// permutation i32 [..., n]. A singular matrix has factors too, with a zero on the diagonal of U, but no derivative. One with an element that is not
/// finite gives NaN and no exchanges.
/// </summary>
public sealed record Lu : Primitive
{
    /// <inheritdoc/>
    public override string Name => "lu";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Matrices.CheckSquare(Name, inputs[0]);
        var rows = new TensorType(ElementType.Int32, inputs[0].Shape[..^1]);
        return [inputs[0], rows, rows];
    }

    /// <inheritdoc/>
    /// <remarks>With S = L^-1 P dA U^-1: dL = L (S below the diagonal), dU = (S on and above it) U.</remarks>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (tangents[0] is not { } tangent) return [null, null, null];
        var factors = operation.Output;
        var left = LinearAlgebra.TriangularSolve(factors, TakeRows(tangent, operation.Outputs[2]), isUnitDiagonal: true);
        var s = LinearAlgebra.TriangularSolve(factors, left.T, isLower: false, MatrixForm.Transposed).T;
        var (lower, upper) = (LinearAlgebra.Lower(factors, -1), LinearAlgebra.Upper(factors));
        var below = LinearAlgebra.Lower(s, -1);
        return [below + Tensor.MatMul(lower, below) + Tensor.MatMul(s - below, upper), null, null];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        Matrices.Cost(2 * Math.Pow(inputs[0].Shape[^1], 3) / 3, inputs, outputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        for (var b = 0; b < Matrices.Count(inputs[0].Shape); b++)
        {
            var a = Matrices.Read(inputs[0], b);
            var n = a.GetLength(0);
            var pivots = results[1].Integers.AsSpan(b * n, n);
            var permutation = results[2].Integers.AsSpan(b * n, n);
            for (var i = 0; i < n; i++) pivots[i] = permutation[i] = i;
            if (Matrices.IsFinite(a)) Factor(a, pivots);
            else a = Matrices.NaN(n, n);
            for (var i = 0; i < n; i++) (permutation[i], permutation[(int)pivots[i]]) = (permutation[(int)pivots[i]], permutation[i]);
            Matrices.Write(results[0], b, a);
        }
        return results;
    }

    /// <summary>The rows [..., n, k] of matrices in the order of a permutation [..., n].</summary>
    internal static Tensor TakeRows(Tensor a, Tensor permutation) => Tensor.Bind(new Gather(1, permutation.Rank - 1), a, permutation.ExpandDims(-1))[0];

    private static void Factor(Complex[,] a, Span<long> pivots)
    {
        var n = a.GetLength(0);
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
                if (Complex.Abs(a[i, k]) > Complex.Abs(a[pivot, k])) pivot = i;
            pivots[k] = pivot;
            for (var j = 0; j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            if (a[k, k] == 0) continue;
            for (var i = k + 1; i < n; i++)
            {
                a[i, k] /= a[k, k];
                for (var j = k + 1; j < n; j++) a[i, j] -= a[i, k] * a[k, j];
            }
        }
    }
}
