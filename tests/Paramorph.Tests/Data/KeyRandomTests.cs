using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class KeyRandomTests
{
    [Fact]
    public void The_same_key_gives_the_same_bits()
    {
        var (first, second) = (new KeyRandom(Key.Of(3)), new KeyRandom(Key.Of(3)));
        for (var i = 0; i < 100; i++) Assert.Equal(first.Bits(), second.Bits());
    }

    [Fact]
    public void Bits_are_those_of_the_published_generators()
    {
        // SplitMix64 of seed 0 begins with these four words (they are in the test vectors of several implementations); xoshiro256** then returns
        // rotl(s1 * 5, 7) * 9 of its second word.
        var secondWord = 0x6E789E6AA1B965F4UL;
        Assert.Equal(ulong.RotateLeft(secondWord * 5, 7) * 9, new KeyRandom(new Key(Tensor.From(0, 0))).Bits());
    }

    [Fact]
    public void Neighbouring_keys_have_nothing_in_common()
    {
        var (first, second) = (new KeyRandom(Key.Of(1)), new KeyRandom(Key.Of(2)));
        var equal = Enumerable.Range(0, 1000).Sum(_ => 64 - (int)ulong.PopCount(first.Bits() ^ second.Bits()));
        // Half of 64,000 bits, with a standard deviation of 126.
        Assert.InRange(equal, 31_300, 32_700);
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        const int Count = 100_000;
        var random = new KeyRandom(Key.Of(5));
        var uniform = Enumerable.Range(0, Count).Select(_ => random.Uniform()).ToArray();
        var normal = Enumerable.Range(0, Count).Select(_ => random.Normal()).ToArray();
        Assert.InRange(uniform.Average(), 0.495, 0.505);
        Assert.InRange(uniform.Average(x => x * x), 0.328, 0.338);
        Assert.InRange(normal.Average(), -0.015, 0.015);
        Assert.InRange(normal.Average(x => x * x), 0.98, 1.02);
        Assert.InRange(normal.Average(x => x * x * x * x), 2.85, 3.15);
    }

    [Fact]
    public void Integers_are_equally_probable()
    {
        var random = new KeyRandom(Key.Of(6));
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.Integer(7)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }

    [Fact]
    public void A_permutation_has_every_integer_once() =>
        Assert.Equal(Enumerable.Range(0, 50), new KeyRandom(Key.Of(7)).Permutation(50).Order());

    [Fact]
    public void A_batch_of_keys_is_refused() => Assert.Throws<ShapeException>(() => new KeyRandom(Key.Of(1).SplitBatch(3)));
}
