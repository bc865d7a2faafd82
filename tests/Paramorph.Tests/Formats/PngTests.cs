using System.Buffers.Binary;
using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class PngTests
{
    private const int Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    private static readonly (int Colour, int Depth)[] Kinds =
    [
        (Grey, 1), (Grey, 2), (Grey, 4), (Grey, 8), (Grey, 16), (Rgb, 8), (Rgb, 16), (Palette, 1), (Palette, 2), (Palette, 4), (Palette, 8),
        (GreyAlpha, 8), (GreyAlpha, 16), (Rgba, 8), (Rgba, 16),
    ];

    public static TheoryData<int, int, bool, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool, bool>();
        foreach (var (colour, depth) in Kinds)
        {
            foreach (var isInterlaced in new[] { false, true })
            {
                cases.Add(colour, depth, isInterlaced, false);
                if (colour is Grey or Rgb or Palette) cases.Add(colour, depth, isInterlaced, true);
            }
        }
        return cases;
    }

    private static void Read(Stream stream) => Png.Read(stream);

    private static byte[] Written(Tensor image)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, image);
        return stream.ToArray();
    }

    private static byte[] Chunk(string type, params byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        // The check by its definition, a bit at a time.
        var register = uint.MaxValue;
        foreach (var value in named)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++) register = (register >> 1) ^ (0xEDB88320 & (0 - (register & 1)));
        }
        return [.. BigEndian(content.Length), .. named, .. BigEndian((int)~register)];
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Header(int width, int height, int depth, int colour, bool isInterlaced) =>
        Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), (byte)depth, (byte)colour, 0, 0, (byte)(isInterlaced ? 1 : 0)]);

    private static byte[] FileOf(params byte[][] chunks) => [0x89, .. "PNG"u8, 13, 10, 26, 10, .. chunks.SelectMany(chunk => chunk)];

    /// <summary>The samples [height, width, samples] as an encoder by the specification stores them, each row with another filter.</summary>
    private static byte[] Scanlines(int[,,] samples, int depth, bool isInterlaced)
    {
        var lines = new List<byte>();
        (int X, int Y, int StepX, int StepY)[] passes = isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        foreach (var (startX, startY, stepX, stepY) in passes)
        {
            byte[]? above = null;
            for (int y = startY, n = 0; y < samples.GetLength(0) && startX < samples.GetLength(1); y += stepY, n++)
            {
                var bits = new StringBuilder();
                for (var x = startX; x < samples.GetLength(1); x += stepX)
                    for (var c = 0; c < samples.GetLength(2); c++) bits.Append(Convert.ToString(samples[y, x, c], 2).PadLeft(depth, '0'));
                while (bits.Length % 8 != 0) bits.Append('0');
                byte[] row = [.. bits.ToString().Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
                lines.AddRange(Filtered(n % 5, row, above ?? new byte[row.Length], Math.Max(1, depth * samples.GetLength(2) / 8)));
                above = row;
            }
        }
        return [.. lines];
    }

    private static IEnumerable<byte> Filtered(int filter, byte[] row, byte[] above, int step)
    {
        yield return (byte)filter;
        for (var i = 0; i < row.Length; i++)
        {
            int a = i < step ? 0 : row[i - step], b = above[i], c = i < step ? 0 : above[i - step], p = a + b - c;
            int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
            yield return (byte)(row[i] - filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => pa <= pb && pa <= pc ? a : pb <= pc ? b : c });
        }
    }

    private static int[,,] Samples(int height, int width, int count, int depth)
    {
        var (samples, random) = (new int[height, width, count], new Random(depth));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < count; c++) samples[y, x, c] = random.Next(1 << depth);
        return samples;
    }

    private static int SampleCount(int colour) => colour switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };

    private static byte Colour(int index, int channel) => (byte)(index * (7 + channel) + 11 * channel);

    private static byte[] Encoded(int[,,] samples, int colour, int depth, bool isInterlaced, bool isTransparent)
    {
        var palette = colour == Palette ? Chunk("PLTE", [.. Enumerable.Range(0, 3 << depth).Select(i => Colour(i / 3, i % 3))]) : [];
        // The colour of the first pixel is transparent; of a palette, the first colours are, more or less.
        var transparency = !isTransparent ? [] : Chunk("tRNS", colour == Palette ? [0, 100] : [.. Enumerable.Range(0, SampleCount(colour)).SelectMany(c => BigEndian(samples[0, 0, c])[2..])]);
        var data = Compressed.ZLib(Scanlines(samples, depth, isInterlaced));
        return FileOf(
            Header(samples.GetLength(1), samples.GetLength(0), depth, colour, isInterlaced), palette, transparency, Chunk("tEXt", 1, 2), Chunk("IDAT", data[..5]), Chunk("IDAT", data[5..]),
            Chunk("IEND"));
    }

    /// <summary>What an image of the samples shows.</summary>
    private static int[] Shown(int[,,] samples, int colour, int depth, bool isTransparent)
    {
        var shown = new List<int>();
        for (var y = 0; y < samples.GetLength(0); y++)
        {
            for (var x = 0; x < samples.GetLength(1); x++)
            {
                int[] pixel = [.. Enumerable.Range(0, samples.GetLength(2)).Select(c => samples[y, x, c])];
                var isFirst = pixel.Select((value, c) => value == samples[0, 0, c]).All(same => same);
                shown.AddRange(colour == Palette ? Enumerable.Range(0, 3).Select(c => (int)Colour(pixel[0], c)) : pixel.Select(value => depth < 8 ? value * 255 / ((1 << depth) - 1) : value));
                if (isTransparent) shown.Add(colour == Palette ? pixel[0] switch { 0 => 0, 1 => 100, _ => 255 } : isFirst ? 0 : depth == 16 ? 65535 : 255);
            }
        }
        return [.. shown];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_kind_of_image_is_read(int colour, int depth, bool isInterlaced, bool isTransparent)
    {
        foreach (var (height, width) in new[] { (11, 13), (1, 1), (2, 5), (8, 3) })
        {
            var samples = Samples(height, width, SampleCount(colour), depth);
            var image = Png.Read(new MemoryStream(Encoded(samples, colour, depth, isInterlaced, isTransparent)));
            Assert.Equal([height, width, (colour == Palette ? 3 : SampleCount(colour)) + (isTransparent ? 1 : 0)], image.Shape);
            Assert.Equal(depth == 16 ? ElementType.Int32 : ElementType.UInt8, image.ElementType);
            Assert.Equal(Shown(samples, colour, depth, isTransparent).Select(value => (double)value), image.ToDoubles());
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        foreach (var channels in new[] { 1, 2, 3, 4 })
        {
            var image = Tensor.From<byte>([.. Enumerable.Range(0, 17 * 9 * channels).Select(i => (byte)(i * i / 7))], [17, 9, channels]);
            Expect.Close(image, Png.Read(new MemoryStream(Written(image))), 0);
        }
        Assert.Equal([5, 4, 1], Png.Read(new MemoryStream(Written(Numbered.Of(ElementType.UInt8, 5, 4)))).Shape);
    }

    [PythonFact("PIL, numpy")]
    public void Pillow_and_we_read_each_other()
    {
        using var scratch = new Scratch();
        foreach (var channels in new[] { 1, 3, 4 }) Png.Write(scratch[$"ours{channels}.png"], Numbered.Of(ElementType.UInt8, 6, 7, channels));
        File.WriteAllBytes(scratch["interlaced.png"], Encoded(Samples(9, 10, 3, 8), Rgb, 8, true, false));
        Python.Run(scratch.Folder, """
            import numpy as np
            from PIL import Image
            for c in 1, 3, 4:
                a = np.asarray(Image.open(f'ours{c}.png'))
                assert (a == np.arange(42 * c).reshape(6, 7, c).astype('u1').reshape(a.shape)).all(), c
            np.asarray(Image.open('interlaced.png')).astype('u1').tofile('interlaced.raw')
            a = np.arange(42).reshape(6, 7)
            Image.fromarray(a.astype('u1')).save('grey.png')
            Image.fromarray((a * 1000).astype('u2')).save('grey16.png')
            Image.fromarray(a % 2 == 0).save('bits.png')
            Image.fromarray(np.stack([a, 2 * a, 3 * a], 2).astype('u1')).save('rgb.png')
            Image.fromarray(np.stack([a, 2 * a, 3 * a], 2).astype('u1')).quantize(64).save('palette.png')
            np.asarray(Image.open('palette.png').convert('RGB')).tofile('palette.raw')
            """);
        var counted = Numbered.Of(ElementType.Int32, 6, 7, 1);
        Expect.Close(counted.AsType(ElementType.UInt8), Png.Read(scratch["grey.png"]), 0);
        Expect.Close(counted * 1000, Png.Read(scratch["grey16.png"]), 0);
        Assert.Equal(Enumerable.Range(0, 42).Select(i => i % 2 == 0 ? 255.0 : 0), Png.Read(scratch["bits.png"]).ToDoubles());
        Expect.Close(Tensor.Concatenate([counted, 2 * counted, 3 * counted], 2).AsType(ElementType.UInt8), Png.Read(scratch["rgb.png"]), 0);
        Assert.Equal(File.ReadAllBytes(scratch["palette.raw"]), Png.Read(scratch["palette.png"]).ToArray<byte>());
        Assert.Equal(File.ReadAllBytes(scratch["interlaced.raw"]), Png.Read(scratch["interlaced.png"]).ToArray<byte>());
    }

    [SharedDataFact("china_256.png")]
    public void A_real_photograph_is_read_and_compresses_as_well_again()
    {
        var path = SharedData.Path("china_256.png")!;
        var image = Png.Read(path);
        Assert.Equal([256, 256, 3], image.Shape);
        var written = Written(image);
        Expect.Close(image, Png.Read(new MemoryStream(written)), 0);
        Assert.True(written.Length < 1.1 * new FileInfo(path).Length, $"{written.Length} bytes");
    }

    [Fact]
    public void An_image_that_is_none_is_not_written()
    {
        Assert.Throws<ElementTypeException>(() => Written(Tensor.Zeros([2, 2])));
        foreach (var shape in new Shape[] { [2], [0, 2], [2, 2, 5], [1, 2, 2, 3] }) Assert.Throws<ShapeException>(() => Written(Tensor.Zeros(shape, ElementType.UInt8)));
    }

    [Fact]
    public void A_wrong_image_is_refused()
    {
        var (header, data, end) = (Header(2, 2, 8, Grey, false), Chunk("IDAT", Compressed.ZLib(new byte[6])), Chunk("IEND"));
        Assert.Equal(4, Png.Read(new MemoryStream(FileOf(header, data, end))).Count);
        Hostile.Refused([1, 2, 3, 4, 5, 6, 7, 8, 9], Read, "no PNG file");
        Hostile.Refused(FileOf(data, header, end), Read, "where IHDR should");
        Hostile.Refused(FileOf(header, header, data, end), Read, "it may not");
        Hostile.Refused(FileOf(header, end), Read, "no chunk IDAT");
        Hostile.Refused(FileOf(header, data), Read, "are left");
        Hostile.Refused(FileOf(header, data, Chunk("tEXt"), data, end), Read, "IDAT stands there twice");
        Hostile.Refused(FileOf(header, Chunk("NEED"), data, end), Read, "not known");
        Hostile.Refused(FileOf(header, Chunk("IDAT", Compressed.ZLib(new byte[5])), end), Read, "expands to 5 bytes, not the 6");
        Hostile.Refused(FileOf(header, Chunk("IDAT", Compressed.ZLib(new byte[7])), end), Read, "expands to more than 6 bytes");
        Hostile.Refused(FileOf(header, Chunk("IDAT", Compressed.ZLib([9, 0, 0, 0, 0, 0])), end), Read, "the filter 9");
        Hostile.Refused(FileOf(header, Chunk("IDAT", 1, 2, 3), end), Read, "damaged");
        Hostile.Refused(FileOf(Header(2, 2, 8, 5, false), data, end), Read, "does not exist");
        Hostile.Refused(FileOf(Header(0, 2, 8, Grey, false), data, end), Read, "does not exist");
        Hostile.Refused(FileOf(Header(2, 2, 8, Palette, false), data, end), Read, "PLTE is missing");
        Hostile.Refused(FileOf(Header(2, 2, 8, Palette, false), Chunk("PLTE", 1, 2, 3), Chunk("IDAT", Compressed.ZLib([0, 0, 0, 0, 1, 0])), end), Read, "colour 1 of a palette of 1");
        var damaged = FileOf(header, data, end);
        damaged[^20] ^= 1;
        Hostile.Refused(damaged, Read, "check does not fit");
    }

    [Fact]
    public void Absurd_sizes_are_refused()
    {
        Hostile.Refused(FileOf(Header(int.MaxValue, int.MaxValue, 16, Rgba, true), Chunk("IDAT", 1), Chunk("IEND")), Read, "MaxElements");
        Hostile.Refused(FileOf(Header(16000, 16000, 8, Grey, false), Chunk("IDAT", Compressed.ZLib(new byte[1000])), Chunk("IEND")), Read, "cannot expand");
        Hostile.Refused(Encoded(Samples(20, 20, 1, 8), Grey, 8, false, false), stream => Png.Read(stream, new() { MaxDecompressedBytes = 400 }), "MaxDecompressedBytes");
    }

    [Fact]
    public void Damaged_images_are_refused()
    {
        var file = Encoded(Samples(5, 6, 1, 4), Palette, 4, true, true);
        Hostile.Cuts(file, Read);
        Hostile.Mutations(file, Read);
        Hostile.Mutations(file, Read, WithRightChecks, 1000);
        Hostile.Mutations(Scanlines(Samples(5, 6, 1, 4), 4, true), Read, lines => FileOf(Header(6, 5, 4, Grey, true), Chunk("IDAT", Compressed.ZLib(lines)), Chunk("IEND")), 300);
    }

    /// <summary>Rewrites the checks of the chunks as far as they can be followed, so that what is wrong reaches the decoder.</summary>
    private static byte[] WithRightChecks(byte[] file)
    {
        var at = 8;
        var chunks = new List<byte>(file.Take(at));
        while (at + 12 <= file.Length && BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)) is var length and >= 0 && length <= file.Length - at - 12)
        {
            chunks.AddRange(Chunk(Encoding.Latin1.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }
        return [.. chunks, .. file.Skip(at)];
    }
}
