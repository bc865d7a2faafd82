using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Paramorph.Server;

/// <summary>Models that were fitted here: what they are, their folder, their answers, and what other programs take.</summary>
internal sealed class ModelApi(RunQueue queue, Uploads uploads, Worker worker, string folder)
{
    private const string Answers = "answers.csv";

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/models", context => Answer.Json(context, [.. Models()], ServerJson.Default.ListedModelArray));
        routes.MapGet("/api/models/{name}", context => Answer.Json(context, Shown(Name(context)), ServerJson.Default.ShownModel));
        routes.MapDelete("/api/models/{name}", Remove);
        routes.MapGet("/api/models/{name}/files/{**path}", context => Answer.File(context, ServedFolder.File(queue.Model(Name(context)), context.Request.RouteValues["path"] as string ?? "")));
        routes.MapGet("/api/models/{name}/zip", Zip);
        routes.MapGet("/api/models/{name}/inspection", async context => await Answer.Text(context, (await worker.Run(["inspect", queue.Model(Name(context)), "--format", "json"], context.RequestAborted).ConfigureAwait(false)).Output).ConfigureAwait(false));
        routes.MapGet("/api/models/{name}/drawing", context => Made(context, "drawing.svg", null, path => ["inspect", queue.Model(Name(context)), "--svg", path]));
        routes.MapGet("/api/models/{name}/onnx", context => Made(context, "model.onnx", $"{Name(context)}.onnx", path => ["export", queue.Model(Name(context)), "--onnx", path, "--type", Type(context)]));
        routes.MapPost("/api/models/{name}/answers", Predict);
        routes.MapPost("/api/models/{name}/smaller", Shrink);
        routes.MapGet("/api/answers/{id}", context => Answer.File(context, ServedFolder.File(AnswersOf(context.Request.RouteValues["id"] as string), Answers), Answers));
    }

    private string Name(HttpContext context)
    {
        var name = context.Request.RouteValues["name"] as string ?? "";
        return ServedFolder.IsName(name) && File.Exists(Path.Combine(queue.Model(name), "model.json")) ? name : throw new ServerException($"there is no model {name}.", 404);
    }

    private static string Type(HttpContext context) => context.Request.Query["type"].ToString() is var type && type is "" or "f32" or "f64" ? (type.Length == 0 ? "f64" : type) : throw new ServerException("the type is f32 or f64.", 400);

    private IEnumerable<ListedModel> Models()
    {
        var all = new DirectoryInfo(Path.Combine(folder, "models"));
        if (!all.Exists) yield break;
        foreach (var model in all.EnumerateDirectories().Where(item => ServedFolder.IsName(item.Name) && File.Exists(Path.Combine(item.FullName, "model.json"))).OrderByDescending(item => item.LastWriteTimeUtc))
            yield return new(model.Name, model.LastWriteTimeUtc, Result(model.Name));
    }

    private JsonElement? Result(string name)
    {
        var path = Path.Combine(queue.Model(name), "result.json");
        try
        {
            return File.Exists(path) ? Parsed(path) : null;
        }
        catch (JsonException)
        {
            // What is damaged of one model does not keep others from being listed.
            return null;
        }
    }

    private ShownModel Shown(string name)
    {
        JsonElement model;
        try
        {
            model = Parsed(Path.Combine(queue.Model(name), "model.json"));
        }
        catch (JsonException exception)
        {
            throw new ServerException($"the model {name} is damaged: model.json is no description of one.", 422, exception);
        }
        return new(
            name, Directory.GetLastWriteTimeUtc(queue.Model(name)), Result(name), model.TryGetProperty("preparation", out var preparation) ? preparation : null,
            [.. ServedFolder.Files(queue.Model(name)).Select(file => new ShownFile(file.Path, file.Bytes))]);
    }

    private Task Remove(HttpContext context)
    {
        Directory.Delete(queue.Model(Name(context)), recursive: true);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task Zip(HttpContext context)
    {
        var name = Name(context);
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.zip\"";
        // The directory at the end of an archive is written without waiting.
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        await ZipFile.CreateFromDirectoryAsync(queue.Model(name), context.Response.Body, CompressionLevel.Fastest, includeBaseDirectory: true, Encoding.UTF8, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with a file that the command makes.</summary>
    private async Task Made(HttpContext context, string file, string? name, Func<string, IReadOnlyList<string>> words)
    {
        var place = Directory.CreateTempSubdirectory("paramorph-made-");
        try
        {
            var path = Path.Combine(place.FullName, file);
            await worker.Run(words(path), context.RequestAborted).ConfigureAwait(false);
            await Answer.File(context, path, name).ConfigureAwait(false);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    /// <summary>Answers for the file in the body.</summary>
    private async Task Predict(HttpContext context)
    {
        var name = Name(context);
        var upload = await uploads.Take(context).ConfigureAwait(false);
        var place = AnswersOf(upload.Id);
        Directory.CreateDirectory(place);
        var path = Path.Combine(place, Answers);
        var (_, notes) = await worker.Run(["predict", queue.Model(name), uploads.PathOf(upload.Id), "--out", path], context.RequestAborted).ConfigureAwait(false);
        await Answer.Json(context, Told(upload, path, notes), ServerJson.Default.ShownAnswers).ConfigureAwait(false);
    }

    /// <summary>Makes a model of the same with smaller weights, beside it.</summary>
    private async Task Shrink(HttpContext context)
    {
        var (name, bits) = (Name(context), context.Request.Query["bits"].ToString());
        if (bits.Length != 1 || bits[0] is < '2' or > '8') throw new ServerException("bits are 2 to 8.", 400);
        var smaller = queue.FreeName($"{name}-{bits}bit");
        await worker.Run(["shrink", queue.Model(name), "--bits", bits, "--out", queue.Model(smaller)], context.RequestAborted).ConfigureAwait(false);
        await Answer.Json(context, Shown(smaller), ServerJson.Default.ShownModel).ConfigureAwait(false);
    }

    private static ShownAnswers Told(Upload upload, string path, IReadOnlyList<string> notes)
    {
        var (first, count) = (new List<string>(), -1);
        foreach (var line in File.ReadLines(path))
        {
            count++;
            if (first.Count <= Limits.ShownRows) first.Add(line);
        }
        return new(upload.Id, upload.Name, count, first, notes);
    }

    private string AnswersOf(string? id) => Guid.TryParseExact(id, "N", out var known) ? Path.Combine(folder, "answers", known.ToString("N")) : throw new ServerException($"there are no answers {id}.", 404);

    private static JsonElement Parsed(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }
}

/// <summary>A model in the list.</summary>
internal sealed record ListedModel(string Name, DateTime Made, JsonElement? Result);

/// <summary>A model with what came of its fit.</summary>
/// <param name="Preparation">What stands between data and model: of tables, the columns.</param>
internal sealed record ShownModel(string Name, DateTime Made, JsonElement? Result, JsonElement? Preparation, IReadOnlyList<ShownFile> Files);

/// <summary>Answers of a model.</summary>
/// <param name="Id">By which the file of all is named.</param>
/// <param name="File">For what they are.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Lines">The first, as delimited text with a row of names.</param>
/// <param name="Notes">What was not as in training.</param>
internal sealed record ShownAnswers(string Id, string File, int Rows, IReadOnlyList<string> Lines, IReadOnlyList<string> Notes);
