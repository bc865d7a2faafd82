using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>One candidate of a search: hyperparameters and their values.</summary>
public sealed class Choice
{
    private readonly (string Name, double Value)[] values;

    /// <param name="values">Names and values.</param>
    public Choice(params ReadOnlySpan<(string Name, double Value)> values) => this.values = values.ToArray();

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

    /// <inheritdoc/>
    public override string ToString() =>
        values.Length == 0 ? "nothing" : string.Join(", ", values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name} {v.Value:G4}")));
}
