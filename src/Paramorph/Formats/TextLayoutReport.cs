using System.Globalization;

namespace Paramorph.Formats;

/// <summary>Says in sentences what a reader of delimited text took for granted.</summary>
internal static class TextLayoutReport
{
    private const int ShownNames = 5;

    /// <summary>How a sentence on columns begins whose commas may stand between thousands.</summary>
    public const string PerhapsThousands = "numbers such as ";

    /// <summary>The sentences.</summary>
    /// <param name="layout">What was found.</param>
    /// <param name="given">What was told, which needs no sentence.</param>
    /// <param name="kept">How many rows are kept.</param>
    public static IReadOnlyList<string> Of(TextLayout layout, DelimitedTextOptions given, long kept) =>
    [
        .. Delimiter(layout, given),
        .. Header(layout, given),
        .. Names(layout),
        .. Numbers(layout, given),
        .. Missing(layout),
        .. Texts(layout),
        .. Rows(layout, kept),
    ];

    private static IEnumerable<string> Delimiter(TextLayout layout, DelimitedTextOptions given)
    {
        if (given.Delimiter is not null || layout.Width == 1) yield break;
        yield return $"the fields stand between {Name(layout.Syntax.Delimiter)}.";
        if (layout.Syntax.Delimiter == ',' && layout.Width == 2 && layout.Columns.All(IsWhole))
            yield return "commas between whole numbers may be decimal marks: if they are, say Decimal = ',' and Delimiter = ';'.";
    }

    private static bool IsWhole(TextLayout.Column column) => column.Survey is { NotWhole: 0, Missing: 0, WithoutMark: > 0 } && column.Survey.Texts('.') == 0;

    private static IEnumerable<string> Header(TextLayout layout, DelimitedTextOptions given)
    {
        if (layout.TitleFields > 0) yield return $"the first line is taken for a title and left out, since it has {Count(layout.TitleFields, "field", "fields")} where the rows below have {layout.Width}.";
        if (layout.AreNamesInComment) yield return "the comment above the first row names the columns.";
        if (given.HasHeader is not null) yield break;
        if (layout.Options.HasHeader == false)
            yield return layout.AreNamesInComment ? "the first row is data." : "the first row is data, and the columns have their numbers for names: HasHeader = true takes the row for names.";
        else if (layout.NameAboveNumbers < 0)
            yield return "the first row names the columns, since it has another number of fields than the rows below.";
        else if (layout.NameText == "0" && !layout.HasRowNames)
            yield return "the first row names the columns, since it counts them from 0: HasHeader = false takes it for data.";
        else if (layout.NameText.Length == 0)
            yield return "the first row names the columns, since it counts them from 0 behind an empty corner: HasHeader = false takes it for data.";
        else
            yield return $"the first row names the columns, since '{layout.NameText}' stands above numbers: HasHeader = false takes it for data.";
    }

    private static IEnumerable<string> Names(TextLayout layout)
    {
        if (layout.HasRowNames) yield return $"the first column has no name and is called '{layout.Columns[0].Name}': it holds the names of the rows.";
        if (layout.IsLastDropped) yield return "the last field is empty in every row and left out.";
        if (layout.Renamed.Count > 0) yield return $"columns that had the name of another one were renamed: {List(layout.Renamed.Select(name => $"'{name.Old}' to '{name.New}'"))}.";
    }

    private static IEnumerable<string> Numbers(TextLayout layout, DelimitedTextOptions given)
    {
        var mark = layout.Options.Decimal!.Value;
        if (given.Decimal is null && mark == ',') yield return "a comma stands before the decimals.";
        var thousands = layout.Columns.Where(column => mark == '.' && column.Survey is { PerhapsThousands: > 0, Others: 0 }).ToList();
        if (given.Decimal is null && thousands.Count > 0)
            yield return $"{PerhapsThousands}{thousands[0].Survey.FirstText('.')} are kept as text, since the comma may stand between thousands or before decimals: {Names(thousands)}; Decimal = ',' makes them numbers if it is the latter.";
        var fortran = layout.Columns.Where(IsNumber).Sum(column => column.Survey.Fortran);
        if (fortran > 0) yield return $"{Count(fortran, "number has", "numbers have")} the exponents of Fortran, as 1.0D+00 or 3.14-114.";
        if (Some(layout, column => IsNumber(column) && column.Survey.LeadingZeros > 0) is { Count: > 0 } zeros)
            yield return $"numbers lose the zeros at their start: {Names(zeros)}.";
        foreach (var sentence in Large(layout)) yield return sentence;
    }

