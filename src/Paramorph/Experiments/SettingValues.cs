using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>The settings of one run, by name.</summary>
public sealed class SettingValues
{
    private readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The values of a size, some of them replaced.</summary>
    /// <param name="settings">What settings there are.</param>
    /// <param name="size">Whose defaults hold.</param>
    /// <param name="replaced">Names and other values.</param>
    /// <exception cref="ExperimentException">A name is unknown or a value is not allowed.</exception>
    public SettingValues(IReadOnlyList<Setting> settings, RunSize size, IReadOnlyDictionary<string, string>? replaced = null)
    {
        foreach (var setting in settings) values[setting.Name] = size == RunSize.Smoke ? setting.Smoke : setting.Full;
        foreach (var (name, text) in replaced ?? new Dictionary<string, string>())
        {
            var setting = settings.FirstOrDefault(s => s.Name == name)
                ?? throw new ExperimentException($"there is no setting {name}; the settings are {string.Join(", ", settings.Select(s => s.Name))}.");
            values[name] = setting.Checked(text);
        }
    }

    /// <summary>Names and values in order, as text.</summary>
    public IReadOnlyDictionary<string, string> All => values;

    /// <summary>The value of a whole-number setting.</summary>
    public int Whole(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>The value of a number setting.</summary>
    public double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>The value as text.</summary>
    /// <exception cref="ExperimentException">The experiment has no such setting.</exception>
    public string Text(string name) =>
        values.TryGetValue(name, out var value) ? value : throw new ExperimentException($"there is no setting {name}.");
}
