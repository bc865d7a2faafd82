using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The solution X of A X = B, or of A^T X = B, for triangular A [..., n, n] and right sides B [..., n, k]. Only the named triangle of A is read, and its
/// diagonal is not when it counts as ones. A zero on the diagonal is an error when it runs; elements that are not finite spread as they do in products.
/// </summary>
/// <param name="IsLower">Whether A is lower triangular.</param>
/// <param name="IsTransposed">Whether A is transposed (without conjugation).</param>
/// <param name="IsUnitDiagonal">Whether the diagonal counts as ones.</param>
public sealed record TriangularSolve(bool IsLower, bool IsTransposed, bool IsUnitDiagonal) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "triangular_solve";

    /// <inheritdoc/>
    public override string Attributes => (IsLower ? "lower" : "upper") + (IsTransposed ? ", transposed" : "") + (IsUnitDiagonal ? ", unit diagonal" : "");

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (a, b) = (inputs[0], inputs[1]);
        Matrices.CheckSquare(Name, a);
        if (b.ElementType != a.ElementType) throw new ElementTypeException($"{Name}: {a} and {b} must have one element type.");
        if (b.Shape.Rank != a.Shape.Rank || b.Shape[..^1] != a.Shape[..^1])
            throw new ShapeException($"{Name}: the right sides {b} do not fit {a}: they must have the same batch and as many rows.");
        return [b];
    }

    /// <inheritdoc/>
    /// <remarks>dX = A^-1 (dB - dA X), where dA has the triangle of A.</remarks>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        var (a, x) = (operation.Input, operation.Output);
        var right = tangents[1];
        if (tangents[0] is { } da)
        {
            var triangle = Triangle(da);
            right = Tensor.Sum(right, -Tensor.MatMul(IsTransposed ? triangle.T : triangle, x));
        }
        return [right is null ? null : Tensor.Bind(this, a, right)[0]];
    }

    /// <inheritdoc/>
    /// <remarks>The cotangent of B is Y = A^-T C; that of A is -Y X^T, of which the triangle is kept.</remarks>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        if (cotangents[0] is not { } cotangent) return [null, null];
        var x = operation.Output;
        var y = Tensor.Bind(this with { IsTransposed = !IsTransposed }, operation.Input, cotangent)[0];
        return [needed[0] ? Triangle(-(IsTransposed ? Tensor.MatMul(x, y.T) : Tensor.MatMul(y, x.T))) : null, y];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        batched[0] ? Tensor.Bind(this, BatchAll(inputs, batched, size)) : [ByColumns(inputs[1], b => Tensor.Bind(this, inputs[0], b)[0])];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs) =>
        Matrices.Cost((double)inputs[0].Shape[^1] * inputs[1].Shape[^2] * inputs[1].Shape[^1], inputs, outputs);

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        for (var b = 0; b < Matrices.Count(result.Shape); b++)
        {
            var (a, x) = (Matrices.Read(inputs[0], b), Matrices.Read(inputs[1], b));
            for (var i = 0; i < a.GetLength(0) && !IsUnitDiagonal; i++)
            {
                if (a[i, i] == 0) throw Singular(result.Shape, b, i);
            }
            Substitute(a, x);
            Matrices.Write(result, b, x);
        }
        return [result];
    }

    /// <summary>
    /// Solves for examples along a leading axis of the right sides [size, ..., n, k] that share their matrices, as more columns: one solution instead of
    /// copies of the matrices.
    /// </summary>
    internal static Tensor ByColumns(Tensor b, Func<Tensor, Tensor> solve)
    {
        var apart = b.MoveAxis(0, -2);
        return solve(apart.ReshapeTo([.. apart.Shape[..^2], apart.Shape[^2] * apart.Shape[^1]])).ReshapeTo(apart.Shape).MoveAxis(-2, 0);
    }

    /// <summary>The error of a matrix with a zero on its diagonal.</summary>
    internal static EvaluationException Singular(Shape shape, int matrix, int element) =>
        new($"triangular_solve: {Matrices.Which(shape, matrix)} is singular: element {element} of its diagonal is 0.");

    /// <summary>Replaces the right sides by the solution.</summary>
    private void Substitute(Complex[,] a, Complex[,] x)
    {
        var n = a.GetLength(0);
        var isForward = IsLower != IsTransposed;
        for (var column = 0; column < x.GetLength(1); column++)
        {
            for (var step = 0; step < n; step++)
            {
                var i = isForward ? step : n - 1 - step;
                var sum = x[i, column];
                for (var done = 0; done < step; done++)
                {
                    var j = isForward ? done : n - 1 - done;
                    sum -= (IsTransposed ? a[j, i] : a[i, j]) * x[j, column];
                }
                x[i, column] = IsUnitDiagonal ? sum : sum / a[i, i];
            }
        }
    }

    private Tensor Triangle(Tensor a) => IsLower ? LinearAlgebra.Lower(a, IsUnitDiagonal ? -1 : 0) : LinearAlgebra.Upper(a, IsUnitDiagonal ? 1 : 0);
}
