using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>A number or a word that an experiment may be given (<c>--set name=value</c>), with its value for each size of run.</summary>
public sealed record Setting
{
    private Setting(string name, string meaning, string smoke, string full)
    {
        Name = name;
        Meaning = meaning;
        Smoke = smoke;
        Full = full;
    }

    /// <summary>The name, in lower case with hyphens.</summary>
    public string Name { get; }

    /// <summary>What it is, with its unit.</summary>
    public string Meaning { get; }

    /// <summary>The value of a smoke run.</summary>
    public string Smoke { get; }

    /// <summary>The value of a full run.</summary>
    public string Full { get; }

    /// <summary>What values are allowed, in words.</summary>
    public string Allowed { get; private init; } = "";

    private Func<string, bool> IsAllowed { get; init; } = _ => true;

    /// <summary>A whole number.</summary>
    public static Setting Whole(string name, string meaning, int smoke, int full, int minimum = 1, int maximum = int.MaxValue) =>
        new(name, meaning, Text(smoke), Text(full))
        {
            Allowed = maximum == int.MaxValue ? $"a whole number of at least {minimum}" : $"a whole number from {minimum} to {maximum}",
            IsAllowed = text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum,
        };

    /// <summary>A real number.</summary>
    public static Setting Number(string name, string meaning, double smoke, double full, double minimum = 0, double maximum = double.PositiveInfinity) =>
        new(name, meaning, Text(smoke), Text(full))
        {
            Allowed = double.IsPositiveInfinity(maximum) ? $"a number of at least {Text(minimum)}" : $"a number from {Text(minimum)} to {Text(maximum)}",
            IsAllowed = text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= minimum && value <= maximum,
        };

    /// <summary>One of some words; the first is the default.</summary>
    public static Setting OneOf(string name, string meaning, params string[] words) =>
        new(name, meaning, words[0], words[0])
        {
            Allowed = $"one of {string.Join(", ", words)}",
            IsAllowed = text => words.Contains(text, StringComparer.Ordinal),
        };

    /// <summary>Throws unless the text is a value of this setting.</summary>
    /// <exception cref="ExperimentException">It is not.</exception>
    internal string Checked(string text) =>
        IsAllowed(text) ? text : throw new ExperimentException($"the setting {Name} is {Allowed}, not \"{text}\".");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
