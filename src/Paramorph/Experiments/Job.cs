namespace Paramorph.Experiments;

/// <summary>A piece of an experiment: an arm under a seed, or a candidate of an arm's search.</summary>
/// <param name="Arm">The name of the arm.</param>
/// <param name="Seed">The seed; in a search, null.</param>
/// <param name="Choice">The hyperparameters.</param>
/// <param name="Trial">In a search, which of the runs of a candidate, from 0.</param>
public sealed record Job(string Arm, int? Seed, Choice Choice, int Trial = 0)
{
    /// <summary>The job in words.</summary>
    public override string ToString() => Seed is { } seed ? $"{Arm}, seed {seed}" : $"{Arm}, trying {Choice}, run {Trial + 1}";
}
