using Paramorph.Primitives;
using Paramorph.Transforms;

namespace Paramorph;

/// <summary>
/// The Jacobian of a function of one tensor: [shape of the output..., shape of the input...]. <see cref="Of(Tensor, Func{Tensor, Tensor})"/> finds the cheapest
/// way; the others are those that it chooses from.
/// </summary>
public static class Jacobian
{
    /// <summary>
    /// In the way that takes the fewest flops: by forward mode, which is for fewer inputs than outputs, by reverse mode, or row by row. An output that is
    /// put together along its first axis, as the residuals of an equation and of its boundary are, is taken part by part.
    /// </summary>
    /// <param name="point">A real tensor.</param>
    /// <param name="function">From a tensor like the point to a real one of any shape.</param>
    public static Tensor Of(Tensor point, Func<Tensor, Tensor> function)
    {
        var parts = Parts(point, function).Select(part => Cheapest(point, part)).ToArray();
        return parts.Length == 1 ? parts[0] : Tensor.Concatenate(parts);
    }

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

    /// <summary>
    /// Row by row: the reverse mode of the function of one row of the data that it uses, for all rows in one batch. That is cheap where row i of the output
    /// depends on the point and on row i of the data alone, as the residual of a network at a place does; the work is that of one gradient.
    /// </summary>
    /// <param name="point">A real tensor.</param>
    /// <param name="function">From a tensor like the point to [rows, ...].</param>
    /// <exception cref="TransformException">The rows of the output meet, in an operation whose rows are not known, or do not depend on data.</exception>
    public static Tensor ByRows(Tensor point, Func<Tensor, Tensor> function)
    {
        using var trace = new Trace("Jacobian", isAbstract: true);
        var input = trace.Placeholder(point.Type);
        var output = function(input);
        var rows = RowFunction.Of(trace, input, output)
            ?? throw new TransformException($"jacobian: the rows of {output.Type} are not functions of the point and of rows of data: use Jacobian.Of, which finds another way.");
        return Vmap.Of(row => Reverse(point, x => rows.Row(x, row)), rows.Data);
    }

    /// <summary>Functions whose results are the function's, one behind the other along the first axis.</summary>
    private static IEnumerable<Func<Tensor, Tensor>> Parts(Tensor point, Func<Tensor, Tensor> function)
    {
        using var trace = new Trace("Jacobian", isAbstract: true);
        return function(trace.Placeholder(point.Type)).Source is { Primitive: Concatenate { Axis: 0 }, Inputs.Length: var count }
            ? Enumerable.Range(0, count).Select(i => (Func<Tensor, Tensor>)(x => function(x).Source!.Inputs[i]))
            : [function];
    }

    private static Tensor Cheapest(Tensor point, Func<Tensor, Tensor> function)
    {
        var ways = new List<Func<Tensor, Tensor>> { x => Forward(x, function), x => Reverse(x, function) };
        if (HasRows(point, function)) ways.Add(x => ByRows(x, function));
        return ways.MinBy(way => Computation.TraceBlock("jacobian", x => [way(x[0])], [point.Type], out _).Cost.Flops)!(point);
    }

    private static bool HasRows(Tensor point, Func<Tensor, Tensor> function)
    {
        using var trace = new Trace("Jacobian", isAbstract: true);
        var input = trace.Placeholder(point.Type);
        return RowFunction.Of(trace, input, function(input)) is not null;
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
