namespace Paramorph.Formats;

/// <summary>The cyclic redundancy check of gzip, zip and PNG: the polynomial 0xEDB88320, low bits first (ISO 3309).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The check of two pieces, one behind the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Append(Append(0, first), second);

    /// <summary>The check of a content and of what follows it.</summary>
    /// <param name="check">The check of the content; 0 when it is empty.</param>
    /// <param name="bytes">What follows.</param>
    public static uint Append(uint check, ReadOnlySpan<byte> bytes) => ~Continue(~check, bytes);

    private static uint Continue(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) register = Table[(byte)(register ^ value)] ^ (register >> 8);
        return register;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var register = i;
            for (var bit = 0; bit < 8; bit++) register = (register & 1) != 0 ? 0xEDB88320 ^ (register >> 1) : register >> 1;
            table[i] = register;
        }
        return table;
    }
}
