namespace Paramorph.Data;

/// <summary>
/// A sequence of random numbers that starts from a <see cref="Key"/>, for generators that place, walk and join things one by one, which tensors do
/// not express well: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021). The same key gives the same bits on every
/// machine; real numbers follow from them up to the rounding of the machine's logarithm.
/// </summary>
public sealed class KeyRandom
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;
    private double spareNormal = double.NaN;

    /// <summary>The sequence of a key.</summary>
    /// <exception cref="ShapeException">The key is a batch of keys.</exception>
    public KeyRandom(Key key)
        : this(SeedOf(key))
    {
    }

    private KeyRandom(ulong seed)
    {
        // SplitMix64 (Steele et al., 2014) spreads the seed over the state, as the authors of the generator advise.
        ulong Spread()
        {
            var z = seed += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
        (s0, s1, s2, s3) = (Spread(), Spread(), Spread(), Spread());
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A new sequence, independent of what follows in this one: for the parts of a whole, so that what one part draws leaves the others alone.</summary>
    public KeyRandom Split() => new(Bits());

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double Uniform() => (Bits() >> 11) * Math.ScaleB(1, -53);

    /// <summary>A uniform number in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>A normal number of mean 0 and variance 1, by the polar method of Marsaglia.</summary>
    public double Normal()
    {
        if (!double.IsNaN(spareNormal))
        {
            var spare = spareNormal;
            spareNormal = double.NaN;
            return spare;
        }
        double x, y, square;
        do
        {
            (x, y) = (2 * Uniform() - 1, 2 * Uniform() - 1);
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);
        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        spareNormal = y * scale;
        return x * scale;
    }

    /// <summary>A normal number of a mean and a standard deviation.</summary>
    public double Normal(double mean, double deviation) => mean + deviation * Normal();

    /// <summary>An integer in [0, count), all equally probable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public int Integer(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        // The product of 32 bits and the count, whose upper half is the answer; the few lowest products that would come too often are drawn again
        // (Lemire, "Fast random integer generation in an interval", 2019).
        var unwanted = (uint)(-count) % (uint)count;
        while (true)
        {
            var product = (Bits() >> 32) * (uint)count;
            if ((uint)product >= unwanted) return (int)(product >> 32);
        }
    }

    /// <summary>An integer in [low, high).</summary>
    public int Integer(int low, int high) => low + Integer(high - low);

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>One of several, all equally probable.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Integer(choices.Length)];

    /// <summary>Puts elements in random order, all orders equally probable.</summary>
    public void Shuffle<T>(Span<T> elements)
    {
        for (var i = elements.Length - 1; i > 0; i--)
        {
            var j = Integer(i + 1);
            (elements[i], elements[j]) = (elements[j], elements[i]);
        }
    }

    /// <summary>The integers 0 to count - 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle<int>(order);
        return order;
    }

    private static ulong SeedOf(Key key)
    {
        if (key.Data.Shape != [2]) throw new ShapeException($"random numbers: {key.Data.Type} holds more keys than one: a sequence starts from one key.");
        var words = key.Data.AsSpan<int>();
        return (uint)words[0] | ((ulong)(uint)words[1] << 32);
    }
}
