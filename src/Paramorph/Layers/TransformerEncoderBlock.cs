namespace Paramorph.Layers;

/// <summary>
/// A transformer block that only looks at its own sequence, normalised before each part: x + attention(norm(x)), then x + mlp(norm(x)). (Xiong et al., "On
/// Layer Normalization in the Transformer Architecture", 2020, Figure 1b.) With a causal mask it is the block of a language model.
/// </summary>
/// <param name="AttentionNorm">The norm before attention.</param>
/// <param name="Attention">Self-attention.</param>
/// <param name="MlpNorm">The norm before the perceptron.</param>
/// <param name="Mlp">The perceptron, of each place by itself.</param>
/// <param name="Dropout">What is dropped of the output of each part in training.</param>
[Tree]
public sealed partial record TransformerEncoderBlock(
    LayerNorm AttentionNorm, MultiHeadAttention Attention, LayerNorm MlpNorm, Mlp Mlp, Dropout Dropout)
{
    /// <summary>A block with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of an element of the sequence.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="hidden">Hidden width of the perceptron; four times the features when null.</param>
    /// <param name="activation">Its activation; <see cref="Activation.Gelu"/> when null.</param>
    /// <param name="dropout">The rate of dropout.</param>
    /// <param name="rotaryWavelength">When given, queries and keys are turned by their places.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static TransformerEncoderBlock Create(
        Key key, int features, int heads, int? hidden = null, Func<Tensor, Tensor>? activation = null, double dropout = 0,
        double? rotaryWavelength = null, ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key => new TransformerEncoderBlock(
            LayerNorm.Create([features], type),
            MultiHeadAttention.Create(key.Fold(0), features, heads, rotaryWavelength: rotaryWavelength, type: type),
            LayerNorm.Create([features], type),
            Mlp.Create(key.Fold(1), [features, hidden ?? 4 * features, features], activation ?? Activation.Gelu, type: type),
            new Dropout(dropout)));

    /// <summary>[..., time, features] gives the same shape.</summary>
    /// <param name="x">The sequence.</param>
    /// <param name="mask">bool, broadcast to [..., time, time]: true where an element sees another.</param>
    /// <param name="isCausal">Whether an element sees no later one.</param>
    /// <param name="key">A key for dropout; null in evaluation.</param>
    /// <param name="past">Elements [..., past, features] that stand before the sequence and are seen as well, as this block took them; the mask then is [..., time, past + time].</param>
    public Tensor Call(Tensor x, Tensor? mask = null, bool isCausal = false, Key? key = null, Tensor? past = null)
    {
        var own = AttentionNorm.Call(x);
        var seen = past is null ? null : Tensor.Concatenate([AttentionNorm.Call(past), own], -2);
        x += Dropout.Call(Attention.Call(own, seen, mask, isCausal), key?.Fold(0));
        return x + Dropout.Call(Mlp.Call(MlpNorm.Call(x)), key?.Fold(1));
    }
}
