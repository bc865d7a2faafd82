namespace Paramorph.Formats;

/// <summary>What a first pass over delimited text finds: how many rows and columns there are, and which columns are numeric.</summary>
internal sealed record TextLayout(char Delimiter, int RowCount, bool HasHeader, TextLayout.Column[] Columns)
{
    /// <summary>Whether a field of the first row, and whether all fields below it, are numbers.</summary>
    internal readonly record struct Column(bool IsFirstNumeric, bool IsRestNumeric);

    public bool IsNumeric(int column) => Columns[column].IsRestNumeric && (HasHeader || Columns[column].IsFirstNumeric);

    /// <summary>A scanner before the first row.</summary>
    public static DelimitedTextScanner Start(ReadOnlySpan<byte> text, char delimiter, DelimitedTextOptions options, InputFile file)
    {
        var scanner = new DelimitedTextScanner(text.StartsWith("\uFEFF"u8) ? text[3..] : text, delimiter, options.Comment, file);
        for (var line = 0; line < options.SkippedLines; line++) scanner.SkipLine();
        return scanner;
    }

    public static TextLayout Of(ReadOnlySpan<byte> text, DelimitedTextOptions options, InputFile file)
    {
        var delimiter = options.Delimiter ?? FindDelimiter(Start(text, ',', options, file), file);
        var scanner = Start(text, delimiter, options, file);
        var columns = FirstRow(ref scanner, file);
        var rows = 1L;
        for (; scanner.NextRow(); rows++)
        {
            if ((rows + 1) * columns.Length > file.Limits.MaxElements)
                throw file.Error($"line {scanner.Line}", $"the table has more than {file.Limits.MaxElements} fields (FormatLimits.MaxElements).");
            CheckRow(ref scanner, columns, file);
        }
        var hasHeader = options.HasHeader ?? (rows > 1 && columns.Any(column => column is { IsFirstNumeric: false, IsRestNumeric: true }));
        return new(delimiter, (int)(hasHeader ? rows - 1 : rows), hasHeader, columns);
    }

    private static Column[] FirstRow(ref DelimitedTextScanner scanner, InputFile file)
    {
        var columns = new List<Column>();
        if (!scanner.NextRow()) throw file.Error("", "there are no rows: the file is empty or holds nothing but comments.");
        while (scanner.NextField(out var field, out _))
        {
            if (columns.Count == file.Limits.MaxColumns) throw file.Error($"line {scanner.Line}", $"the row has more than {columns.Count} fields (FormatLimits.MaxColumns).");
            columns.Add(new(DelimitedTextScanner.Number(field) is not null, true));
        }
        return [.. columns];
    }

    private static void CheckRow(ref DelimitedTextScanner scanner, Column[] columns, InputFile file)
    {
        var count = 0;
        for (; scanner.NextField(out var field, out _); count++)
            if (count < columns.Length && columns[count].IsRestNumeric && DelimitedTextScanner.Number(field) is null) columns[count] = columns[count] with { IsRestNumeric = false };
        if (count != columns.Length) throw file.Error($"line {scanner.Line}", $"the row has {count} fields where the first row has {columns.Length}.");
    }

    private static char FindDelimiter(DelimitedTextScanner scanner, InputFile file)
    {
        if (!scanner.NextRow()) throw file.Error("", "there are no rows: the file is empty or holds nothing but comments.");
        var line = scanner.Rest;
        line = line[..(line.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end ? end : line.Length)];
        // What stands in quotes says nothing.
        Span<int> counts = stackalloc int[3];
        var isQuoted = false;
        var isAligned = line.EndsWith("\t"u8) || line.IndexOf(" \t"u8) >= 0 || line.IndexOf("\t "u8) >= 0;
        foreach (var character in line)
        {
            if (character == '"') isQuoted = !isQuoted;
            else if (!isQuoted && ",;\t"u8.IndexOf(character) is >= 0 and var kind) counts[kind]++;
        }
        return counts[0] > 0 ? ',' : counts[1] > 0 ? ';' : counts[2] > 0 && !isAligned ? '\t' : ' ';
    }
}
