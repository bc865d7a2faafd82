namespace Paramorph;

/// <summary>Three trees as one; converts to and from the C# triple.</summary>
[Tree]
public readonly partial record struct TreeTriple<T1, T2, T3>(T1 Item1, T2 Item2, T3 Item3)
    where T1 : ITree<T1>
    where T2 : ITree<T2>
    where T3 : ITree<T3>
{
    /// <summary>The tree of a C# triple.</summary>
    public static implicit operator TreeTriple<T1, T2, T3>((T1 Item1, T2 Item2, T3 Item3) items) => new(items.Item1, items.Item2, items.Item3);

    /// <summary>The C# triple of a tree.</summary>
    public static implicit operator (T1 Item1, T2 Item2, T3 Item3)(TreeTriple<T1, T2, T3> items) => (items.Item1, items.Item2, items.Item3);
}
