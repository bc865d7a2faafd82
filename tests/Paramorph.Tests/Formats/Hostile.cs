using System.Buffers.Binary;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

/// <summary>Damaged and hostile content: a reader gives a value or the one exception, in little memory.</summary>
internal static class Hostile
{
    private const long AllowedBytes = 16 << 20;
    private static readonly byte[] Extremes = [0, 1, 0x7f, 0x80, 0xff, (byte)'\n', (byte)'"', (byte)',', (byte)'9'];

    /// <summary>Every cut of a content.</summary>
    public static void Cuts(byte[] content, Action<Stream> read)
    {
        var step = Math.Max(1, content.Length / 400);
        for (var length = 0; length < content.Length; length += step) Check(content[..length], read, $"cut to {length} bytes");
    }

    /// <summary>Random changes of a content.</summary>
    /// <param name="content">A content that can be read.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="wrap">What to put around the changed content, such as a right check sum.</param>
    /// <param name="count">How many.</param>
    public static void Mutations(byte[] content, Action<Stream> read, Func<byte[], byte[]>? wrap = null, int count = 600)
    {
        wrap ??= bytes => bytes;
        read(new MemoryStream(wrap(content)));
        var random = new Random(content.Length);
        for (var i = 0; i < count; i++)
        {
            var mutated = content;
            for (var change = random.Next(1, 4); change > 0; change--) mutated = Mutate(mutated, random);
            Check(wrap(mutated), read, $"mutation {i}");
        }
    }

    /// <summary>Fails unless the content is refused with a text in the message.</summary>
    public static void Refused(byte[] content, Action<Stream> read, string message)
    {
        var error = Check(content, read, message);
        Assert.NotNull(error);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static UnreadableFileException? Check(byte[] content, Action<Stream> read, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        UnreadableFileException? refusal = null;
        try
        {
            read(new MemoryStream(content));
        }
        catch (UnreadableFileException e)
        {
            refusal = e;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what} ({Convert.ToBase64String(content)[..Math.Min(200, content.Length)]}): {e}");
        }
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken < AllowedBytes + 100L * content.Length, $"{what}: {taken} bytes were taken for {content.Length}");
        return refusal;
    }

    private static byte[] Mutate(byte[] content, Random random)
    {
        if (content.Length == 0) return [7];
        var at = random.Next(content.Length);
        var length = random.Next(1, Math.Min(16, content.Length - at + 1));
        var changed = content.ToArray();
        switch (random.Next(7))
        {
            case 0: return content[..at];
            case 1: return [.. content[..at], .. content[(at + length)..]];
            case 2: return [.. content[..(at + length)], .. content[at..]];
            case 3:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 4:
                changed[at] = Extremes[random.Next(Extremes.Length)];
                return changed;
            case 5:
                changed[at] = (byte)random.Next(256);
                return changed;
            default:
                if (at + 4 > content.Length) return changed;
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), random.Next(3) switch { 0 => int.MaxValue, 1 => -1, _ => 1 << random.Next(31) });
                return changed;
        }
    }
}
