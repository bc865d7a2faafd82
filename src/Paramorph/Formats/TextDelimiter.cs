namespace Paramorph.Formats;

/// <summary>Finds what stands between the fields of delimited text from its first rows.</summary>
internal static class TextDelimiter
{
    private const int TriedRows = 100;

    // Where two cut the rows equally well, the one that comes first is taken: a text with commas between semicolons is more common than the reverse.
    private const string Candidates = ";,|\t";

    /// <summary>How a delimiter cuts the first rows.</summary>
    /// <param name="Delimiter">The delimiter.</param>
    /// <param name="FirstWidth">Fields of the first row.</param>
    /// <param name="IsEven">Whether all rows have equally many fields, two or more; the first may have one more or less when it holds no numbers.</param>
    /// <param name="IsExact">Whether the first row has as many fields as the others.</param>
    /// <param name="NumberShare">How many of the fields below the first row are numbers or missing, of all.</param>
    /// <param name="HasInnerTabs">Whether a field holds a tab.</param>
    /// <param name="HasInnerBlanks">Whether a field holds white space.</param>
    /// <param name="InnerBlanksSeparateNumbers">Whether what stands between white space is a number in every field that holds white space.</param>
    private sealed record Trial(
        char Delimiter, int FirstWidth, bool IsEven, bool IsExact, double NumberShare, bool HasInnerTabs, bool HasInnerBlanks, bool InnerBlanksSeparateNumbers);

    /// <summary>The delimiter: the one that gives equally many fields in each of the first rows, of several one that does so in the first row too, and of these the one that gives the larger share of numbers.</summary>
    /// <param name="head">The first bytes of the content, whole lines.</param>
    /// <param name="syntax">How it is cut otherwise.</param>
    /// <param name="file">The file, for limits and messages.</param>
    public static char Find(byte[] head, TextSyntax syntax, InputFile file)
    {
        var trials = Candidates.ToDictionary(delimiter => delimiter, delimiter => Try(head, syntax with { Delimiter = delimiter }, file));
        var blanks = Try(head, syntax with { Delimiter = ' ' }, file);
        var even = trials.Values.Where(trial => trial.IsEven).ToList();
        // A tab within a field is rather the delimiter itself.
        if (trials['\t'].IsEven) even.RemoveAll(trial => trial.HasInnerTabs);
        if (even.Count > 0)
        {
            // A comma before decimals cuts rows evenly too, but not the names above them.
            if (even.Exists(trial => trial.IsExact)) even.RemoveAll(trial => !trial.IsExact);
            var best = even.MaxBy(trial => trial.NumberShare)!;
            return blanks.IsEven && IsCutFurther(best, blanks) ? ' ' : best.Delimiter;
        }
        if (blanks.IsEven) return ' ';
        // Rows of one field below a first row of several words are one column with its name, or its title.
        if (blanks.FirstWidth > 1 && trials.Values.All(trial => trial.FirstWidth <= 1) && blanks.NumberShare == 1) return ',';
        return OfFirstRow(trials);
    }

    /// <summary>Whether white space is the delimiter, since it stands between numbers alone in the fields of another one.</summary>
    private static bool IsCutFurther(Trial best, Trial blanks) => best is { HasInnerBlanks: true, InnerBlanksSeparateNumbers: true }
        && (best.Delimiter == '\t' || (best.Delimiter == ',' && blanks.NumberShare == 1));

    private static char OfFirstRow(Dictionary<char, Trial> trials)
    {
        foreach (var delimiter in ",;\t|")
            if (trials[delimiter].FirstWidth > 1) return delimiter;
        return ' ';
    }

    private static Trial Try(byte[] head, TextSyntax syntax, InputFile file)
    {
        var (widths, numbers, fields) = (new List<int>(), 0, 0);
        var (hasTabs, hasBlanks, areNumbers, areNames) = (false, false, true, true);
        var scanner = new DelimitedTextScanner(new MemoryStream(head), syntax, file);
        try
        {
            while (widths.Count < TriedRows && scanner.NextRow())
            {
                for (var i = 0; i < scanner.Count; i++)
                {
                    var field = scanner[i];
                    if (scanner.IsQuoted(i)) continue;
                    hasTabs |= field.Contains((byte)'\t');
                    if (widths.Count == 0)
                    {
                        areNames &= field.IsEmpty || !AreNumbers(field, syntax);
                        continue;
                    }
                    if (IsNumber(field, syntax)) numbers++;
                    if (!field.ContainsAny((byte)' ', (byte)'\t')) continue;
                    hasBlanks = true;
                    areNumbers &= AreNumbers(field, syntax);
                }
                if (widths.Count > 0) fields += scanner.Count;
                widths.Add(scanner.Count);
            }
        }
        catch (UnreadableFileException)
        {
            // A quote that is open at the end of these bytes, or no quote at all under another delimiter: what was seen before decides.
            if (widths.Count == 0) widths.Add(scanner.Count + 1);
        }
        var width = widths.Count == 0 ? 0 : widths[^1];
        var isEven = width > 1 && widths.Skip(1).All(other => other == width) && (widths[0] == width || (Math.Abs(widths[0] - width) == 1 && areNames));
        return new(syntax.Delimiter, widths.Count == 0 ? 0 : widths[0], isEven, widths.Count > 0 && widths[0] == width, fields == 0 ? 0 : (double)numbers / fields, hasTabs, hasBlanks, areNumbers);
    }

    private static bool AreNumbers(ReadOnlySpan<byte> field, TextSyntax syntax)
    {
        foreach (var part in field.SplitAny((byte)' ', (byte)'\t'))
            if (!field[part].IsEmpty && !IsNumber(field[part], syntax)) return false;
        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> field, TextSyntax syntax) => syntax.Missing.IndexOf(field) >= 0
        || NumberText.Parse(field, '.', out _) != NumberText.Form.None
        || (syntax.Delimiter != ',' && NumberText.Parse(field, ',', out _) != NumberText.Form.None);
}
