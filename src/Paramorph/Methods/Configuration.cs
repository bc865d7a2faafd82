namespace Paramorph.Methods;

/// <summary>A value for each hyperparameter of a method.</summary>
public sealed class Configuration : IEquatable<Configuration>
{
    private readonly double[] values;

    /// <param name="hyperparameters">The hyperparameters.</param>
    /// <param name="values">A value for each; of words the position.</param>
    public Configuration(IReadOnlyList<Hyperparameter> hyperparameters, params ReadOnlySpan<double> values)
    {
        if (values.Length != hyperparameters.Count) throw new ArgumentException($"{values.Length} values do not belong to {hyperparameters.Count} hyperparameters.", nameof(values));
        (Hyperparameters, this.values) = (hyperparameters, values.ToArray());
    }

    /// <summary>The hyperparameters in order.</summary>
    public IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>The value of a hyperparameter.</summary>
    /// <exception cref="KeyNotFoundException">There is none of the name.</exception>
    public double this[string name] => values[Place(name)];

    /// <summary>Names and values as texts, in order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => Hyperparameters.Select((parameter, i) => KeyValuePair.Create(parameter.Name, parameter.Text(values[i])));

    /// <summary>The usual values.</summary>
    public static Configuration Default(IReadOnlyList<Hyperparameter> hyperparameters) => new(hyperparameters, [.. hyperparameters.Select(parameter => parameter.Default)]);

    /// <summary>The value of a whole number.</summary>
    public int Whole(string name) => (int)this[name];

    /// <summary>The word that was chosen.</summary>
    public string Word(string name) => Hyperparameters[Place(name)].Words[(int)this[name]];

    /// <summary>The values of some hyperparameters, such as those of a method that another one makes use of.</summary>
    /// <exception cref="KeyNotFoundException">One of them is not there.</exception>
    public Configuration Only(IReadOnlyList<Hyperparameter> hyperparameters) => new(hyperparameters, [.. hyperparameters.Select(parameter => this[parameter.Name])]);

    /// <summary>The same with another value for a hyperparameter.</summary>
    public Configuration With(string name, double value)
    {
        var changed = (double[])values.Clone();
        changed[Place(name)] = value;
        return new(Hyperparameters, changed);
    }

    /// <inheritdoc/>
    public bool Equals(Configuration? other) =>
        other is not null && values.AsSpan().SequenceEqual(other.values) && Hyperparameters.Select(p => p.Name).SequenceEqual(other.Hyperparameters.Select(p => p.Name));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Texts.Select(pair => $"{pair.Key} {pair.Value}"));

    private int Place(string name)
    {
        for (var i = 0; i < values.Length; i++)
            if (Hyperparameters[i].Name == name) return i;
        throw new KeyNotFoundException($"there is no hyperparameter {name}: there is {string.Join(", ", Hyperparameters.Select(parameter => parameter.Name))}.");
    }
}
