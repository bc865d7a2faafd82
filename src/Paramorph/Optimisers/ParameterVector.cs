namespace Paramorph.Optimisers;

/// <summary>The leaves of a model that have a derivative as one vector f64[n]: what second-order methods work on. A complex number is two real ones.</summary>
internal static class ParameterVector
{
    /// <summary>The vector of a model.</summary>
    public static Tensor Of<TModel>(TModel model)
        where TModel : ITree<TModel>
    {
        var parts = Tree.Leaves(model).Where(leaf => leaf.ElementType.IsDifferentiable()).SelectMany(leaf => leaf.ElementType.IsComplex()
            ? [Wide(Tensor.Real(leaf)), Wide(Tensor.Imaginary(leaf))]
            : new[] { Wide(leaf) }).ToArray();
        return parts.Length > 0 ? Tensor.Concatenate(parts) : throw new TreeException("There is nothing to train: no leaf of the model is of a real or complex type.");
    }

    /// <summary>A model whose leaves are those of a vector, in their own precision; integers and booleans are those of <paramref name="model"/>.</summary>
    public static TModel Model<TModel>(TModel model, Tensor vector)
        where TModel : ITree<TModel>
    {
        var next = 0;
        return Tree.Map(model, leaf =>
        {
            if (!leaf.ElementType.IsDifferentiable()) return leaf;
            var type = leaf.ElementType.RealType();
            return leaf.ElementType.IsComplex() ? Tensor.Complex(Take(leaf.Shape, type), Take(leaf.Shape, type)) : Take(leaf.Shape, type);
        });

        Tensor Take(Shape shape, ElementType type)
        {
            var start = next;
            next += shape.ElementCount;
            return vector.SliceAxis(0, start, next).ReshapeTo(shape).AsType(type);
        }
    }

    private static Tensor Wide(Tensor x) => x.Flatten().AsType(ElementType.Float64);
}
