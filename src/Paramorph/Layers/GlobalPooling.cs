namespace Paramorph.Layers;

/// <summary>The mean, or the largest element, of everything along the last axes, which disappear.</summary>
/// <param name="Axes">How many of the last axes.</param>
/// <param name="IsMax">Whether the largest element is taken instead of the mean.</param>
[Tree]
public sealed partial record GlobalPooling(int Axes, bool IsMax = false) : ILayer
{
    /// <summary>[..., spatial...] gives [...].</summary>
    /// <exception cref="ShapeException">The input has fewer axes.</exception>
    public Tensor Call(Tensor x)
    {
        if (Axes < 1 || Axes > x.Rank)
            throw new ShapeException($"global pooling: {x.Type} has not the {Axes} axes to pool over: it takes one or more of its axes.");
        int[] axes = [.. Enumerable.Range(x.Rank - Axes, Axes)];
        return IsMax ? x.Max(axes) : x.Mean(axes);
    }
}
