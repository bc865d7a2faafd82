namespace Paramorph.Training;

/// <summary>What a run has seen so far, beside its state.</summary>
internal sealed class TrainingHistory<TModel>
    where TModel : ITree<TModel>
{
    public List<CurvePoint> Losses { get; init; } = [];

    public Dictionary<string, List<CurvePoint>> Measures { get; init; } = new(StringComparer.Ordinal);

    public BestModel<TModel>? Best { get; private set; }

    /// <summary>Validations since the best one.</summary>
    public int Stale { get; private set; }

    public static TrainingHistory<TModel> Restored(List<CurvePoint> losses, Dictionary<string, List<CurvePoint>> measures, BestModel<TModel>? best, int stale) =>
        new() { Losses = losses, Measures = measures, Best = best, Stale = stale };

    /// <summary>Takes the measures of a validation.</summary>
    public void Add(long step, IReadOnlyDictionary<string, double> measures)
    {
        foreach (var (name, value) in measures)
        {
            if (!Measures.TryGetValue(name, out var curve)) Measures[name] = curve = [];
            curve.Add(new(step, value));
        }
    }

    /// <summary>Compares a measure with the best so far; returns whether patience is at its end.</summary>
    /// <param name="rule">What is better, and for how long to wait.</param>
    /// <param name="step">The number of steps taken.</param>
    /// <param name="value">The measure.</param>
    /// <param name="copy">The model now, as a copy that the next steps leave alone.</param>
    public bool Judge(EarlyStopping rule, long step, double value, Func<TModel> copy)
    {
        if (double.IsFinite(value) && (Best is null || rule.Improves(value, Best.Value)))
        {
            (Best, Stale) = (new(copy(), step, value), 0);
            return false;
        }
        Stale++;
        return IsExhausted(rule);
    }

    /// <summary>Whether patience is at its end.</summary>
    public bool IsExhausted(EarlyStopping? rule) => rule is not null && Stale >= rule.Patience;
}
