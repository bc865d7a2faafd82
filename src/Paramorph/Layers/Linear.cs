namespace Paramorph.Layers;

/// <summary>An affine map x W + b of the last axis.</summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[outputs]; none when null.</param>
[Tree]
public sealed partial record Linear(Tensor Weight, Tensor? Bias) : ILayer
{
    /// <summary>A layer with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <param name="bias">How biases are drawn; zeros when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static Linear Create(
        Key key, int inputs, int outputs, bool hasBias = true, Initialiser? weight = null, Initialiser? bias = null, ElementType type = ElementType.Float32)
    {
        if (inputs < 1 || outputs < 1) throw new ShapeException($"linear: {inputs} inputs and {outputs} outputs make no layer: both are 1 or more.");
        var fans = new Fans(inputs, outputs);
        return Initialise.Of(key, key => new Linear(
            (weight ?? Initialiser.GlorotUniform).Draw(key.Fold(0), [inputs, outputs], fans, type),
            hasBias ? (bias ?? Initialiser.Zeros).Draw(key.Fold(1), [outputs], fans, type) : null));
    }

    /// <summary>x W + b: [..., inputs] gives [..., outputs].</summary>
    /// <exception cref="ShapeException">The last axis is not of the size of the inputs.</exception>
    public Tensor Call(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Weight.Shape[0])
            throw new ShapeException($"linear: {x.Type} does not enter a weight {Weight.Type}: its last axis must have {Weight.Shape[0]} elements.");
        var y = x.Dot(Weight);
        return Bias is null ? y : y + Bias;
    }
}
