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

    /// <summary>The codes: i8.</summary>
    public Tensor Unpack()
    {
        var (bytes, codes, at) = (Bytes.ToArray<byte>(), new sbyte[Shape.ElementCount], 0L);
        for (var i = 0; i < codes.Length; i++)
        {
            var code = 0;
            for (var bit = 0; bit < Bits; bit++, at++) code |= ((bytes[at / 8] >> (int)(at % 8)) & 1) << bit;
            // The highest bit is the sign.
            codes[i] = (sbyte)((code << (32 - Bits)) >> (32 - Bits));
        }
        return Tensor.From(codes, Shape);
    }
}
