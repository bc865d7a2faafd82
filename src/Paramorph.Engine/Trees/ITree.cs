namespace Paramorph;

/// <summary>
/// A value whose leaves are tensors: a model, an optimiser state, a batch. Mark a record with <see cref="TreeAttribute"/> and the source
/// generator writes these two members.
/// </summary>
/// <typeparam name="TSelf">The implementing type itself, so that a gradient in a model has the model's type.</typeparam>
public interface ITree<TSelf>
    where TSelf : ITree<TSelf>
{
    /// <summary>Shows every leaf, in a fixed order and with its path, and every static field to <paramref name="visitor"/>.</summary>
    void Visit(ITreeVisitor visitor);

    /// <summary>A tree of the same structure and static fields whose leaves are read, in the order of <see cref="Visit"/>, from <paramref name="leaves"/>.</summary>
    TSelf Rebuild(TreeReader leaves);
}
