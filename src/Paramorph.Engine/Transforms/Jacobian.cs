namespace Paramorph;

/// <summary>The Jacobian of a function of one tensor: [shape of the output..., shape of the input...].</summary>
public static class Jacobian
{
    /// <summary>By forward mode, one direction an input element: cheaper when there are fewer inputs than outputs.</summary>
    public static Tensor Forward(Tensor point, Func<Tensor, Tensor> function)
    {
        var basis = Tensor.Eye(point.Count, point.ElementType).Reshape([point.Count, .. point.Shape.Sizes]);
        var columns = Vmap.Of(direction => Jvp.Of(point, direction, function).Tangent, basis);
        return columns.MoveAxis(0, -1).Reshape([.. columns.Shape.Sizes[1..], .. point.Shape.Sizes]);
    }

    /// <summary>By reverse mode, one direction an output element: cheaper when there are fewer outputs than inputs.</summary>
    public static Tensor Reverse(Tensor point, Func<Tensor, Tensor> function)
    {
        var (value, pull) = Vjp.Of(point, function);
        var basis = Tensor.Eye(value.Count, value.ElementType).Reshape([value.Count, .. value.Shape.Sizes]);
        return Vmap.Of(pull, basis).Reshape([.. value.Shape.Sizes, .. point.Shape.Sizes]);
    }
}

/// <summary>Second derivatives of a scalar function.</summary>
public static class Hessian
{
    /// <summary>The Hessian [shape of the point..., shape of the point...]: forward over reverse.</summary>
    /// <exception cref="TransformException">The function is not one real number.</exception>
    public static Tensor Of(Tensor point, Func<Tensor, Tensor> function) => Jacobian.Forward(point, x => Gradient.Of(x, function));

    /// <summary>The Hessian times a vector, without the matrix: the derivative of the gradient along the vector.</summary>
    /// <returns>A tree of the type of the point.</returns>
    /// <exception cref="TransformException">The function is not one real number.</exception>
    public static T VectorProduct<T>(T point, T vector, Func<T, Tensor> function)
        where T : ITree<T> => Jvp.Of(point, vector, x => Gradient.Of(x, function)).Tangent;
}
