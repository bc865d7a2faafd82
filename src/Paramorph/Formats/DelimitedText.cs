using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Tables as text: fields between commas, tabs or white space, one row a line, compressed by gzip or not, in UTF-8. Fields may be quoted (RFC 4180); blank
/// lines and comments are skipped; white space around fields is dropped. Every row has equally many fields. A column is numeric when all its fields are numbers,
/// empty or NA.
/// </summary>
/// <remarks>
/// The parser is our own since it reads numbers from the bytes without making text of each field, takes runs of white space for delimiters, and tells line and
/// field of what is wrong; it goes over the content twice, so that memory is taken only for columns whose type and length are known.
/// </remarks>
public static class DelimitedText
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it looks like; found out when null.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">There are no rows, they differ in length, a quote is not closed, or the content is beyond the limits.</exception>
    public static Table Read(string path, DelimitedTextOptions? options = null, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => Read(file, options ?? new()));

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, DelimitedTextOptions, FormatLimits)"/>
    public static Table Read(Stream stream, DelimitedTextOptions? options = null, FormatLimits? limits = null) =>
        InputFile.Read(stream, limits, file => Read(file, options ?? new()));

    /// <summary>Writes a table with the names of its columns to a file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="delimiter">What to put between fields.</param>
    public static void Write(string path, Table table, char delimiter = ',') => AtomicFile.Write(path, stream => Write(stream, table, delimiter));

    /// <inheritdoc cref="Write(string, Table, char)"/>
    public static void Write(Stream stream, Table table, char delimiter = ',')
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(delimiter, table.Names.Select(name => Field(name, delimiter))));
        Func<int, string>[] fields = [.. table.Columns.Select(column => FieldsOf(column, delimiter))];
        for (var row = 0; row < table.RowCount; row++) writer.WriteLine(string.Join(delimiter, fields.Select(field => field(row))));
    }

    private static Func<int, string> FieldsOf(TableColumn column, char delimiter)
    {
        if (column is TableColumn.Text text) return row => Field(text.Values[row], delimiter);
        var values = ((TableColumn.Numeric)column).Values;
        if (values.ElementType == ElementType.Float32)
        {
            // The shortest text that is the same single-precision number again.
            var singles = values.ToArray<float>();
            return row => singles[row].ToString("R", CultureInfo.InvariantCulture);
        }
        var numbers = values.ToDoubles();
        return row => numbers[row].ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Field(string text, char delimiter)
    {
        var isPlain = text.Length > 0 && text == text.Trim() && text[0] != '#' && text.AsSpan().IndexOfAny([delimiter, '"', '\n', '\r', '\t', ' ']) < 0;
        return isPlain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static Table Read(InputFile file, DelimitedTextOptions options)
    {
        using var content = file.Decompressed();
        var text = content.TakeRest();
        if (text is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..]) throw file.Error("byte 0", "the text is in UTF-16: save it in UTF-8.");
        var layout = TextLayout.Of(text, options, file);
        return Fill(layout, text, options, file);
    }

    private static Table Fill(TextLayout layout, ReadOnlySpan<byte> text, DelimitedTextOptions options, InputFile file)
    {
        var (numbers, texts) = (new double[layout.Columns.Length][], new string[layout.Columns.Length][]);
        for (var column = 0; column < numbers.Length; column++)
        {
            if (layout.IsNumeric(column)) numbers[column] = new double[layout.RowCount];
            else texts[column] = new string[layout.RowCount];
        }
        var scanner = TextLayout.Start(text, layout.Delimiter, options, file);
        if (layout.HasHeader) scanner.NextRow();
        var names = layout.HasHeader ? Names(ref scanner, layout.Columns.Length, file) : [.. layout.Columns.Select((_, column) => Name(column))];
        for (var row = 0; scanner.NextRow(); row++)
        {
            for (var column = 0; scanner.NextField(out var field, out var isQuoted); column++)
            {
                if (numbers[column] is { } values) values[row] = DelimitedTextScanner.Number(field) ?? double.NaN;
                else texts[column][row] = DelimitedTextScanner.Text(field, isQuoted);
            }
        }
        return new([.. names.Select((name, i) => numbers[i] is { } values ? new TableColumn.Numeric(name, Tensor.From(values)) : (TableColumn)new TableColumn.Text(name, texts[i]))]);
    }

    private static List<string> Names(ref DelimitedTextScanner scanner, int count, InputFile file)
    {
        var (names, seen) = (new List<string>(count), new HashSet<string>());
        while (scanner.NextField(out var field, out var isQuoted))
        {
            var name = field.IsEmpty ? Name(names.Count) : DelimitedTextScanner.Text(field, isQuoted);
            if (!seen.Add(name)) throw file.Error($"line {scanner.Line}", $"two columns have the name '{name}': say HasHeader = false if the first row holds no names.");
            names.Add(name);
        }
        return names;
    }

    private static string Name(int column) => column.ToString(CultureInfo.InvariantCulture);
}
