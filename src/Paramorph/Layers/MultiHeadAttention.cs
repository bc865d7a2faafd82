namespace Paramorph.Layers;

/// <summary>Attention of several heads, each of which looks along projections of its own. (Vaswani et al., 2017, section 3.2.2.)</summary>
/// <param name="Queries">[features, heads * d].</param>
/// <param name="Keys">[memory features, heads * d].</param>
/// <param name="Values">[memory features, heads * d].</param>
/// <param name="Output">[heads * d, features].</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="RotaryWavelength">When given, queries and keys are turned by their places; see <see cref="PositionalEncoding.Rotary"/>.</param>
[Tree]
public sealed partial record MultiHeadAttention(
    Linear Queries, Linear Keys, Linear Values, Linear Output, int Heads, double? RotaryWavelength = null)
{
    /// <summary>Attention with drawn weights and biases of zero.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Size of what attends and of the output, which the heads divide.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="memoryFeatures">Size of what is attended to; as the features when null.</param>
    /// <param name="hasBias">Whether the projections have biases.</param>
    /// <param name="rotaryWavelength">When given, queries and keys are turned by their places.</param>
    /// <param name="weight">How weights are drawn; <see cref="Initialiser.GlorotUniform"/> when null.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The heads do not divide the features.</exception>
    public static MultiHeadAttention Create(
        Key key, int features, int heads, int? memoryFeatures = null, bool hasBias = true, double? rotaryWavelength = null,
        Initialiser? weight = null, ElementType type = ElementType.Float32)
    {
        if (heads < 1 || features % heads != 0) throw new ShapeException($"attention: {features} features do not divide into {heads} heads.");
        return Initialise.Of(key, key =>
        {
            Linear Projection(int index, int inputs) => Linear.Create(key.Fold(index), inputs, features, hasBias, weight, type: type);
            var memory = memoryFeatures ?? features;
            return new MultiHeadAttention(
                Projection(0, features), Projection(1, memory), Projection(2, memory), Projection(3, features), heads, rotaryWavelength);
        });
    }

    /// <summary>Queries [..., q, features] look at a memory [..., k, memory features], or at their own sequence, and give [..., q, features].</summary>
    /// <param name="x">What attends.</param>
    /// <param name="memory">What is attended to: cross-attention; x itself when null: self-attention.</param>
    /// <param name="mask">
    /// bool, broadcast to [..., q, k]: true where a query sees a key; for padded sequences <c>SequenceMask.OfLengths(lengths, k).ExpandDims(-2)</c>. A query
    /// that sees nothing gets zeros before the output projection. Everywhere when null.
    /// </param>
    /// <param name="isCausal">Whether a query sees no later key.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Call(Tensor x, Tensor? memory = null, Tensor? mask = null, bool isCausal = false)
    {
        memory ??= x;
        if (x.Rank < 2 || memory.Rank < 2) throw new ShapeException($"attention: {x.Type} and {memory.Type} are no sequences [..., time, features].");
        var (queries, keys, values) = (Split(Queries.Call(x)), Split(Keys.Call(memory)), Split(Values.Call(memory)));
        if (RotaryWavelength is { } wavelength) (queries, keys) = (PositionalEncoding.Rotary(queries, wavelength), PositionalEncoding.Rotary(keys, wavelength));
        var ofHeads = mask is { Rank: > 2 } ? mask.ExpandDims(-3) : mask;
        var seen = Attention.ScaledDotProduct(queries, keys, values, ofHeads, isCausal).SwapAxes(-3, -2);
        return Output.Call(seen.ReshapeTo([.. seen.Shape[..^2], seen.Shape[^2] * seen.Shape[^1]]));
    }

    /// <summary>[..., time, heads * d] as [..., heads, time, d].</summary>
    private Tensor Split(Tensor x) => x.ReshapeTo([.. x.Shape[..^1], Heads, x.Shape[^1] / Heads]).SwapAxes(-3, -2);
}
