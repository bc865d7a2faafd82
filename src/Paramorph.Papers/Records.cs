using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Papers.Benches;

namespace Paramorph.Papers;

/// <summary>The records of full runs in a folder, and the pages that are made of them.</summary>
public static class Records
{
    /// <summary>The file of a paper's record, from the folder that holds <c>results/</c>.</summary>
    public static string File(Paper paper) => $"results/{paper.Id}.json";

    /// <summary>The file of a bench's record, from the folder that holds <c>results/</c>.</summary>
    public static string File(Bench bench) => $"results/benches/{bench.Id}.json";

    /// <summary>The record of a paper; null where there is none, or one so old that it does not say of what it is.</summary>
    public static ExperimentResult? Of(string root, Paper paper) => Text(root, File(paper)) is { } json ? Paper.Read(json) : null;

    /// <summary>The record of a bench; null where there is none.</summary>
    public static BenchRecord? Of(string root, Bench bench) => Text(root, File(bench)) is { } json ? BenchRecord.FromJson(json) : null;

    /// <summary>Keeps the record of a paper and brings the pages up to date.</summary>
    public static void Keep(string root, Paper paper, ExperimentResult result) => Keep(root, File(paper), result.ToJson());

    /// <summary>Keeps the record of a bench and brings the pages up to date.</summary>
    public static void Keep(string root, Bench bench, BenchRecord record) => Keep(root, File(bench), record.ToJson());

    /// <summary>What is made of all records, by file: <c>docs/catalogue.md</c>, <c>docs/benches.md</c>, <c>results/index.json</c>.</summary>
    public static IReadOnlyDictionary<string, string> Pages(string root) => new Dictionary<string, string>
    {
        ["docs/catalogue.md"] = CataloguePage.Of(Catalogue.Papers, paper => Of(root, paper)),
        ["docs/benches.md"] = BenchesPage.Of(BenchCatalogue.All, bench => Of(root, bench)),
        ["results/index.json"] = ResultsIndex.Of(root).ToJson() + "\n",
    };

    private static void Keep(string root, string file, string json)
    {
        Write(root, file, json + "\n");
        foreach (var (page, text) in Pages(root)) Write(root, page, text);
    }

    private static void Write(string root, string file, string text)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, text);
    }

    private static string? Text(string root, string file) => Path.Combine(root, file) is var path && System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : null;
}
