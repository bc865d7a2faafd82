using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Paramorph;

/// <summary>
/// An immutable dictionary of trees that is itself a tree; its paths are <c>["policy"].weight</c>, in the ordinal order of the keys. Equal
/// when its pairs are.
/// </summary>
public sealed class TreeDictionary<T> : IReadOnlyDictionary<string, T>, ITree<TreeDictionary<T>>, IEquatable<TreeDictionary<T>>
    where T : ITree<T>
{
    private readonly SortedList<string, T> items = new(StringComparer.Ordinal);

    /// <summary>A dictionary of the given pairs.</summary>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public TreeDictionary(IEnumerable<KeyValuePair<string, T>> items)
    {
        foreach (var (key, tree) in items) this.items.Add(key, tree);
    }

    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => items.Keys;

    /// <inheritdoc/>
    public IEnumerable<T> Values => items.Values;

    /// <inheritdoc/>
    public T this[string key] => items[key];

    /// <summary>A copy of a dictionary.</summary>
    public static implicit operator TreeDictionary<T>(Dictionary<string, T> items) => new(items);

    /// <inheritdoc/>
    void ITree<TreeDictionary<T>>.Visit(ITreeVisitor visitor)
    {
        for (var i = 0; i < items.Count; i++) visitor.Child(PathSegment.Key(items.GetKeyAtIndex(i)), items.GetValueAtIndex(i));
    }

    /// <inheritdoc/>
    TreeDictionary<T> ITree<TreeDictionary<T>>.Rebuild(TreeReader leaves)
    {
        var rebuilt = new KeyValuePair<string, T>[items.Count];
        for (var i = 0; i < items.Count; i++) rebuilt[i] = new(items.GetKeyAtIndex(i), leaves.Read(items.GetValueAtIndex(i)));
        return new(rebuilt);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => items.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => items.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => items.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(TreeDictionary<T>? other) =>
        other is not null && items.Keys.SequenceEqual(other.items.Keys) && items.Values.SequenceEqual(other.items.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeDictionary<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, tree) in items)
        {
            hash.Add(key);
            hash.Add(tree);
        }
        return hash.ToHashCode();
    }
}
