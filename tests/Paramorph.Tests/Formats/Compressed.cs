using System.IO.Compression;

namespace Paramorph.Tests.Formats;

/// <summary>Compressed content.</summary>
internal static class Compressed
{
    public static byte[] Gzip(byte[] content) => By(stream => new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true), content);

    public static byte[] ZLib(byte[] content) => By(stream => new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true), content);

    /// <summary>An archive of entries, whose names may stand there twice.</summary>
    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    private static byte[] By(Func<Stream, Stream> encoder, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var encoding = encoder(stream)) encoding.Write(content);
        return stream.ToArray();
    }
}
