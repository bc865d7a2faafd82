namespace Paramorph.Parameters;

/// <summary>How many numbers a tree has to learn.</summary>
public static class ParameterCount
{
    /// <summary>The number of elements of all leaves that have a derivative; static members, integers and booleans do not count.</summary>
    public static long Of<T>(T tree)
        where T : ITree<T> => Tree.Leaves(tree).Where(leaf => leaf.ElementType.IsDifferentiable()).Sum(leaf => (long)leaf.Count);
}
