using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Paramorph.Experiments;
using Paramorph.Methods;

namespace Paramorph.Server;

/// <summary>Runs of papers and benches, and what they tell.</summary>
internal sealed class RunApi(RunStore store, RunQueue queue)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(15);

    private int streams;

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes, CancellationToken ending)
    {
        routes.MapGet("/api/runs", context => Answer.Json(context, [.. store.All()], ServerJson.Default.RunArray));
        routes.MapPost("/api/runs", Start);
        routes.MapGet("/api/runs/{id}", context => Answer.Json(context, Shown(Asked(context)), ServerJson.Default.ShownRun));
        routes.MapDelete("/api/runs/{id}", context => Do(context, queue.Remove));
        routes.MapPost("/api/runs/{id}/stop", context => Do(context, queue.Stop));
        routes.MapPost("/api/runs/{id}/resume", context => Do(context, queue.Resume));
        routes.MapGet("/api/runs/{id}/events", context => Stream(context, ending));
        routes.MapGet("/api/runs/{id}/files/{**path}", context => Answer.File(context, ServedFolder.File(queue.Folder(Asked(context).Id), context.Request.RouteValues["path"] as string ?? "")));
    }

    private Run Asked(HttpContext context)
    {
        var text = context.Request.RouteValues["id"] as string;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && store.Find(id) is { } run ? run : throw new ServerException($"there is no run {text}.", 404);
    }

    private Task Do(HttpContext context, Action<long> action)
    {
        action(Asked(context).Id);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private ShownRun Shown(Run run) => new(
        run, $"paramorph {string.Join(' ', run.Arguments.Select(Quoted))}", queue.Result(run),
        [.. ServedFolder.Files(queue.Folder(run.Id)).Where(file => !file.Path.StartsWith("runs/", StringComparison.Ordinal)).Select(file => new ShownFile(file.Path, file.Bytes))]);

    private static string Quoted(string word) => word.All(letter => char.IsLetterOrDigit(letter) || "/\\.:_-+=,~".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private async Task Start(HttpContext context)
    {
        var asked = await Answer.Read(context, ServerJson.Default.RunRequest).ConfigureAwait(false);
        if (asked.Seeds is < 1 or > 100) throw new ServerException("a run has 1 to 100 seeds.");
        if (asked.Kind is not (RunKind.Paper or RunKind.Bench)) throw new ServerException("a run is of the kind Paper or Bench; fits begin at /api/fits.");
        if (!Enum.IsDefined(asked.Size)) throw new ServerException("the size of a run is Full or Smoke.");
        if (asked.Seed is < 0 or > int.MaxValue - 100) throw new ServerException($"the first seed is 0 to {int.MaxValue - 100}.");
        var run = asked.Kind == RunKind.Bench ? Bench(asked) : Paper(asked);
        context.Response.StatusCode = 201;
        await Answer.Json(context, run, ServerJson.Default.Run).ConfigureAwait(false);
    }

    private Run Paper(RunRequest asked)
    {
        var paper = PaperApi.PaperOf(asked.Id);
        var experiment = paper.Experiment() ?? throw new ServerException($"{paper.Id} is planned and does not run yet.", 409);
        var settings = asked.Settings ?? new Dictionary<string, string>();
        ExperimentRunner.Check(experiment, new() { Size = asked.Size, Seeds = asked.Seeds, Seed = asked.Seed ?? 1, Settings = settings });
        return queue.Add(RunKind.Paper, paper.Id, paper.Title, ["run", paper.Id, .. Common(asked), .. settings.Select(pair => $"--set={pair.Key}={pair.Value}")]);
    }

    private Run Bench(RunRequest asked)
    {
        var bench = BenchApi.BenchOf(asked.Id);
        foreach (var name in asked.Methods ?? [])
        {
            if (Method.All.All(method => method.Name != name)) throw new ServerException($"there is no method {name}.", 404);
            if (bench.Standing.Any(standing => standing.Name == name)) throw new ServerException($"{name} stands on the bench {bench.Id} anyway.");
        }
        return queue.Add(RunKind.Bench, bench.Id, bench.Meaning, ["bench", bench.Id, .. Common(asked), .. (asked.Methods ?? []).Select(name => $"--method={name}")]);
    }

    private static IEnumerable<string> Common(RunRequest asked)
    {
        yield return $"--size={asked.Size.ToString().ToLowerInvariant()}";
        if (asked.Seed is { } seed) yield return $"--seed={seed.ToString(CultureInfo.InvariantCulture)}";
        if (asked.Seeds is { } seeds) yield return $"--seeds={seeds.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Sends what a run told and tells, line by line, until it has ended.</summary>
    private async Task Stream(HttpContext context, CancellationToken ending)
    {
        var run = Asked(context);
        if (Interlocked.Increment(ref streams) > Limits.EventStreams)
        {
            Interlocked.Decrement(ref streams);
            throw new ServerException($"{Limits.EventStreams} streams of events are open already: close some pages.", 503);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.StartAsync(end.Token).ConfigureAwait(false);
            await Send(context, run.Id, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the server ends.
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }
    }

    private async Task Send(HttpContext context, long id, CancellationToken cancellation)
    {
        var (log, response) = (queue.Log(id), context.Response);
        var place = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        while (true)
        {
            var changed = log.Changed;
            var isOver = store.Find(id) is not { State: RunState.Queued or RunState.Running };
            foreach (var (line, behind) in log.From(place))
            {
                await response.WriteAsync($"id: {behind}\ndata: {line}\n\n", cancellation).ConfigureAwait(false);
                place = behind;
            }
            if (isOver)
            {
                await response.WriteAsync("event: end\ndata: {}\n\n", cancellation).ConfigureAwait(false);
                return;
            }
            await response.Body.FlushAsync(cancellation).ConfigureAwait(false);
            if (await Task.WhenAny(changed, Task.Delay(Pulse, cancellation)).ConfigureAwait(false) != changed) await response.WriteAsync(": still here\n\n", cancellation).ConfigureAwait(false);
        }
    }
}

/// <summary>A run that is asked for.</summary>
/// <param name="Kind">Of a paper or of a bench.</param>
/// <param name="Id">Which.</param>
/// <param name="Size">How large.</param>
internal sealed record RunRequest(RunKind Kind, string Id, RunSize Size = RunSize.Smoke)
{
    /// <summary>The first seed.</summary>
    public int? Seed { get; init; }

    /// <summary>How many seeds.</summary>
    public int? Seeds { get; init; }

    /// <summary>Settings of a paper.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>Methods beside the standing ones of a bench.</summary>
    public IReadOnlyList<string>? Methods { get; init; }
}
