using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Paramorph.Experiments;
using Paramorph.Papers.Benches;

namespace Paramorph.Papers;

/// <summary>All verdicts and leaderboards on record in one file, <c>results/index.json</c>, for other programs to read.</summary>
/// <param name="Papers">The papers that run, in the order of the catalogue.</param>
/// <param name="Benches">The benches by name.</param>
public sealed record ResultsIndex(IReadOnlyList<IndexedPaper> Papers, IReadOnlyList<IndexedBench> Benches)
{
    /// <summary>The index of a folder that holds <c>results/</c>.</summary>
    public static ResultsIndex Of(string root) => new(
        [.. Catalogue.Papers.Where(paper => paper.Works).Select(paper => IndexedPaper.Of(paper, Records.Of(root, paper)))],
        [.. BenchCatalogue.All.Select(bench => IndexedBench.Of(bench, Records.Of(root, bench)))]);

    /// <summary>The index as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, IndexJson.Default.ResultsIndex);

    /// <summary>Schemas of the index and of the records that it names, as one JSON object: <c>index</c>, <c>paper</c>, <c>bench</c>.</summary>
    public static JsonObject Schemas() => new() { ["index"] = RecordSchema.Of(IndexJson.Default.ResultsIndex), ["paper"] = ExperimentResult.Schema(), ["bench"] = BenchRecord.Schema() };
}

/// <summary>A paper in the index.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Family">To what part of the field it belongs.</param>
/// <param name="Record">The file of the whole record, from the folder that holds <c>results/</c>; null while there is none.</param>
/// <param name="Verdict">The verdict on record; null while there is none.</param>
/// <param name="IsStale">Whether the record is of the experiment as it was, and not as it is.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Date">When it ended, in UTC.</param>
/// <param name="Claims">Each claim with its effect.</param>
/// <param name="Why">The reason where a claim did not hold.</param>
public sealed record IndexedPaper(
    string Id, string Title, string Family, string? Record, Verdict? Verdict, bool IsStale, IReadOnlyList<int> Seeds, DateTime? Date, IReadOnlyList<ClaimResult> Claims, string? Why)
{
    internal static IndexedPaper Of(Paper paper, ExperimentResult? result) => new(
        paper.Id, paper.Title, paper.Family, result is null ? null : Records.File(paper), result?.Verdict, result is not null && !paper.IsOfNow(result),
        result?.Seeds ?? [], result?.Date, result?.Claims ?? [], paper.Experiment()!.Why);
}

/// <summary>A bench in the index.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Meaning">What it compares.</param>
/// <param name="Record">The file of the whole record, from the folder that holds <c>results/</c>; null while there is none.</param>
/// <param name="Ready">Whether all standing methods reach what others report of them.</param>
/// <param name="IsStale">Whether the record is of the bench as it was, and not as it is.</param>
/// <param name="Metric">What the leaderboard is ordered by.</param>
/// <param name="Tasks">The tasks that were run.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Methods">The leaderboard, the best first.</param>
public sealed record IndexedBench(
    string Id, string Meaning, string? Record, bool Ready, bool IsStale, string Metric, IReadOnlyList<string> Tasks, IReadOnlyList<int> Seeds, IReadOnlyList<IndexedMethod> Methods)
{
    internal static IndexedBench Of(Bench bench, BenchRecord? record) => new(
        bench.Id, bench.Meaning, record is null ? null : Records.File(bench), record?.Ready ?? false, record is not null && !record.IsOf(bench, BenchCatalogue.Code(bench)), bench.Metrics[0].Name,
        record?.Tasks ?? [], record?.Seeds ?? [], [.. (record?.Methods ?? []).Select(entry => IndexedMethod.Of(entry, bench.Metrics[0].Name))]);
}

/// <summary>A method on a leaderboard.</summary>
/// <param name="Name">The method.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Mean">The metric, over the tasks that the bench makes itself and over the seeds; null where it has no figure on one of them.</param>
/// <param name="Low">Lower end of the 90 % interval of the mean.</param>
/// <param name="High">Upper end.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Flops">Counted operations of one seed, the search included.</param>
public sealed record IndexedMethod(string Name, string? Paper, double Mean, double Low, double High, long Parameters, double Flops)
{
    internal static IndexedMethod Of(BenchEntry entry, string metric) =>
        new(entry.Name, entry.Paper, entry.Metrics[metric].Mean, entry.Metrics[metric].Low, entry.Metrics[metric].High, entry.Parameters, entry.Flops);
}

/// <summary>How the index looks as JSON: numbers that are not finite are null.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(ResultsIndex))]
internal sealed partial class IndexJson : JsonSerializerContext;
