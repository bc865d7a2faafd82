using System.Collections;
using System.Runtime.CompilerServices;

namespace Paramorph;

/// <summary>Makes <see cref="TreeList{T}"/> from collection expressions.</summary>
public static class TreeList
{
    /// <summary>A list of the given trees.</summary>
    public static TreeList<T> Create<T>(ReadOnlySpan<T> items)
        where T : ITree<T> => new(items);
}

/// <summary>An immutable list of trees that is itself a tree; its paths are <c>[0].weight</c>. Equal when its elements are.</summary>
[CollectionBuilder(typeof(TreeList), nameof(TreeList.Create))]
public sealed class TreeList<T> : IReadOnlyList<T>, ITree<TreeList<T>>, IEquatable<TreeList<T>>
    where T : ITree<T>
{
    private readonly T[] items;

    /// <summary>A list of the given trees.</summary>
    public TreeList(params ReadOnlySpan<T> items) => this.items = items.ToArray();

    private TreeList(T[] items) => this.items = items;

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <summary>A list of the elements of an array, which is copied.</summary>
    public static implicit operator TreeList<T>(T[] items) => new((ReadOnlySpan<T>)items);

    /// <inheritdoc/>
    void ITree<TreeList<T>>.Visit(ITreeVisitor visitor)
    {
        for (var i = 0; i < items.Length; i++) visitor.Child(i, items[i]);
    }

    /// <inheritdoc/>
    TreeList<T> ITree<TreeList<T>>.Rebuild(TreeReader leaves)
    {
        var rebuilt = new T[items.Length];
        for (var i = 0; i < items.Length; i++) rebuilt[i] = leaves.Read(items[i]);
        return new(rebuilt);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(TreeList<T>? other) => other is not null && items.SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items) hash.Add(item);
        return hash.ToHashCode();
    }
}
