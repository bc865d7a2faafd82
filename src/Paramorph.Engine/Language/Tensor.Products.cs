using Paramorph.Primitives;

namespace Paramorph;

/// <content>Products.</content>
public sealed partial class Tensor
{
    /// <summary>The product over the last axis of this and the first axis of the other: [..., k] times [k, ...] is [..., ...].</summary>
    /// <exception cref="ShapeException">The sizes of those axes differ.</exception>
    public Tensor Dot(Tensor other)
    {
        if (Rank == 0 || other.Rank == 0) throw new ShapeException($"dot: {Type} and {other.Type}: a scalar has no axis to contract; multiply with *.");
        return Contract(this, other, [-1], [0]);
    }

    /// <summary>
    /// The matrix product as in NumPy: [..., m, k] times [..., k, n] is [..., m, n], leading axes broadcast; vectors count as a row on the left and as a
    /// column on the right.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        if (a.Rank == 0 || b.Rank == 0) throw new ShapeException($"matmul: {a.Type} and {b.Type}: a scalar is no matrix; multiply with *.");
        if (a.Rank == 1) return b.Rank == 1 ? a.Dot(b) : MatMul(a.ExpandDims(0), b).Squeeze(-2);
        if (b.Rank == 1) return MatMul(a, b.ExpandDims(-1)).Squeeze(-1);
        if (a.Shape[^1] != b.Shape[^2])
            throw new ShapeException($"matmul: {a.Type} and {b.Type} do not fit: the last axis of the left has {a.Shape[^1]} elements, the last but one of the right {b.Shape[^2]}.");
        if (b.Rank == 2) return a.Dot(b);
        var batch = Shape.Broadcast(a.Shape[..^2], b.Shape[..^2], "matmul");
        var axes = Enumerable.Range(0, batch.Rank).ToArray();
        return Contract(
            a.BroadcastTo([.. batch, .. a.Shape[^2..]]), b.BroadcastTo([.. batch, .. b.Shape[^2..]]), [batch.Rank + 1], [batch.Rank], axes, axes);
    }

    /// <summary>
    /// The general product: summed over pairs of contracted axes, for each place of pairs of batch axes. The result's axes are the batch axes, the
    /// other axes of <paramref name="a"/>, the other axes of <paramref name="b"/>.
    /// </summary>
    /// <exception cref="ShapeException">Paired axes differ in number or size.</exception>
    public static Tensor Contract(
        Tensor a, Tensor b, ReadOnlySpan<int> contractedA, ReadOnlySpan<int> contractedB, ReadOnlySpan<int> batchA = default, ReadOnlySpan<int> batchB = default)
    {
        if (contractedA.Length != contractedB.Length || batchA.Length != batchB.Length)
            throw new ShapeException($"contract: {contractedA.Length} and {contractedB.Length} contracted axes, {batchA.Length} and {batchB.Length} batch axes: they come in pairs.");
        if (a.ElementType != b.ElementType) (a, b) = Promote(a, b, "dot");
        return Bind(new Dot(Normal(a, batchA), Normal(b, batchB), Normal(a, contractedA), Normal(b, contractedB)), a, b)[0];

        static Sequence<int> Normal(Tensor x, ReadOnlySpan<int> axes)
        {
            var result = new int[axes.Length];
            for (var i = 0; i < result.Length; i++) result[i] = x.Shape.Axis(axes[i], "contract");
            return new(result);
        }
    }

    /// <summary>All products of elements of two vectors: [m] and [n] give [m, n].</summary>
    public static Tensor Outer(Tensor a, Tensor b) => a.Flatten().ExpandDims(1) * b.Flatten().ExpandDims(0);
}
