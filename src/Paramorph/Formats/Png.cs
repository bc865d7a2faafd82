namespace Paramorph.Formats;

/// <summary>
/// Portable Network Graphics. Every colour type, bit depth and interlacing is read, palettes and transparent colours are resolved, and every check is checked;
/// 8-bit images are written. (W3C, "Portable Network Graphics (PNG) Specification", third edition, 2025.)
/// </summary>
public static class Png
{
    /// <summary>
    /// Reads an image, [height, width, channels]: of 1 (grey), 2 (grey, alpha), 3 (red, green, blue) or 4 channels (red, green, blue, alpha). Values are u8 from 0
    /// to 255, to which fewer bits are scaled; those of 16 bits are i32 from 0 to 65,535. Gamma and colour profiles are not applied.
    /// </summary>
    /// <exception cref="UnreadableFileException">The content is not what the format says, or is beyond the limits.</exception>
    public static Tensor Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, PngDecoder.Decode);

    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Tensor Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, PngDecoder.Decode);

    /// <summary>Writes an image to a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">u8 [height, width] or [height, width, channels] of 1 to 4 channels, as <see cref="Read(string, FormatLimits)"/> gives them.</param>
    /// <exception cref="ElementTypeException">The elements are not u8.</exception>
    /// <exception cref="ShapeException">The shape is not that of an image.</exception>
    public static void Write(string path, Tensor image) => AtomicFile.Write(path, stream => Write(stream, image));

    /// <inheritdoc cref="Write(string, Tensor)"/>
    public static void Write(Stream stream, Tensor image) => PngEncoder.Encode(stream, image);
}
