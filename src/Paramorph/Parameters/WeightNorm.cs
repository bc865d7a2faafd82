namespace Paramorph.Parameters;

/// <summary>
/// A weight W = g v / |v| whose length along an axis is learned apart from its direction. (Salimans and Kingma, "Weight Normalization", 2016, Eq. 2.)
/// </summary>
/// <param name="Direction">What gives v.</param>
/// <param name="Length">g, of the shape of v with size 1 along the axis.</param>
/// <param name="Axis">The axis along which the length is taken; -1 is the last.</param>
/// <remarks>Where v is zero along the axis, so is W; its derivative there is that of g v.</remarks>
[Tree]
public sealed partial record WeightNorm(IParametrisation<Tensor> Direction, Tensor Length, int Axis) : IParametrisation<Tensor>
{
    /// <summary>g v / |v|.</summary>
    public Tensor Materialise()
    {
        var direction = Direction.Materialise();
        var squares = Squares(direction, Axis);
        var safe = Tensor.Where(Tensor.Equal(squares, 0.0), Tensor.OnesLike(squares), squares);
        return direction * (Length * Tensor.Rsqrt(safe));
    }

    /// <summary>The weight as it is now, as its direction and its length.</summary>
    /// <param name="weight">What gives the weight so far.</param>
    /// <param name="axis">The axis along which the length is taken; -1 is the last.</param>
    public static WeightNorm Along(IParametrisation<Tensor> weight, int axis) =>
        new(weight, Tensor.Sqrt(Squares(weight.Materialise(), axis)).Evaluate(), axis);

    /// <summary>A model whose leaves are directions and lengths.</summary>
    /// <param name="model">The model.</param>
    /// <param name="axis">The axis along which lengths are taken: by default the inputs of <c>x.Dot(w)</c>, so that each output has one.</param>
    /// <param name="where">Which leaves; by default all matrices.</param>
    public static Parametrised<TModel> Of<TModel>(TModel model, int axis = -2, LeafFilter? where = null)
        where TModel : ITree<TModel> => Of(Parametrised.Of(model), axis, where);

    /// <inheritdoc cref="Of{TModel}(TModel, int, LeafFilter)"/>
    public static Parametrised<TModel> Of<TModel>(Parametrised<TModel> model, int axis = -2, LeafFilter? where = null)
        where TModel : ITree<TModel> => model.With(where ?? Leaves.Matrices, weight => Along(weight, axis));

    private static Tensor Squares(Tensor x, int axis) => Tensor.Real(x * Tensor.Conjugate(x)).Sum(axis).ExpandDims(axis);
}
