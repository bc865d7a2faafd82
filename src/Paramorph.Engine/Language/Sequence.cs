using System.Collections;
using System.Runtime.CompilerServices;

namespace Paramorph;

/// <summary>An immutable list that is equal to another by its items: the attributes of a primitive are made of these.</summary>
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Create))]
public readonly struct Sequence<T> : IEquatable<Sequence<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly T[]? items;

    internal Sequence(T[] items) => this.items = items;

    /// <summary>The items as a span.</summary>
    public ReadOnlySpan<T> Span => items;

    /// <inheritdoc/>
    public int Count => items?.Length ?? 0;

    /// <inheritdoc/>
    public T this[int index] => Span[index];

    /// <inheritdoc/>
    public bool Equals(Sequence<T> other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Sequence<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Span) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>Whether all items are equal.</summary>
    public static bool operator ==(Sequence<T> a, Sequence<T> b) => a.Equals(b);

    /// <summary>Whether an item differs.</summary>
    public static bool operator !=(Sequence<T> a, Sequence<T> b) => !a.Equals(b);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", items ?? [])}]";

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <see cref="Sequence{T}"/> from collection expressions.</summary>
public static class Sequence
{
    /// <summary>A sequence of the given items.</summary>
    public static Sequence<T> Create<T>(ReadOnlySpan<T> items)
        where T : IEquatable<T> => new(items.ToArray());
}
