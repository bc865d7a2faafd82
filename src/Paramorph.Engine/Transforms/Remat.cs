using Paramorph.Primitives;

namespace Paramorph;

/// <summary>Rematerialisation: the reverse derivative computes intermediate values again instead of keeping them.</summary>
public static class Remat
{
    /// <summary>The result of a function, whose intermediate values are computed again in a reverse derivative.</summary>
    public static T Of<T>(Func<T> function)
        where T : ITree<T>
    {
        T? prototype = default;
        var outputs = Rematerialise.Build(() => Tree.Leaves(prototype = function()));
        return Tree.Rebuild(prototype!, outputs);
    }
}
