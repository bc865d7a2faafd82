using Paramorph.Data;

namespace Paramorph.Shrink;

/// <summary>
/// A model whose matrices, and other leaves of two axes or more, stand in a memory as symmetric codes of some bits, with a step for each leaf. It can be read with faults of the memory. The other
/// leaves are as they were.
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
public sealed class StoredWeights<TModel>
    where TModel : ITree<TModel>
{
    private readonly TModel model;
    private readonly (int[] Codes, int Highest, double Scale)?[] stored;

    /// <param name="model">The model, with leaves in f32.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    public StoredWeights(TModel model, int bits)
    {
        this.model = model;
        stored = [.. Tree.Leaves(model).Select(leaf =>
        {
            if (leaf.Rank < 2) return ((int[], int, double)?)null;
            var quantiser = Quantiser.Symmetric(Tensor.Abs(leaf).Max(), bits);
            return (quantiser.Quantise(leaf).AsType(ElementType.Int32).ToArray<int>(), quantiser.Highest, quantiser.Scale.Item());
        })];
    }

    /// <summary>The model as it was written.</summary>
    public TModel Read() => Read((code, _) => code);

    /// <summary>The model whose codes are read as something else.</summary>
    /// <param name="read">From a code and the highest one to the number of steps that it is taken for, as those of <see cref="MemoryFaults"/>.</param>
    public TModel Read(Func<int, int, double> read)
    {
        var next = 0;
        return Tree.Map(model, leaf => stored[next++] is var (codes, highest, scale) ? Tensor.From<float>([.. codes.Select(code => (float)(read(code, highest) * scale))], leaf.Shape) : leaf);
    }
}

/// <summary>Faults of memories in which weights stand as codes: from a code and the highest one to what is read.</summary>
public static class MemoryFaults
{
    /// <summary>Each bit of a byte flips with a probability.</summary>
    /// <param name="random">Draws the faults, in the order of reading.</param>
    /// <param name="rate">The probability.</param>
    public static Func<int, int, double> BitFlips(KeyRandom random, double rate) => (code, _) =>
        (sbyte)Enumerable.Range(0, 8).Aggregate(code, (value, bit) => random.Chance(rate) ? value ^ (1 << bit) : value);

    /// <summary>With a probability a code is stuck, at 0 or at the highest one alike often.</summary>
    /// <inheritdoc cref="BitFlips"/>
    public static Func<int, int, double> Stuck(KeyRandom random, double rate) => (code, highest) => random.Chance(rate) ? (random.Chance(0.5) ? 0 : highest) : code;

    /// <summary>Each is read as itself with a normal relative error.</summary>
    /// <param name="random">Draws the errors, in the order of reading.</param>
    /// <param name="deviation">Their standard deviation.</param>
    public static Func<int, int, double> Drift(KeyRandom random, double deviation) => (code, _) => code * (1 + deviation * random.Normal());
}
