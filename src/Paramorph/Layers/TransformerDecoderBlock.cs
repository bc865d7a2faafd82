namespace Paramorph.Layers;

/// <summary>
/// A transformer block that looks at the past of its own sequence and at a memory, normalised before each part: causal self-attention, cross-attention, a
/// perceptron, each added to its input. (Vaswani et al., 2017; normalised first as in Xiong et al., 2020.)
/// </summary>
/// <param name="SelfNorm">The norm before self-attention.</param>
/// <param name="SelfAttention">Causal self-attention.</param>
/// <param name="CrossNorm">The norm before cross-attention.</param>
/// <param name="CrossAttention">Attention to the memory.</param>
/// <param name="MlpNorm">The norm before the perceptron.</param>
/// <param name="Mlp">The perceptron, of each place by itself.</param>
/// <param name="Dropout">What is dropped of the output of each part in training.</param>
[Tree]
public sealed partial record TransformerDecoderBlock(
    LayerNorm SelfNorm, MultiHeadAttention SelfAttention, LayerNorm CrossNorm, MultiHeadAttention CrossAttention, LayerNorm MlpNorm, Mlp Mlp, Dropout Dropout)
{
    /// <summary>A block with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of an element of the sequence.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="memoryFeatures">Size of an element of the memory; as the features when null.</param>
    /// <param name="hidden">Hidden width of the perceptron; four times the features when null.</param>
    /// <param name="activation">Its activation; <see cref="Activation.Gelu"/> when null.</param>
    /// <param name="dropout">The rate of dropout.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static TransformerDecoderBlock Create(
        Key key, int features, int heads, int? memoryFeatures = null, int? hidden = null, Func<Tensor, Tensor>? activation = null, double dropout = 0,
        ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key => new TransformerDecoderBlock(
            LayerNorm.Create([features], type), MultiHeadAttention.Create(key.Fold(0), features, heads, type: type),
            LayerNorm.Create([features], type), MultiHeadAttention.Create(key.Fold(1), features, heads, memoryFeatures, type: type),
            LayerNorm.Create([features], type),
            Mlp.Create(key.Fold(2), [features, hidden ?? 4 * features, features], activation ?? Activation.Gelu, type: type), new Dropout(dropout)));

    /// <summary>[..., time, features] and a memory [..., k, memory features] give [..., time, features].</summary>
    /// <param name="x">The sequence.</param>
    /// <param name="memory">What the encoder gives.</param>
    /// <param name="mask">bool, broadcast to [..., time, time]: true where an element sees another, if that is not later.</param>
    /// <param name="memoryMask">bool, broadcast to [..., time, k]: true where an element sees the memory.</param>
    /// <param name="key">A key for dropout; null in evaluation.</param>
    public Tensor Call(Tensor x, Tensor memory, Tensor? mask = null, Tensor? memoryMask = null, Key? key = null)
    {
        x += Dropout.Call(SelfAttention.Call(SelfNorm.Call(x), mask: mask, isCausal: true), key?.Fold(0));
        x += Dropout.Call(CrossAttention.Call(CrossNorm.Call(x), memory, memoryMask), key?.Fold(1));
        return x + Dropout.Call(Mlp.Call(MlpNorm.Call(x)), key?.Fold(2));
    }
}
