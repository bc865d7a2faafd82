using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>What the library tells of a file, in the words of the command: on the screen and in what is written.</summary>
internal static class CommandWords
{
    private static readonly (string Library, string Command)[] Options =
    [
        ("HasHeader = ", "--header "), ("Decimal = ',' makes them numbers if it is the latter", "--decimal point or --decimal comma makes them numbers"), ("Decimal = ','", "--decimal comma"), ("Delimiter = ';'", "--delimiter semicolon"), ("(MaxRows)", "(--max-rows)"),
        ("; QuotedIsText = false makes them numbers", ""),
    ];

    /// <summary>A content whose notes name the options of the command in the place of those of C#.</summary>
    public static DataContent Of(DataContent content) => content is DataContent.OfTable { Table: var table } told
        ? told with { Table = new Table(table.Columns) { Understood = [.. table.Understood.Select(Of)], Layout = table.Layout } }
        : content;

    /// <summary>A note in the words of the command.</summary>
    public static string Of(string note) => Options.Aggregate(note, (text, pair) => text.Replace(pair.Library, pair.Command, StringComparison.Ordinal));
}
