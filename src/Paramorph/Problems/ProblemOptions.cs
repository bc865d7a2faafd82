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

    /// <summary>The share of examples that judge at the end, of kinds that take a tenth when nothing is said.</summary>
    internal double TestPart => TestShare ?? 0.1;

    /// <summary>Refuses settings that a kind does not have, which would be without effect.</summary>
    /// <param name="kind">The kind.</param>
    /// <exception cref="ProblemException">There is one.</exception>
    internal void Require(ProblemKind kind)
    {
        if (Settings.Keys.FirstOrDefault(name => !kind.Settings.Contains(name)) is not { } unknown) return;
        var known = kind.Settings.Count == 0 ? "it has none of its own" : $"it has {string.Join(", ", kind.Settings)}";
        throw new ProblemException($"{kind.Name} has no setting {unknown}: {known}, and paramorph methods --problem {kind.Name} tells the hyperparameters of each method.");
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
