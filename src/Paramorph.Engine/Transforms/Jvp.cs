using Paramorph.Transforms;

namespace Paramorph;

/// <summary>The derivative of a function along a direction: Jacobian times vector, by forward mode.</summary>
public static class Jvp
{
    /// <summary>The value at a point and the derivative along a tangent.</summary>
    /// <exception cref="TreeException">The tangent has another structure than the point.</exception>
    /// <exception cref="ShapeException">A tangent has another type than the tensor at its place.</exception>
    public static (TOut Value, TOut Tangent) Of<TIn, TOut>(TIn point, TIn tangent, Func<TIn, TOut> function)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut>
    {
        TOut? prototype = default;
        var leaves = Tree.Leaves(point);
        var directions = Directions.Check("jvp", point, tangent);
        var (outputs, tangents) = ForwardMode.Of(x => Tree.Leaves(prototype = function(Tree.Rebuild(point, x))), leaves, directions);
        return (prototype!, Tree.Rebuild(prototype!, [.. tangents.Select((t, i) => t ?? Tensor.ZerosLike(outputs[i]))]));
    }
}

/// <summary>The transposed derivative of a function: vector times Jacobian, by reverse mode.</summary>
public static class Vjp
{
    /// <summary>
    /// The value at a point, and the function that takes a cotangent of the value to a cotangent of the point. It may be called often. For complex
    /// tensors it is the adjoint of the derivative, as in PyTorch.
    /// </summary>
    public static (TOut Value, Func<TOut, TIn> Pull) Of<TIn, TOut>(TIn point, Func<TIn, TOut> function)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut>
    {
        using var trace = new Trace("Vjp", isAbstract: false);
        var leaves = Tree.Leaves(point);
        var aliases = Array.ConvertAll(leaves, trace.Alias);
        var value = function(Tree.Rebuild(point, aliases));
        var outputs = Tree.Leaves(value);
        // The pull is called after the trace has ended: it keeps the history that tensors forget as they are evaluated, and nothing beyond it.
        var operations = Graph.Dependent(outputs, trace);
        return (value, Pull);

        TIn Pull(TOut cotangent)
        {
            var arriving = Array.ConvertAll(Directions.Check("vjp", value, cotangent), t => t is null ? null : Tensor.Conjugate(t));
            var pulled = ReverseMode.Pull(operations, outputs, arriving, trace, aliases);
            return Tree.Rebuild(point, [.. leaves.Select((x, i) => pulled[i] is { } g ? Tensor.Conjugate(g) : Tensor.ZerosLike(x))]);
        }
    }
}

/// <summary>Checks tangents and cotangents given by the user.</summary>
internal static class Directions
{
    /// <summary>The leaves of a direction, of the structure and types of a point; null for integers, which do not move.</summary>
    public static Tensor?[] Check<T>(string operation, T point, T direction)
        where T : ITree<T>
    {
        var result = new List<Tensor?>();
        Tree.Zip(point, direction, (x, d) =>
        {
            if (d.Weak is not null) d = d.AsType(x.ElementType);
            if (d.Type != x.Type) throw new ShapeException($"{operation}: the direction {d.Type} at {x.Type} must have the same type.");
            result.Add(x.ElementType.IsDifferentiable() ? d : null);
            return d;
        });
        return [.. result];
    }
}
