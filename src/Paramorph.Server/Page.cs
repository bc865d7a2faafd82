using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Paramorph.Server;

/// <summary>The page itself, as the build left it in this assembly; where Node was not there, a few words in its place.</summary>
internal sealed class Page
{
    private const string Prefix = "page/", Index = "index.html";

    private const string Absent =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Paramorph</title><h1>The page is not part of this build</h1>
        <p>It is built where Node 20 or newer, with npm, is installed: install it, and build the command again.</p>
        <p>All else works: <code>paramorph --help</code> tells what the command does, and what the page would show is under <code>/api</code>.</p></html>
        """;

    private readonly FrozenDictionary<string, (byte[] Bytes, string Tag)> files = typeof(Page).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    /// <summary>Whether the page was built.</summary>
    public bool IsThere => files.ContainsKey(Index);

    /// <summary>Answers with a file of the page, and with the page for all addresses that it has itself.</summary>
    public async Task Serve(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        if (!IsThere)
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(Absent, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        var isFile = files.ContainsKey(path);
        if (!isFile && path.Contains('.', StringComparison.Ordinal)) throw new ServerException($"there is no file {path} here.", 404);
        var (bytes, tag) = files[isFile ? path : Index];
        context.Response.ContentType = Answer.TypeOf(isFile ? path : Index) ?? "application/octet-stream";
        // Names of what is built hold a fingerprint of the content; the page itself may change.
        context.Response.Headers.CacheControl = path.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = 304;
            return;
        }
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private static (byte[] Bytes, string Tag) Read(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }
}
