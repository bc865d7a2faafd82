namespace Paramorph.Training;

/// <summary>Where a run stands.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">Steps to take in all.</param>
/// <param name="Loss">The last loss.</param>
/// <param name="StepsPerSecond">The speed of this run so far.</param>
public sealed record TrainingProgress(long Step, long Steps, double Loss, double StepsPerSecond)
{
    /// <summary>The learning rate of the next step.</summary>
    public double Rate { get; init; }

    /// <summary>The measures of the last validation, by their names; empty before the first.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>How long the rest takes at this speed.</summary>
    public TimeSpan TimeLeft => StepsPerSecond > 0 ? TimeSpan.FromSeconds(Math.Min((Steps - Step) / StepsPerSecond, TimeSpan.MaxValue.TotalSeconds / 2)) : TimeSpan.MaxValue;
}
