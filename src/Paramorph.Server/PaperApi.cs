using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Paramorph.Experiments;
using Paramorph.Papers;

namespace Paramorph.Server;

/// <summary>What the page shows of papers.</summary>
internal sealed class PaperApi(RunStore store)
{
    private const int MostFound = 20;

    private readonly Lazy<ListedPaper[]> list = new(() => [.. Catalogue.Papers.Select(Listed)]);
    private Task<MapPlace[]>? map;

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        // The first page asks for these; by then they are there.
        _ = Task.Run(() => list.Value);
        routes.MapGet("/api/papers", context => Answer.Json(context, list.Value, ServerJson.Default.ListedPaperArray));
        routes.MapGet("/api/papers/{id}", context => Answer.Json(context, Shown(Asked(context)), ServerJson.Default.ShownPaper));
        routes.MapGet("/api/papers/{id}/similar", context => Answer.Json(context, Found(PaperSearch.Similar(Asked(context), 8)), ServerJson.Default.FoundItemArray));
        routes.MapGet("/api/search", Search);
        routes.MapGet("/api/map", async context => await Answer.Json(context, await (map ??= Task.Run(Places)).ConfigureAwait(false), ServerJson.Default.MapPlaceArray).ConfigureAwait(false));
    }

    /// <summary>The paper that a request names.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public static Paper PaperOf(string? id) => Catalogue.Find(id ?? "") ?? throw new ServerException($"there is no paper {id}.", 404);

    /// <summary>The verdict on record in words, or what is said in its place.</summary>
    public static string Status(Paper paper) =>
        !paper.Works ? "planned" : paper.Recorded() is not { } result ? "not run" : paper.IsOfNow(result) ? ExperimentReport.Words(result.Verdict) : "stale";

    private static Paper Asked(HttpContext context) => PaperOf(context.Request.RouteValues["id"] as string);

    private Task Search(HttpContext context)
    {
        var query = context.Request.Query["q"].ToString();
        if (query.Length > 500) throw new ServerException("a question has 500 letters at most.");
        return Answer.Json(context, Found(PaperSearch.Find(query, MostFound)), ServerJson.Default.FoundItemArray);
    }

    private static FoundItem[] Found(IReadOnlyList<FoundPaper> papers) =>
        [.. papers.Select(found => new FoundItem(found.Paper.Id, found.Paper.Title, found.Paper.Family, Status(found.Paper), Math.Round(found.Score, 4)))];

    private MapPlace[] Places()
    {
        string[] families = [.. Catalogue.Papers.Select(paper => paper.Family).Distinct().Order(StringComparer.Ordinal)];
        var places = PaperMap.Of(PaperSearch.Cosines(), [.. Catalogue.Papers.Select(paper => Array.IndexOf(families, paper.Family))]);
        return [.. Catalogue.Papers.Zip(places, (paper, place) => new MapPlace(paper.Id, place.X, place.Y))];
    }

    private static ListedPaper Listed(Paper paper) => new(paper.Id, paper.Title, paper.Family, paper.Kind, Status(paper), paper.What);

    private ShownPaper Shown(Paper paper)
    {
        var (experiment, record) = (paper.Experiment(), paper.Recorded());
        return new(
            paper.Id, paper.Title, paper.Family, paper.Kind, Status(paper), paper.What, paper.Show, paper.File,
            experiment is null ? null : ShownExperiment.Of(experiment), record is null ? null : Element(record.ToJson()),
            [.. store.All().Where(run => run.Kind == RunKind.Paper && run.Subject == paper.Id).Take(20)]);
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

/// <summary>A paper in the atlas.</summary>
internal sealed record ListedPaper(string Id, string Title, string Family, string Kind, string Status, string What);

/// <summary>A paper that was found.</summary>
internal sealed record FoundItem(string Id, string Title, string Family, string Status, double Score);

/// <summary>Where a paper stands on the map.</summary>
internal sealed record MapPlace(string Id, double X, double Y);

/// <summary>A paper with all that is known of it.</summary>
/// <param name="Code">The file of its experiment.</param>
/// <param name="Record">The full run on record.</param>
/// <param name="Runs">Runs of it that the page keeps.</param>
internal sealed record ShownPaper(
    string Id, string Title, string Family, string Kind, string Status, string What, string Show, string? Code, ShownExperiment? Experiment, JsonElement? Record, IReadOnlyList<Run> Runs);

/// <summary>An experiment as the page shows it.</summary>
internal sealed record ShownExperiment(
    string Question, string Original, string Difference, string Budget, string? Data, string? Why, int Seeds, IReadOnlyList<ShownArm> Arms, IReadOnlyList<Metric> Metrics, IReadOnlyList<ShownClaim> Claims,
    IReadOnlyList<Setting> Settings, IReadOnlyList<EarlierVerdict> Earlier)
{
    public static ShownExperiment Of(IExperiment experiment) => new(
        experiment.Question, experiment.Original, experiment.Difference, experiment.Budget, experiment.Data, experiment.Why, experiment.Seeds,
        [.. experiment.Arms.Select(arm => new ShownArm(arm.Name, arm.Meaning, arm.Role, arm.Candidates.Count))], experiment.Metrics,
        [.. experiment.Claims.Select(claim => new ShownClaim(claim.Text, claim.Origin, claim.IsMain))], experiment.Settings, experiment.Earlier);
}

/// <summary>An arm.</summary>
internal sealed record ShownArm(string Name, string Meaning, ArmRole Role, int Candidates);

/// <summary>A claim before it is decided.</summary>
internal sealed record ShownClaim(string Text, string Origin, bool IsMain);
