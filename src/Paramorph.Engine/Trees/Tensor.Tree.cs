namespace Paramorph;

// Explicit, so that the surface of a tensor is its mathematics.
public sealed partial class Tensor : ITree<Tensor>
{
    /// <inheritdoc/>
    void ITree<Tensor>.Visit(ITreeVisitor visitor) => visitor.Leaf(this);

    /// <inheritdoc/>
    Tensor ITree<Tensor>.Rebuild(TreeReader leaves) => leaves.Next();
}
