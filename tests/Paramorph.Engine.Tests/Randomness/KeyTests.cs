using Paramorph.Primitives;

namespace Paramorph.Tests.Randomness;

public class KeyTests
{
    /// <summary>The vectors published with Random123 for threefry2x32 of 20 rounds: counter, key, result.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0x6b200159u, 0x99ba4efeu)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x1cb996fcu, 0xbb002be7u)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xc4923a9cu, 0x483df7a0u)]
    public void Blocks_are_the_published_ones(uint counter0, uint counter1, uint key0, uint key1, uint first, uint second) =>
        Assert.Equal((first, second), RandomBits.Block(key0, key1, counter0, counter1));

    [Fact]
    public void Narrow_bits_are_the_words_of_successive_blocks()
    {
        var bits = Sample.Bits(Key.Of(7L << 32 | 5), [5]).ToArray<int>();

        int[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => Words(RandomBits.Block(5, 7, (uint)i, 0))).Take(5)];
        Assert.Equal(expected, bits);
    }

    [Fact]
    public void Wide_bits_are_whole_blocks_with_the_first_word_low()
    {
        var wide = Sample.Bits(Key.Of(3), [4], ElementType.Int64).ToArray<long>();
        var narrow = Sample.Bits(Key.Of(3), [8]).ToArray<int>();

        Assert.Equal(Enumerable.Range(0, 4).Select(i => (long)narrow[2 * i + 1] << 32 | (uint)narrow[2 * i]), wide);
    }

    [Fact]
    public void A_shape_does_not_change_the_numbers() =>
        Assert.Equal(Sample.Bits(Key.Of(1), [6]).ToArray<int>(), Sample.Bits(Key.Of(1), [2, 3]).ToArray<int>());

    [Fact]
    public void Many_keys_draw_what_each_draws_alone()
    {
        var keys = Key.Of(1).SplitBatch(3);

        var together = Sample.Bits(keys, [4, 2]);

        Assert.Equal<Shape>([3, 4, 2], together.Shape);
        for (var i = 0; i < 3; i++) Expect.Close(Sample.Bits(new Key(keys.Data[i]), [4, 2]), together[i], 0);
    }

    [Fact]
    public void Mapping_over_keys_is_a_loop()
    {
        var keys = Key.Of(1).SplitBatch(3);

        var mapped = Vmap.Of(k => Sample.Bits(k.Fold(5).Split().Second, [4]), keys);

        for (var i = 0; i < 3; i++) Expect.Close(Sample.Bits(new Key(keys.Data[i]).Fold(5).Split().Second, [4]), mapped[i], 0);
    }

    [Fact]
    public void The_first_of_many_keys_do_not_depend_on_their_number() =>
        Assert.Equal(Key.Of(9).Split(2).Select(Words), Key.Of(9).Split(5).Take(2).Select(Words));

    [Fact]
    public void Split_keys_many_keys_and_folded_numbers_agree()
    {
        var key = Key.Of(4);

        Expect.Close(key.SplitBatch(2).Data[1], key.Split().Second.Data, 0);
        Expect.Close(key.Fold(2).Data, key.Fold(Tensor.Arange(4)).Data[2], 0);
        Expect.Close(key.Fold(-1).Data, key.Fold(Tensor.Scalar(-1L)).Data, 0);
    }

    [Fact]
    public void Drawing_splitting_and_folding_never_meet()
    {
        long[] words =
        [
            .. Enumerable.Range(0, 20).SelectMany(seed => Key.Of(seed) is var key
                ? (long[])[Words(key), .. key.Split(10).Select(Words), .. Enumerable.Range(-5, 10).Select(i => Words(key.Fold(i))), .. Sample.Bits(key, [10], ElementType.Int64).ToArray<long>()]
                : []),
        ];

        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact]
    public void Wide_integers_fold_with_all_their_bits() =>
        Assert.NotEqual(Words(Key.Of(0).Fold(1)), Words(Key.Of(0).Fold(1 + (1L << 32))));

    [Fact]
    public void Numbers_of_split_keys_are_uncorrelated()
    {
        const int count = 20_000;
        var (first, second) = Key.Of(2).Split();
        double[] x = Sample.Uniform(first, [count], type: ElementType.Float64).ToDoubles(), y = Sample.Uniform(second, [count], type: ElementType.Float64).ToDoubles();

        var correlation = MathNet.Numerics.Statistics.Correlation.Pearson(x, y);

        Assert.InRange(correlation * Math.Sqrt(count), -3, 3);
    }

    [Fact]
    public void A_key_is_a_tree_of_one_tensor() => Assert.Equal(["data"], Tree.Names(Key.Of(1)));

    [Fact]
    public void No_bits_of_no_elements() => Assert.Equal(0, Sample.Bits(Key.Of(1), [0, 3]).Count);

    [Fact]
    public void What_is_no_key_is_refused()
    {
        Assert.Equal(
            "random_bits: f32[2] is no key: a key is i32[2], and many keys are i32[batch..., 2].",
            Assert.Throws<ShapeException>(() => Sample.Bits(new Key(Tensor.Zeros([2])), [1])).Message);
        Assert.Equal(
            "random_bits: there are no bits of type f32: ask for i32 or i64 and convert.",
            Assert.Throws<ElementTypeException>(() => Sample.Bits(Key.Of(1), [1], ElementType.Float32)).Message);
        Assert.Equal(
            "fold: f32[] does not fold into a key: fold integers.",
            Assert.Throws<ElementTypeException>(() => Key.Of(1).Fold(Tensor.Scalar(1f))).Message);
    }

    private static int[] Words((uint First, uint Second) block) => [(int)block.First, (int)block.Second];

    private static long Words(Key key) => key.Data.ToArray<int>() is [var low, var high] ? (long)high << 32 | (uint)low : 0;
}
