using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The reduced factors A = Q R of matrices A [..., m, n], with k = min(m, n): Q [..., m, k] with orthonormal columns, R [..., k, n] upper triangular with a
/// diagonal that is real and not negative, which makes them unique when the first k columns of A are independent. Only then is there a derivative. A matrix
/// with an element that is not finite gives NaN.
/// </summary>
public sealed record Qr : Primitive
{
    /// <inheritdoc/>
    public override string Name => "qr";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Matrices.Check(Name, inputs[0]);
        var (type, shape) = inputs[0];
        var k = Math.Min(shape[^2], shape[^1]);
        return [new(type, shape.With(shape.Rank - 1, k)), new(type, shape.With(shape.Rank - 2, k))];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With A1 and R1 the first k columns, X = dA1 R1^-1 and M = Q^H X: the skew-Hermitian W = Q^H dQ has the lower triangle of M and the imaginary part of
    /// its diagonal, since dR R^-1 is upper triangular with a real diagonal. Then dQ = X - Q (M - W) and dR = Q^H dA - W R (Walter and Lehmann).
    /// </remarks>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        if (tangents[0] is not { } tangent) return [null, null];
        var (q, r) = (operation.Outputs[0], operation.Outputs[1]);
        var k = r.Shape[^2];
        var qh = Matrices.Adjoint(q);
        var x = LinearAlgebra.TriangularSolve(r.SliceAxis(-1, 0, k), tangent.SliceAxis(-1, 0, k).T, isLower: false, MatrixForm.Transposed).T;
        var m = Tensor.MatMul(qh, x);
        var below = LinearAlgebra.Lower(m, -1);
        var w = below - Matrices.Adjoint(below);
        if (m.ElementType.IsComplex())
            w += LinearAlgebra.DiagonalMatrix(Tensor.Imaginary(LinearAlgebra.Diagonal(m))) * Complex.ImaginaryOne;
        var dq = x - Tensor.MatMul(q, m - w);
        var dr = LinearAlgebra.Upper(Tensor.MatMul(qh, tangent) - Tensor.MatMul(w, r));
        return [dq, dr];
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) => Tensor.Bind(this, inputs);

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        double m = inputs[0].Shape[^2], n = inputs[0].Shape[^1], k = Math.Min(m, n);
        return Matrices.Cost(4 * m * n * k - 4 * k * k * k / 3, inputs, outputs);
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        ReferenceArray[] results = [.. operation.OutputTypes().Select(t => new ReferenceArray(t))];
        for (var b = 0; b < Matrices.Count(inputs[0].Shape); b++)
        {
            var (q, r) = Factor(Matrices.Read(inputs[0], b));
            Matrices.Write(results[0], b, q);
            Matrices.Write(results[1], b, r);
        }
        return results;
    }

    /// <summary>Householder reflections, then phases that make the diagonal of R positive.</summary>
    private static (Complex[,] Q, Complex[,] R) Factor(Complex[,] a)
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        var k = Math.Min(m, n);
        if (!Matrices.IsFinite(a)) return (Matrices.NaN(m, k), Matrices.NaN(k, n));
        var reflections = new Complex[k][];
        for (var j = 0; j < k; j++)
        {
            reflections[j] = Reflection(a, j);
            Reflect(reflections[j], a, j);
        }
        var q = Matrices.Identity(m, k);
        for (var j = k - 1; j >= 0; j--) Reflect(reflections[j], q, j);
        var r = new Complex[k, n];
        for (var i = 0; i < k; i++)
        {
            var size = Complex.Abs(a[i, i]);
            var phase = size == 0 ? 1 : a[i, i] / size;
            Matrices.ScaleColumn(q, i, phase);
            for (var j = i; j < n; j++) r[i, j] = Complex.Conjugate(phase) * a[i, j];
            r[i, i] = size;
        }
        return (q, r);
    }

    /// <summary>The unit vector v for which I - 2 v v^H takes column j, from row j down, to a multiple of the first unit vector; zeros when it is one.</summary>
    private static Complex[] Reflection(Complex[,] a, int j)
    {
        var v = new Complex[a.GetLength(0) - j];
        for (var i = 0; i < v.Length; i++) v[i] = a[i + j, j];
        var norm = Norm(v);
        if (norm == 0) return v;
        var first = Complex.Abs(v[0]);
        v[0] += first == 0 ? norm : v[0] / first * norm;
        norm = Norm(v);
        for (var i = 0; i < v.Length; i++) v[i] /= norm;
        return v;
    }

    /// <summary>Applies I - 2 v v^H to the rows from <paramref name="top"/> on.</summary>
    private static void Reflect(Complex[] v, Complex[,] a, int top)
    {
        for (var j = 0; j < a.GetLength(1); j++)
        {
            Complex sum = 0;
            for (var i = 0; i < v.Length; i++) sum += Complex.Conjugate(v[i]) * a[i + top, j];
            for (var i = 0; i < v.Length; i++) a[i + top, j] -= 2 * sum * v[i];
        }
    }

    /// <summary>The Euclidean norm, scaled so that squares neither overflow nor vanish.</summary>
    private static double Norm(Complex[] v)
    {
        var largest = v.Length == 0 ? 0 : v.Max(Complex.Abs);
        return largest == 0 ? 0 : largest * Math.Sqrt(v.Sum(x => Math.Pow(Complex.Abs(x) / largest, 2)));
    }
}
