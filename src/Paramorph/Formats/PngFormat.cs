namespace Paramorph.Formats;

/// <summary>What both directions need of PNG.</summary>
internal static class PngFormat
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Samples of a pixel as they are stored.</summary>
    public static int SamplesPerPixel(this PngColour colour) => colour switch
    {
        PngColour.Rgb => 3,
        PngColour.GreyAlpha => 2,
        PngColour.Rgba => 4,
        _ => 1,
    };

    /// <summary>The prediction of a byte from those to the left, above, and above to the left (section 9.2 of the specification).</summary>
    public static byte Predict(int filter, byte left, byte above, byte corner) => filter switch
    {
        1 => left,
        2 => above,
        3 => (byte)((left + above) / 2),
        4 => Paeth(left, above, corner),
        _ => 0,
    };

    private static byte Paeth(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - 2 * corner));
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }
}
