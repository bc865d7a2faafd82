using Paramorph.Experiments;

namespace Paramorph.Papers.Benches;

/// <summary>All benches.</summary>
public static class BenchCatalogue
{
    /// <summary>The benches by name.</summary>
    public static IReadOnlyList<Bench> All { get; } = [.. MarkedBenches.All.OrderBy(bench => bench.Id, StringComparer.Ordinal)];

    /// <summary>A fingerprint of the code of a bench.</summary>
    public static string Code(Bench bench) => MarkedBenches.Codes[MarkedBenches.All.Index().First(pair => pair.Item == bench).Index];

    /// <summary>The record that came with this version, or null.</summary>
    public static BenchRecord? Recorded(Bench bench) => Catalogue.Resource($"results/benches/{bench.Id}.json") is { } json ? BenchRecord.FromJson(json) : null;

    /// <summary>What is on record of a bench, for a run that need not repeat it.</summary>
    public static StandingResults? Standing(Bench bench) => Recorded(bench) is { } record ? new(record, Code(bench)) : null;
}
