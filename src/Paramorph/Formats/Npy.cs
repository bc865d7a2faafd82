using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Paramorph.Formats;

/// <summary>
/// The NPY format of NumPy: one array. Versions 1 to 3, both byte orders, C and Fortran order. f16 is read as f32, 16-bit integers as i32, u32 and u64 as i64;
/// arrays of text, objects and structures are refused. (NumPy Enhancement Proposal 1, and <c>numpy.lib.format</c>.)
/// </summary>
public static partial class Npy
{
    private const int MaxHeaderBytes = 1 << 20;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the array of a file, which holds nothing else.</summary>
    /// <exception cref="UnreadableFileException">The content is not what the format says, holds what no tensor can, or is beyond the limits.</exception>
    public static Tensor Read(string path, FormatLimits? limits = null) => InputFile.Read(path, limits, ReadOnly);

    /// <summary>Reads an array from a stream, which stands behind it afterwards, so that several may follow each other.</summary>
    /// <inheritdoc cref="Read(string, FormatLimits)"/>
    public static Tensor Read(Stream stream, FormatLimits? limits = null) => InputFile.Read(stream, limits, ReadNext);

    /// <summary>Writes a tensor to a file, which appears whole or not at all.</summary>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream => Write(stream, tensor));

    /// <summary>Writes a tensor, in C order and with the least significant byte first.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        var sizes = tensor.Rank == 1 ? $"({tensor.Shape[0]},)" : $"({string.Join(", ", tensor.Shape)})";
        var header = $"{{'descr': '{NpyHeader.Description(tensor.ElementType)}', 'fortran_order': False, 'shape': {sizes}, }}";
        var prefix = Magic.Length + 4;
        var length = (prefix + header.Length + 1 + Alignment - 1) / Alignment * Alignment - prefix;
        stream.Write(Magic);
        stream.Write([1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        StoredTypes.WriteElements(stream, tensor);
    }

    internal static Tensor ReadOnly(InputFile file)
    {
        var tensor = ReadNext(file);
        return file.Remaining == 0 ? tensor : throw file.ErrorHere($"{file.Remaining} bytes follow the array: read several arrays from a stream, one after the other.");
    }

    /// <summary>The texts of a vector, or of a matrix of one column, whose elements are text of a fixed length; null of any other array.</summary>
    internal static string[]? ReadTexts(InputFile file)
    {
        if (TextHeader().Match(ReadHeader(file)) is not { Success: true } header) return null;
        int Number(string group) => int.TryParse(header.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var (count, width) = (Number("count"), Number("width"));
        Encoding encoding = header.Groups["kind"].Value == "S" ? Encoding.UTF8 : new UTF32Encoding(bigEndian: header.Groups["order"].Value == ">", byteOrderMark: false);
        var bytes = encoding is UTF32Encoding ? 4L * width : width;
        if (count < 0 || width < 0 || count * bytes != file.Remaining) return null;
        var content = file.TakeRest();
        // NumPy fills up short texts with zeros.
        return [.. Enumerable.Range(0, count).Select(i => encoding.GetString(content, (int)(i * bytes), (int)bytes).TrimEnd('\0'))];
    }

    private static Tensor ReadNext(InputFile file)
    {
        var header = NpyHeader.Parse(ReadHeader(file), file);
        var shape = file.ShapeOf(header.Shape, header.Type, "header");
        return file.TakeTensor(header.Type, shape, header.IsBigEndian, header.IsFortranOrder);
    }

    [GeneratedRegex(@"'descr': '(?<order>[<>|=])(?<kind>[US])(?<width>\d+)'.*'shape': \((?<count>\d+),( 1)?\)", RegexOptions.CultureInvariant)]
    private static partial Regex TextHeader();

    /// <summary>The text of a header, before which a stream stands, and behind which it stands afterwards.</summary>
    private static string ReadHeader(InputFile file)
    {
        if (!file.Take(6, "the magic text of NPY").AsSpan().SequenceEqual(Magic)) throw file.OtherFormat("Npy.Read", "byte 0", "this is no NPY file: it does not start with \\x93NUMPY.");
        var version = file.Take(2, "the version");
        if (version is not [1 or 2 or 3, 0]) throw file.Error("byte 6", $"version {version[0]}.{version[1]} of NPY is not known: versions 1.0, 2.0 and 3.0 are.");
        var length = version[0] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.Take(2, "the length of the header"))
            : BinaryPrimitives.ReadUInt32LittleEndian(file.Take(4, "the length of the header"));
        if (length > MaxHeaderBytes) throw file.ErrorHere($"the header takes {length} bytes: at most {MaxHeaderBytes} are read.");
        var bytes = file.Take(length, "the header");
        return version[0] == 3 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }
}
