using System.Text.Json;

namespace Paramorph.Server;

/// <summary>A run, or a fit, that the page keeps.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">What runs.</param>
/// <param name="Subject">The id of the paper or the bench, or the name of the model.</param>
/// <param name="Title">What people read of it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Arguments">The words of the command, without those that say where results go and how progress is told.</param>
/// <param name="Created">When it was asked for, in UTC.</param>
internal sealed record Run(long Id, RunKind Kind, string Subject, string Title, RunState State, IReadOnlyList<string> Arguments, DateTime Created)
{
    /// <summary>When it began last, in UTC.</summary>
    public DateTime? Began { get; init; }

    /// <summary>When it ended last, in UTC.</summary>
    public DateTime? Ended { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }

    /// <summary>What came of it, in a word or two: a verdict, a method.</summary>
    public string? Outcome { get; init; }

    /// <summary>Its place among those that wait, from 1; null where it does not wait.</summary>
    public int? Place { get; init; }
}

/// <summary>What runs.</summary>
internal enum RunKind
{
    /// <summary>The experiment of a paper.</summary>
    Paper,

    /// <summary>A bench.</summary>
    Bench,

    /// <summary>A search for a model of somebody's data.</summary>
    Fit,
}

/// <summary>Where a run stands.</summary>
internal enum RunState
{
    /// <summary>It waits.</summary>
    Queued,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It ended, and its results are there.</summary>
    Finished,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>A person stopped it; it can go on.</summary>
    Stopped,

    /// <summary>The server ended before it did; it can go on.</summary>
    Interrupted,
}

/// <summary>A run with what came of it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Command">The command that does the same.</param>
/// <param name="Result">The record of the run, the leaderboard, or what came of the fit; null while there is none.</param>
/// <param name="Files">The files that it left.</param>
internal sealed record ShownRun(Run Run, string Command, JsonElement? Result, IReadOnlyList<ShownFile> Files);

/// <summary>A file that a run or a fit left.</summary>
internal sealed record ShownFile(string Path, long Bytes);
