namespace Paramorph.Parameters;

/// <summary>
/// A matrix W = W0 + U V of low rank r beside a frozen one: of [..., rows, columns] only (rows + columns) r numbers are learned. (Hu et al., "LoRA:
/// Low-Rank Adaptation of Large Language Models", 2022, Eq. 3.)
/// </summary>
/// <param name="Frozen">W0 [..., rows, columns], which is not learned, nor counted or saved as a parameter; null for zero.</param>
/// <param name="Left">U [..., rows, r].</param>
/// <param name="Right">V [..., r, columns].</param>
[Tree]
public sealed partial record LowRank([Static] Tensor? Frozen, Tensor Left, Tensor Right) : IParametrisation<Tensor>
{
    /// <summary>W0 + U V.</summary>
    public Tensor Materialise() => Frozen is null ? Tensor.MatMul(Left, Right) : Frozen + Tensor.MatMul(Left, Right);

    /// <summary>
    /// The weight as it is now, frozen, plus a product that starts at zero: U has orthonormal columns (the first r cosine vectors), V is zero.
    /// </summary>
    /// <param name="weight">What gives the weight so far.</param>
    /// <param name="rank">r, from 1 to the smaller of rows and columns.</param>
    /// <exception cref="ShapeException">The weight is no matrix, or the rank is not that of one.</exception>
    public static LowRank Beside(IParametrisation<Tensor> weight, int rank)
    {
        var frozen = weight.Materialise().Evaluate();
        if (frozen.Rank < 2) throw new ShapeException($"low rank: {frozen.Type} is no matrix: it takes [..., rows, columns].");
        var (rows, columns) = (frozen.Shape[^2], frozen.Shape[^1]);
        if (rank < 1 || rank > Math.Min(rows, columns))
            throw new ShapeException($"low rank: rank {rank} does not fit {frozen.Type}: it lies between 1 and {Math.Min(rows, columns)}.");
        var batch = frozen.Shape[..^2];
        var left = Cosines(rows, rank).AsType(frozen.ElementType).BroadcastTo([.. batch, rows, rank]);
        return new(frozen, left.Evaluate(), Tensor.Zeros([.. batch, rank, columns], frozen.ElementType).Evaluate());
    }

    /// <summary>A model with leaves of low rank beside what they are now.</summary>
    /// <param name="model">The model; those of its leaves that are meant are frozen.</param>
    /// <param name="rank">r, from 1 to the smaller of rows and columns of each leaf.</param>
    /// <param name="where">Which leaves; by default all matrices.</param>
    public static Parametrised<TModel> Of<TModel>(TModel model, int rank, LeafFilter? where = null)
        where TModel : ITree<TModel> => Of(Parametrised.Of(model), rank, where);

    /// <inheritdoc cref="Of{TModel}(TModel, int, LeafFilter)"/>
    public static Parametrised<TModel> Of<TModel>(Parametrised<TModel> model, int rank, LeafFilter? where = null)
        where TModel : ITree<TModel> => model.With(where ?? Leaves.Matrices, weight => Beside(weight, rank));

    /// <summary>The first columns of the orthonormal cosine basis (DCT-II), [rows, columns] in double precision.</summary>
    private static Tensor Cosines(int rows, int columns)
    {
        var place = (Tensor.Arange(rows, ElementType.Float64) + 0.5).ExpandDims(1);
        var frequency = Tensor.Arange(columns, ElementType.Float64);
        var scale = Tensor.Where(Tensor.Equal(frequency, 0.0), Math.Sqrt(1.0 / rows), Tensor.Scalar(Math.Sqrt(2.0 / rows)));
        return scale * Tensor.Cos(place * frequency * (Math.PI / rows));
    }
}
