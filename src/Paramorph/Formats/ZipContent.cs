using System.IO.Compression;

namespace Paramorph.Formats;

/// <summary>The entries of a zip archive that a reader goes through. What the archive's decoder throws becomes an error of the file.</summary>
internal sealed class ZipContent : IDisposable
{
    private readonly InputFile file;
    private readonly string reader;
    private readonly string otherwise;
    private readonly ZipArchive archive;

    /// <summary>Opens an archive.</summary>
    /// <param name="file">The content.</param>
    /// <param name="reader">The reader that opens it, as it is called in code.</param>
    /// <param name="otherwise">What to say when it is none.</param>
    public ZipContent(InputFile file, string reader, string otherwise)
    {
        (this.file, this.reader, this.otherwise) = (file, reader, otherwise);
        archive = Guarded("", () => new ZipArchive(file.AsStream(), ZipArchiveMode.Read, leaveOpen: true));
        Entries = Guarded("", () => archive.Entries);
    }

    /// <summary>The entries in the order of the archive.</summary>
    public IReadOnlyList<ZipArchiveEntry> Entries { get; }

    /// <summary>The content of an entry, whose check fits.</summary>
    public byte[] Take(ZipArchiveEntry entry)
    {
        var place = $"entry '{entry.FullName}'";
        var content = Guarded(place, () =>
        {
            using var decoder = entry.Open();
            return file.Expand(decoder, entry.Length, entry.CompressedLength, place);
        });
        return Crc32.Of(content) == entry.Crc32 ? content : throw file.Error(place, "the content is damaged: its check does not fit.");
    }

    public void Dispose() => archive.Dispose();

    private T Guarded<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw file.OtherFormat(reader, place, $"{otherwise}, or it is damaged: {e.Message}", e);
        }
    }
}
