namespace Paramorph.Layers;

/// <summary>A layer whose output is added to its input. (He et al., 2016.)</summary>
/// <param name="Inner">The layer, whose output has the shape of its input.</param>
[Tree]
public sealed partial record Residual(ILayer Inner) : ILayer
{
    /// <summary>x + inner(x).</summary>
    /// <exception cref="ShapeException">The layer changes the shape.</exception>
    public Tensor Call(Tensor x)
    {
        var y = Inner.Call(x);
        return y.Shape == x.Shape ? x + y : throw new ShapeException($"residual: the layer makes {y.Type} of {x.Type}: it must keep the shape.");
    }
}
