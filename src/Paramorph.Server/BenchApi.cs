using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Paramorph.Experiments;
using Paramorph.Methods;
using Paramorph.Papers.Benches;

namespace Paramorph.Server;

/// <summary>What the page shows of benches.</summary>
internal static class BenchApi
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/benches", context => Answer.Json(context, [.. BenchCatalogue.All.Select(ListedBench.Of)], ServerJson.Default.ListedBenchArray));
        routes.MapGet("/api/benches/{id}", context => Answer.Json(context, Shown(Asked(context)), ServerJson.Default.ShownBench));
        routes.MapGet("/api/benches/{id}/difference", context => Answer.Json(context, Difference(context), ServerJson.Default.PairedDifference));
    }

    /// <summary>The bench of a name.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public static Bench BenchOf(string? id) => BenchCatalogue.All.FirstOrDefault(bench => bench.Id == id) ?? throw new ServerException($"there is no bench {id}.", 404);

    private static Bench Asked(HttpContext context) => BenchOf(context.Request.RouteValues["id"] as string);

    private static ShownBench Shown(Bench bench)
    {
        var record = BenchCatalogue.Recorded(bench);
        string[] kinds = [.. Method.All.Where(method => bench.Standing.Any(standing => standing.Method.Name == method.Name)).SelectMany(method => method.Kinds).Distinct()];
        return new(
            bench.Id, bench.Meaning, bench.Budget.ToString(), bench.Metrics, [.. bench.Tasks.Select(task => task.Name)],
            [.. bench.Standing.Select(standing => new ShownArm(standing.Name, standing.Method.Meaning, standing.Role, 0))],
            [.. Method.All.Where(method => method.Kinds.Any(kinds.Contains) && bench.Standing.All(standing => standing.Name != method.Name)).Select(method => method.Name)],
            record is not null && !record.IsOf(bench, BenchCatalogue.Code(bench)), record is null ? null : Element(record));
    }

    private static PairedDifference Difference(HttpContext context)
    {
        var (bench, query) = (Asked(context), context.Request.Query);
        var record = BenchCatalogue.Recorded(bench) ?? throw new ServerException($"nothing of {bench.Id} is on record.", 409);
        BenchEntry Entry(string name) => record.Methods.FirstOrDefault(entry => entry.Name == query[name]) ?? throw new ServerException($"there is no method {query[name]} on record of {bench.Id}.", 404);
        var (a, b) = (Entry("a"), Entry("b"));
        return new(a.Name, b.Name, [.. bench.Metrics.SelectMany(metric => record.Tasks.Select(task => (metric, Task: (string?)task)).Prepend((metric, Task: null)))
            .Where(row => a.Metrics.ContainsKey(Name(row.metric, row.Task)) && b.Metrics.ContainsKey(Name(row.metric, row.Task)))
            .Select(row => Of(row.metric, row.Task, a.Metrics[Name(row.metric, row.Task)].Values, b.Metrics[Name(row.metric, row.Task)].Values, record.Seeds))]);
    }

    private static string Name(Metric metric, string? task) => task is null ? metric.Name : Bench.On(metric.Name, task);

    private static DifferenceRow Of(Metric metric, string? task, IReadOnlyList<double> a, IReadOnlyList<double> b, IReadOnlyList<int> seeds)
    {
        double[] differences = [.. a.Zip(b, (x, y) => x - y)];
        var interval = PairedInterval.Of(differences);
        return new(metric.Name, task, metric.Better, interval.Centre, interval.Low, interval.High, [.. seeds.Zip(differences, (seed, difference) => new SeedDifference(seed, difference))]);
    }

    private static JsonElement Element(BenchRecord record)
    {
        using var document = JsonDocument.Parse(record.ToJson());
        return document.RootElement.Clone();
    }
}

/// <summary>A bench in the list.</summary>
internal sealed record ListedBench(string Id, string Meaning, string Metric, int Tasks, IReadOnlyList<string> Standing, bool IsReady, DateTime? Recorded, string? Best, bool IsStale)
{
    public static ListedBench Of(Bench bench)
    {
        var record = BenchCatalogue.Recorded(bench);
        return new(
            bench.Id, bench.Meaning, bench.Metrics[0].Name, bench.Tasks.Count, [.. bench.Standing.Select(standing => standing.Name)], record?.Ready ?? false, record?.Date, record?.Methods.FirstOrDefault()?.Name,
            record is not null && !record.IsOf(bench, BenchCatalogue.Code(bench)));
    }
}

/// <summary>A bench with its leaderboard.</summary>
/// <param name="Further">Methods that could be run beside the standing ones.</param>
/// <param name="Record">What is on record.</param>
internal sealed record ShownBench(
    string Id, string Meaning, string Budget, IReadOnlyList<Metric> Metrics, IReadOnlyList<string> Tasks, IReadOnlyList<ShownArm> Standing, IReadOnlyList<string> Further, bool IsStale, JsonElement? Record);

/// <summary>Two methods of a bench, seed by seed.</summary>
internal sealed record PairedDifference(string A, string B, IReadOnlyList<DifferenceRow> Rows);

/// <summary>A metric of the first method minus that of the second.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Task">The task; null of all together.</param>
/// <param name="Better">Which direction is better.</param>
/// <param name="Mean">The mean difference.</param>
/// <param name="Low">Lower end of its 90 % interval by Student's t from paired seeds.</param>
/// <param name="High">Upper end.</param>
/// <param name="Seeds">The difference under each seed.</param>
internal sealed record DifferenceRow(string Metric, string? Task, Better Better, double Mean, double Low, double High, IReadOnlyList<SeedDifference> Seeds);

/// <summary>A difference under a seed.</summary>
internal sealed record SeedDifference(int Seed, double Difference);
