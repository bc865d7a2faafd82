namespace Paramorph.Experiments;

/// <summary>From what an experiment makes its task.</summary>
/// <param name="Key">The randomness of the data; the arms have their own.</param>
/// <param name="Settings">The settings of the run.</param>
/// <param name="DataFile">The file that the user gave, or null: then data are generated.</param>
/// <param name="Cancellation">Stops the work.</param>
public sealed record TaskContext(Key Key, SettingValues Settings, string? DataFile, CancellationToken Cancellation)
{
    /// <summary>The seed of the run; 0 where all seeds share the task.</summary>
    public int Seed { get; init; }
}
