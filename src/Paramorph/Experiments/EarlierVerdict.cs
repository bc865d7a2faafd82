namespace Paramorph.Experiments;

/// <summary>The verdict of an earlier form of an experiment.</summary>
/// <param name="Date">When it was recorded: year, month, day.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Changed">What was changed after it, and why.</param>
public sealed record EarlierVerdict(string Date, Verdict Verdict, string Changed);
