namespace Paramorph.Training;

/// <summary>Where a run stands.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">Steps to take in all.</param>
/// <param name="Loss">The last loss.</param>
/// <param name="StepsPerSecond">The speed of this run so far.</param>
public sealed record TrainingProgress(long Step, long Steps, double Loss, double StepsPerSecond);