    private static IEnumerable<string> Large(TextLayout layout)
    {
        if (Some(layout, column => column.Kind == TextLayout.Kind.Whole) is { Count: > 0 } wholes)
            yield return $"whole numbers beyond 2^53 are kept as i64: {Names(wholes)}.";
        if (Some(layout, column => column.Kind == TextLayout.Kind.Text && column.Survey is { Large: > 0, NotWhole: 0, Others: 0, Unquoted: > 0 }) is { Count: > 0 } texts)
            yield return $"whole numbers beyond 64 bits, or beyond 2^53 beside missing values, are kept as text: {Names(texts)}.";
        if (Some(layout, column => IsNumber(column) && column.Survey.Large > 0) is { Count: > 0 } rounded)
            yield return $"whole numbers beyond 2^53 are rounded, since other numbers of the column have decimals: {Names(rounded)}.";
    }

    private static IEnumerable<string> Missing(TextLayout layout)
    {
        var markers = layout.Syntax.Missing.Texts;
        var numbers = layout.Columns.Where(column => column.Kind != TextLayout.Kind.Text).ToList();
        var counts = markers.Select((marker, i) => (Marker: marker, Count: numbers.Sum(column => column.Survey.MissingOf(i)))).Where(pair => pair.Count > 0).ToList();
        if (counts.Count > 0)
            yield return $"{Count(counts.Sum(pair => pair.Count), "field counts", "fields count")} as missing: {string.Join(", ", counts.Select(pair => $"{Count(pair.Count)} {Quoted(pair.Marker)}"))}.";
        if (Some(layout, column => column.Kind == TextLayout.Kind.Text && markers.Index().Any(marker => marker.Item.Length > 0 && column.Survey.MissingOf(marker.Index) > 0)) is { Count: > 0 } texts)
            yield return $"fields that may mean missing values are kept as they are in columns of text: {Names(texts)}.";
    }

    private static IEnumerable<string> Texts(TextLayout layout)
    {
        var mark = layout.Options.Decimal!.Value;
        foreach (var column in layout.Columns.Where(column => column.Survey.Numbers(mark) > 0 && column.Survey.Texts(mark) > 0).Take(ShownNames))
            yield return $"the column '{column.Name}' is text, since {Count(column.Survey.Texts(mark), "of its fields is no number", "of its fields are no numbers")}, '{column.Survey.FirstText(mark)}' first.";
        if (Some(layout, column => column.Kind == TextLayout.Kind.Text && column.Survey.Texts(mark) == 0 && column.Survey is { Unquoted: 0, Large: 0 }) is { Count: > 0 } quoted)
            yield return $"numbers in quotes are text: {Names(quoted)}; QuotedIsText = false makes them numbers.";
    }

    private static IEnumerable<string> Rows(TextLayout layout, long kept)
    {
        if (layout.CommentCount > 0) yield return $"{Count(layout.CommentCount, "line that starts", "lines that start")} with {string.Join(" or ", layout.Syntax.Comments.Select(c => $"'{c}'"))} {(layout.CommentCount == 1 ? "is a comment" : "are comments")} and skipped.";
        if (kept < layout.RowCount) yield return $"{Count(kept)} of {Count(layout.RowCount)} rows are kept, evenly spread (MaxRows); the kinds of the columns are those of all rows.";
    }

    private static bool IsNumber(TextLayout.Column column) => column.Kind == TextLayout.Kind.Number;

    private static List<TextLayout.Column> Some(TextLayout layout, Func<TextLayout.Column, bool> where) => [.. layout.Columns.Where(where)];

    private static string Names(List<TextLayout.Column> columns) => List(columns.Select(column => $"'{column.Name}'"));

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(ShownNames)) + (all.Count > ShownNames ? $" and {Count(all.Count - ShownNames)} more" : "");
    }

    internal static string Name(char delimiter) => delimiter switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        ' ' => "white space",
        _ => $"'{delimiter}'",
    };

    private static string Quoted(string marker) => marker.Length == 0 ? "empty" : $"'{marker}'";

    private static string Count(long count, string one, string more) => $"{Count(count)} {(count == 1 ? one : more)}";

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
