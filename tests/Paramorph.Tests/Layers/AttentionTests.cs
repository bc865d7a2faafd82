using Paramorph.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class AttentionTests
{
    private const int Features = 4;
    private static readonly MultiHeadAttention Layer = MultiHeadAttention.Create(
        Key.Of(1), Features, 2, memoryFeatures: 3, weight: Initialiser.Normal(0.6), type: ElementType.Float64);

    private static readonly MultiHeadAttention Own = MultiHeadAttention.Create(Key.Of(2), Features, 2, weight: Initialiser.Normal(0.6), type: ElementType.Float64);

    [Fact]
    public void Cross_attention_averages_values_by_the_softmax_of_products()
    {
        var (x, memory) = (Numbers(2, 3, Features), Numbers(2, 5, 3));
        Agree(Looked(Layer, x, memory, (_, _, _) => true), Layer, x, (m, x) => m.Call(x, memory));
    }

    [Fact]
    public void Causal_attention_sees_no_later_element()
    {
        var x = Numbers(2, 4, Features);
        Agree(Looked(Own, x, x, (_, q, k) => k <= q), Own, x, (m, x) => m.Call(x, isCausal: true));
    }

    [Fact]
    public void A_padding_mask_hides_what_is_behind_the_end()
    {
        var (x, memory) = (Numbers(2, 3, Features), Numbers(2, 5, 3));
        int[] lengths = [4, 1];
        var mask = SequenceMask.OfLengths(Tensor.From(lengths), 5).ExpandDims(-2);
        Agree(Looked(Layer, x, memory, (b, _, k) => k < lengths[b]), Layer, x, (m, x) => m.Call(x, memory, mask));
    }

    [Fact]
    public void A_mask_of_queries_and_keys_serves_the_whole_batch()
    {
        var x = Numbers(2, 3, Features);
        var mask = Tensor.From(new[,] { { true, false, true }, { true, true, false }, { false, false, true } });
        var seen = Elements(mask);
        Agree(Looked(Own, x, x, (_, q, k) => seen([q, k]) != 0), Own, x, (m, x) => m.Call(x, mask: mask));
    }

    [Fact]
    public void A_query_that_sees_nothing_gets_the_bias_of_the_output()
    {
        var y = Own.Call(Numbers(3, Features), mask: Tensor.Zeros([3, 3], ElementType.Bool));
        Expect.Close(Own.Output.Bias!, y[1], 1e-14);
    }

    [Fact]
    public void Rotary_attention_does_not_change_when_all_places_move()
    {
        var rotary = Own with { RotaryWavelength = 10000 };
        var x = Numbers(3, Features);
        var later = Tensor.Concatenate([Tensor.Zeros([4, Features], ElementType.Float64), x]);
        var mask = Tensor.GreaterEqual(Tensor.Arange(7), 4).ExpandDims(0);
        Expect.Close(rotary.Call(x), rotary.Call(later, mask: mask)[4..], 1e-12);
        Assert.True(Tensor.Abs(rotary.Call(x) - Own.Call(x)).Max().Item() > 1e-3);
    }

    [Fact]
    public void Heads_that_do_not_divide_the_features_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => MultiHeadAttention.Create(Key.Of(1), 6, 4));
        Assert.Equal("attention: 6 features do not divide into 4 heads.", error.Message);
    }

    [Fact]
    public void An_encoder_block_adds_attention_and_a_perceptron_to_its_input()
    {
        var block = TransformerEncoderBlock.Create(Key.Of(1), Features, 2, hidden: 5, type: ElementType.Float64);
        var x = Numbers(2, 3, Features);
        var first = x + Looked(block.Attention, Normed(x), Normed(x), (_, q, k) => k <= q);
        var expected = first + Perceptron(block.Mlp, Normed(first));
        Agree(expected, block, x, (m, x) => m.Call(x, isCausal: true), 1e-11);
    }

    [Fact]
    public void A_decoder_block_looks_at_its_past_and_at_the_memory()
    {
        var block = TransformerDecoderBlock.Create(Key.Of(1), Features, 2, memoryFeatures: 3, hidden: 5, type: ElementType.Float64);
        var (x, memory) = (Numbers(2, 3, Features), Numbers(2, 5, 3));
        var first = x + Looked(block.SelfAttention, Normed(x), Normed(x), (_, q, k) => k <= q);
        var second = first + Looked(block.CrossAttention, Normed(first), memory, (_, _, _) => true);
        Agree(second + Perceptron(block.Mlp, Normed(second)), block, x, (m, x) => m.Call(x, memory), 1e-11);
    }

    [Fact]
    public void A_block_drops_out_only_with_a_key()
    {
        var block = TransformerEncoderBlock.Create(Key.Of(1), Features, 2, dropout: 0.5, type: ElementType.Float64);
        var x = Numbers(3, Features);
        Expect.Close((block with { Dropout = new(0) }).Call(x), block.Call(x), 0);
        Assert.NotEqual(block.Call(x).ToDoubles(), block.Call(x, key: Key.Of(1)).ToDoubles());
        Assert.NotEqual(block.Call(x, key: Key.Of(2)).ToDoubles(), block.Call(x, key: Key.Of(1)).ToDoubles());
    }

    /// <summary>Attention of several heads in loops.</summary>
    private static Tensor Looked(MultiHeadAttention layer, Tensor x, Tensor memory, Func<int, int, int, bool> isSeen)
    {
        var (q, k, v) = (Elements(Affine(layer.Queries, x)), Elements(Affine(layer.Keys, memory)), Elements(Affine(layer.Values, memory)));
        var (size, keys) = (Features / layer.Heads, memory.Shape[1]);
        var mixed = Fill(x.Shape, at =>
        {
            var head = at[2] / size * size;
            double[] scores = [.. Enumerable.Range(0, keys).Select(j => isSeen(at[0], at[1], j)
                ? Math.Exp(Enumerable.Range(head, size).Sum(d => q([at[0], at[1], d]) * k([at[0], j, d])) / Math.Sqrt(size))
                : 0)];
            return scores.Select((s, j) => s / scores.Sum() * v([at[0], j, at[2]])).Sum();
        });
        return Affine(layer.Output, mixed);
    }

    private static Tensor Affine(Linear layer, Tensor x)
    {
        var (input, weight, bias) = (Elements(x), Elements(layer.Weight), Elements(layer.Bias!));
        return Fill([.. x.Shape[..^1], layer.Weight.Shape[1]], at =>
            bias([at[2]]) + Enumerable.Range(0, layer.Weight.Shape[0]).Sum(i => input([at[0], at[1], i]) * weight([i, at[2]])));
    }

    private static Tensor Normed(Tensor x)
    {
        var values = Elements(x);
        return Fill(x.Shape, at =>
        {
            double[] all = [.. Enumerable.Range(0, Features).Select(i => values([at[0], at[1], i]))];
            return (values(at) - all.Average()) / Math.Sqrt(all.Average(v => Math.Pow(v - all.Average(), 2)) + 1e-5);
        });
    }

    private static Tensor Perceptron(Mlp mlp, Tensor x) => Affine(mlp.Layers[1], Tensor.Gelu(Affine(mlp.Layers[0], x)));
}
