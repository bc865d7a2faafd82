namespace Paramorph.Formats;

/// <summary>The cyclic redundancy check of gzip, zip and PNG: the polynomial 0xEDB88320, low bits first (ISO 3309).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes) => Of(bytes, []);

    /// <summary>The check of two pieces, one behind the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Continue(Continue(uint.MaxValue, first), second);

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
