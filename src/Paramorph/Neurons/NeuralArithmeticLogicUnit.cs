using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A gate between a sum and a product of inputs, g a + (1 - g) m with g = σ(x G), where both have the weights of one accumulator. (Trask et al., "Neural arithmetic logic units", 2018, section 3.)
/// </summary>
/// <param name="Accumulator">What adds, and multiplies with the same weights.</param>
/// <param name="Gate">G: [inputs, outputs].</param>
[Tree]
public sealed partial record NeuralArithmeticLogicUnit(NeuralAccumulator Accumulator, Tensor Gate) : ILayer
{
    /// <summary>A unit with drawn parameters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="type">f32 or f64.</param>
    public static NeuralArithmeticLogicUnit Create(Key key, int inputs, int outputs, ElementType type = ElementType.Float32) =>
        new(NeuralAccumulator.Create(key.Fold(0), inputs, outputs, type: type), Initialiser.GlorotUniform.Draw(key.Fold(1), [inputs, outputs], new(inputs, outputs), type));

    /// <summary>[..., inputs] gives [..., outputs].</summary>
    public Tensor Call(Tensor x)
    {
        var gate = Tensor.Sigmoid(x.Dot(Gate));
        return gate * Accumulator.Call(x) + (1.0 - gate) * (Accumulator with { IsProduct = true }).Call(x);
    }
}
