using Paramorph.Layers;

namespace Paramorph.Neurons;

/// <summary>
/// A sum and difference of inputs, x W with W = tanh(Ŵ) σ(M̂), whose weights tend to -1, 0 and 1; of logarithms of their sizes it is a product and quotient, exp(log(|x| + ε) W). (Trask, Hill, Reed, Rae, Dyer and
/// Blunsom, "Neural arithmetic logic units", 2018, section 3.)
/// </summary>
/// <param name="Value">Ŵ: [inputs, outputs].</param>
/// <param name="Presence">M̂: [inputs, outputs].</param>
/// <param name="IsProduct">Whether it multiplies.</param>
[Tree]
public sealed partial record NeuralAccumulator(Tensor Value, Tensor Presence, bool IsProduct = false) : ILayer
{
    private const double Smallest = 1e-7;

    /// <summary>W, within ±1.</summary>
    public Tensor Weight => Tensor.Tanh(Value) * Tensor.Sigmoid(Presence);

    /// <summary>A unit with drawn parameters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of the last axis of the input.</param>
    /// <param name="outputs">Size of the last axis of the output.</param>
    /// <param name="isProduct">Whether it multiplies.</param>
    /// <param name="type">f32 or f64.</param>
    public static NeuralAccumulator Create(Key key, int inputs, int outputs, bool isProduct = false, ElementType type = ElementType.Float32)
    {
        Tensor Drawn(Key key) => Initialiser.GlorotUniform.Draw(key, [inputs, outputs], new(inputs, outputs), type);
        return new(Drawn(key.Fold(0)), Drawn(key.Fold(1)), isProduct);
    }

    /// <summary>[..., inputs] gives [..., outputs]; a unit that multiplies does not see signs.</summary>
    public Tensor Call(Tensor x) => IsProduct ? Tensor.Exp(Tensor.Log(Tensor.Abs(x) + Smallest).Dot(Weight)) : x.Dot(Weight);
}
