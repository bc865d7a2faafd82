using Paramorph.Parameters;

namespace Paramorph.Shrink;

/// <summary>A weight that is kept as packed codes of a symmetric quantiser. Its steps may be learned further; its codes stay.</summary>
/// <param name="Codes">The codes.</param>
/// <param name="LogScale">The logarithm of the step, f32 of a shape that broadcasts to that of the codes.</param>
[Tree]
public sealed partial record RoundedWeight(PackedCodes Codes, Tensor LogScale) : IParametrisation<Tensor>
{
    /// <summary>A weight, rounded.</summary>
    /// <param name="weight">f32 of any shape.</param>
    /// <param name="quantiser">A symmetric quantiser.</param>
    public static RoundedWeight Of(Tensor weight, Quantiser quantiser) => new(PackedCodes.Of(quantiser.Quantise(weight), quantiser.Bits), quantiser.LogScale.Evaluate());

    /// <summary>What the codes stand for.</summary>
    public Tensor Materialise() => Tensor.Exp(LogScale) * Codes.Unpack().AsType(LogScale.ElementType);
}

/// <summary>
/// A weight whose elements share some levels: packed codes and a codebook, whose levels are learned further by the sum of the gradients of those that share them. (Han, Mao and Dally, "Deep
/// Compression", 2016, section 3.)
/// </summary>
/// <param name="Codes">The place of each element's level, less half of the number of levels.</param>
/// <param name="Book">The levels.</param>
[Tree]
public sealed partial record SharedWeight(PackedCodes Codes, Codebook Book) : IParametrisation<Tensor>
{
    /// <summary>A weight with the levels that k-means finds for it.</summary>
    /// <param name="weight">f32 of any shape.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    public static SharedWeight Of(Tensor weight, int bits)
    {
        var book = Codebook.KMeans(weight, bits);
        return new(PackedCodes.Of((book.Quantise(weight).AsType(ElementType.Int32) - (1 << (bits - 1))).AsType(ElementType.Int8), bits), book);
    }

    /// <summary>The level of each element.</summary>
    public Tensor Materialise() => Book.Dequantise(Codes.Unpack().AsType(ElementType.Int32) + (1 << (Codes.Bits - 1)));
}

/// <summary>Any number of values that share some levels: what a <see cref="SparseWeight"/> keeps. How many there are is not part of its structure, so that a saved one is read into another.</summary>
/// <param name="Bytes">Packed codes as those of a <see cref="SharedWeight"/>, u8 [⌈values bits / 8⌉].</param>
/// <param name="Book">The levels.</param>
/// <param name="Bits">Bits of a code, 2 to 8.</param>
[Tree]
public sealed partial record SharedValues(Tensor Bytes, Codebook Book, int Bits) : IParametrisation<Tensor>
{
    /// <summary>The values, behind which a few more may stand that the last byte has room for.</summary>
    public Tensor Materialise() => Book.Dequantise(PackedCodes.Unpack(Bytes, Bits).AsType(ElementType.Int32) + (1 << (Bits - 1)));
}

/// <summary>A weight most of whose elements are zero: a bit for each element that tells whether it is kept, and the values of those that are.</summary>
/// <param name="Kept">Codes of one bit, -1 where an element is kept.</param>
/// <param name="Values">f32 [kept or more], in the order of the elements.</param>
[Tree]
public sealed partial record SparseWeight(PackedCodes Kept, IParametrisation<Tensor> Values) : IParametrisation<Tensor>
{
    /// <summary>A weight of which some elements are kept.</summary>
    /// <param name="weight">f32 of any shape.</param>
    /// <param name="kept">Booleans of the same shape.</param>
    public static SparseWeight Of(Tensor weight, Tensor kept)
    {
        float[] values = [.. weight.ToArray<float>().Zip(kept.ToArray<bool>()).Where(pair => pair.Second).Select(pair => pair.First)];
        // Where nothing is kept there is one value, which no element has.
        return new(PackedCodes.Of((-kept.AsType(ElementType.Int32)).AsType(ElementType.Int8), 1), new Parametrised.Free(Tensor.From(values.Length == 0 ? [0f] : values)));
    }

    /// <summary>The values where elements are kept, zero elsewhere.</summary>
    public Tensor Materialise()
    {
        var (kept, values) = (Kept.Unpack().Reshape(-1).AsType(ElementType.Int32), Values.Materialise());
        // The elements that are kept up to one tell the place of its value.
        var places = Tensor.Maximum(-kept.CumulativeSum(0) - 1, 0);
        return Tensor.Where(Tensor.Less(kept, 0), values.Take(places), 0.0).ReshapeTo(Kept.Shape);
    }
}
