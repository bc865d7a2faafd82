namespace Paramorph.Formats;

/// <summary>What a file of <see cref="DelimitedText"/> looks like. What is null is found out.</summary>
public sealed record DelimitedTextOptions
{
    /// <summary>
    /// What stands between fields: a comma, semicolon, tab or any other ASCII character; a space means runs of spaces and tabs. Found out from the first row: a
    /// comma, a semicolon, tabs unless spaces are beside them, else white space.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first row names the columns. Found out: it does when a column that is numeric below the first row is not in it.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>An ASCII character that starts lines to be skipped; null for none. <c>#</c> by default.</summary>
    public char? Comment { get; init; } = '#';

    /// <summary>How many lines to skip before the first row: titles, units.</summary>
    public int SkippedLines { get; init; }
}
