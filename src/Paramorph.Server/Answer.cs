using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Paramorph.Server;

/// <summary>How requests are read and answered.</summary>
internal static class Answer
{
    /// <summary>Answers with a value as JSON.</summary>
    public static Task Json<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    /// <summary>Answers with text that is JSON already.</summary>
    public static Task Text(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Reads a value from the body.</summary>
    /// <exception cref="ServerException">It is no such value.</exception>
    public static async Task<T> Read<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType()) throw new ServerException("the body is JSON: Content-Type: application/json.", 415);
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false) ?? throw new ServerException("the body is empty.");
        }
        catch (JsonException exception)
        {
            // Its message names types of the server, which who asks does not know.
            var place = exception.Path is { Length: > 0 } path && path != "$" ? $" at {path[(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0)..]}" : "";
            throw new ServerException($"the body is not what is asked for{place}: a part is missing or of another type, or it is no JSON (line {exception.LineNumber.GetValueOrDefault() + 1}).", 400, exception);
        }
    }

    /// <summary>Answers with a file of somebody's: it is shown with what it holds alone, and runs nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file.</param>
    /// <param name="name">The name under which it is saved; null to show it.</param>
    public static async Task File(HttpContext context, string path, string? name = null)
    {
        var type = TypeOf(path);
        context.Response.ContentType = type ?? "application/octet-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";
        if (name is not null || type is null) context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name ?? Path.GetFileName(path)}\"";
        await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The type of what is shown; null of what is only saved.</summary>
    public static string? TypeOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".json" => "application/json; charset=utf-8",
        ".csv" => "text/csv; charset=utf-8",
        ".md" or ".txt" or ".jsonl" => "text/plain; charset=utf-8",
        ".webmanifest" => "application/manifest+json",
        _ => null,
    };
}
