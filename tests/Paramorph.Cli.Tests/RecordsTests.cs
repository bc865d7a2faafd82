using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Paramorph.Papers;
using Paramorph.Papers.Benches;

namespace Paramorph.Cli.Tests;

public sealed class RecordsTests
{
    private const string Command = "PARAMORPH_WRITE_PAGES=1 dotnet test -c Release tests/Paramorph.Cli.Tests --filter RecordsTests";

    private static string Schemas => Repository.File("docs", "results.schema.json");

    [Fact]
    public void The_schemas_in_the_docs_are_those_of_what_is_written()
    {
        var now = ResultsIndex.Schemas().ToJsonString(new() { WriteIndented = true }) + "\n";
        if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(Schemas, now);
        Assert.True(File.ReadAllText(Schemas) == now, $"docs/results.schema.json is not that of the records. If that is meant: {Command}");
    }

    [Fact]
    public void The_pages_are_those_of_the_records()
    {
        foreach (var (page, text) in Papers.Records.Pages(Repository.File()))
        {
            var path = Path.Combine(Repository.File(), page);
            if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(path, text);
            Assert.True(File.ReadAllText(path) == text, $"{page} is not that of the records and of the experiments as they are. It is written by paramorph verify and paramorph bench --record, and by {Command}");
        }
    }

    public static TheoryData<string, string> Files
    {
        get
        {
            var records = new TheoryData<string, string>();
            foreach (var file in Named("results")) records.Add(Path.GetFileName(file) == "index.json" ? "index" : "paper", file);
            foreach (var file in Named("results/benches")) records.Add("bench", file);
            return records;
        }
    }

    /// <summary>Judged by another program than the one that writes them.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_record_is_as_its_schema_says(string kind, string file)
    {
        var schema = JsonSchema.FromText(JsonNode.Parse(File.ReadAllText(Schemas))![kind]!.ToJsonString());
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.File(), file)));
        var verdict = schema.Evaluate(record.RootElement, new() { OutputFormat = Json.Schema.OutputFormat.List });
        Assert.True(verdict.IsValid, string.Join("\n", (verdict.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")));
    }

    [Fact]
    public void A_record_that_lacks_what_the_schema_asks_for_is_refused()
    {
        var schema = JsonSchema.FromText(ResultsIndex.Schemas()["paper"]!.ToJsonString());
        using var record = JsonDocument.Parse("""{"id": "snnk", "seeds": ["one"]}""");
        Assert.False(schema.Evaluate(record.RootElement).IsValid);
    }

    [Fact]
    public void No_record_of_a_paper_is_stale() => Assert.Empty(ResultsIndex.Of(Repository.File()).Papers.Where(paper => paper.IsStale).Select(paper => paper.Id));

    [Fact]
    public void No_record_of_a_bench_is_stale() => Assert.Empty(ResultsIndex.Of(Repository.File()).Benches.Where(bench => bench.IsStale).Select(bench => bench.Id));

    private static IEnumerable<string> Named(string folder) => Directory.GetFiles(Path.Combine(Repository.File(), folder), "*.json").Select(file => Path.GetRelativePath(Repository.File(), file)).Order(StringComparer.Ordinal);
}
