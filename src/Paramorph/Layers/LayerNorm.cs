namespace Paramorph.Layers;

/// <summary>The last axes of each example moved and scaled to mean 0 and variance 1, then by learned numbers. (Ba, Kiros and Hinton, 2016.)</summary>
/// <param name="Scale">[features], or as many of the last axes as are to be normalised together.</param>
/// <param name="Offset">Of the shape of the scale; none when null.</param>
/// <param name="Epsilon">What is added to variances.</param>
[Tree]
public sealed partial record LayerNorm(Tensor Scale, Tensor? Offset, double Epsilon = 1e-5) : ILayer
{
    /// <summary>A layer that begins with scale 1 and offset 0.</summary>
    /// <param name="shape">The sizes of the last axes that are normalised together.</param>
    /// <param name="type">f32 or f64.</param>
    public static LayerNorm Create(Shape shape, ElementType type = ElementType.Float32) =>
        new(Tensor.Ones(shape, type).Evaluate(), Tensor.Zeros(shape, type).Evaluate());

    /// <summary>[..., features] gives the same shape.</summary>
    /// <exception cref="ShapeException">The last axes are not those of the scale.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank < Scale.Rank || x.Shape[^Scale.Rank..] != Scale.Shape)
            throw new ShapeException($"layer norm: {x.Type} does not end in the axes {Scale.Shape} of the scale.");
        var y = Moments.Standardise(x, [.. Enumerable.Range(x.Rank - Scale.Rank, Scale.Rank)], Epsilon) * Scale;
        return Offset is null ? y : y + Offset;
    }
}
