using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The content of a file that a reader goes through: where it is, how much is left, and what to say when something is wrong. The length is always known, so a
/// size that the content states is compared with it before memory is taken.
/// </summary>
internal sealed class InputFile : IDisposable
{
    /// <summary>Deflate codes at most 258 bytes in two bits, so nothing grows by more than this.</summary>
    private const int MaxDeflateRatio = 1032;

    private const int MaxRank = 64;
    private readonly Stream stream;
    private readonly long start;
    private readonly bool isOwned;
    private readonly string within;
    private TextEncoding? encoding;

    private InputFile(Stream stream, string name, FormatLimits limits, bool isOwned, string within = "")
    {
        (this.stream, this.isOwned, this.within) = (stream, isOwned, within);
        (Name, Limits, start) = (name, limits, stream.Position);
    }

    public string Name { get; }

    /// <summary>The folder of a file that was opened by its path; null of a stream.</summary>
    public string? Folder { get; private init; }

    public FormatLimits Limits { get; }

    /// <summary>Bytes from the start of this content.</summary>
    public long Position => stream.Position - start;

    /// <summary>Bytes that are left.</summary>
    public long Remaining => Math.Max(0, stream.Length - stream.Position);

    public static InputFile Open(string path, FormatLimits? limits) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan), path, limits ?? FormatLimits.Default, isOwned: true)
        {
            Folder = Path.GetDirectoryName(Path.GetFullPath(path)),
        };

    /// <summary>The rest of a stream, which stays open. One that does not know its length is read into memory first.</summary>
    public static InputFile Open(Stream stream, FormatLimits? limits)
    {
        limits ??= FormatLimits.Default;
        var name = (stream as FileStream)?.Name ?? "stream";
        if (stream.CanSeek) return new(stream, name, limits, isOwned: false);
        using var nothing = new InputFile(new MemoryStream(), name, limits, isOwned: true);
        return new(new MemoryStream(nothing.Gather(stream, limits.MaxDecompressedBytes, "the stream")), name, limits, isOwned: true);
    }

    /// <summary>Opens, reads and closes.</summary>
    public static T Read<T>(string path, FormatLimits? limits, Func<InputFile, T> read)
    {
        using var file = Open(path, limits);
        return read(file);
    }

    /// <inheritdoc cref="Read{T}(string, FormatLimits, Func{InputFile, T})"/>
    public static T Read<T>(Stream stream, FormatLimits? limits, Func<InputFile, T> read)
    {
        using var file = Open(stream, limits);
        return read(file);
    }

    /// <summary>A part of this file as a content of its own; places in it are told with <paramref name="part"/> before them.</summary>
    public InputFile Part(byte[] content, string part) => new(new MemoryStream(content), Name, Limits, isOwned: true, within + part + ", ");

    public UnreadableFileException Error(string place, string problem, Exception? cause = null) => new(Name, Within(place), problem, cause);

    /// <summary>The error of a content that is not of the format that is read: it names the format that the first bytes tell, and otherwise says what is missing.</summary>
    /// <param name="reader">The reader, as it is called in code; a file that is for it has its own error.</param>
    /// <param name="place">Where something else should stand.</param>
    /// <param name="problem">What is said when the first bytes tell nothing.</param>
    /// <param name="cause">What a decoder threw.</param>
    public UnreadableFileException OtherFormat(string reader, string place, string problem, Exception? cause = null)
    {
        var name = FileSignature.Name(Head());
        return name is null || name.Contains(reader, StringComparison.Ordinal) ? Error(place, problem, cause) : Error("byte 0", $"this is {name}.");
    }

    /// <summary>The first bytes, whatever was read of them.</summary>
    public ReadOnlySpan<byte> Head()
    {
        var (head, position) = (new byte[FileSignature.Length], stream.Position);
        stream.Position = start;
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = position;
        return head.AsSpan(0, count);
    }

    /// <summary>The error of a sound content of a kind that is not read.</summary>
    public UnreadableFileException OtherKind(string place, string problem) => new(Name, Within(place), problem) { IsOtherKind = true };

    public UnreadableFileException ErrorHere(string problem) => Error($"byte {Position}", problem);

    /// <summary>The next bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for the message when fewer are left.</param>
    public byte[] Take(long count, string what)
    {
        if (count < 0 || count > Remaining) throw ErrorHere($"{what} takes {count} bytes, but {Remaining} are left: the file is cut off or damaged.");
        if (count > Array.MaxLength) throw ErrorHere($"{what} takes {count} bytes: at most {Array.MaxLength} are read at once.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)count);
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>All bytes that are left.</summary>
    public byte[] TakeRest() => Take(Remaining, "the content");

    /// <summary>A seekable stream whose start is that of this content.</summary>
    public Stream AsStream() => start == 0 ? stream : new MemoryStream(TakeRest());

    /// <summary>This content, or what it expands to when it is compressed by gzip.</summary>
    public InputFile Decompressed()
    {
        if (Remaining < 2) return this;
        var magic = Take(2, "the start");
        stream.Seek(-2, SeekOrigin.Current);
        if (magic is not [0x1f, 0x8b]) return this;
        var compressed = TakeRest();
        using var expanding = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var content = Gather(expanding, Limits.MaxDecompressedBytes, "the gzip content");
        // The decoder says nothing when the content is cut off; the check and the size of the last member, at the end, tell.
        if (compressed.Length < 18) throw Error("", "the gzip content is cut off.");
        var (check, size) = (BinaryPrimitives.ReadUInt32LittleEndian(compressed.AsSpan(^8)), BinaryPrimitives.ReadUInt32LittleEndian(compressed.AsSpan(^4)));
        if (size > content.Length || Crc32.Of(content.AsSpan(^(int)size..)) != check) throw Error("", "the gzip content is cut off or damaged: its check does not fit.");
        return new(new MemoryStream(content), Name, Limits, isOwned: true, within);
    }

    /// <summary>
    /// This content from its start, or what it expands to when it is compressed by gzip, without the whole of it in memory. It may be opened again when the stream
    /// that was opened before is no longer read.
    /// </summary>
    public Stream OpenContent()
    {
        stream.Position = start;
        var magic = new byte[2];
        var isCompressed = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        stream.Position = start;
        return isCompressed ? new GzipContent(stream, this) : new UnownedStream(stream);
    }

    /// <summary>How the characters of this content, a text, are kept as bytes; found out from all of it when it is asked for first, before anything is read.</summary>
    public TextEncoding TextEncoding
    {
        get
        {
            if (encoding is { } known) return known;
            using var content = OpenContent();
            encoding = TextEncoding.Of(content);
            return encoding.Value;
        }
    }

    /// <summary>This content, or what it expands to, as text in UTF-8, as <see cref="OpenContent"/> opens it.</summary>
    public Stream OpenText() => TextEncoding.IsWestern ? Encoding.CreateTranscodingStream(OpenContent(), TextEncoding.Western, new UTF8Encoding(false)) : OpenContent();

    /// <summary>What a decoder gives: exactly as many bytes as are stated.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="stated">How many bytes the file says that they are.</param>
    /// <param name="compressed">How many bytes the decoder works on.</param>
    /// <param name="what">What they are, for messages.</param>
    public byte[] Expand(Stream decoder, long stated, long compressed, string what)
    {
        if (stated < 0 || stated > Limits.MaxDecompressedBytes || stated > Array.MaxLength)
            throw Error("", $"{what} expands to {stated} bytes: the limit is {Math.Min(Limits.MaxDecompressedBytes, Array.MaxLength)} (FormatLimits.MaxDecompressedBytes).");
        if (stated / MaxDeflateRatio > compressed) throw Error("", $"{what} cannot expand from {compressed} bytes to the {stated} that are stated: the file is damaged.");
        var content = Gather(decoder, stated, what);
        return content.Length == stated ? content : throw Error("", $"{what} expands to {content.Length} bytes, not the {stated} that are stated: the file is cut off or damaged.");
    }

    /// <summary>All that a decoder gives. Memory grows with what has come, not with what is promised.</summary>
    public byte[] Gather(Stream decoder, long limit, string what)
    {
        limit = Math.Min(limit, Array.MaxLength);
        var buffer = new byte[Math.Min(limit + 1, 1 << 12)];
        var length = 0;
        try
        {
            while (decoder.Read(buffer, length, buffer.Length - length) is > 0 and var read)
            {
                length += read;
                if (length > limit) throw Error("", $"{what} expands to more than {limit} bytes, which is the size stated or FormatLimits.MaxDecompressedBytes.");
                if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(limit + 1, 2L * length));
            }
        }
        // A zlib stream that asks for a dictionary is an IOException, though ours are in memory.
        catch (Exception e) when (e is InvalidDataException || (e is IOException && decoder is ZLibStream))
        {
            throw Error("", $"{what} is damaged: {e.Message}", e);
        }
        Array.Resize(ref buffer, length);
        return buffer;
    }

    /// <summary>The shape of the stated sizes, when a tensor can have it and the limits allow it.</summary>
    public Shape ShapeOf(ReadOnlySpan<long> sizes, int elementSize, string place)
    {
        if (sizes.Length > MaxRank) throw Error(place, $"the shape has {sizes.Length} axes: at most {MaxRank} are read.");
        var count = 1L;
        foreach (var size in sizes)
        {
            if (size is < 0 or > int.MaxValue) throw Error(place, $"the shape {Text(sizes)} has the size {size}: sizes are from 0 to {int.MaxValue}.");
            count = Math.Min(count * size, int.MaxValue + 1L);
        }
        if (count > Limits.MaxElements) throw Error(place, $"the shape {Text(sizes)} has more than {Limits.MaxElements} elements (FormatLimits.MaxElements).");
        // A tensor's memory is one array with room for its alignment.
        if (count * elementSize > Array.MaxLength - 64) throw Error(place, $"the shape {Text(sizes)} takes {count * elementSize} bytes: a tensor holds at most 2 GiB.");
        var narrow = new int[sizes.Length];
        for (var axis = 0; axis < narrow.Length; axis++) narrow[axis] = (int)sizes[axis];
        return [.. narrow];
    }

    public void Dispose()
    {
        if (isOwned) stream.Dispose();
    }

    private string Within(string place) => place.Length == 0 && within.Length > 0 ? within[..^2] : within + place;

    private static string Text(ReadOnlySpan<long> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";
}
