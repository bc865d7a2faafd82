namespace Paramorph.Shrink;

/// <summary>Codes of a few bits without gaps in memory, the first in the lowest bits of the first byte.</summary>
/// <param name="Bytes">u8 [⌈count bits / 8⌉].</param>
/// <param name="Shape">The shape of the codes.</param>
/// <param name="Bits">Bits of a code, 1 to 8.</param>
[Tree]
public sealed partial record PackedCodes(Tensor Bytes, Shape Shape, int Bits)
{
    /// <summary>Packs signed codes.</summary>
    /// <param name="codes">i8 that fit into so many bits in two's complement.</param>
    /// <param name="bits">Bits of a code, 1 to 8.</param>
    /// <exception cref="ArgumentException">A code does not fit.</exception>
    public static PackedCodes Of(Tensor codes, int bits)
    {
        if (bits is < 1 or > 8) throw new ArgumentOutOfRangeException(nameof(bits), bits, "a code has 1 to 8 bits.");
        var bytes = new byte[((long)codes.Count * bits + 7) / 8];
        var (at, limit) = (0L, 1 << (bits - 1));
        foreach (var code in codes.ToArray<sbyte>())
        {
            if (code < -limit || code >= limit) throw new ArgumentException($"the code {code} does not fit into {bits} bits: codes are {-limit} to {limit - 1}.", nameof(codes));
            for (var bit = 0; bit < bits; bit++, at++) bytes[at / 8] |= (byte)(((code >> bit) & 1) << (int)(at % 8));
        }
        return new(Tensor.From(bytes), codes.Shape, bits);
    }

    /// <summary>The codes: i8 of the shape. It is traced.</summary>
    public Tensor Unpack() => Unpack(Bytes, Bits)[..Shape.ElementCount].ReshapeTo(Shape);

    /// <summary>All codes that some bytes hold in whole, i8 [⌊8 bytes / bits⌋]: those at the end may stand for nothing.</summary>
    /// <param name="bytes">u8 [n].</param>
    /// <param name="bits">Bits of a code, 1 to 8.</param>
    public static Tensor Unpack(Tensor bytes, int bits)
    {
        var powers = Tensor.From<float>([.. Enumerable.Range(0, 8).Select(bit => (float)(1 << bit))]);
        // A bit tells whether its byte holds an odd number of its power of two.
        var held = Tensor.Floor(bytes.AsType(ElementType.Float32).ExpandDims(-1) / powers);
        var whole = (held - 2 * Tensor.Floor(held / 2)).Reshape(-1)[..(8 * bytes.Count / bits * bits)].Reshape(-1, bits);
        // The highest bit is the sign.
        var values = Tensor.From<float>([.. Enumerable.Range(0, bits).Select(bit => bit == bits - 1 ? -(float)(1 << bit) : 1 << bit)]);
        return (whole * values).Sum(-1).AsType(ElementType.Int8);
    }
}
