namespace Paramorph.Experiments;

/// <summary>How an experiment is to be run.</summary>
public sealed record RunOptions
{
    /// <summary>How large.</summary>
    public RunSize Size { get; init; } = RunSize.Full;

    /// <summary>The first seed; the others follow it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many seeds; as many as the experiment wants when null.</summary>
    public int? Seeds { get; init; }

    /// <summary>Settings that differ from those of the size.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A file of the user's to work on, or null: data are generated.</summary>
    public string? DataFile { get; init; }

    /// <summary>The folder for results, or null to keep none.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on with what the folder holds of an interrupted run.</summary>
    public bool Resume { get; init; }

    /// <summary>What is on record of benches, of which methods are not run again where their results are of the present code; nothing when null.</summary>
    public Func<Bench, StandingResults?>? Standing { get; init; }

    /// <summary>A fingerprint of the code that makes the experiment, which becomes a part of that of its record.</summary>
    public string Code { get; init; } = "";

    /// <summary>Threads in all; seeds run side by side on them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>The results on record of a bench.</summary>
/// <param name="Record">The record.</param>
/// <param name="Code">A fingerprint of the code of the bench.</param>
public sealed record StandingResults(BenchRecord Record, string Code);
