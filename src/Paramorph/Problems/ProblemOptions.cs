using Paramorph.Data;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>What a person says of data; what is not said is found out.</summary>
public sealed record ProblemOptions
{
    /// <summary>Draws splits.</summary>
    public Key Key { get; init; } = Key.Of(1);

    /// <summary>The columns or arrays to predict; none to find them out.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Columns that are left out.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Columns whose values are names of categories even where they look like numbers.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>A column whose rows of one value stay in one part of a split: a patient, a machine.</summary>
    public string? Group { get; init; }

    /// <summary>A column by which rows are ordered in time, so that later ones judge; or the times of a series.</summary>
    public string? Time { get; init; }

    /// <summary>The share of examples that judge at the end; null for that of the kind, which is a tenth, and a fifth of a series.</summary>
    public double? TestShare { get; init; }

    /// <summary>The share of examples that choose among models.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>How delimited text looks, where it is not found out.</summary>
    public DelimitedTextOptions Text { get; init; } = new();

    /// <summary>Further settings of a kind, such as <c>horizon</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a table has so many rows as are kept at most, so that others may have been left out.</summary>
    /// <param name="table">A table that was read with <see cref="Text"/>.</param>
    public bool IsThinned(Table table) => table.RowCount == Text.MaxRows;

    /// <summary>The share of examples that judge at the end, of kinds that take a tenth when nothing is said.</summary>
    internal double TestPart => TestShare ?? 0.1;

    /// <summary>A random split in which each part has an example, however small its share; the caller has made sure that there are enough.</summary>
    /// <param name="count">Number of examples.</param>
    internal Split Draw(int count) => Split.Of(Key, count, AtLeast(ValidationShare, count), AtLeast(TestPart, count));

    /// <summary>A random split in which every class has its share of each part, or one across classes where each has too few examples for that.</summary>
    /// <param name="classes">The class of each example: i32 [n].</param>
    /// <param name="notes">Takes how it was drawn.</param>
    /// <param name="examples">What examples are called: rows, images.</param>
    internal Split Draw(Tensor classes, ICollection<string> notes, string examples)
    {
        var split = Split.Stratified(Key, classes, ValidationShare, TestPart);
        var isStratified = split is { Validation.Count: > 0, Test.Count: > 0 };
        notes.Add($"{examples} are split at random{(isStratified ? " within each class" : ", across classes, which are too small to be split each")}: {Shares}");
        return isStratified ? split : Draw(classes.Count);
    }

    /// <summary>What the shares are, as the end of a sentence.</summary>
    internal string Shares => $"{Math.Round(100 * ValidationShare)} % choose among models, {Math.Round(100 * TestPart)} % judge at the end";

    /// <summary>A share that is at least one of so many.</summary>
    internal static double AtLeast(double share, int count) => Math.Max(share, 1.0 / count);

    /// <summary>Refuses what a kind does not have, which would be without effect.</summary>
    /// <param name="kind">The kind.</param>
    /// <exception cref="ProblemException">There is such an option or setting.</exception>
    internal void Require(ProblemKind kind)
    {
        RequireOptions(kind);
        if (Settings.Keys.FirstOrDefault(name => !kind.Settings.Contains(name)) is not { } unknown) return;
        var known = kind.Settings.Count == 0 ? "it has none of its own" : $"it has {string.Join(", ", kind.Settings)}";
        throw new ProblemException($"{kind.Name} has no setting {unknown}: {known}, and paramorph methods --problem {kind.Name} tells the hyperparameters of each method.");
    }

    /// <summary>Refuses options that a kind does not take; for kinds whose settings are their own.</summary>
    /// <param name="kind">The kind.</param>
    /// <exception cref="ProblemException">There is such an option.</exception>
    internal void RequireOptions(ProblemKind kind)
    {
        (string Name, bool IsSaid)[] said = [("target", Targets.Count > 0), ("ignore", Ignored.Count > 0), ("category", Categories.Count > 0), ("group", Group is not null), ("time", Time is not null), ("test", TestShare is not null)];
        if (said.FirstOrDefault(option => option.IsSaid && !kind.Options.Contains(option.Name)).Name is { } useless)
            throw new ProblemException($"{kind.Name} has no use for --{useless}: {(kind.Options.Count == 0 ? "it takes none of these options" : $"it takes {string.Join(", ", kind.Options.Select(name => $"--{name}"))}")}. If the file is of another kind, say so with --problem.");
    }

    /// <summary>A whole number among the settings.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="usual">The value when it is not given.</param>
    /// <param name="minimum">The least that is allowed.</param>
    /// <exception cref="ProblemException">It is no such number.</exception>
    public int Whole(string name, int usual, int minimum = 1)
    {
        if (!Settings.TryGetValue(name, out var text)) return usual;
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= minimum
            ? value
            : throw new ProblemException($"{name} is a whole number of at least {minimum}, not \"{text}\".");
    }
}
