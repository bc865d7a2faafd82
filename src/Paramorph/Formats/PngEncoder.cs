using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Paramorph.Formats;

/// <summary>Writes 8-bit images as PNG.</summary>
internal static class PngEncoder
{
    public static void Encode(Stream stream, Tensor image)
    {
        if (image.ElementType != ElementType.UInt8) throw new ElementTypeException($"png: {image.Type} is no image of 8 bits: scale to 0..255 and cast to u8.");
        if (image.Rank is not (2 or 3) || image.Count == 0 || (image.Rank == 3 && image.Shape[2] > 4))
            throw new ShapeException($"png: {image.Type} is no image: it should be [height, width] or [height, width, channels] of 1 to 4 channels.");
        var (height, width, channels) = (image.Shape[0], image.Shape[1], image.Rank == 2 ? 1 : image.Shape[2]);
        ReadOnlySpan<PngColour> colours = [PngColour.Grey, PngColour.GreyAlpha, PngColour.Rgb, PngColour.Rgba];
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, (byte)colours[channels - 1]);
        stream.Write(PngFormat.Signature);
        WriteChunk(stream, "IHDR", header);
        WriteChunk(stream, "IDAT", Compress(image.AsSpan<byte>(), height, channels));
        WriteChunk(stream, "IEND", []);
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int height, int channels)
    {
        var rowBytes = pixels.Length / height;
        using var compressed = new MemoryStream();
        using (var encoder = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            var (candidate, best) = (new byte[rowBytes + 1], new byte[rowBytes + 1]);
            ReadOnlySpan<byte> previous = new byte[rowBytes];
            for (var y = 0; y < height; y++)
            {
                var row = pixels.Slice(y * rowBytes, rowBytes);
                var least = long.MaxValue;
                // The filter whose differences are smallest in sum mostly compresses best (section 12.7).
                for (var filter = 0; filter <= 4; filter++)
                {
                    if (Filter(filter, row, previous, channels, candidate) is var sum && sum >= least) continue;
                    (least, best, candidate) = (sum, candidate, best);
                }
                encoder.Write(best);
                previous = row;
            }
        }
        return compressed.ToArray();
    }

    /// <summary>Filters a row, and returns the sum of the sizes of its differences.</summary>
    private static long Filter(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, byte[] filtered)
    {
        filtered[0] = (byte)filter;
        var sum = 0L;
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < channels ? ((byte)0, (byte)0) : (row[i - channels], above[i - channels]);
            var difference = (byte)(row[i] - PngFormat.Predict(filter, left, above[i], corner));
            filtered[i + 1] = difference;
            sum += Math.Abs((int)(sbyte)difference);
        }
        return sum;
    }

    private static void WriteChunk(Stream stream, string type, byte[] content)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, content.Length);
        stream.Write(word);
        var name = Encoding.ASCII.GetBytes(type);
        stream.Write(name);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(name, content));
        stream.Write(word);
    }
}
