using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>A piece of an experiment: an arm under a seed, or a candidate of its search under that seed.</summary>
/// <param name="Arm">The name of the arm.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Choice">The hyperparameters.</param>
/// <param name="Share">In a search, the part of the full length that is trained, from 0 to 1; null of the run that is judged.</param>
public sealed record Job(string Arm, int Seed, Choice Choice, double? Share = null)
{
    /// <summary>Whether a candidate is tried.</summary>
    public bool IsSearch => Share is not null;

    /// <summary>The job in words.</summary>
    public override string ToString() => Share is { } share
        ? string.Create(CultureInfo.InvariantCulture, $"{Arm}, seed {Seed}, trying {Choice}{(share < 1 ? $" for {share:P0} of the steps" : "")}")
        : $"{Arm}, seed {Seed}";
}
