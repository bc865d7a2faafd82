using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// Functions whose derivative the user states, in one mode; the other mode is its transpose. The function must not use tensors of enclosing traces
/// other than its inputs.
/// </summary>
public static class CustomDerivative
{
    /// <summary>A function with a forward rule.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="function">From inputs to output.</param>
    /// <param name="rule">From inputs, output and tangents of the inputs to the tangent of the output; linear in the tangents.</param>
    public static TOut OfTangents<TIn, TOut>(TIn inputs, Func<TIn, TOut> function, Func<TIn, TOut, TIn, TOut> rule)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut> =>
        Call(inputs, function, output => new DerivativeRule.OfTangents((x, y, t) =>
            Tree.Leaves(rule(Tree.Rebuild(inputs, x), Tree.Rebuild(output(), y), Tree.Rebuild(inputs, t)))));

    /// <summary>A function with a reverse rule.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="function">From inputs to output.</param>
    /// <param name="rule">
    /// From inputs, output and the cotangent of the output to cotangents of the inputs, as <see cref="Vjp"/> gives them; linear in the cotangent.
    /// </param>
    public static TOut OfCotangents<TIn, TOut>(TIn inputs, Func<TIn, TOut> function, Func<TIn, TOut, TOut, TIn> rule)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut> =>
        Call(inputs, function, output => new DerivativeRule.OfCotangents((x, y, c) => Conjugates(
            Tree.Leaves(rule(Tree.Rebuild(inputs, x), Tree.Rebuild(output(), y), Tree.Rebuild(output(), Conjugates(c)))))));

    /// <summary>Between the cotangents of the user, which are adjoints, and those of the engine, which are paired without conjugation.</summary>
    private static Tensor[] Conjugates(Tensor[] cotangents) => Array.ConvertAll(cotangents, Tensor.Conjugate);

    private static TOut Call<TIn, TOut>(TIn inputs, Func<TIn, TOut> function, Func<Func<TOut>, DerivativeRule> rule)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut>
    {
        TOut? prototype = default;
        var leaves = Tree.Leaves(inputs);
        var body = Computation.Trace("custom_derivative", x => Tree.Leaves(prototype = function(Tree.Rebuild(inputs, x))), [.. leaves.Select(t => t.Type)]);
        var outputs = Tensor.Bind(new CustomDerivativeCall(body, rule(() => prototype!)), leaves);
        return Tree.Rebuild(prototype!, outputs);
    }
}
