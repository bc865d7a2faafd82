using System.Buffers;
using System.Text;

namespace Paramorph.Formats;

/// <summary>How the characters of a text are kept as bytes: in UTF-8, or in Windows-1252 (with Latin-1 in it), which is told by bytes that UTF-8 never has.</summary>
/// <param name="Foreign">How many bytes are no UTF-8.</param>
/// <param name="Known">How many characters beyond ASCII are UTF-8.</param>
internal readonly record struct TextEncoding(long Foreign, long Known)
{
    private const int BufferBytes = 1 << 16, LongestCharacter = 4;

    /// <summary>Windows-1252, in which Western Europe wrote before UTF-8, and spreadsheets still do.</summary>
    public static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Whether the text is in Windows-1252: most of what is not ASCII is no UTF-8. Text in UTF-8 with some damaged bytes is not.</summary>
    public bool IsWestern => Foreign > Known;

    /// <summary>What to say of it; null of sound UTF-8.</summary>
    public string? Note => (Foreign, IsWestern) switch
    {
        (0, _) => null,
        (_, true) => "the text is no UTF-8 and is read as Windows-1252 (Latin-1): save it in UTF-8 if letters beyond ASCII are wrong.",
        _ => $"{(Foreign == 1 ? "1 byte is" : FormattableString.Invariant($"{Foreign} bytes are"))} damaged, which are no UTF-8 though the rest of the text is: the character U+FFFD stands for {(Foreign == 1 ? "it" : "each")}.",
    };

    /// <summary>Finds it out from a whole content.</summary>
    public static TextEncoding Of(Stream content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var (found, left) = (default(TextEncoding), 0);
            while (true)
            {
                var read = content.ReadAtLeast(buffer.AsSpan(left), buffer.Length - left, throwOnEndOfStream: false);
                var isEnd = left + read < buffer.Length;
                var bytes = buffer.AsSpan(0, left + read);
                var rest = found.See(ref bytes, isEnd);
                if (isEnd) return rest;
                bytes.CopyTo(buffer);
                (found, left) = (rest, bytes.Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Counts on through some bytes and leaves those of a character whose end is yet to come.</summary>
    private TextEncoding See(ref Span<byte> bytes, bool isEnd)
    {
        var (foreign, known) = (Foreign, Known);
        while (bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var next)
        {
            bytes = bytes[next..];
            var status = Rune.DecodeFromUtf8(bytes, out _, out var length);
            if (status == OperationStatus.NeedMoreData && !isEnd && bytes.Length < LongestCharacter) return new(foreign, known);
            if (status == OperationStatus.Done) known++;
            else foreign += length;
            bytes = bytes[length..];
        }
        bytes = [];
        return new(foreign, known);
    }
}
