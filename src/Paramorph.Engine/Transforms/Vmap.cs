using Paramorph.Transforms;

namespace Paramorph;

/// <summary>
/// A function of one example applied to a batch of them, as one computation. Tensors that the function uses from outside are shared by all
/// examples.
/// </summary>
public static class Vmap
{
    /// <summary>A function of one example as a function of a batch along the first axes.</summary>
    public static Func<TIn, TOut> Of<TIn, TOut>(Func<TIn, TOut> function)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut> => examples => Of(function, examples);

    /// <summary>A function of one pair of examples as a function of a batch of pairs along the first axes.</summary>
    public static Func<T1, T2, TOut> Of<T1, T2, TOut>(Func<T1, T2, TOut> function)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut : ITree<TOut> => (first, second) => Of(function, first, second);

    /// <summary>Applies a function to every example along an axis of each tensor of a tree.</summary>
    /// <param name="function">From one example to its result.</param>
    /// <param name="examples">A tree whose tensors carry the batch.</param>
    /// <param name="inAxis">The axis of the batch in the examples.</param>
    /// <param name="outAxis">The axis of the batch in the results.</param>
    /// <exception cref="ShapeException">The tensors differ in size along the axis.</exception>
    public static TOut Of<TIn, TOut>(Func<TIn, TOut> function, TIn examples, int inAxis = 0, int outAxis = 0)
        where TIn : ITree<TIn>
        where TOut : ITree<TOut>
    {
        TOut? prototype = default;
        var leaves = Array.ConvertAll(Tree.Leaves(examples), t => t.MoveAxis(t.Shape.Axis(inAxis, "vmap"), 0));
        if (leaves.Length == 0) throw new ShapeException("vmap: there is no tensor that carries a batch.");
        var size = leaves[0].Shape[0];
        foreach (var leaf in leaves)
            if (leaf.Shape[0] != size) throw new ShapeException($"vmap: {leaves[0].Type} and {leaf.Type} differ in the size of the batch: {size} and {leaf.Shape[0]}.");
        var outputs = Batching.Of(
            "Vmap", x => Tree.Leaves(prototype = function(Tree.Rebuild(examples, x))), leaves, [.. leaves.Select(_ => true)], size);
        return Tree.Rebuild(prototype!, [.. outputs.Select(t => t.MoveAxis(0, outAxis))]);
    }

    /// <summary>Applies a function of two arguments to every pair of examples along the first axes.</summary>
    public static TOut Of<T1, T2, TOut>(Func<T1, T2, TOut> function, T1 first, T2 second, int inAxis = 0, int outAxis = 0)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut : ITree<TOut> => Of(p => function(p.Item1, p.Item2), new TreePair<T1, T2>(first, second), inAxis, outAxis);

    /// <summary>Applies a function of three arguments to every triple of examples along the first axes.</summary>
    public static TOut Of<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> function, T1 first, T2 second, T3 third, int inAxis = 0, int outAxis = 0)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut : ITree<TOut> => Of(t => function(t.Item1, t.Item2, t.Item3), new TreeTriple<T1, T2, T3>(first, second, third), inAxis, outAxis);
}
