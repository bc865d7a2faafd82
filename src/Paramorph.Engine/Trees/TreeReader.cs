using System.Diagnostics.CodeAnalysis;

namespace Paramorph;

/// <summary>Hands out leaves in order to <see cref="ITree{TSelf}.Rebuild"/>. Copies of a reader share its place.</summary>
public readonly ref struct TreeReader
{
    private readonly ReadOnlySpan<Tensor> leaves;
    private readonly ref int next;
    private readonly Type root;

    internal TreeReader(ReadOnlySpan<Tensor> leaves, ref int next, Type root)
    {
        this.leaves = leaves;
        this.next = ref next;
        this.root = root;
    }

    /// <summary>The next leaf.</summary>
    /// <exception cref="TreeException">All have been taken.</exception>
    public Tensor Next()
    {
        if (next == leaves.Length)
            throw new TreeException($"{TypeName.Of(root)} needs more leaves than the {leaves.Length} given: Tree.Names lists what it takes.");
        return leaves[next++];
    }

    /// <summary>A tree like <paramref name="prototype"/> of the next leaves; null, and no leaf taken, for null.</summary>
    /// <exception cref="TreeException">Too few leaves are left.</exception>
    [return: NotNullIfNotNull(nameof(prototype))]
    public T? Read<T>(T? prototype)
        where T : ITree<T> => prototype is null ? default : prototype.Rebuild(this);

    /// <inheritdoc cref="Read{T}(T)"/>
    public T? Read<T>(T? prototype)
        where T : struct, ITree<T> => prototype is { } present ? present.Rebuild(this) : null;

    internal void RequireEnd()
    {
        if (next != leaves.Length)
            throw new TreeException($"{TypeName.Of(root)} takes {next} leaves, not the {leaves.Length} given: Tree.Names lists them.");
    }
}
