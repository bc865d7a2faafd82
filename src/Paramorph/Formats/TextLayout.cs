using System.Globalization;
using System.Text;

namespace Paramorph.Formats;

/// <summary>What delimited text was found to be.</summary>
internal sealed class TextLayout
{
    /// <summary>How the fields of a column are kept.</summary>
    internal enum Kind
    {
        /// <summary>As text.</summary>
        Text,

        /// <summary>As numbers in double precision.</summary>
        Number,

        /// <summary>As whole numbers of 64 bits.</summary>
        Whole,
    }

    /// <summary>A column of the table.</summary>
    /// <param name="Field">Which field of a row it is.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">How its fields are kept.</param>
    /// <param name="Survey">What its fields are.</param>
    internal sealed record Column(int Field, string Name, Kind Kind, ColumnSurvey Survey);

    private const string RowNames = "row";
    private readonly TextSurvey survey;

    private TextLayout(TextSyntax syntax, TextSurvey survey, DelimitedTextOptions options, InputFile file)
    {
        (Syntax, this.survey) = (syntax, survey);
        var mark = options.Decimal ?? FindDecimal();
        if (survey.First.Count != survey.Columns.Length && options.HasHeader == false)
            throw file.Error($"line {survey.FirstLine}", $"the first row has {survey.First.Count} fields where the rows below have {survey.Columns.Length}: it holds names, though HasHeader is false.");
        NameAboveNumbers = survey.RowCount > 0 ? FindName(mark) : -1;
        var hasHeader = options.HasHeader ?? (survey.First.Count != survey.Columns.Length || NameAboveNumbers >= 0);
        if (!hasHeader) IncludeFirst();
        RowCount = survey.RowCount + (hasHeader ? 0 : 1);
        Options = options with
        {
            Delimiter = syntax.Delimiter,
            Decimal = mark,
            HasHeader = hasHeader,
            QuotedIsText = options.QuotedIsText ?? !IsEverythingQuoted(hasHeader),
        };
        Columns = NameColumns();
    }

    /// <summary>How rows and fields are cut.</summary>
    public TextSyntax Syntax { get; }

    /// <summary>The options with all that was found out.</summary>
    public DelimitedTextOptions Options { get; }

    /// <summary>The number of rows of the file, names aside.</summary>
    public long RowCount { get; }

    /// <summary>The number of fields of a row.</summary>
    public int Width => survey.Columns.Length;

    /// <summary>How many lines are comments.</summary>
    public int CommentCount => survey.CommentCount;

    /// <summary>The number of fields of a title above the table; 0 without one.</summary>
    public int TitleFields => survey.TitleFields;

    /// <summary>The columns that are kept.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The field of the first row that shows that the row holds names; negative for none.</summary>
    public int NameAboveNumbers { get; }

    /// <summary>The text of that field.</summary>
    public string NameText => survey.First[NameAboveNumbers].Text;

    /// <summary>Whether the names stand in the comment above the first row.</summary>
    public bool AreNamesInComment { get; private set; }

    /// <summary>Whether the first column has names of rows and no name of its own.</summary>
    public bool HasRowNames { get; private set; }

    /// <summary>Whether a last column without anything in it is left out.</summary>
    public bool IsLastDropped { get; private set; }

    /// <summary>New names of columns that had the name of another one.</summary>
    public List<(string Old, string New)> Renamed { get; } = [];

    /// <summary>Finds out what a file holds.</summary>
    public static TextLayout Of(InputFile file, DelimitedTextOptions options)
    {
        var head = Head(file);
        FileSignature.RequireText(head.AsSpan(0, Math.Min(head.Length, FileSignature.Length)), file);
        var syntax = new TextSyntax(options.Delimiter ?? ',', options.Comment, new(options.Missing), options.SkippedLines);
        if (options.Delimiter is null) syntax = syntax with { Delimiter = TextDelimiter.Find(head, syntax, file) };
        using var content = file.OpenText();
        var survey = TextSurvey.Of(content, syntax, options.MaxRows is null ? file.Limits.MaxElements : long.MaxValue, file);
        return new(syntax, survey, options, file);
    }

