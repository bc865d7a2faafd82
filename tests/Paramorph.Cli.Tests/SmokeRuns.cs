using System.Collections.Concurrent;
using Paramorph.Experiments;
using Paramorph.Papers;

namespace Paramorph.Cli.Tests;

/// <summary>Small runs of papers under two seeds on two threads, which several tests look at, each run once.</summary>
internal static class SmokeRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<ExperimentResult>> known = new(StringComparer.Ordinal);

    /// <summary>That of a paper.</summary>
    public static ExperimentResult Of(string id) =>
        known.GetOrAdd(id, id => new(() => ExperimentRunner.Run(Catalogue.Find(id)!.Experiment()!, new RunOptions { Size = RunSize.Smoke, Seeds = 2, Seed = 7, Threads = 2 }))).Value;
}
