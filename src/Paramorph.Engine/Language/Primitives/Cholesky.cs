using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The lower triangular factor L, with a positive diagonal, of the Hermitian part (A + A^H) / 2 = L L^H of matrices [..., n, n]. A matrix that is not
/// positive definite is an error when it runs; one with an element that is not finite gives NaN.
/// </summary>
public sealed record Cholesky : Primitive
{
    /// <inheritdoc/>
    public override string Name => "cholesky";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Matrices.CheckSquare(Name, inputs[0]);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// dL = L phi(L^-1 dA L^-H), where phi takes the lower triangle with half of the diagonal (Murray, "Differentiation of the Cholesky decomposition").
    /// </remarks>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (tangents[0] is not { } tangent) return [null];
        var factor = operation.Output;
        var half = LinearAlgebra.TriangularSolve(factor, Matrices.HermitianPart(tangent));
        var whole = LinearAlgebra.TriangularSolve(factor, Matrices.Adjoint(half));
        var n = factor.Shape[^1];
        var (row, column) = (Tensor.Iota([n, n], 0), Tensor.Iota([n, n], 1));
        var type = factor.ElementType;
        var phi = (Tensor.Greater(row, column).AsType(type) + Tensor.GreaterEqual(row, column).AsType(type)) * 0.5;
        return [Tensor.MatMul(factor, whole * phi)];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        Matrices.Cost(Math.Pow(inputs[0].Shape[^1], 3) / 3, inputs, outputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        for (var b = 0; b < Matrices.Count(result.Shape); b++)
        {
            var (factor, order) = Factor(Matrices.HermitianPart(Matrices.Read(inputs[0], b)));
            if (order > 0) throw NotPositiveDefinite(result.Shape, b, order);
            Matrices.Write(result, b, factor);
        }
        return [result];
    }

    /// <summary>The error of a matrix whose leading minor of the given order is not positive.</summary>
    internal static EvaluationException NotPositiveDefinite(Shape shape, int matrix, int order) =>
        new($"cholesky: {Matrices.Which(shape, matrix)} is not positive definite: its leading minor of order {order} is not positive.");

    /// <summary>The factor, and 0 or the order of the first leading minor that is not positive.</summary>
    private static (Complex[,] Factor, int Order) Factor(Complex[,] a)
    {
        var n = a.GetLength(0);
        if (!Matrices.IsFinite(a)) return (Matrices.NaN(n, n), 0);
        var factor = new Complex[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[i, j];
                for (var k = 0; k < j; k++) sum -= factor[i, k] * Complex.Conjugate(factor[j, k]);
                if (i > j) factor[i, j] = sum / factor[j, j];
                else if (sum.Real > 0) factor[j, j] = Math.Sqrt(sum.Real);
                else return (factor, j + 1);
            }
        }
        return (factor, 0);
    }
}
