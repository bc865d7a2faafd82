using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// Tables as text: fields between commas, semicolons, tabs or white space, one row a line, compressed by gzip or not, in UTF-8 or, if it is none, Windows-1252. Fields may be quoted (RFC 4180);
/// blank lines and comments are skipped; white space around fields is dropped. Every row has equally many fields. A column is numeric when all its fields are
/// numbers or markers of missing values; whole numbers beyond 2^53 are kept as i64, or as text beyond 64 bits or beside missing values. What was found out about a
/// file is told by <see cref="Table.Understood"/>.
/// </summary>
/// <remarks>
/// The parser is our own since it reads numbers from the bytes without making text of each field, takes runs of white space for delimiters, and tells line and
/// field of what is wrong. It goes over the content twice, in pieces: once to see what it holds, once to take it. So memory is taken for what is kept alone.
/// </remarks>
public static class DelimitedText
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it looks like; found out when null.</param>
    /// <param name="limits">The limits; those of <see cref="FormatLimits.Default"/> when null.</param>
    /// <exception cref="UnreadableFileException">
    /// The file is no text, there are no rows, they differ in length, a quote is not closed, or the content is beyond the limits.
    /// </exception>
    /// <exception cref="ArgumentException">The options contradict each other: the delimiter is the decimal mark or is not ASCII, or no row is to be kept.</exception>
    public static Table Read(string path, DelimitedTextOptions? options = null, FormatLimits? limits = null) =>
        InputFile.Read(path, limits, file => Read(file, options ?? new()));

    /// <param name="stream">The content, to its end.</param>
    /// <inheritdoc cref="Read(string, DelimitedTextOptions, FormatLimits)"/>
    public static Table Read(Stream stream, DelimitedTextOptions? options = null, FormatLimits? limits = null) =>
        InputFile.Read(stream, limits, file => Read(file, options ?? new()));

    /// <summary>
    /// Writes a table with the names of its columns to a file, which appears whole or not at all. Text that reads as a number or as missing stands in quotes, so that
    /// it is read as text again.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="delimiter">What to put between fields.</param>
    public static void Write(string path, Table table, char delimiter = ',') => AtomicFile.Write(path, stream => Write(stream, table, delimiter));

    /// <inheritdoc cref="Write(string, Table, char)"/>
    public static void Write(Stream stream, Table table, char delimiter = ',')
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(delimiter, table.Names.Select(name => Name(name, delimiter))));
        Func<int, string>[] fields = [.. table.Columns.Select(column => FieldsOf(column, delimiter))];
        for (var row = 0; row < table.RowCount; row++) writer.WriteLine(string.Join(delimiter, fields.Select(field => field(row))));
    }

    private static Func<int, string> FieldsOf(TableColumn column, char delimiter)
    {
        if (column is TableColumn.Text text) return row => IsPlain(text.Values[row], delimiter) && !LooksNumeric(text.Values[row]) ? text.Values[row] : Quoted(text.Values[row]);
        var values = ((TableColumn.Numeric)column).Values;
        if (values.ElementType == ElementType.Float32)
        {
            var singles = values.ToArray<float>();
            return row => NumberText.Of(singles[row]);
        }
        if (values.ElementType == ElementType.Int64)
        {
            var wholes = values.ToArray<long>();
            return row => wholes[row].ToString(CultureInfo.InvariantCulture);
        }
        var numbers = values.ToDoubles();
        return row => NumberText.Of(numbers[row]);
    }

    /// <summary>A text as one field between commas.</summary>
    internal static string Field(string text) => IsPlain(text, ',') ? text : Quoted(text);

    private static string Name(string name, char delimiter) => IsPlain(name, delimiter) && !LooksNumeric(name) ? name : Quoted(name);

    private static bool IsPlain(string text, char delimiter) =>
        text.Length > 0 && text == text.Trim() && text[0] is not ('#' or '%') && text.AsSpan().IndexOfAny([delimiter, '"', '\n', '\r', '\t', ' ']) < 0;

    private static bool LooksNumeric(string text) =>
        DelimitedTextOptions.UsualMissing.Contains(text) || NumberText.Parse(Encoding.UTF8.GetBytes(text), text.Contains(',', StringComparison.Ordinal) ? ',' : '.', out _) != NumberText.Form.None;

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static Table Read(InputFile file, DelimitedTextOptions options)
    {
        Check(options);
        var layout = TextLayout.Of(file, options);
        var kept = Math.Min(layout.RowCount, options.MaxRows ?? long.MaxValue);
        if (kept * layout.Columns.Count > file.Limits.MaxElements)
            throw file.Error("", $"{kept} rows of {layout.Columns.Count} columns are more than {file.Limits.MaxElements} fields (FormatLimits.MaxElements).");
        TableColumnFiller[] fillers = [.. layout.Columns.Select(column => new TableColumnFiller(column, layout, (int)kept))];
        var skipped = Fill(fillers, layout, (int)kept, file);
        return new([.. fillers.Select(filler => filler.Column())])
        {
            Understood = [.. file.TextEncoding.Note is { } note ? [note] : (string[])[], .. TextLayoutReport.Of(layout, options, kept)],
            Layout = layout.Options,
            SkippedLines = skipped,
        };
    }

    private static void Check(DelimitedTextOptions options)
    {
        if (options.Delimiter is > '\u007f' or '"' or '\n' or '\r') throw new ArgumentException($"the delimiter '{options.Delimiter}' is no ASCII character that can stand between fields.", nameof(options));
        if (options.Decimal is not (null or '.' or ',')) throw new ArgumentException($"the decimal mark '{options.Decimal}' is neither a point nor a comma.", nameof(options));
        if (options.Decimal is not null && options.Decimal == options.Delimiter) throw new ArgumentException($"'{options.Decimal}' stands between fields and before decimals: it can be one of both.", nameof(options));
        if (options.MaxRows <= 0) throw new ArgumentException($"MaxRows is {options.MaxRows}: at least one row is kept.", nameof(options));
    }

    /// <summary>Takes the rows; tells how many lines between them are blank or comments.</summary>
    private static int Fill(TableColumnFiller[] fillers, TextLayout layout, int kept, InputFile file)
    {
        using var content = file.OpenText();
        var scanner = new DelimitedTextScanner(content, layout.Syntax, file);
        if (layout.TitleFields > 0) scanner.NextRow();
        if (layout.Options.HasHeader == true) scanner.NextRow();
        var (next, above, skipped) = (0, 0, 0);
        for (var row = 0L; next < kept && scanner.NextRow(); row++)
        {
            if (row == 0) above = scanner.SkippedCount;
            skipped = scanner.SkippedCount - above;
            if (row != next * layout.RowCount / kept) continue;
            if (scanner.Count != layout.Width) break;
            foreach (var filler in fillers) filler.Take(scanner, next);
            next++;
        }
        return next < kept ? throw file.Error("", "the file changed while it was read.") : skipped;
    }
}
