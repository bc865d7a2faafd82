using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Paramorph.Cli.Tests;

namespace Paramorph.Web.Tests;

/// <summary>The page as its users have it: <c>paramorph serve</c>, a process of its own, on a port that was free.</summary>
public sealed class Served : IDisposable
{
    private readonly DirectoryInfo folder;
    private readonly string[] arguments;
    private readonly bool isOwner;
    private Process process;

    private Served(DirectoryInfo folder, bool isOwner, string[] arguments)
    {
        (this.folder, this.isOwner, this.arguments) = (folder, isOwner, arguments);
        (process, Address) = Begin();
        Client = NewClient();
    }

    /// <summary>Where it is, with its token where it has one.</summary>
    public Uri Address { get; private set; }

    /// <summary>Where it keeps what it keeps.</summary>
    public string Folder => folder.FullName;

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; private set; }

    /// <summary>Starts one with a folder of its own.</summary>
    public static Served Start(params string[] arguments) => new(Directory.CreateTempSubdirectory("paramorph-served-"), true, arguments);

    /// <summary>Kills it, as a crash would, and starts it again on the same folder.</summary>
    public void KillAndStart()
    {
        Kill();
        Client.Dispose();
        (process, Address) = Begin();
        Client = NewClient();
    }

    /// <summary>Kills it.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        try
        {
            Kill();
        }
        catch (InvalidOperationException)
        {
            // It is dead already.
        }
        if (!isOwner) return;
        // A run that was under way notices that its server is gone, and may still write for a moment.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                Thread.Sleep(250);
            }
        }
    }

    /// <summary>An answer as JSON.</summary>
    public async Task<JsonElement> Get(string path)
    {
        using var answer = await Client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>An answer to a value, as JSON.</summary>
    public async Task<JsonElement> Post(string path, object? body = null)
    {
        using var answer = await Client.PostAsJsonAsync(path, body ?? new { });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Sends a file.</summary>
    public async Task<JsonElement> Send(string path, string content)
    {
        using var answer = await Client.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until a run is in a state, and fails when it comes to another one in which it stays.</summary>
    public async Task<JsonElement> Until(long run, string state)
    {
        while (true)
        {
            var shown = await Get($"/api/runs/{run}");
            var now = shown.GetProperty("run").GetProperty("state").GetString();
            if (now == state) return shown;
            Assert.True(now is "Queued" or "Running", $"run {run} is {now}, not {state}: {shown.GetProperty("run").GetProperty("message")}");
            await Task.Delay(100);
        }
    }

    private HttpClient NewClient() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(Address.GetLeftPart(UriPartial.Authority)), Timeout = TimeSpan.FromMinutes(5) };

    private (Process, Uri) Begin()
    {
        var started = Command.Start(["serve", "--port", "0", "--data", Folder, .. arguments]);
        var error = started.StandardError.ReadToEndAsync();
        const string Before = "The page is at ";
        var line = started.StandardOutput.ReadLine();
        Assert.True(line?.StartsWith(Before, StringComparison.Ordinal), line ?? error.GetAwaiter().GetResult());
        return (started, new Uri(line![Before.Length..line!.IndexOf(';', StringComparison.Ordinal)]));
    }
}
