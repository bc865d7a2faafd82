namespace Paramorph;

/// <summary>Two trees as one, where a C# pair cannot stand because it is no tree; converts to and from the pair.</summary>
[Tree]
public readonly partial record struct TreePair<T1, T2>(T1 Item1, T2 Item2)
    where T1 : ITree<T1>
    where T2 : ITree<T2>
{
    /// <summary>The tree of a C# pair.</summary>
    public static implicit operator TreePair<T1, T2>((T1 Item1, T2 Item2) items) => new(items.Item1, items.Item2);

    /// <summary>The C# pair of a tree.</summary>
    public static implicit operator (T1 Item1, T2 Item2)(TreePair<T1, T2> items) => (items.Item1, items.Item2);
}
