using System.Text.Json;

namespace Paramorph.Problems;

/// <summary>A kind of problem: how it is read from files, and how what a model needs of it is read back.</summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What is learned, in one sentence.</param>
public sealed record ProblemKind(string Name, string Meaning)
{
    /// <summary>All kinds of the library, by name.</summary>
    public static IReadOnlyDictionary<string, ProblemKind> All { get; } = MarkedProblemKinds.All.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>How well a content suits when nobody says the kind: 0 not at all, 1 possibly, more is better.</summary>
    public required Func<DataContent, ProblemOptions, int> Suits { get; init; }

    /// <summary>Whether a table must be read whole, since leaving out rows changes what it says, as the steps of a series.</summary>
    public bool NeedsEveryRow { get; init; }

    /// <summary>Which of target, ignore, category, group, time and test it reads of <see cref="ProblemOptions"/>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The names of the settings that it reads of <see cref="ProblemOptions.Settings"/>; those of an equation are its own.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Reads a problem.</summary>
    /// <exception cref="ProblemException">The content does not hold one.</exception>
    public required Func<DataContent, ProblemOptions, Problem> Read { get; init; }

    /// <summary>Reads what <see cref="Preparation.Write"/> wrote.</summary>
    public required Func<JsonElement, Preparation> ReadPreparation { get; init; }

    /// <summary>Names of problems of this kind that need no file.</summary>
    public IReadOnlyList<string> Ready { get; init; } = [];

    /// <summary>Reads a file, or takes the name of a problem that needs none; a file of that name goes first.</summary>
    /// <param name="source">The path, or the name.</param>
    /// <param name="text">How delimited text looks, where it is not found out.</param>
    /// <param name="others">Readers of further formats, as for <see cref="DataContent.Read"/>.</param>
    /// <exception cref="ProblemException">There is neither.</exception>
    /// <exception cref="Formats.UnreadableFileException">The content of the file is damaged, or of a format that is not read.</exception>
    public static DataContent Content(string source, Formats.DelimitedTextOptions? text = null, IReadOnlyList<ContentReader>? others = null)
    {
        if (File.Exists(source) || Directory.Exists(source)) return DataContent.Read(source, text, others);
        string[] names = [.. All.Values.SelectMany(kind => kind.Ready).Order(StringComparer.Ordinal)];
        return names.Contains(source, StringComparer.Ordinal)
            ? new DataContent.OfName(source)
            : throw new ProblemException($"there is no file {source}, and no problem of that name: {string.Join(", ", names)} need no file.");
    }

    /// <summary>The kind of a name.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static ProblemKind Named(string name) => All.TryGetValue(name, out var kind)
        ? kind
        : throw new ProblemException($"there is no kind of problem {name}: there is {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>The kind that suits a content best.</summary>
    /// <exception cref="ProblemException">None suits.</exception>
    public static ProblemKind Of(DataContent content, ProblemOptions options)
    {
        var best = All.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal).MaxBy(kind => kind.Suits(content, options))!;
        return best.Suits(content, options) > 0 ? best : throw new ProblemException($"{content.Path} holds {content.Description}, of which no kind of problem is made by itself: say --problem KIND.");
    }
}
