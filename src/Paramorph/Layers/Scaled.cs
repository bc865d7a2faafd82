namespace Paramorph.Layers;

/// <summary>Features times numbers: <c>x * Factors</c>.</summary>
/// <param name="Factors">[features].</param>
[Tree]
public sealed partial record Scaled(Tensor Factors) : ILayer
{
    /// <summary>[..., features] gives the same shape.</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the factors.</exception>
    public Tensor Call(Tensor x) => x.Rank > 0 && x.Shape[^1] == Factors.Count
        ? x * Factors
        : throw new ShapeException($"scaled: {x.Type} does not enter: its last axis must have {Factors.Count} elements.");
}
