using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Paramorph.Server;

/// <summary>Runs what waits, one after the other, each as a process of its own: two clicks do not fight for the cores.</summary>
internal sealed class RunQueue : IAsyncDisposable
{
    private const string Leaderboard = "leaderboard.json", FitResultFile = "fit.json";

    /// <summary>Between the start of a process and the note of it.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    private readonly ServerOptions options;
    private readonly RunStore store;
    private readonly ConcurrentDictionary<long, RunLog> logs = new();
    private readonly SemaphoreSlim added = new(0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task loop;
    private readonly Lock changing = new();
    private (long Id, Process Process, bool IsStopped)? current;

    public RunQueue(ServerOptions options, RunStore store)
    {
        (this.options, this.store) = (options, store);
        loop = Task.Run(Loop);
    }

    /// <summary>The folder of a run.</summary>
    public string Folder(long id) => Path.Combine(options.Folder, "runs", $"{id}");

    /// <summary>The folder of a model.</summary>
    public string Model(string name) => Path.Combine(options.Folder, "models", name);

    /// <summary>The names that models have, and that fits have which are to make some.</summary>
    public HashSet<string> ModelNames() =>
    [
        .. store.All().Where(run => run.Kind == RunKind.Fit).Select(run => run.Subject),
        .. Directory.Exists(Path.Combine(options.Folder, "models")) ? new DirectoryInfo(Path.Combine(options.Folder, "models")).EnumerateDirectories().Select(model => model.Name) : [],
    ];

    /// <summary>A name that no model and no run that waits has.</summary>
    public string FreeName(string name)
    {
        var taken = ModelNames();
        return taken.Contains(name) ? Enumerable.Range(2, int.MaxValue - 2).Select(number => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}")).First(other => !taken.Contains(other)) : name;
    }

    /// <summary>What a run told.</summary>
    public RunLog Log(long id) => logs.GetOrAdd(id, _ => new(Path.Combine(Folder(id), "events.jsonl")));

    /// <summary>Adds a run, which begins when those before it have ended.</summary>
    public Run Add(RunKind kind, string subject, string title, IReadOnlyList<string> arguments)
    {
        var run = store.Add(kind, subject, title, arguments);
        added.Release();
        return run;
    }

    /// <summary>Stops a run, or takes it out of those that wait; what has ended of it is kept.</summary>
    /// <exception cref="ServerException">It neither waits nor runs.</exception>
    public void Stop(long id)
    {
        lock (changing)
        {
            if (store.Change(id, RunState.Stopped, RunState.Queued)) return;
            if (current is not { } running || running.Id != id) throw new ServerException($"run {id} neither waits nor runs.", 409);
            current = running with { IsStopped = true };
            End(running.Process);
        }
    }

    /// <summary>Lets a run that was stopped or interrupted, or that failed, go on from what it kept.</summary>
    /// <exception cref="ServerException">It is none of these.</exception>
    public void Resume(long id)
    {
        if (!store.Change(id, RunState.Queued, RunState.Stopped, RunState.Interrupted, RunState.Failed)) throw new ServerException($"run {id} is not one that could go on.", 409);
        added.Release();
    }

    /// <summary>Forgets a run, and removes its folder; a model that it made stays.</summary>
    /// <exception cref="ServerException">It waits or runs.</exception>
    public void Remove(long id)
    {
        if (!store.Remove(id)) throw new ServerException($"run {id} waits or runs: stop it first.", 409);
        logs.TryRemove(id, out _);
        if (Directory.Exists(Folder(id))) Directory.Delete(Folder(id), recursive: true);
    }

    /// <summary>The record of a run, its leaderboard or what came of the fit; null while there is none.</summary>
    public JsonElement? Result(Run run)
    {
        var path = Path.Combine(Folder(run.Id), run.Kind switch { RunKind.Paper => "result.json", RunKind.Bench => Leaderboard, _ => FitResultFile });
        if (run.State != RunState.Finished || !File.Exists(path)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }

    /// <summary>Ends what runs, which is kept as interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        lock (changing)
            if (current is { } running) End(running.Process);
        await loop.ConfigureAwait(false);
        ending.Dispose();
        added.Dispose();
    }

    private async Task Loop()
    {
        while (!ending.IsCancellationRequested)
        {
            if (store.Begin() is not { } run)
            {
                try
                {
                    await added.WaitAsync(ending.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                continue;
            }
            var (state, message, outcome) = await Carry(run).ConfigureAwait(false);
            store.End(run.Id, state, message, outcome);
            Log(run.Id).Add(Told("state", state.ToString()));
        }
    }

    /// <summary>Carries a run out.</summary>
    private async Task<(RunState State, string? Message, string? Outcome)> Carry(Run run)
    {
        try
        {
            Directory.CreateDirectory(Folder(run.Id));
            Directory.CreateDirectory(Path.Combine(options.Folder, "models"));
            Log(run.Id).Add(Told("state", nameof(RunState.Running)));
            EndFormer(run.Id);
            using var process = options.Worker.Start(Words(run));
            File.WriteAllText(ProcessFile(run.Id), string.Create(CultureInfo.InvariantCulture, $"{process.Id} {DateTime.UtcNow.Ticks}"));
            lock (changing) current = (run.Id, process, false);
            if (ending.IsCancellationRequested) End(process);
            var said = Listen(run, process);
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false);
            var error = await said.ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            bool isStopped;
            lock (changing)
            {
                isStopped = current!.Value.IsStopped;
                current = null;
            }
            // Three is a claim that did not hold: a result like others.
            if (process.ExitCode is 0 or 3) return (RunState.Finished, null, Keep(run, output));
            if (isStopped) return (RunState.Stopped, null, null);
            if (ending.IsCancellationRequested) return (RunState.Interrupted, null, null);
            return (RunState.Failed, Worker.Said(error).LastOrDefault() ?? $"the command ended with code {process.ExitCode}, and without a word.", null);
        }
        catch (Exception exception)
        {
            // Whatever goes wrong with one run, those behind it are carried out.
            lock (changing) current = null;
            return (RunState.Failed, exception.Message, null);
        }
    }

    /// <summary>The words of the command, with where results go; what was begun goes on.</summary>
    private List<string> Words(Run run)
    {
        var words = new List<string>(run.Arguments) { "--format", "json", "--progress", "json", "--until-input-ends", "--out", run.Kind == RunKind.Fit ? Model(run.Subject) : Folder(run.Id) };
        var begun = run.Kind == RunKind.Fit ? Path.Combine($"{Model(run.Subject)}.fitting", "plan.txt") : Path.Combine(Folder(run.Id), "runs", "plan.json");
        if (File.Exists(begun)) words.Add("--resume");
        return words;
    }

    /// <summary>Keeps the lines of progress, and returns the others.</summary>
    private async Task<string> Listen(Run run, Process process)
    {
        var (log, others) = (Log(run.Id), new StringBuilder());
        while (await process.StandardError.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith('{')) log.Add(line);
            else if (others.Length < 100_000) others.AppendLine(line);
        }
        return others.ToString();
    }

    /// <summary>Keeps what came of a run, and says it in a word or two.</summary>
    private string? Keep(Run run, string output)
    {
        using var json = JsonDocument.Parse(output);
        switch (run.Kind)
        {
            case RunKind.Paper:
                return json.RootElement.GetProperty("verdict").GetString();
            case RunKind.Bench:
                File.WriteAllText(Path.Combine(Folder(run.Id), Leaderboard), output);
                return json.RootElement.GetProperty("methods") is { } methods && methods.GetArrayLength() > 0 ? methods[0].GetProperty("name").GetString() : null;
            default:
                File.WriteAllText(Path.Combine(Folder(run.Id), FitResultFile), output);
                return json.RootElement.GetProperty("method").GetString();
        }
    }

    /// <summary>
    /// Ends the process that had the run before, where it is still there: that of a server that was killed has noticed that its input ended, and may be on its way. Its start tells it from another one of its number.
    /// </summary>
    private void EndFormer(long id)
    {
        if (!File.Exists(ProcessFile(id)) || File.ReadAllText(ProcessFile(id)).Split(' ') is not [var number, var start]) return;
        try
        {
            using var former = Process.GetProcessById(int.Parse(number, CultureInfo.InvariantCulture));
            if (Math.Abs(former.StartTime.ToUniversalTime().Ticks - long.Parse(start, CultureInfo.InvariantCulture)) > Tolerance.Ticks) return;
            former.Kill();
            former.WaitForExit();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It is gone.
        }
    }

    private string ProcessFile(long id) => Path.Combine(Folder(id), ".process");

    /// <summary>Ends a process, which notices that its input has ended; one that does not is ended by force.</summary>
    private static void End(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended by itself.
        }
        _ = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
            try
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It is gone.
            }
        });
    }

    private static string Told(string what, string value) => $"{{\"event\":\"{what}\",\"{what}\":\"{value}\",\"time\":\"{DateTime.UtcNow:O}\"}}";
}
