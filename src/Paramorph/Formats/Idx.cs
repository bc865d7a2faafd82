using System.Buffers.Binary;
using System.IO.Compression;

namespace Paramorph.Formats;

/// <summary>
/// The IDX format of the MNIST data: one array, compressed by gzip or not. 16-bit integers are read as i32. (LeCun, Cortes and Burges, "The MNIST database of
/// handwritten digits", 1998.)
/// </summary>
public static class Idx
{
    /// <summary>Reads the array of a file.</summary>
    /// <exception cref="UnreadableFileException">The content is not what the format says, or is beyond the limits.</exception>
    public static Tensor Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, Read);

    /// <param name="stream">The content, to its end.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Tensor Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, Read);

    /// <summary>Writes a tensor to a file, which appears whole or not at all; compressed by gzip when its name ends with <c>.gz</c>.</summary>
    /// <exception cref="ElementTypeException">The elements are not u8, i8, i32, f32 or f64: the format has no others.</exception>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream =>
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            Write(stream, tensor);
            return;
        }
        using var encoder = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        Write(encoder, tensor);
    });

    /// <summary>Writes a tensor, not compressed.</summary>
    /// <inheritdoc cref="Write(string, Tensor)"/>
    public static void Write(Stream stream, Tensor tensor)
    {
        byte type = tensor.ElementType switch
        {
            ElementType.UInt8 => 0x08,
            ElementType.Int8 => 0x09,
            ElementType.Int32 => 0x0C,
            ElementType.Float32 => 0x0D,
            ElementType.Float64 => 0x0E,
            _ => throw new ElementTypeException($"idx: the format has no {tensor.ElementType.ShortName()}: cast to u8, i8, i32, f32 or f64."),
        };
        stream.Write([0, 0, type, (byte)tensor.Rank]);
        Span<byte> word = stackalloc byte[4];
        foreach (var size in tensor.Shape)
        {
            BinaryPrimitives.WriteInt32BigEndian(word, size);
            stream.Write(word);
        }
        StoredTypes.WriteElements(stream, tensor, isBigEndian: true);
    }

    private static Tensor Read(InputFile compressed)
    {
        using var file = compressed.Decompressed();
        var magic = file.Take(4, "the magic number");
        if (magic is not [0, 0, ..]) throw file.OtherFormat("Idx.Read", "byte 0", "this is no IDX file: it starts with two zero bytes.");
        var type = magic[2] switch
        {
            0x08 => StoredType.UInt8,
            0x09 => StoredType.Int8,
            0x0B => StoredType.Int16,
            0x0C => StoredType.Int32,
            0x0D => StoredType.Float32,
            0x0E => StoredType.Float64,
            _ => throw file.Error("byte 2", $"the element type 0x{magic[2]:x2} is not known: 0x08, 0x09 and 0x0b to 0x0e are."),
        };
        var sizes = new long[magic[3]];
        for (var axis = 0; axis < sizes.Length; axis++) sizes[axis] = BinaryPrimitives.ReadUInt32BigEndian(file.Take(4, "the size of an axis"));
        var tensor = file.TakeTensor(type, file.ShapeOf(sizes, type, "byte 4"), isBigEndian: true);
        return file.Remaining == 0 ? tensor : throw file.ErrorHere($"{file.Remaining} bytes follow the array.");
    }
}
