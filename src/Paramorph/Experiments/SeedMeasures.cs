namespace Paramorph.Experiments;

/// <summary>What all arms measured under one seed.</summary>
public sealed class SeedMeasures
{
    private readonly Func<string, string, double> measured;

    /// <param name="arms">By the name of the arm, then of the metric.</param>
    /// <param name="isPartial">Whether only a part was measured, as in a small run: what is missing is then NaN.</param>
    public SeedMeasures(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> arms, bool isPartial = false) => measured = (arm, metric) =>
        arms.TryGetValue(arm, out var metrics) && metrics.TryGetValue(metric, out var value) ? value
        : isPartial ? double.NaN
        : throw new ExperimentException($"the arm {arm} measured no {metric}.");

    private SeedMeasures(Func<string, string, double> measured) => this.measured = measured;

    /// <summary>What an arm measured.</summary>
    /// <exception cref="ExperimentException">There is no such arm, or it did not measure that.</exception>
    public double this[string arm, string metric] => measured(arm, metric);

    /// <summary>The arms for whose measurements an effect asks.</summary>
    internal static IReadOnlyCollection<string> Asked(Func<SeedMeasures, double> effect)
    {
        var arms = new SortedSet<string>(StringComparer.Ordinal);
        effect(new((arm, _) =>
        {
            arms.Add(arm);
            return 1;
        }));
        return arms;
    }
}
