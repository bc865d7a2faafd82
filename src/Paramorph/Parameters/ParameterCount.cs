using Paramorph.Layers;

namespace Paramorph.Parameters;

/// <summary>How many numbers a tree has to learn.</summary>
public static class ParameterCount
{
    /// <summary>The number of elements of all leaves that have a derivative; static members, integers and booleans do not count.</summary>
    public static long Of<T>(T tree)
        where T : ITree<T> => Tree.Leaves(tree).Where(leaf => leaf.ElementType.IsDifferentiable()).Sum(leaf => (long)leaf.Count);

    /// <summary>The least width at which a model has no fewer numbers than another one.</summary>
    /// <param name="parameters">Those of the other.</param>
    /// <param name="create">From a width, 1 or more, to a model whose size grows with it; nothing is drawn.</param>
    public static int LeastWidth<T>(long parameters, Func<int, T> create)
        where T : ITree<T>
    {
        var width = 1;
        while (Of(Initialise.Structure(_ => create(width))) < parameters) width++;
        return width;
    }
}
