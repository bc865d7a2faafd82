using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Paramorph.Fitting;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Server;

/// <summary>Fits to people's data: the file, what is understood of it, corrections, and the fit, which is a run like others.</summary>
internal sealed class FitApi(RunQueue queue, Uploads uploads, Worker worker)
{
    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/problems", context => Answer.Json(context, [.. ProblemKind.All.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal).Select(kind => new ListedKind(kind.Name, kind.Meaning, kind.Ready))], ServerJson.Default.ListedKindArray));
        routes.MapPost("/api/uploads", async context => await Answer.Json(context, await uploads.Take(context).ConfigureAwait(false), ServerJson.Default.Upload).ConfigureAwait(false));
        routes.MapPost("/api/fits/understood", Understand);
        routes.MapPost("/api/fits", Start);
    }

    private async Task Understand(HttpContext context)
    {
        var asked = await Answer.Read(context, ServerJson.Default.FitRequest).ConfigureAwait(false);
        var (told, _) = await worker.Run(["fit", Source(asked), .. asked.Words(), "--dry-run", "--format", "json"], context.RequestAborted).ConfigureAwait(false);
        await Answer.Text(context, told).ConfigureAwait(false);
    }

    private async Task Start(HttpContext context)
    {
        var asked = await Answer.Read(context, ServerJson.Default.FitRequest).ConfigureAwait(false);
        var source = Source(asked);
        var budget = Budget.Parse(asked.Budget ?? Budget.Usual.ToString());
        var name = queue.FreeName(ServedFolder.NameOf(asked.Name, Path.GetFileNameWithoutExtension(source)));
        var run = queue.Add(RunKind.Fit, name, $"{Path.GetFileName(source)}, {budget}", ["fit", source, .. asked.Words(), $"--budget={budget.ToString().Replace(" ", "", StringComparison.Ordinal)}"]);
        context.Response.StatusCode = 201;
        await Answer.Json(context, run, ServerJson.Default.Run).ConfigureAwait(false);
    }

    /// <summary>The path of the file, or the name of a problem that needs none.</summary>
    private string Source(FitRequest asked)
    {
        if (asked.Upload is not null) return uploads.PathOf(asked.Upload);
        return ProblemKind.All.Values.Any(kind => kind.Ready.Contains(asked.Ready ?? "")) ? asked.Ready! : throw new ServerException("a fit needs a file, or the name of a problem that needs none.");
    }
}

/// <summary>A kind of problem.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What is learned.</param>
/// <param name="Ready">Problems of the kind that need no file.</param>
internal sealed record ListedKind(string Name, string Meaning, IReadOnlyList<string> Ready);

/// <summary>A fit that is asked for, or what is to be understood before one; the meaning of each is that of the option of <c>paramorph fit</c>.</summary>
internal sealed record FitRequest
{
    /// <summary>The file.</summary>
    public string? Upload { get; init; }

    /// <summary>The name of a problem that needs no file.</summary>
    public string? Ready { get; init; }

    /// <summary>The name of the model.</summary>
    public string? Name { get; init; }

    /// <summary>The kind of problem.</summary>
    public string? Problem { get; init; }

    /// <summary>What is predicted.</summary>
    public IReadOnlyList<string> Targets
    {
        get;
        // The reader of JSON gives null for what is not said.
        init => field = value ?? [];
    } = [];

    /// <summary>What is left out.</summary>
    public IReadOnlyList<string> Ignored
    {
        get;
        // The reader of JSON gives null for what is not said.
        init => field = value ?? [];
    } = [];

    /// <summary>What is a category though it looks like numbers.</summary>
    public IReadOnlyList<string> Categories
    {
        get;
        // The reader of JSON gives null for what is not said.
        init => field = value ?? [];
    } = [];

    /// <summary>Rows of one value stay together.</summary>
    public string? Group { get; init; }

    /// <summary>By what rows are ordered.</summary>
    public string? Time { get; init; }

    /// <summary>How much the search may cost.</summary>
    public string? Budget { get; init; }

    /// <summary>What is tried.</summary>
    public IReadOnlyList<string> Methods
    {
        get;
        // The reader of JSON gives null for what is not said.
        init => field = value ?? [];
    } = [];

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Hyperparameters, and settings of the problem.</summary>
    public IReadOnlyDictionary<string, string> Settings
    {
        get;
        init => field = value ?? new Dictionary<string, string>();
    } = new Dictionary<string, string>();

    /// <summary>The words of the command. A value stands in one word with its option, so that none is taken for another option.</summary>
    public IEnumerable<string> Words()
    {
        if (Targets.Concat(Ignored).Concat(Categories).Concat(Methods).Any(string.IsNullOrWhiteSpace)) throw new ServerException("a name in a list is empty.");
        if (Methods.FirstOrDefault(name => name != "auto" && Method.All.All(method => method.Name != name)) is { } unknown) throw new ServerException($"there is no method {unknown}.", 404);
        if (Problem is { Length: > 0 }) yield return $"--problem={Problem}";
        foreach (var name in Targets) yield return $"--target={name}";
        foreach (var name in Ignored) yield return $"--ignore={name}";
        foreach (var name in Categories) yield return $"--category={name}";
        if (Group is { Length: > 0 }) yield return $"--group={Group}";
        if (Time is { Length: > 0 }) yield return $"--time={Time}";
        if (Methods.Count > 0) yield return $"--method={string.Join(',', Methods)}";
        if (Seed is { } seed) yield return $"--seed={seed.ToString(CultureInfo.InvariantCulture)}";
        foreach (var (name, value) in Settings) yield return $"--set={name}={value}";
    }
}
