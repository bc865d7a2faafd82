using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Goes through the rows of delimited text in UTF-8. It holds a row and a little more in memory, so that a content may be of any length.
/// </summary>
internal sealed class DelimitedTextScanner
{
    private readonly record struct Field(int Start, int Length, bool IsQuoted);

    private const int FirstBufferBytes = 1 << 16;
    private readonly Stream content;
    private readonly TextSyntax syntax;
    private readonly InputFile file;
    private byte[] buffer;
    private int start;
    private int length;
    private bool isAtEnd;
    private int nextLine = 1;
    private Field[] fields = new Field[16];

    /// <param name="content">The content, from where it stands to its end.</param>
    /// <param name="syntax">How it is cut.</param>
    /// <param name="file">The file, for limits and messages.</param>
    public DelimitedTextScanner(Stream content, TextSyntax syntax, InputFile file)
    {
        (this.content, this.syntax, this.file) = (content, syntax, file);
        buffer = GC.AllocateUninitializedArray<byte>(FirstBufferBytes);
        Fill();
        if (buffer.AsSpan(0, length).StartsWith("\uFEFF"u8)) start = 3;
        for (var line = 0; line < syntax.SkippedLines; line++) SkipLine();
    }

    /// <summary>The line, from 1, on which the row starts.</summary>
    public int Line { get; private set; }

    /// <summary>The number of fields of the row.</summary>
    public int Count { get; private set; }

    /// <summary>How many lines were skipped as comments.</summary>
    public int CommentCount { get; private set; }

    /// <summary>How many lines were skipped above the row as comments or as blank.</summary>
    public int SkippedCount { get; private set; }

    /// <summary>The comment directly above the row, without the character that starts it; null when another line is there.</summary>
    public string? CommentAbove { get; private set; }

    /// <summary>A field of the row, without quotes and white space around it; a quote within is still written twice. It lasts until the next row.</summary>
    public ReadOnlySpan<byte> this[int field] => buffer.AsSpan(fields[field].Start, fields[field].Length);

    /// <summary>Whether a field stands in quotes.</summary>
    public bool IsQuoted(int field) => fields[field].IsQuoted;

    /// <summary>The text of a field.</summary>
    public string Text(int field)
    {
        var characters = Encoding.UTF8.GetString(this[field]);
        return IsQuoted(field) ? characters.Replace("\"\"", "\"", StringComparison.Ordinal) : characters;
    }

