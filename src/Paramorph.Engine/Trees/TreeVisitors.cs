namespace Paramorph;

/// <summary>What an implementation of <see cref="ITree{TSelf}.Visit"/> says in one call.</summary>
public static class TreeVisitors
{
    /// <summary>Shows a subtree under <paramref name="segment"/>; null is shown as a static null.</summary>
    public static void Child<T>(this ITreeVisitor visitor, PathSegment segment, T? tree)
        where T : ITree<T>
    {
        if (tree is null)
        {
            visitor.Null(segment);
            return;
        }
        visitor.Enter(segment);
        tree.Visit(visitor);
        visitor.Exit();
    }

    /// <inheritdoc cref="Child{T}(ITreeVisitor, PathSegment, T)"/>
    public static void Child<T>(this ITreeVisitor visitor, PathSegment segment, T? tree)
        where T : struct, ITree<T>
    {
        if (tree is { } present) visitor.Child(segment, present);
        else visitor.Null(segment);
    }

    /// <summary>Shows that the member or element is missing.</summary>
    public static void Null(this ITreeVisitor visitor, PathSegment segment) => visitor.Static<object?>(segment, null);
}
