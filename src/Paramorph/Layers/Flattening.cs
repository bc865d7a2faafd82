namespace Paramorph.Layers;

/// <summary>All axes but the first as one: what stands between convolutions and an affine map.</summary>
[Tree]
public sealed partial record Flattening : ILayer
{
    /// <summary>[n, ...] gives [n, features].</summary>
    public Tensor Call(Tensor x) => x.Reshape(x.Shape[0], -1);
}