    /// <summary>Goes to the next row that is neither blank nor a comment; false at the end.</summary>
    public bool NextRow()
    {
        CommentAbove = null;
        while (start < length || Fill())
        {
            var indent = SkipBlanks(start) - start;
            if (start + indent == length && Fill()) continue;
            if (start + indent == length || IsLineEnd(buffer[start + indent]))
            {
                SkipLine();
                SkippedCount++;
                CommentAbove = null;
            }
            else if (syntax.Comments.Contains((char)buffer[start + indent], StringComparison.Ordinal) && IsComment(indent))
            {
                CommentCount++;
                SkippedCount++;
                CommentAbove = Encoding.UTF8.GetString(buffer.AsSpan(start..LineEnd(start))[(indent + 1)..]);
                SkipLine();
            }
            else
            {
                Line = nextLine;
                while (!Split()) Fill();
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether a line that starts as a comment is one. A field of the one character, as in <c>#,name</c>, and a marker of a missing value, as <c>#N/A</c>, start a
    /// row. Makes sure that the whole line is in memory.
    /// </summary>
    private bool IsComment(int indent)
    {
        var end = WholeLineEnd();
        var line = buffer.AsSpan(start..end)[indent..];
        var delimiter = syntax.IsByWhiteSpace ? line.IndexOfAny((byte)' ', (byte)'\t') : line.IndexOf((byte)syntax.Delimiter);
        var first = (delimiter < 0 ? line : line[..delimiter]).TrimEnd(" \t"u8);
        if (first.Length == 1) return syntax.IsByWhiteSpace || delimiter < 0;
        return syntax.Missing.IndexOf(first) < 0;
    }

    private void SkipLine()
    {
        WholeLineEnd();
        var end = LineEnd(start);
        start = EndOfLine(end);
        if (end < length) nextLine++;
    }

    /// <summary>The end of the line at the start, with all of it, and of what ends it, in memory.</summary>
    private int WholeLineEnd()
    {
        while (LineEnd(start) >= length - 1 && Fill()) { }
        return LineEnd(start);
    }

    private int LineEnd(int from) => buffer.AsSpan(from, length - from).IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var found ? from + found : length;

    /// <summary>The place behind the end of a line, which is one or both of carriage return and line feed.</summary>
    private int EndOfLine(int at)
    {
        if (at == length) return at;
        return buffer[at] == '\r' && at + 1 < length && buffer[at + 1] == '\n' ? at + 2 : at + 1;
    }

    /// <summary>Cuts the row at the start into fields; false when more of it must come into memory.</summary>
    private bool Split()
    {
        var (at, lines) = (start, 0);
        if (syntax.IsByWhiteSpace) at = SkipBlanks(at);
        Count = 0;
        while (true)
        {
            at = SkipBlanks(at);
            var isQuoted = at < length && buffer[at] == '"';
            var field = isQuoted ? Quoted(ref at, ref lines) : Plain(ref at);
            // The character behind a line's end tells whether it belongs to it.
            if (at >= length - 1 && !isAtEnd) return false;
            Add(field);
            var isDue = at < length && (syntax.IsByWhiteSpace ? !IsLineEnd(buffer[at]) : buffer[at] == syntax.Delimiter);
            if (!isDue) break;
            if (!syntax.IsByWhiteSpace) at++;
        }
        nextLine += lines + (at < length ? 1 : 0);
        start = EndOfLine(at);
        return true;
    }

    private void Add(Field field)
    {
        if (Count == file.Limits.MaxColumns) throw file.Error($"line {Line}", $"the row has more than {Count} fields (FormatLimits.MaxColumns).");
        if (Count == fields.Length) Array.Resize(ref fields, 2 * Count);
        fields[Count++] = field;
    }

    private Field Plain(ref int at)
    {
        var first = at;
        var rest = buffer.AsSpan(at, length - at);
        var end = syntax.IsByWhiteSpace
            ? rest.IndexOfAny(" \t\r\n"u8)
            : rest.IndexOfAny((byte)syntax.Delimiter, (byte)'\n', (byte)'\r');
        at = end < 0 ? length : at + end;
        var last = at;
        while (last > first && IsBlank(buffer[last - 1])) last--;
        if (syntax.IsByWhiteSpace) at = SkipBlanks(at);
        return new(first, last - first, IsQuoted: false);
    }

    private Field Quoted(ref int at, ref int lines)
    {
        var (first, opened) = (++at, nextLine + lines);
        while (true)
        {
            var quote = buffer.AsSpan(at, length - at).IndexOf((byte)'"');
            if (quote < 0 && isAtEnd) throw file.Error($"line {opened}", "a quote is opened and never closed.");
            at = quote < 0 ? length : at + quote + 1;
            if (quote < 0 || (at == length && !isAtEnd)) return default;
            if (at == length || buffer[at] != '"') break;
            at++;
        }
        var field = buffer.AsSpan(first, at - 1 - first);
        lines += LineCount(field);
        var closed = at;
        at = SkipBlanks(at);
        if (at < length && !IsLineEnd(buffer[at]) && !IsDelimiter(buffer[at]) && !(syntax.IsByWhiteSpace && at > closed))
            throw file.Error($"line {nextLine + lines}", "text follows a closing quote: a quote inside a quoted field is written twice.");
        return new(first, field.Length, IsQuoted: true);
    }

    private static int LineCount(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
            if (IsLineEnd(text[i]) && !(text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')) count++;
        return count;
    }

    private int SkipBlanks(int at)
    {
        while (at < length && IsBlank(buffer[at]) && (syntax.IsByWhiteSpace || buffer[at] != syntax.Delimiter)) at++;
        return at;
    }

    /// <summary>Brings more of the content into memory, behind what is not read yet, which moves to the front; false at the end.</summary>
    private bool Fill()
    {
        if (isAtEnd) return false;
        buffer.AsSpan(start, length - start).CopyTo(buffer);
        (start, length) = (0, length - start);
        if (length == buffer.Length)
        {
            if (length == Array.MaxLength) throw file.Error($"line {nextLine}", $"the line takes more than {Array.MaxLength} bytes.");
            Array.Resize(ref buffer, (int)Math.Min(2L * length, Array.MaxLength));
        }
        var read = content.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
        length += read;
        isAtEnd = length < buffer.Length;
        return read > 0;
    }

    private bool IsDelimiter(byte character) => character == syntax.Delimiter || (syntax.IsByWhiteSpace && character == '\t');

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';

    private static bool IsLineEnd(byte character) => character is (byte)'\n' or (byte)'\r';
}
