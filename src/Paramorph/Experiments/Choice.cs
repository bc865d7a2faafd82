using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>One candidate of a search: hyperparameters and their values.</summary>
public sealed class Choice
{
    private readonly (string Name, double Value)[] values;

    /// <param name="values">Names and values.</param>
    public Choice(params ReadOnlySpan<(string Name, double Value)> values) => this.values = values.ToArray();

    /// <summary>The choice where nothing is searched.</summary>
    internal static Choice Nothing { get; } = new();

    /// <summary>Names and values in order.</summary>
    public IReadOnlyList<(string Name, double Value)> Values => values;

    /// <summary>The value of a hyperparameter.</summary>
    public double this[string name]
    {
        get
        {
            foreach (var (known, value) in values)
                if (known == name) return value;
            throw new ExperimentException($"nothing named {name} is searched for; there is {this}.");
        }
    }

    /// <summary>Candidates for one hyperparameter.</summary>
    public static Choice[] Of(string name, params double[] candidates) => [.. candidates.Select(value => new Choice((name, value)))];

    /// <summary>Every combination of candidates for two hyperparameters.</summary>
    public static Choice[] Of((string Name, double[] Candidates) first, (string Name, double[] Candidates) second) =>
        [.. from a in first.Candidates from b in second.Candidates select new Choice((first.Name, a), (second.Name, b))];

    /// <summary>Choices that lie beyond this one where it is at the end of what was tried: of each such hyperparameter the next value in the same ratio.</summary>
    /// <param name="tried">All choices that were tried.</param>
    internal Choice[] Beyond(IReadOnlyList<Choice> tried) =>
        [.. Values.Select((pair, i) => Beyond(pair.Value, [.. tried.Select(choice => choice[pair.Name]).Distinct().Order()]) is { } next ? Changed(i, next) : null).OfType<Choice>()];

    private static double? Beyond(double value, double[] known)
    {
        // A switch, or a number that may be 0, has no ratio.
        if (known.Length < 2 || known[0] <= 0) return null;
        if (value == known[0]) return value * known[0] / known[1];
        return value == known[^1] ? value * known[^1] / known[^2] : null;
    }

    private Choice Changed(int place, double value)
    {
        var changed = ((string Name, double Value)[])values.Clone();
        changed[place].Value = value;
        return new(changed);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        values.Length == 0 ? "nothing" : string.Join(", ", values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name} {v.Value:G4}")));
}
