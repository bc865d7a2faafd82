using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>Goes through rows and fields of delimited text in UTF-8.</summary>
/// <param name="text">The content.</param>
/// <param name="delimiter">What stands between fields; a space for runs of white space.</param>
/// <param name="comment">What starts a line to be skipped.</param>
/// <param name="file">The file, for messages.</param>
internal ref struct DelimitedTextScanner(ReadOnlySpan<byte> text, char delimiter, char? comment, InputFile file)
{
    private readonly ReadOnlySpan<byte> text = text;
    private int next;
    private int nextLine = 1;
    private bool isFieldDue;

    /// <summary>The line, from 1, on which the row starts.</summary>
    public int Line { get; private set; }

    /// <summary>What is not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => text[next..];

    private readonly bool IsByWhiteSpace => delimiter == ' ';

    /// <summary>The number in a field: NaN for an empty one and for NA; null when it is none.</summary>
    public static double? Number(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty || field.SequenceEqual("NA"u8)) return double.NaN;
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        return field switch
        {
            _ when Ascii.EqualsIgnoreCase(field, "inf"u8) || Ascii.EqualsIgnoreCase(field, "+inf"u8) => double.PositiveInfinity,
            _ when Ascii.EqualsIgnoreCase(field, "-inf"u8) => double.NegativeInfinity,
            _ => null,
        };
    }

    /// <summary>The text of a field.</summary>
    public static string Text(ReadOnlySpan<byte> field, bool isQuoted)
    {
        var characters = Encoding.UTF8.GetString(field);
        return isQuoted ? characters.Replace("\"\"", "\"", StringComparison.Ordinal) : characters;
    }

    /// <summary>Skips a line.</summary>
    public void SkipLine()
    {
        while (next < text.Length && !IsLineEnd(text[next])) next++;
        EndLine();
    }

    /// <summary>Goes to the next row that is neither blank nor a comment; false at the end.</summary>
    public bool NextRow()
    {
        while (next < text.Length)
        {
            var first = next;
            while (first < text.Length && IsBlank(text[first])) first++;
            if (first < text.Length && !IsLineEnd(text[first]) && text[first] != comment)
            {
                if (IsByWhiteSpace) next = first;
                (Line, isFieldDue) = (nextLine, true);
                return true;
            }
            SkipLine();
        }
        return false;
    }

    /// <summary>The next field of the row, without quotes and white space around it; false when there is none left.</summary>
    public bool NextField(out ReadOnlySpan<byte> field, out bool isQuoted)
    {
        field = default;
        isQuoted = false;
        if (!isFieldDue) return false;
        SkipBlanks();
        isQuoted = next < text.Length && text[next] == '"';
        field = isQuoted ? Quoted() : Plain();
        if (IsByWhiteSpace)
        {
            isFieldDue = next < text.Length && !IsLineEnd(text[next]);
        }
        else
        {
            isFieldDue = next < text.Length && text[next] == delimiter;
            if (isFieldDue) next++;
        }
        if (!isFieldDue) EndLine();
        return true;
    }

    private ReadOnlySpan<byte> Plain()
    {
        var start = next;
        while (next < text.Length && !IsLineEnd(text[next]) && !IsDelimiter(text[next])) next++;
        var field = text[start..next].Trim(" \t"u8);
        if (IsByWhiteSpace) SkipBlanks();
        return field;
    }

    private ReadOnlySpan<byte> Quoted()
    {
        var (start, opened) = (++next, nextLine);
        while (true)
        {
            if (next == text.Length) throw file.Error($"line {opened}", "a quote is opened and never closed.");
            var character = text[next++];
            if (IsLineEnd(character) && !(character == '\r' && next < text.Length && text[next] == '\n')) nextLine++;
            if (character != '"') continue;
            if (next == text.Length || text[next] != '"') break;
            next++;
        }
        var field = text[start..(next - 1)];
        var closed = next;
        SkipBlanks();
        if (next < text.Length && !IsLineEnd(text[next]) && !IsDelimiter(text[next]) && !(IsByWhiteSpace && next > closed))
            throw file.Error($"line {nextLine}", "text follows a closing quote: a quote inside a quoted field is written twice.");
        return field;
    }

    private void SkipBlanks()
    {
        while (next < text.Length && IsBlank(text[next]) && (IsByWhiteSpace || text[next] != delimiter)) next++;
    }

    /// <summary>Goes behind the end of the line, which is one or both of carriage return and line feed.</summary>
    private void EndLine()
    {
        if (next == text.Length) return;
        if (text[next++] == '\r' && next < text.Length && text[next] == '\n') next++;
        nextLine++;
    }

    private readonly bool IsDelimiter(byte character) => character == delimiter || (IsByWhiteSpace && character == '\t');

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';

    private static bool IsLineEnd(byte character) => character is (byte)'\n' or (byte)'\r';
}
