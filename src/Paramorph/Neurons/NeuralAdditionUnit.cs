using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A sum and difference of inputs, x W, whose weights stay within ±1 and are pushed to -1, 0 and 1, so that a sum that was learned holds for numbers of any size. (Madsen and Johansen, "Neural arithmetic units", 2020,
/// section 2.2.)
/// </summary>
/// <param name="Weight">W: [inputs, outputs].</param>
[Tree]
public sealed partial record NeuralAdditionUnit(Tensor Weight) : ILayer
{
    /// <summary>A unit with uniform weights of Glorot's variance, within ±1/2.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="type">f32 or f64.</param>
    public static NeuralAdditionUnit Create(Key key, int inputs, int outputs, ElementType type = ElementType.Float32)
    {
        var bound = Math.Min(0.5, Math.Sqrt(6.0 / (inputs + outputs)));
        return new(Sample.Uniform(key, [inputs, outputs], -bound, bound, type));
    }

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x) => x.Dot(Weight);

    /// <summary>The unit with its weights moved into ±1, as after each step of training.</summary>
    public NeuralAdditionUnit Clamped() => new(Tensor.Clamp(Weight, -1.0, 1.0));

    /// <summary>The mean distance of weights from -1, 0 and 1, to be added to the loss. (Eq. 8.)</summary>
    public Tensor Sparsity() => Tensor.Minimum(Tensor.Abs(Weight), Tensor.Abs(1.0 - Tensor.Abs(Weight))).Mean();
}
