using System.CommandLine;
using System.CommandLine.Parsing;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Cli;

/// <summary>What a person may say of a file of data, where the guess is wrong.</summary>
internal sealed class DataOptions
{
    private readonly Option<string[]> target = new("--target") { Description = "The column or columns to predict; by default one named target, label, class or y, else the last.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> kind = new("--problem") { Description = "The kind of problem; by default what the file looks like. paramorph methods names them." };
    private readonly Option<string[]> ignore = new("--ignore") { Description = "Columns to leave out.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> category = new("--category") { Description = "Columns of numbers that are names of categories.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> group = new("--group") { Description = "A column whose rows of one value stay together in a split: a patient, a machine." };
    private readonly Option<string?> time = new("--time") { Description = "A column by which rows are ordered, so that later ones judge." };
    private readonly Option<double?> test = new("--test") { Description = "The share of examples that judge at the end; by default 0.1, of a series 0.2." };
    private readonly Option<string?> delimiter = new("--delimiter") { Description = "What stands between fields of text: comma, semicolon, tab, space, or a character." };
    private readonly Option<bool?> header = new("--header") { Description = "Whether the first row of text names the columns: true or false." };
    private readonly Option<string?> mark = new("--decimal") { Description = "What stands before decimals in text: point or comma." };
    private readonly Option<string[]> missing = new("--missing") { Description = "Texts that stand for missing values; by default ?, -, NA, NaN, null and their like.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> rows = new("--max-rows") { Description = "The most rows of text to keep, evenly spread over the file.", DefaultValueFactory = _ => 200_000 };
    private readonly Option<int> skip = new("--skip-lines") { Description = "Lines of text before the first row." };

    /// <summary>The options of the command line.</summary>
    public IEnumerable<Option> All => [target, kind, ignore, category, group, time, test, .. OfText, rows];

    /// <summary>Those on how text looks.</summary>
    public IEnumerable<Option> OfText => [delimiter, header, mark, missing, skip];

    /// <summary>The kind that was named, or null.</summary>
    public ProblemKind? Kind(ParseResult parsed) => parsed.GetValue(kind) is { } name ? ProblemKind.Named(name) : null;

    /// <summary>How text looks: what was said, and where nothing was, as another file looked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="before">How the other file looked, or null.</param>
    public DelimitedTextOptions Text(ParseResult parsed, DelimitedTextOptions? before = null)
    {
        var known = (before ?? new()) with { MaxRows = null };
        return Apart(known with
        {
            Delimiter = Delimiter(parsed.GetValue(delimiter)) ?? known.Delimiter,
            HasHeader = parsed.GetValue(header) ?? known.HasHeader,
            Decimal = Decimal(parsed.GetValue(mark)) ?? known.Decimal,
            Missing = parsed.GetValue(missing) is { Length: > 0 } texts ? [.. texts, ""] : known.Missing,
            SkippedLines = parsed.GetValue(skip) is > 0 and var lines ? lines : known.SkippedLines,
        });
    }

    /// <summary>Throws if one character were to mean two things.</summary>
    private static DelimitedTextOptions Apart(DelimitedTextOptions options) => options.Decimal is { } point && point == options.Delimiter
        ? throw new ProblemException($"'{point}' would stand between fields and before decimals: --delimiter and --decimal say which it is.")
        : options;

    /// <summary>All that was said.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">Draws splits.</param>
    /// <param name="settings">Further settings.</param>
    public ProblemOptions Options(ParseResult parsed, long seed, IReadOnlyDictionary<string, string> settings)
    {
        var share = parsed.GetValue(test);
        if (share is not (null or (> 0 and < 0.8))) throw new ProblemException($"--test is a share between 0 and 0.8, not {share}.");
        return new()
        {
            Key = Key.Of(seed).Fold(101),
            Targets = parsed.GetValue(target) ?? [],
            Ignored = parsed.GetValue(ignore) ?? [],
            Categories = parsed.GetValue(category) ?? [],
            Group = parsed.GetValue(group),
            Time = parsed.GetValue(time),
            TestShare = share,
            Text = Text(parsed) with { MaxRows = parsed.GetValue(rows) is > 0 and var most ? most : throw new ProblemException("--max-rows is a number of rows above 0.") },
            Settings = settings,
        };
    }

    private static char? Decimal(string? text) => text switch
    {
        null => null,
        "point" or "." => '.',
        "comma" or "," => ',',
        _ => throw new ProblemException($"--decimal is point or comma, not \"{text}\"."),
    };

    private static char? Delimiter(string? text) => text switch
    {
        null => null,
        "comma" => ',',
        "semicolon" => ';',
        "tab" or "\\t" => '\t',
        "space" => ' ',
        { Length: 1 } => text[0],
        _ => throw new ProblemException($"--delimiter is comma, semicolon, tab, space or one character, not \"{text}\"."),
    };
}
