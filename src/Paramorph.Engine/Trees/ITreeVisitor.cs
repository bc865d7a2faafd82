namespace Paramorph;

/// <summary>
/// Sees a tree in order: the leaves, the static values, and the scopes that they stand in. The segments entered and not yet left are the
/// path of what comes next; nobody makes a string of them who does not need one.
/// </summary>
public interface ITreeVisitor
{
    /// <summary>Goes into a member or an element.</summary>
    void Enter(PathSegment segment);

    /// <summary>Leaves the member or element entered last.</summary>
    void Exit();

    /// <summary>A leaf, whose path is that of the scope.</summary>
    void Leaf(Tensor leaf);

    /// <summary>A value that is part of the structure: a static member, or the null in the place of a missing tree.</summary>
    /// <remarks>Generic, so that looking up a tree in a cache boxes nothing.</remarks>
    void Static<T>(PathSegment segment, T value);
}
