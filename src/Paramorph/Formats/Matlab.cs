using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The MAT format of MATLAB, level 5 (versions 5 to 7, what <c>save -v7</c> and <c>scipy.io.savemat</c> write), compressed or not and in both byte orders.
/// Version 7.3 is HDF5, which <c>Hdf5.Read</c> of Paramorph.Storage reads, and is refused. (The MathWorks, "MAT-File Format", R2019b.)
/// </summary>
public static class Matlab
{
    private const int HeaderBytes = 128;
    private const int CompressedType = 15;
    private const int TagBytes = 8, Padding = 8;

    /// <summary>Flags, sizes and name of a variable take less.</summary>
    private const int BeginningBytes = 512;

    /// <summary>Reads the variables of a file, in its order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="where">Which variables to read; all when null. What is not read may be damaged or of a kind that cannot be read.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <returns>The variables by their names. Where all are read, one that is damaged or beyond the limits is <see cref="MatlabValue.Unreadable"/>.</returns>
    /// <exception cref="UnreadableFileException">
    /// The content as a whole is not what the format says, is of version 4 or 7.3, or is beyond the limits; or a variable that was asked for is damaged.
    /// </exception>
    public static IReadOnlyDictionary<string, MatlabValue> Read(string path, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => Read(file, where));

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, Func{string, bool}, FormatLimits)"/>
    public static IReadOnlyDictionary<string, MatlabValue> Read(Stream stream, Func<string, bool>? where = null, FormatLimits? limits = null) =>
        InputFile.Read(stream, limits, file => Read(file, where));

    private static OrderedDictionary<string, MatlabValue> Read(InputFile file, Func<string, bool>? where)
    {
        var isBigEndian = ReadHeader(file);
        var variables = new OrderedDictionary<string, MatlabValue>();
        var expanded = 0L;
        while (file.Remaining > 0)
        {
            var start = file.Position;
            var tag = file.Take(8, "the tag of a variable");
            var (type, size) = (Word(tag, isBigEndian), Word(tag.AsSpan(4), isBigEndian));
            // Padding behind the last variable may be stated and not be there, as Octave writes text.
            var content = file.Take(size - file.Remaining is > 0 and < Padding ? file.Remaining : size, "a variable");
            var (name, value) = type == CompressedType
                ? ReadCompressed(content, isBigEndian, file, start, where, ref expanded)
                : ReadVariable(new(content, isBigEndian, file, start, where), type, 0, where is not null);
            // Without a name there is the workspace of functions, which nobody asked for.
            if (name.Length > 0 && value is not null && !variables.TryAdd(name, value)) throw file.Error($"byte {start}", $"the variable '{name}' stands there twice.");
        }
        return variables;
    }

    /// <summary>A variable that is compressed. One that does not expand to its end is known by its beginning, which has the name, and is told when it is asked for.</summary>
    private static (string Name, MatlabValue? Value) ReadCompressed(byte[] compressed, bool isBigEndian, InputFile file, long start, Func<string, bool>? where, ref long expanded)
    {
        try
        {
            var (type, content) = Expand(compressed, isBigEndian, file, start, ref expanded);
            return ReadVariable(new(content, isBigEndian, file, start, where), type, TagBytes, where is not null);
        }
        catch (UnreadableFileException error) when (error.InnerException is InvalidDataException)
        {
            var beginning = new MatlabElements(Beginning(compressed), isBigEndian, file, start, where);
            try
            {
                if (beginning.ReadVariable(MatlabElements.Matrix, TagBytes) is (var name, null)) return (name, null);
            }
            catch (UnreadableFileException)
            {
                // The numbers are not there; the name may be.
            }
            if (where is not null || beginning.Name.Length == 0) throw;
            return (beginning.Name, new MatlabValue.Unreadable(error));
        }
    }

    /// <summary>What compressed content expands to before its first fault, as far as names reach.</summary>
    private static byte[] Beginning(byte[] compressed)
    {
        var (bytes, length) = (new byte[BeginningBytes], 0);
        using var decoder = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        try
        {
            // Byte by byte, since a decoder that meets a fault gives nothing of what it was asked for.
            while (length < bytes.Length && decoder.ReadByte() is >= 0 and var next) bytes[length++] = (byte)next;
        }
        catch (InvalidDataException)
        {
            // What came before is what is wanted.
        }
        return bytes[..length];
    }

    /// <summary>A variable; where all are read, one that cannot be is told when it is asked for, and the others are read nonetheless.</summary>
    private static (string Name, MatlabValue? Value) ReadVariable(MatlabElements elements, uint type, int at, bool isChosen)
    {
        try
        {
            return elements.ReadVariable(type, at);
        }
        catch (UnreadableFileException error) when (!isChosen && elements.Name.Length > 0)
        {
            return (elements.Name, new MatlabValue.Unreadable(error));
        }
    }

    /// <summary>Whether the file is big-endian.</summary>
    private static bool ReadHeader(InputFile file)
    {
        var header = file.Take(Math.Min(file.Remaining, HeaderBytes), "the header");
        RefuseOthers(header, file);
        if (header.Length < HeaderBytes) throw file.OtherFormat("Matlab.Read", "", "this is no MATLAB 5 file: it is shorter than its header of 128 bytes.");
        var mark = Encoding.Latin1.GetString(header, 126, 2);
        if (header.AsSpan().StartsWith("MATLAB 7.3"u8) || header is [0x89, (byte)'H', (byte)'D', (byte)'F', ..])
            throw file.Error("", "this is a MATLAB 7.3 file, which is HDF5: read it with Hdf5.Read of Paramorph.Storage, or save it in MATLAB with save(name, '-v7') and read that.");
        if (mark is not ("MI" or "IM"))
            throw file.OtherFormat("Matlab.Read", "byte 126", "this is no MATLAB 5 file: MI or IM should stand here.");
        var isBigEndian = mark == "MI";
        var version = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(124)) : BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(124));
        return version == 0x0100 ? isBigEndian : throw file.Error("byte 124", $"version 0x{version:x4} of the format is not known: 0x0100 is.");
    }

    /// <summary>Refuses other formats of MATLAB and Octave by their names.</summary>
    private static void RefuseOthers(ReadOnlySpan<byte> header, InputFile file)
    {
        var name = header switch
        {
            _ when header.StartsWith("Octave-1-"u8) => "in Octave's own binary format",
            _ when OctaveText.Recognises(header) => "in Octave's own text format, which OctaveText.Read reads",
            [0x1f, 0x8b, ..] => "compressed by gzip, as Octave's save -z does, which OctaveText.Read reads",
            _ when IsVersion4(header, isBigEndian: false) || IsVersion4(header, isBigEndian: true) => "a MATLAB 4 file",
            _ => null,
        };
        if (name is not null) throw file.Error("", $"this is {name}; for this reader save it by save('-v7', name, ...) in Octave or save(name, '-v7') in MATLAB, and read that.");
    }

    /// <summary>Whether a matrix of version 4 stands here: byte order, precision and kind in one number, sizes, and the length of a name that ends with a zero.</summary>
    private static bool IsVersion4(ReadOnlySpan<byte> header, bool isBigEndian)
    {
        const int words = 20;
        if (header.Length < words) return false;
        var (kind, name) = (Word(header, isBigEndian), Word(header[16..], isBigEndian));
        if (kind is > 4052 || kind / 100 % 10 != 0 || kind / 10 % 10 > 5 || kind % 10 > 2 || Word(header[12..], isBigEndian) > 1) return false;
        return name is > 1 and <= 64 && words + name <= header.Length && header[(int)(words + name - 1)] == 0 && char.IsAsciiLetter((char)header[words]);
    }

    /// <summary>The type of the element that is compressed, and the element with its tag of eight bytes.</summary>
    private static (uint Type, byte[] Content) Expand(byte[] compressed, bool isBigEndian, InputFile file, long start, ref long expanded)
    {
        using var decoder = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var what = $"the variable at byte {start}";
        var content = file.Gather(decoder, file.Limits.MaxDecompressedBytes - expanded, what);
        expanded += content.Length;
        // Octave states the padding of a last element that it does not write.
        return content.Length >= 8 && Word(content.AsSpan(4), isBigEndian) <= content.Length - 8 + (Padding - 1)
            ? (Word(content, isBigEndian), content)
            : throw file.Error("", $"{what} expands to {content.Length} bytes, fewer than it states: the file is cut off or damaged.");
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
