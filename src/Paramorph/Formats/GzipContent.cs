using System.Buffers.Binary;
using System.IO.Compression;

namespace Paramorph.Formats;

/// <summary>What a content compressed by gzip expands to, read once from its start; at its end the check of the last member is compared.</summary>
internal sealed class GzipContent : ReadOnlyStream
{
    private const int LeastBytes = 18;
    private readonly Stream compressed;
    private readonly InputFile file;
    private readonly long start;
    private readonly uint check;
    private readonly uint size;
    private readonly GZipStream expanding;
    private long length;
    private uint checkSoFar;
    private bool isChecked;

    /// <param name="compressed">The content, seekable, which nothing else reads meanwhile; it stays open.</param>
    /// <param name="file">The file, for limits and messages.</param>
    public GzipContent(Stream compressed, InputFile file)
    {
        (this.compressed, this.file, start) = (compressed, file, compressed.Position);
        if (compressed.Length - start < LeastBytes) throw file.Error("", "the gzip content is cut off.");
        Span<byte> trailer = stackalloc byte[8];
        compressed.Position = compressed.Length - trailer.Length;
        compressed.ReadExactly(trailer);
        (check, size) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        compressed.Position = start;
        expanding = new(compressed, CompressionMode.Decompress, leaveOpen: true);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Expand(expanding, buffer);
        length += read;
        if (length > file.Limits.MaxDecompressedBytes)
            throw file.Error("", $"the gzip content expands to more than {file.Limits.MaxDecompressedBytes} bytes, which is FormatLimits.MaxDecompressedBytes.");
        checkSoFar = Crc32.Append(checkSoFar, buffer[..read]);
        if (read == 0 && buffer.Length > 0) CheckEnd();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        expanding.Dispose();
        base.Dispose(disposing);
    }

    private int Expand(GZipStream from, Span<byte> buffer)
    {
        try
        {
            return from.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw file.Error("", $"the gzip content is damaged: {e.Message}", e);
        }
    }

    /// <summary>The decoder says nothing when the content is cut off; the check and the size of the last member, at the end, tell.</summary>
    private void CheckEnd()
    {
        if (isChecked) return;
        isChecked = true;
        if (size != (uint)length) checkSoFar = size < length ? CheckOfLastMember() : ~check;
        if (checkSoFar != check) throw file.Error("", "the gzip content is cut off or damaged: its check does not fit.");
    }

    /// <summary>The check of the last bytes, as many as the last of several members holds, for which the content is expanded again.</summary>
    private uint CheckOfLastMember()
    {
        compressed.Position = start;
        using var again = new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        var (buffer, place, sum) = (new byte[1 << 16], 0L, 0u);
        while (Expand(again, buffer) is > 0 and var read)
        {
            place += read;
            var counted = (int)Math.Clamp(place - (length - size), 0, read);
            sum = Crc32.Append(sum, buffer.AsSpan(read - counted, counted));
        }
        return sum;
    }
}
