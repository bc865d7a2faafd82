using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace Paramorph.Formats;

/// <summary>Reads an image of PNG.</summary>
internal sealed class PngDecoder
{
    /// <summary>First column, first row, step of columns and step of rows of the seven passes of Adam7.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly InputFile file;
    private readonly MemoryStream compressed = new();
    private int width;
    private int height;
    private int depth;
    private PngColour colour;
    private bool isInterlaced;
    private byte[] palette = [];
    private byte[]? transparency;

    private PngDecoder(InputFile file) => this.file = file;

    private int BitsPerPixel => depth * colour.SamplesPerPixel();

    /// <summary>Channels of the result: a palette is resolved, and a transparent colour becomes an alpha channel.</summary>
    private int Channels => (colour == PngColour.Palette ? 3 : colour.SamplesPerPixel()) + (transparency is null ? 0 : 1);

    private int Largest => (1 << depth) - 1;

    public static Tensor Decode(InputFile file)
    {
        var decoder = new PngDecoder(file);
        decoder.ReadChunks();
        return decoder.depth == 16 ? decoder.ReadPixels<int>() : decoder.ReadPixels<byte>();
    }

    private void ReadChunks()
    {
        if (file.Remaining < 8 || !file.Take(8, "the signature").AsSpan().SequenceEqual(PngFormat.Signature)) throw file.OtherFormat("Png.Read", "byte 0", "this is no PNG file: its signature is missing.");
        var (previous, isFirst) = ("", true);
        while (true)
        {
            var place = $"byte {file.Position}";
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.Take(4, "the length of a chunk"));
            var name = file.Take(4, "the name of a chunk");
            var type = Encoding.Latin1.GetString(name);
            if (!type.All(char.IsAsciiLetter)) throw file.Error(place, "the name of a chunk, four letters, should stand here.");
            var content = file.Take(length, $"chunk {type}");
            if (Crc32.Of(name, content) != BinaryPrimitives.ReadUInt32BigEndian(file.Take(4, "the check of a chunk")))
                throw file.Error(place, $"chunk {type} is damaged: its check does not fit.");
            if (isFirst != (type == "IHDR")) throw file.Error(place, $"chunk {type} stands where {(isFirst ? "IHDR should" : "it may not")}.");
            if (type == "IEND") break;
            ReadChunk(type, content, previous, place);
            (previous, isFirst) = (type, false);
        }
        if (compressed.Length == 0) throw file.Error("", "the image has no pixels: there is no chunk IDAT.");
    }

    private void ReadChunk(string type, byte[] content, string previous, string place)
    {
        switch (type)
        {
            case "IHDR":
                ReadHeader(content, place);
                break;
            case "PLTE" when palette.Length == 0 && compressed.Length == 0 && colour is not (PngColour.Grey or PngColour.GreyAlpha):
                if (content.Length is 0 or > 768 || content.Length % 3 != 0) throw file.Error(place, $"a palette of {content.Length} bytes is none of 1 to 256 colours of three bytes.");
                palette = content;
                break;
            case "tRNS" when transparency is null && compressed.Length == 0:
                ReadTransparency(content, place);
                break;
            case "IDAT" when compressed.Length == 0 || previous == "IDAT":
                if (colour == PngColour.Palette && palette.Length == 0) throw file.Error(place, "the pixels come before the palette: chunk PLTE is missing.");
                compressed.Write(content);
                break;
            case "PLTE" or "tRNS" or "IDAT":
                throw file.Error(place, $"chunk {type} stands there twice, too late, or where it may not.");
            // A small first letter marks what a reader need not know.
            case var _ when char.IsAsciiLetterUpper(type[0]):
                throw file.Error(place, $"chunk {type} is needed for the image and not known.");
            default:
                break;
        }
    }

    private void ReadHeader(byte[] content, string place)
    {
        if (content.Length != 13) throw file.Error(place, $"chunk IHDR has {content.Length} bytes instead of 13.");
        var (statedWidth, statedHeight) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(4)));
        if (statedWidth is 0 or > int.MaxValue || statedHeight is 0 or > int.MaxValue) throw file.Error(place, $"an image of {statedWidth} by {statedHeight} pixels does not exist.");
        (width, height, depth, colour) = ((int)statedWidth, (int)statedHeight, content[8], (PngColour)content[9]);
        var isKnown = (colour, depth) is (PngColour.Grey, 1 or 2 or 4 or 8 or 16) or (PngColour.Palette, 1 or 2 or 4 or 8)
            or (PngColour.Rgb or PngColour.GreyAlpha or PngColour.Rgba, 8 or 16);
        if (!isKnown) throw file.Error(place, $"the colour type {content[9]} with {depth} bits a sample does not exist.");
        if (content[10] != 0 || content[11] != 0 || content[12] > 1) throw file.Error(place, $"compression {content[10]}, filter {content[11]} and interlace {content[12]} are not known.");
        isInterlaced = content[12] == 1;
    }

    private void ReadTransparency(byte[] content, string place)
    {
        var isRight = colour switch
        {
            PngColour.Grey => content.Length == 2,
            PngColour.Rgb => content.Length == 6,
            PngColour.Palette => content.Length <= palette.Length / 3 && content.Length > 0,
            _ => false,
        };
        transparency = isRight ? content : throw file.Error(place, $"chunk tRNS of {content.Length} bytes does not fit the colour type {(byte)colour}.");
    }

    private Tensor ReadPixels<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        var shape = file.ShapeOf([height, width, Channels], depth == 16 ? 4 : 1, "IHDR");
        var passes = isInterlaced ? Adam7 : [(0, 0, 1, 1)];
        var total = passes.Sum(pass => RowCount(pass) * (RowBytes(pass) + 1L));
        compressed.Position = 0;
        using var decoder = new ZLibStream(compressed, CompressionMode.Decompress);
        var filtered = file.Expand(decoder, total, compressed.Length, "the image");
        var pixels = new T[shape.ElementCount];
        var next = 0;
        foreach (var pass in passes) ReadPass(pass, filtered, ref next, pixels);
        return Tensor.From(pixels, shape);
    }

    private void ReadPass<T>((int X, int Y, int StepX, int StepY) pass, byte[] filtered, ref int next, T[] pixels)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (rowBytes, rows, channels) = (RowBytes(pass), RowCount(pass), Channels);
        ReadOnlySpan<byte> above = new byte[rowBytes];
        for (var y = 0; y < rows; y++)
        {
            var filter = filtered[next];
            if (filter > 4) throw file.Error($"row {pass.Y + y * pass.StepY}", $"the filter {filter} is not known: filters are 0 to 4.");
            var row = filtered.AsSpan(next + 1, rowBytes);
            Unfilter(filter, row, above);
            var to = ((pass.Y + y * pass.StepY) * width + pass.X) * channels;
            for (int x = pass.X, i = 0; x < width; x += pass.StepX, i++, to += pass.StepX * channels) ReadPixel(row, i, pixels.AsSpan(to, channels));
            above = row;
            next += rowBytes + 1;
        }
    }

    private void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        if (filter == 0) return;
        var step = Math.Max(1, BitsPerPixel / 8);
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < step ? ((byte)0, (byte)0) : (row[i - step], above[i - step]);
            row[i] += PngFormat.Predict(filter, left, above[i], corner);
        }
    }

    private void ReadPixel<T>(ReadOnlySpan<byte> row, int pixel, Span<T> channels)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (colour == PngColour.Palette)
        {
            var index = Sample(row, pixel);
            if (index * 3 >= palette.Length) throw file.Error("", $"a pixel has colour {index} of a palette of {palette.Length / 3}.");
            for (var c = 0; c < 3; c++) channels[c] = T.CreateTruncating(palette[index * 3 + c]);
            if (transparency is not null) channels[3] = T.CreateTruncating(index < transparency.Length ? transparency[index] : 255);
            return;
        }
        var (samples, isTransparent) = (colour.SamplesPerPixel(), transparency is not null);
        for (var c = 0; c < samples; c++)
        {
            var sample = Sample(row, pixel * samples + c);
            isTransparent = isTransparent && sample == (BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * c)) & Largest);
            channels[c] = T.CreateTruncating(depth < 8 ? sample * 255 / Largest : sample);
        }
        if (transparency is not null) channels[samples] = T.CreateTruncating(isTransparent ? 0 : depth == 16 ? ushort.MaxValue : byte.MaxValue);
    }

    private int Sample(ReadOnlySpan<byte> row, int place) => depth switch
    {
        8 => row[place],
        16 => row[2 * place] << 8 | row[2 * place + 1],
        // Samples of fewer bits stand in a byte from its high end on.
        _ => row[place * depth / 8] >> (8 - depth - place * depth % 8) & Largest,
    };

    private int RowBytes((int X, int Y, int StepX, int StepY) pass) => (int)(((long)Steps(width, pass.X, pass.StepX) * BitsPerPixel + 7) / 8);

    /// <summary>The rows of a pass; none where it has no columns.</summary>
    private int RowCount((int X, int Y, int StepX, int StepY) pass) => Steps(width, pass.X, pass.StepX) == 0 ? 0 : Steps(height, pass.Y, pass.StepY);

    private static int Steps(int size, int start, int step) => size <= start ? 0 : (size - start + step - 1) / step;
}
