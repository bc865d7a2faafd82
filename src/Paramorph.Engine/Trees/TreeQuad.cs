namespace Paramorph;

/// <summary>Four trees as one; converts to and from the C# tuple of four.</summary>
[Tree]
public readonly partial record struct TreeQuad<T1, T2, T3, T4>(T1 Item1, T2 Item2, T3 Item3, T4 Item4)
    where T1 : ITree<T1>
    where T2 : ITree<T2>
    where T3 : ITree<T3>
    where T4 : ITree<T4>
{
    /// <summary>The tree of a C# tuple of four.</summary>
    public static implicit operator TreeQuad<T1, T2, T3, T4>((T1 Item1, T2 Item2, T3 Item3, T4 Item4) items) =>
        new(items.Item1, items.Item2, items.Item3, items.Item4);

    /// <summary>The C# tuple of four of a tree.</summary>
    public static implicit operator (T1 Item1, T2 Item2, T3 Item3, T4 Item4)(TreeQuad<T1, T2, T3, T4> items) =>
        (items.Item1, items.Item2, items.Item3, items.Item4);
}
