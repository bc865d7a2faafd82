using System.IO.Enumeration;

namespace Paramorph.Parameters;

/// <summary>Tells which leaves of a model are meant.</summary>
/// <param name="path">The path of the leaf as <see cref="Tree.Names"/> gives it: <c>layers[0].weight</c>.</param>
/// <param name="leaf">The leaf, of which mostly the type matters.</param>
public delegate bool LeafFilter(string path, Tensor leaf);

/// <summary>The usual choices of leaves.</summary>
public static class Leaves
{
    /// <summary>Every leaf that has a derivative.</summary>
    public static LeafFilter All { get; } = (_, leaf) => leaf.ElementType.IsDifferentiable();

    /// <summary>Every leaf that has a derivative and two axes or more.</summary>
    public static LeafFilter Matrices { get; } = (_, leaf) => leaf.ElementType.IsDifferentiable() && leaf.Rank >= 2;

    /// <summary>The leaves whose path matches a pattern, in which <c>*</c> stands for any text and <c>?</c> for one character: <c>layers[*].weight</c>.</summary>
    public static LeafFilter Named(string pattern) => (path, _) => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);

    /// <summary>The leaves that both mean.</summary>
    public static LeafFilter And(this LeafFilter a, LeafFilter b) => (path, leaf) => a(path, leaf) && b(path, leaf);

    /// <summary>The leaves that the first means and the second does not.</summary>
    public static LeafFilter Except(this LeafFilter a, LeafFilter b) => (path, leaf) => a(path, leaf) && !b(path, leaf);
}
