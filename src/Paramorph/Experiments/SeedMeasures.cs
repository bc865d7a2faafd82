namespace Paramorph.Experiments;

/// <summary>What all arms measured under one seed.</summary>
public sealed class SeedMeasures
{
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> arms;

    /// <param name="arms">By the name of the arm, then of the metric.</param>
    public SeedMeasures(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> arms) => this.arms = arms;

    /// <summary>What an arm measured.</summary>
    /// <exception cref="ExperimentException">There is no such arm, or it did not measure that.</exception>
    public double this[string arm, string metric] =>
        arms.TryGetValue(arm, out var metrics) && metrics.TryGetValue(metric, out var value)
            ? value
            : throw new ExperimentException($"the arm {arm} measured no {metric}.");
}
