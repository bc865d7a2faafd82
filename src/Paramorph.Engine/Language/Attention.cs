namespace Paramorph;

/// <summary>Attention. Heads and batches are leading axes, which broadcast.</summary>
public static class Attention
{
    /// <summary>
    /// softmax(scale q k^T) v: queries [..., q, d], keys [..., k, d] and values [..., k, v] give [..., q, v]. A query that may see no key gets zeros.
    /// </summary>
    /// <param name="query">[..., q, d].</param>
    /// <param name="key">[..., k, d].</param>
    /// <param name="value">[..., k, v].</param>
    /// <param name="mask">bool, broadcast to [..., q, k]: true where a query sees a key. Everywhere when null.</param>
    /// <param name="isCausal">Whether a query sees no later key; the last query is at the place of the last key.</param>
    /// <param name="scale">1 / sqrt(d) when null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ScaledDotProduct(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2 || query.Shape[^1] != key.Shape[^1] || key.Shape[^2] != value.Shape[^2])
        {
            throw new ShapeException(
                $"attention: {query.Type}, {key.Type} and {value.Type} are not queries [..., q, d], keys [..., k, d] and values [..., k, v].");
        }
        var scores = Tensor.MatMul(query * (scale ?? 1 / Math.Sqrt(query.Shape[^1])), key.T);
        var (queries, keys) = (query.Shape[^2], key.Shape[^2]);
        var visible = mask;
        if (isCausal) visible = Tensor.LowerTriangle(queries, keys, keys - queries) is var past && mask is not null ? past & mask : past;
        if (visible is not null) scores = Tensor.Where(visible, scores, double.NegativeInfinity);
        return Tensor.MatMul(scores.Softmax(), value);
    }
}
