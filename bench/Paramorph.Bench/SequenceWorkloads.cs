using Paramorph.Layers;
using static Paramorph.Bench.Workloads;

namespace Paramorph.Bench;

/// <summary>Steps of networks on sequences, made of the library's layers.</summary>
internal static class SequenceWorkloads
{
    /// <summary>A transformer block of 192 features with six heads, normalised behind each part.</summary>
    public static Workload Transformer()
    {
        const int Features = 192, Heads = 6;
        var key = Key.Of(0);
        var attention = MultiHeadAttention.Create(key.Fold(0), Features, Heads);
        var mlp = Layers.Mlp.Create(key.Fold(1), [Features, 4 * Features, Features], Tensor.Relu);
        var model = new TreePair<TreePair<MultiHeadAttention, LayerNorm>, TreePair<Layers.Mlp, LayerNorm>>(
            new(attention, LayerNorm.Create([Features])), new(mlp, LayerNorm.Create([Features])));
        var random = new Random(0);
        var (x, y) = (Uniform(random, [8, 64, Features], -1.7, 1.7), Uniform(random, [8, 64, Features], -1.7, 1.7));
        return Adam("transformer_192", model, m =>
        {
            var h = m.Item1.Item2.Call(x + m.Item1.Item1.Call(x));
            h = m.Item2.Item2.Call(h + m.Item2.Item1.Call(h));
            return Tensor.Square(h - y).Mean();
        });
    }

    /// <summary>A long short-term memory of 64 numbers along 100 steps.</summary>
    public static Workload Lstm()
    {
        var random = new Random(0);
        var (x, y) = (Uniform(random, [32, 100, 8], -1.7, 1.7), Uniform(random, [32, 100, 64], -1.7, 1.7));
        return Adam("lstm_64", LstmCell.Create(Key.Of(0), 8, 64), cell => Tensor.Square(Recurrent.Run(cell, x).Outputs - y).Mean());
    }

    /// <summary>A gated recurrent unit of 48 numbers along 200 steps, whose last state is classified.</summary>
    public static Workload Gru()
    {
        var random = new Random(0);
        var (x, labels) = (Uniform(random, [16, 200, 16], -1.7, 1.7), Labels(random, 16, 10));
        var model = new TreePair<GruCell, Linear>(GruCell.Create(Key.Of(0), 16, 48), Linear.Create(Key.Of(1), 48, 10));
        return Adam("gru_48", model, m => CrossEntropy(m.Item2.Call(Recurrent.Run(m.Item1, x).Last), labels));
    }
}
