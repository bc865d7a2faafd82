using Paramorph.Primitives;

namespace Paramorph;

/// <summary>
/// The source of random numbers as a value: it is split, never changed. The same key gives the same numbers on every machine, so a key serves one
/// purpose only; for several purposes split it, for the steps of a loop fold their number in. Drawing, splitting and folding do not disturb each
/// other.
/// </summary>
/// <param name="Data">i32[2]; or [batch..., 2], which is many keys in one value: what is drawn with it has the leading axes of the batch.</param>
[Tree]
public readonly partial record struct Key(Tensor Data)
{
    // Nothing-up-my-sleeve numbers (the first bits of the fractional parts of the square roots of 2 and 3, as in SHA-512) that keep what is split
    // and what is folded apart from what is drawn.
    private static readonly int[] Splitting = [0x6A09E667, unchecked((int)0xF3BCC908)];
    private static readonly int[] Folding = [unchecked((int)0xBB67AE85), unchecked((int)0x84CAA73B)];

    /// <summary>The key of a seed.</summary>
    public static Key Of(long seed) => new(Tensor.From((int)seed, (int)(seed >> 32)));

    /// <summary>Two new keys, independent of each other and of this one.</summary>
    public (Key First, Key Second) Split()
    {
        var keys = Split(2);
        return (keys[0], keys[1]);
    }

    /// <summary>So many new keys. The first ones are the same whatever the count.</summary>
    public Key[] Split(int count)
    {
        var many = SplitBatch(count).Data;
        return [.. Enumerable.Range(0, count).Select(i => new Key(many[TensorIndex.Ellipsis, i, ..]))];
    }

    /// <summary>
    /// The keys of <see cref="Split(int)"/> as one value whose tensor is [count, 2]: to map a function over, or to draw with at once.
    /// </summary>
    public Key SplitBatch(int count) => new(Bits(Data ^ Tensor.From(Splitting), [count, 2]));

    /// <summary>The new key of an integer, for example the number of a step; different integers give independent keys.</summary>
    public Key Fold(long data) => Fold(Tensor.Scalar(data));

    /// <summary>The new keys of integers [...]; a key folded with the integers [n] gives n keys, with their tensor [n, 2].</summary>
    /// <exception cref="ElementTypeException">The data are no integers.</exception>
    public Key Fold(Tensor data)
    {
        if (!data.ElementType.IsInteger()) throw new ElementTypeException($"fold: {data.Type} does not fold into a key: fold integers.");
        var wide = data.AsType(ElementType.Int64);
        var words = Tensor.Stack([wide.AsType(ElementType.Int32), (wide >> 32).AsType(ElementType.Int32)], -1);
        // The key is scrambled first: otherwise related keys and related data would meet.
        return new(Bits(Bits(Data ^ Tensor.From(Folding), [2]) ^ words, [2]));
    }

    private static Tensor Bits(Tensor key, Shape shape) => Tensor.Bind(new RandomBits(shape, ElementType.Int32), key)[0];
}
