using System.Globalization;
using Paramorph.Problems;

namespace Paramorph.Methods;

/// <summary>Something that a method can be told and that a search may choose: a number in a range, or one of some words.</summary>
public sealed record Hyperparameter
{
    private string? list;

    private Hyperparameter(string name, string meaning, HyperparameterScale scale)
    {
        Name = name;
        Meaning = meaning;
        Scale = scale;
    }

    /// <summary>The name, in lower case with hyphens.</summary>
    public string Name { get; }

    /// <summary>What it is, with its unit.</summary>
    public string Meaning { get; }

    /// <summary>How its range is searched.</summary>
    public HyperparameterScale Scale { get; }

    /// <summary>Whether its values are whole numbers.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>The lowest value that a search tries.</summary>
    public double Low { get; private init; }

    /// <summary>The highest value that a search tries.</summary>
    public double High { get; private init; }

    /// <summary>The value that is tried first; of words its position.</summary>
    public double Default { get; private init; }

    /// <summary>The words, of which a value is the position; empty for numbers.</summary>
    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>Whether a search chooses it; one of a long list is left as it is.</summary>
    public bool IsSearched => list is null;

    /// <summary>A real number.</summary>
    public static Hyperparameter Number(string name, string meaning, double usual, double low, double high, HyperparameterScale scale = HyperparameterScale.Logarithmic) =>
        new Hyperparameter(name, meaning, scale) { Default = usual, Low = low, High = high }.Checked();

    /// <summary>A whole number.</summary>
    public static Hyperparameter Whole(string name, string meaning, int usual, int low, int high, HyperparameterScale scale = HyperparameterScale.Logarithmic) =>
        new Hyperparameter(name, meaning, scale) { Default = usual, Low = low, High = high, IsWhole = true }.Checked();

    /// <summary>One of some words, the first of which is the usual one.</summary>
    public static Hyperparameter Word(string name, string meaning, params string[] words) =>
        new Hyperparameter(name, meaning, HyperparameterScale.Words) { Words = words, High = words.Length - 1, IsWhole = true }.Checked();

    /// <summary>One of the names of a long list, which a person may say: a search leaves it at the usual one.</summary>
    /// <param name="name">The name, in lower case with hyphens.</param>
    /// <param name="meaning">What it is.</param>
    /// <param name="usual">The usual one.</param>
    /// <param name="names">The list.</param>
    /// <param name="list">Where a person finds the list, such as <c>paramorph activations</c>.</param>
    public static Hyperparameter Named(string name, string meaning, string usual, IReadOnlyList<string> names, string list) =>
        new Hyperparameter(name, meaning, HyperparameterScale.Words) { Words = names, Default = names.ToList().IndexOf(usual), High = names.Count - 1, IsWhole = true, list = list }.Checked();

    /// <summary>The same with another usual value and another range.</summary>
    public Hyperparameter Within(double usual, double low, double high) => (this with { Default = usual, Low = low, High = high }).Checked();

    /// <summary>The value at a share of the range, from 0 to 1.</summary>
    public double At(double share)
    {
        if (Scale == HyperparameterScale.Words) return Math.Min(Words.Count - 1, Math.Floor(share * Words.Count));
        var value = Scale == HyperparameterScale.Linear ? Low + share * (High - Low) : Low * Math.Pow(High / Low, share);
        return Math.Clamp(IsWhole ? Math.Round(value) : Rounded(value), Low, High);
    }

    /// <summary>Whether a value stands at an end of the range, beyond which nothing was tried.</summary>
    public bool IsEdge(double value) => Scale != HyperparameterScale.Words && High > Low && (value <= Low || value >= High);

    /// <summary>The value that a text gives; it need not lie within the range of a search.</summary>
    /// <exception cref="ProblemException">It is no value of this hyperparameter.</exception>
    public double Parse(string text)
    {
        if (Scale == HyperparameterScale.Words)
        {
            var place = Words.ToList().IndexOf(text);
            return place >= 0 ? place : throw new ProblemException(list is not null ? $"there is no {Name} {text}: {list} names them." : $"{Name} is one of {string.Join(", ", Words)}, not \"{text}\".");
        }
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || (IsWhole && value != Math.Round(value)))
            throw new ProblemException($"{Name} is a {(IsWhole ? "whole " : "")}number, not \"{text}\".");
        // Of something that is counted there is one at least; of a number that is searched on a logarithmic scale nothing may be meant.
        var least = IsWhole && Low > 0 ? 1 : Math.Min(0, Low);
        return value >= least ? value : throw new ProblemException(string.Create(CultureInfo.InvariantCulture, $"{Name} is at least {least}, not {text}."));
    }

    /// <summary>A value as text: the word, or the number.</summary>
    public string Text(double value) => Scale == HyperparameterScale.Words ? Words[(int)value] : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The range in words.</summary>
    public string Range => Scale == HyperparameterScale.Words
        ? list is null ? string.Join(" | ", Words) : $"not searched: one of {Words.Count} that {list} names"
        : string.Create(CultureInfo.InvariantCulture, $"{Low:G4} to {High:G4}{(Scale == HyperparameterScale.Logarithmic ? ", logarithmic" : "")}");

    /// <summary>A number with three digits: more would only be noise in a report.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private Hyperparameter Checked()
    {
        if (Scale == HyperparameterScale.Words ? Default < 0 || Words.Count == 0 : !(Low <= Default && Default <= High && (Scale == HyperparameterScale.Linear || Low > 0)))
            throw new ArgumentException($"the range {Low} to {High} of {Name} must hold its usual value {Default}, and be positive where it is logarithmic.");
        return this;
    }
}
