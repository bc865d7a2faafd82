namespace Paramorph.Formats;

/// <summary>What one pass over the rows of delimited text counts.</summary>
internal sealed class TextSurvey
{
    private readonly TextSyntax syntax;
    private readonly InputFile file;

    private TextSurvey(TextSyntax syntax, InputFile file) => (this.syntax, this.file) = (syntax, file);

    /// <summary>The fields of the first row, and whether each stands in quotes.</summary>
    public List<(string Text, bool IsQuoted)> First { get; } = [];

    /// <summary>The line of the first row.</summary>
    public int FirstLine { get; private set; }

    /// <summary>The number of fields of a line above the first row that is no row: a title, as scikit-learn's files have one; 0 without one.</summary>
    public int TitleFields { get; private set; }

    /// <summary>The comment directly above the first row.</summary>
    public string? CommentAbove { get; private set; }

    /// <summary>How many lines are comments.</summary>
    public int CommentCount { get; private set; }

    /// <summary>The number of rows below the first.</summary>
    public long RowCount { get; private set; }

    /// <summary>What stands below the first row, column by column.</summary>
    public ColumnSurvey[] Columns { get; private set; } = [];

    /// <summary>Goes over a content.</summary>
    /// <param name="content">The content, from its start.</param>
    /// <param name="syntax">How it is cut.</param>
    /// <param name="maxFields">How many fields there may be in all.</param>
    /// <param name="file">The file, for limits and messages.</param>
    public static TextSurvey Of(Stream content, TextSyntax syntax, long maxFields, InputFile file)
    {
        var scanner = new DelimitedTextScanner(content, syntax, file);
        var survey = new TextSurvey(syntax, file);
        if (!scanner.NextRow()) throw file.Error("", "there are no rows: the file is empty or holds nothing but comments.");
        survey.SeeFirst(scanner);
        while (scanner.NextRow())
        {
            survey.See(scanner);
            if ((survey.RowCount + 1) * survey.Columns.Length > maxFields)
                throw file.Error($"line {scanner.Line}", $"the table has more than {maxFields} fields (FormatLimits.MaxElements): MaxRows keeps some of its rows.");
        }
        survey.CommentCount = scanner.CommentCount;
        if (survey.Columns.Length == 0) survey.Columns = survey.MakeColumns(survey.First.Count);
        return survey;
    }

    private void SeeFirst(DelimitedTextScanner scanner)
    {
        (FirstLine, CommentAbove) = (scanner.Line, scanner.CommentAbove);
        for (var i = 0; i < scanner.Count; i++) First.Add((scanner.Text(i), scanner.IsQuoted(i)));
    }

    private void See(DelimitedTextScanner scanner)
    {
        if (RowCount == 0 && TitleFields == 0 && scanner.Count > First.Count + 1)
        {
            // Too short for a row of names: what stands above the table says something of the whole.
            TitleFields = First.Count;
            First.Clear();
            SeeFirst(scanner);
            return;
        }
        if (Columns.Length == 0 && MayName(scanner.Count)) Columns = MakeColumns(scanner.Count);
        if (scanner.Count != (Columns.Length == 0 ? First.Count : Columns.Length))
            throw file.Error($"line {scanner.Line}", $"the row has {(scanner.Count == 1 ? "1 field" : $"{scanner.Count} fields")} where the {(Columns.Length is 0 || Columns.Length == First.Count ? $"first row has {First.Count}" : $"rows above have {Columns.Length}")}, with {TextLayoutReport.Name(syntax.Delimiter)} between them.");
        for (var i = 0; i < Columns.Length; i++) Columns[i].See(scanner[i], scanner.IsQuoted(i), syntax.Missing);
        RowCount++;
    }

    /// <summary>
    /// Whether the first row may stand above rows of so many fields: it has as many, or it holds no numbers and has no name for a first column of names of rows, or
    /// one of the two has a delimiter too much at its end.
    /// </summary>
    private bool MayName(int width)
    {
        if (First.Count == width) return true;
        if (First.Count == width + 1 && First[^1] is ("", false)) return true;
        return First.Count == width - 1 && First.All(field => field.IsQuoted || !TextLayout.IsNumberOrMissing(field.Text, syntax));
    }

    private ColumnSurvey[] MakeColumns(int count)
    {
        var columns = new ColumnSurvey[count];
        for (var i = 0; i < count; i++) columns[i] = new(syntax.Missing.Texts.Count);
        return columns;
    }
}
