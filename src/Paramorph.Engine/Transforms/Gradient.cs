using Paramorph.Transforms;

namespace Paramorph;

/// <summary>
/// Derivatives of a scalar loss in a tree of tensors. The gradient has the type of the tree. For complex tensors it is the direction of steepest
/// ascent, as in PyTorch: x - rate * gradient descends.
/// </summary>
public static class Gradient
{
    /// <summary>The gradient of a loss as a function of the point, which may be transformed again: <c>Vmap.Of(Gradient.Of(f))</c>.</summary>
    public static Func<T, T> Of<T>(Func<T, Tensor> loss)
        where T : ITree<T> => point => Of(point, loss);

    /// <summary>The gradient of a loss at a point; null-free, zeros where the loss does not depend on a tensor, zeros for integers.</summary>
    /// <exception cref="TransformException">The loss is not one real number.</exception>
    public static T Of<T>(T point, Func<T, Tensor> loss)
        where T : ITree<T> => ValueAndGradient.Of(point, loss).Gradient;

    /// <summary>The gradients of a loss of two trees.</summary>
    public static (T1 First, T2 Second) Of<T1, T2>(T1 first, T2 second, Func<T1, T2, Tensor> loss)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
    {
        var gradient = Of(new TreePair<T1, T2>(first, second), p => loss(p.Item1, p.Item2));
        return (gradient.Item1, gradient.Item2);
    }
}

/// <summary>A loss together with its gradient.</summary>
public static class ValueAndGradient
{
    /// <summary>The loss at a point and its gradient, which has the type of the point.</summary>
    /// <exception cref="TransformException">The loss is not one real number.</exception>
    public static (Tensor Value, T Gradient) Of<T>(T point, Func<T, Tensor> loss)
        where T : ITree<T>
    {
        var (value, gradient, _) = Of<T, TreeList<Tensor>>(point, p => (loss(p), []));
        return (value, gradient);
    }

    /// <summary>The loss at a point, its gradient, and whatever else the function returns beside the loss.</summary>
    /// <exception cref="TransformException">The loss is not one real number.</exception>
    public static (Tensor Value, T Gradient, TExtra Extra) Of<T, TExtra>(T point, Func<T, (Tensor Loss, TExtra Extra)> loss)
        where T : ITree<T>
        where TExtra : ITree<TExtra>
    {
        using var trace = new Trace("Gradient", isAbstract: false);
        var leaves = Tree.Leaves(point);
        var aliases = Array.ConvertAll(leaves, trace.Alias);
        var (value, extra) = loss(Tree.Rebuild(point, aliases));
        if (value.Rank != 0 || !value.ElementType.IsFloating())
            throw new TransformException($"gradient: the loss is {value.Type} but must be one real number: reduce it with Sum or Mean, or use Jacobian.");
        var pulled = ReverseMode.Pull([value], [Tensor.OnesLike(value)], trace, aliases);
        Tensor[] gradient = [.. leaves.Select((x, i) => pulled[i] is { } g ? Tensor.Conjugate(g) : Tensor.ZerosLike(x))];
        return (value, Tree.Rebuild(point, gradient), extra);
    }
}
