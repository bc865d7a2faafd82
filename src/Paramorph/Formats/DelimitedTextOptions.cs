namespace Paramorph.Formats;

/// <summary>
/// What a file of <see cref="DelimitedText"/> looks like. What is null is found out, and told by <see cref="Table.Understood"/>; <see cref="Table.Layout"/> has
/// everything that was found, to read another file in the same way.
/// </summary>
public sealed record DelimitedTextOptions
{
    /// <summary>The texts that stand for missing values by default.</summary>
    public static IReadOnlyList<string> UsualMissing { get; } = ["", "?", "-", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "null", "NULL", "None"];

    /// <summary>
    /// What stands between fields: a comma, semicolon, tab or any other ASCII character; a space means runs of spaces and tabs. Found out: the one that gives
    /// equally many fields in each of the first rows.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first row names the columns. Found out: it does when a column that is numeric below the first row is not in it.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>
    /// What stands before the decimals: a point or a comma. Found out: a comma when more columns are numeric with it and it does not stand between fields.
    /// </summary>
    public char? Decimal { get; init; }

    /// <summary>The texts that stand for missing values, as they are written; <see cref="UsualMissing"/> by default. They make a column neither text nor numeric.</summary>
    public IReadOnlyList<string> Missing { get; init; } = UsualMissing;

    /// <summary>
    /// Whether numbers in quotes are text. Found out: they are unless every field of the file, names included, stands in quotes, which then say nothing.
    /// </summary>
    public bool? QuotedIsText { get; init; }

    /// <summary>The names of columns that are text even where all their fields are numbers, such as codes with zeros at their start; none when null.</summary>
    public IReadOnlyList<string>? TextColumns { get; init; }

    /// <summary>
    /// The ASCII characters that start lines to be skipped; empty for none. <c>#%</c> by default. A field of this one character, and a marker of a missing value
    /// such as <c>#N/A</c>, start a row all the same. When no row names the columns, the comment directly above the first row does if it has as many words.
    /// </summary>
    public string Comment { get; init; } = "#%";

    /// <summary>How many lines to skip before the first row: titles, units.</summary>
    public int SkippedLines { get; init; }

    /// <summary>
    /// The most rows to keep, evenly spread over the file, which is never in memory as a whole; the first is among them. All when null. The kinds of the columns
    /// are those of all rows.
    /// </summary>
    public int? MaxRows { get; init; }
}
