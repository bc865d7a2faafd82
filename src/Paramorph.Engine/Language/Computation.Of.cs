namespace Paramorph;

/// <content>Computations of functions of trees.</content>
public sealed partial class Computation
{
    /// <summary>The computation that a function does on arguments of the types of an example. Its inputs are named after the parameters of the function.</summary>
    /// <param name="function">The function; its tensors have shapes but no values.</param>
    /// <param name="example">A tree, of which the types, the structure and the static members matter.</param>
    /// <exception cref="TraceException">The function asks for a value, or uses a tensor of another function that is being traced.</exception>
    public static Computation Of<T, TOut>(Func<T, TOut> function, T example)
        where T : ITree<T>
        where TOut : ITree<TOut> => Of(function, example, function, "x");

    /// <inheritdoc cref="Of{T, TOut}(Func{T, TOut}, T)"/>
    public static Computation Of<T1, T2, TOut>(Func<T1, T2, TOut> function, T1 first, T2 second)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut : ITree<TOut> => Of(p => function(p.Item1, p.Item2), new TreePair<T1, T2>(first, second), function, "item1", "item2");

    /// <inheritdoc cref="Of{T, TOut}(Func{T, TOut}, T)"/>
    public static Computation Of<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> function, T1 first, T2 second, T3 third)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut : ITree<TOut> =>
        Of(t => function(t.Item1, t.Item2, t.Item3), new TreeTriple<T1, T2, T3>(first, second, third), function, "item1", "item2", "item3");

    private static Computation Of<T, TOut>(Func<T, TOut> function, T example, Delegate named, params string[] roots)
        where T : ITree<T>
        where TOut : ITree<TOut>
    {
        var leaves = Tree.Leaves(example);
        var names = named.Method.GetParameters().Select(parameter => parameter.Name).ToArray();
        var labels = Array.ConvertAll(Tree.Names(example), path => Label(path, roots, names));
        return Trace("computation", x => Tree.Leaves(function(Tree.Rebuild(example, x))), [.. leaves.Select(t => t.Type)], labels);
    }

    /// <summary>The path of a leaf below the parameter that it belongs to, where parameters have names at run time.</summary>
    private static string Label(string path, string[] roots, string?[] names)
    {
        var argument = roots.Length == 1 ? 0 : Array.FindIndex(roots, root => path.StartsWith(root, StringComparison.Ordinal));
        var name = names.Length == roots.Length && names[argument] is { Length: > 0 } known ? known : roots[argument];
        var below = roots.Length == 1 ? path : path[roots[argument].Length..];
        return below.Length == 0 || below[0] is '.' or '[' ? name + below : $"{name}.{below}";
    }
}
