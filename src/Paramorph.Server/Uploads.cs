using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Paramorph.Server;

/// <summary>Files of people's, which go to disk as they come, each in a folder of its own.</summary>
/// <param name="folder">Where they go.</param>
internal sealed class Uploads(string folder)
{
    /// <summary>Takes the body of a request as a file; the query <c>name</c> says how it is called, whose end may tell the format.</summary>
    public async Task<Upload> Take(HttpContext context)
    {
        // What is not declared is counted while it comes.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = Limits.UploadBytes;
        if (context.Request.ContentLength > Limits.UploadBytes) throw new ServerException($"a file has {Limits.UploadBytes >> 20} MiB at most.", 413);
        var id = Guid.NewGuid().ToString("N");
        var name = ServedFolder.NameOf(context.Request.Query["name"], "data");
        var place = Path.Combine(folder, id);
        Directory.CreateDirectory(place);
        try
        {
            long bytes;
            using (var file = new FileStream(Path.Combine(place, name), FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await context.Request.Body.CopyToAsync(file, context.RequestAborted).ConfigureAwait(false);
                bytes = file.Length;
            }
            return bytes > 0 ? new(id, name, bytes) : throw new ServerException("the file is empty.");
        }
        catch
        {
            Directory.Delete(place, recursive: true);
            throw;
        }
    }

    /// <summary>The path of a file that was taken.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public string PathOf(string? id) =>
        Guid.TryParseExact(id, "N", out var known) && Path.Combine(folder, known.ToString("N")) is var place && Directory.Exists(place) && Directory.EnumerateFiles(place).FirstOrDefault() is { } file
            ? file
            : throw new ServerException($"there is no file {id}: it may have been removed.", 404);
}

/// <summary>A file that was taken.</summary>
/// <param name="Id">By which it is named from now on.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record Upload(string Id, string Name, long Bytes);
