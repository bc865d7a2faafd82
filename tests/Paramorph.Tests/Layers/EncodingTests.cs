using Paramorph.Layers;
using Paramorph.Parameters;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class EncodingTests
{
    [Fact]
    public void An_embedding_takes_rows_of_its_table()
    {
        var layer = new Embedding(Numbers(5, 3));
        var (tokens, table) = (Tensor.From(new[,] { { 4, 0 }, { 1, 4 } }), Elements(layer.Table));
        var at = Elements(tokens);
        var expected = Fill([2, 2, 3], p => table([(int)at([p[0], p[1]]), p[2]]));
        Expect.Close(expected, layer.Call(tokens), 0);
        Expect.Close(expected, Compile.Of((Embedding m, Tensor t) => m.Call(t))(layer, tokens), 0);
        var gradient = Gradient.Of(layer, m => m.Call(tokens).Sum());
        Assert.Equal([1.0, 1, 0, 0, 2], gradient.Table[.., 0].ToDoubles());
    }

    [Fact]
    public void The_scores_of_an_embedding_are_products_with_its_rows()
    {
        var layer = new Embedding(Numbers(5, 3));
        Expect.Close(Numbers(2, 3).Dot(layer.Table.T), layer.Scores(Numbers(2, 3)), 1e-14);
    }

    [Fact]
    public void A_sinusoidal_encoding_turns_pairs_at_falling_frequencies() => Expect.Close(
        Fill([7, 6], at =>
        {
            var angle = at[0] / Math.Pow(10000, at[1] / 2 * 2 / 6.0);
            return at[1] % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
        }),
        PositionalEncoding.Sinusoidal(7, 6, type: ElementType.Float64), 1e-13);

    [Fact]
    public void A_rotary_encoding_turns_each_pair_by_the_angle_of_its_place()
    {
        var x = Numbers(2, 5, 4);
        var values = Elements(x);
        var expected = Fill([2, 5, 4], at =>
        {
            var angle = at[1] * Math.Pow(100, -(at[2] % 2) / 2.0);
            var (a, b) = (values([at[0], at[1], at[2] % 2]), values([at[0], at[1], at[2] % 2 + 2]));
            return at[2] < 2 ? a * Math.Cos(angle) - b * Math.Sin(angle) : b * Math.Cos(angle) + a * Math.Sin(angle);
        });
        Agree(expected, (TreeList<Tensor>)[], x, (_, x) => PositionalEncoding.Rotary(x, 100));
    }

    [Fact]
    public void Products_of_rotary_encodings_depend_on_distances_alone()
    {
        var (q, k) = (Numbers(4).BroadcastTo([9, 4]), (Numbers(4) + 0.5).BroadcastTo([9, 4]));
        var products = PositionalEncoding.Rotary(q).Dot(PositionalEncoding.Rotary(k).T);
        Assert.Equal(products[2, 5].Item(), products[5, 8].Item(), 1e-12);
    }

    [Fact]
    public void Random_fourier_features_are_cosines_and_sines_of_projections()
    {
        var layer = new RandomFourierFeatures(Key.Of(3), 2, 4, 1.5);
        var x = Numbers(3, 2);
        var (values, b) = (Elements(x), Elements(Sample.Normal(Key.Of(3), [2, 4], ElementType.Float64)));
        var expected = Fill([3, 8], at =>
        {
            var angle = Enumerable.Range(0, 2).Sum(i => 2 * Math.PI * 1.5 * values([at[0], i]) * b([i, at[1] % 4]));
            return at[1] < 4 ? Math.Cos(angle) : Math.Sin(angle);
        });
        Agree(expected, layer, x, (m, x) => m.Call(x));
        Assert.Equal(0, ParameterCount.Of(layer));
    }

    [Fact]
    public void Products_of_random_fourier_features_are_near_a_gaussian_kernel()
    {
        var layer = new RandomFourierFeatures(Key.Of(4), 2, 20000, 0.3);
        var features = Compile.Of((RandomFourierFeatures m, Tensor x) => m.Call(x))(layer, Tensor.From(new[,] { { 0.0, 0.0 }, { 0.4, -0.3 } }));
        Assert.Equal(Math.Exp(-0.5 * Math.Pow(2 * Math.PI * 0.3 * 0.5, 2)), (features[0] * features[1]).Sum().Item() / 20000, 0.03);
    }

    [Fact]
    public void Dropout_drops_with_a_key_and_keeps_everything_without()
    {
        var (x, dropout) = (Tensor.Ones([100, 100], ElementType.Float64), new Dropout(0.25));
        Assert.Same(x, dropout.Call(x, null));
        var dropped = Compile.Of((Key key) => dropout.Call(x, key))(Key.Of(1)).ToDoubles();
        Assert.Equal([0.0, 1 / 0.75], dropped.Distinct().Order());
        Assert.Equal(0.25, dropped.Count(v => v == 0) / 10000.0, 0.025);
    }

    [Fact]
    public void Odd_features_are_refused()
    {
        var error = Assert.Throws<ShapeException>(() => PositionalEncoding.Sinusoidal(4, 5));
        Assert.Equal("positional encoding: 5 features do not make pairs: their number is even.", error.Message);
    }
}