    /// <summary>Whether a text is a number, whatever its decimal mark, or stands for a missing value.</summary>
    public static bool IsNumberOrMissing(string text, TextSyntax syntax)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return syntax.Missing.IndexOf(bytes) >= 0 || NumberText.Parse(bytes, '.', out _) != NumberText.Form.None || NumberText.Parse(bytes, ',', out _) != NumberText.Form.None;
    }

    /// <summary>The first bytes of a content, up to the end of a line if there is more.</summary>
    private static byte[] Head(InputFile file)
    {
        const int most = 1 << 20;
        using var content = file.OpenContent();
        using var head = new MemoryStream();
        var buffer = new byte[1 << 14];
        while (head.Length < most && content.Read(buffer) is > 0 and var read) head.Write(buffer, 0, read);
        var bytes = head.ToArray();
        return bytes.Length >= most && bytes.AsSpan().LastIndexOf((byte)'\n') is > 0 and var end ? bytes[..(end + 1)] : bytes;
    }

    /// <summary>A comma when more columns are numeric with it, unless it stands between fields or may stand between thousands.</summary>
    private char FindDecimal()
    {
        if (Syntax.Delimiter == ',') return '.';
        var isComma = NumericColumns(',') > NumericColumns('.')
            && (Syntax.Delimiter == ';' || survey.Columns.Any(column => column.WithComma > column.PerhapsThousands));
        return isComma || (survey.RowCount == 0 && Syntax.Delimiter == ';' && survey.First.Exists(field => field.Text.Contains(',', StringComparison.Ordinal))) ? ',' : '.';
    }

    private int NumericColumns(char mark) => survey.Columns.Count(column => IsNumeric(column, mark));

    private static bool IsNumeric(ColumnSurvey column, char mark) => column.Texts(mark) == 0 && column.Numbers(mark) > 0;

    /// <summary>A field of the first row that is no number above numbers, or the empty corner above the names of rows that pandas writes.</summary>
    private int FindName(char mark)
    {
        var first = survey.First;
        for (var i = 0; i < first.Count && i < survey.Columns.Length; i++)
        {
            var column = survey.Columns[i];
            if (!IsNumeric(column, mark)) continue;
            var isNumber = IsNumberOrMissing(first[i].Text, Syntax);
            if (!isNumber || (first[i].IsQuoted && first[i].Text.Length > 0 && column.Quoted == 0)) return i;
        }
        var isCorner = first.Count > 1 && first[0].Text.Length == 0 && survey.Columns[0].Missing == 0
            && first.Skip(1).Index().All(field => field.Item.Text == Number(field.Index));
        // What numbers the columns is no row of them.
        var isCount = first.Count > 2 && first.Count == survey.Columns.Length && first.Index().All(field => field.Item.Text == Number(field.Index));
        return isCorner || isCount ? 0 : -1;
    }

    private void IncludeFirst()
    {
        for (var i = 0; i < Width; i++) survey.Columns[i].See(Encoding.UTF8.GetBytes(survey.First[i].Text), survey.First[i].IsQuoted, Syntax.Missing);
    }

    private bool IsEverythingQuoted(bool hasHeader) =>
        (!hasHeader || survey.First.TrueForAll(field => field.IsQuoted)) && survey.Columns.All(column => column.Unquoted == 0);

    private List<Column> NameColumns()
    {
        var names = Options.HasHeader == true ? NamesOfFirstRow() : NamesOfComment();
        var count = Width;
        if (count > 1 && survey.Columns[^1].IsEmpty && RowCount > 0 && names[^1].Length == 0)
        {
            IsLastDropped = true;
            count--;
        }
        var (columns, seen) = (new List<Column>(count), new HashSet<string>());
        for (var i = 0; i < count; i++)
        {
            var name = Unique(names[i].Length > 0 ? names[i] : i == 0 && HasRowNames ? RowNames : Number(i), seen);
            columns.Add(new(i, name, Options.TextColumns?.Contains(name) == true ? Kind.Text : KindOf(survey.Columns[i]), survey.Columns[i]));
        }
        return columns;
    }

    private string[] NamesOfFirstRow()
    {
        var names = survey.First.Select(field => field.Text).ToList();
        var isShort = names.Count == Width - 1;
        if (isShort && survey.Columns[^1].IsEmpty) names.Add("");
        else if (isShort) names.Insert(0, "");
        // The corner above the names of rows is empty, or not there at all.
        HasRowNames = names[0].Length == 0 && (isShort || names.Count > 1);
        return [.. names.Take(Width)];
    }

    private string[] NamesOfComment()
    {
        string[] names = survey.CommentAbove is { } comment ? SplitComment(comment.Trim()) : [];
        AreNamesInComment = names.Length == Width && !names.All(name => IsNumberOrMissing(name, Syntax));
        return AreNamesInComment ? names : [.. Enumerable.Repeat("", Width)];
    }

    /// <summary>The names of a comment between delimiters; of white space, two or more blanks may stand between names that hold one.</summary>
    private string[] SplitComment(string comment)
    {
        const StringSplitOptions trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        if (!Syntax.IsByWhiteSpace) return comment.Split(Syntax.Delimiter, StringSplitOptions.TrimEntries);
        var wide = comment.Replace("\t", "  ", StringComparison.Ordinal).Split("  ", trimmed);
        return wide.Length == Width ? wide : comment.Split((char[])[' ', '\t'], trimmed);
    }

    private string Unique(string name, HashSet<string> seen)
    {
        var unique = name;
        for (var number = 2; !seen.Add(unique); number++) unique = $"{name}.{Number(number)}";
        if (unique != name) Renamed.Add((name, unique));
        return unique;
    }

    private Kind KindOf(ColumnSurvey column)
    {
        var mark = Options.Decimal!.Value;
        if (column.Texts(mark) > 0) return Kind.Text;
        if (column is { Unquoted: 0, Quoted: > 0 } && Options.QuotedIsText == true) return Kind.Text;
        if (column.Large == 0 || column.NotWhole > 0) return Kind.Number;
        return column.TooLarge > 0 || column.Missing > 0 ? Kind.Text : Kind.Whole;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
