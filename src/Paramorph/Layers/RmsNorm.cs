namespace Paramorph.Layers;

/// <summary>The last axis of each example divided by its root mean square, then scaled by learned numbers. (Zhang and Sennrich, 2019, Eq. 4.)</summary>
/// <param name="Scale">[features].</param>
/// <param name="Epsilon">What is added to the mean square.</param>
[Tree]
public sealed partial record RmsNorm(Tensor Scale, double Epsilon = 1e-6) : ILayer
{
    /// <summary>A layer that begins with scale 1.</summary>
    /// <param name="features">Size of the last axis.</param>
    /// <param name="type">f32 or f64.</param>
    public static RmsNorm Create(int features, ElementType type = ElementType.Float32) => new(Tensor.Ones([features], type).Evaluate());

    /// <summary>[..., features] gives the same shape.</summary>
    /// <exception cref="ShapeException">The last axis is not that of the scale.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Scale.Count) throw new ShapeException($"rms norm: {x.Type} does not end in the axis {Scale.Shape} of the scale.");
        return x * Tensor.Rsqrt(Tensor.Square(x).Mean(-1).ExpandDims(-1) + Epsilon) * Scale;
    }
}
