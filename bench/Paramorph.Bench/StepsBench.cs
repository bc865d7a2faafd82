using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Training steps of small models, ours and, when its program is given, the peer's in turns.</summary>
internal static class StepsBench
{
    private static readonly (string Key, string Title)[] Columns =
    [
        ("workload", "Workload"), ("ours_ms", "Ours, ms"), ("ours_median_ms", "median"), ("ours_threads", "threads"), ("one_thread_ms", "on 1, ms"), ("two_threads_ms", "on 2, ms"), ("peer_ms", "Peer, ms"), ("peer_median_ms", "median"),
        ("peer_threads", "threads"), ("ratio", "Times faster"), ("gflops_per_second", "GFLOP/s"), ("fraction_of_peak", "of peak"), ("ours_peak_mb", "Ours, MB"),
        ("peer_peak_mb", "Peer, MB"), ("first_call_seconds", "First call, s"),
    ];

    /// <summary>Measures one workload or all; prints a table or lines of JSON, and writes this machine's section of a page when asked.</summary>
    public static int Run(string? name, string[] args)
    {
        if (name is not null && !Workloads.All.ContainsKey(name)) return Unknown(name);
        var peer = Option(args, "--peer=");
        if (peer is not null && !File.Exists(peer.Split(' ')[0])) return Fail($"There is no program {peer.Split(' ')[0]} of a peer.");
        if (!int.TryParse(Option(args, "--rounds=") ?? "3", CultureInfo.InvariantCulture, out var rounds) || rounds < 1)
            return Fail("The number of rounds must be 1 or more.");
        if (Option(args, "--format=") is not (null or "json" or "table") and var format) return Fail($"There is no format {format}: choose json or table.");

        string[] names = name is null ? [.. Workloads.All.Keys] : [name];
        var (ours, theirs) = (new List<StepRun>(), new List<StepRun>());
        string? libraries = null;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var workload in names) ours.AddRange(StepRun.Ours(workload));
            if (peer is null) continue;
            foreach (var (run, loaded) in StepRun.Peer(peer, names))
            {
                if (loaded.IsReference) return Fail($"The peer computes with {loaded.Name}, which is several times slower than what its users have: install OpenBLAS for it.");
                theirs.Add(run);
                libraries = loaded.Name;
            }
        }
        var peak = PeakRate.Operations<float>() / Rounds.Measure(1, PeakRate.Loop).Seconds[0];
        JsonObject[] rows = [.. names.Select(n => new StepComparison(n, [.. ours.Where(r => r.Workload == n)], [.. theirs.Where(r => r.Workload == n)], peak).ToJson())];
        if (Option(args, "--format=") == "json")
            foreach (var row in rows) Console.WriteLine(row.ToJsonString());
        else
            Console.Write(Table(rows));
        if (Option(args, "--write=") is { } page) new PerformancePage(rounds, peak, libraries, Option(args, "--note=")).Write(page, Columns, rows);
        return 0;
    }

    /// <summary>Measures a workload in this process and prints it as JSON: <see cref="Run"/> starts a process for each.</summary>
    public static int RunOne(string name, string threads)
    {
        if (!Workloads.All.TryGetValue(name, out var make)) return Unknown(name);
        StepRun.Print(make(), int.Parse(threads, CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>Prints how the compiler runs a workload, with the time of each of its steps.</summary>
    public static int Explain(string name, string threads)
    {
        if (!Workloads.All.TryGetValue(name, out var make)) return Unknown(name);
        WorkerPool.Shared.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
        var workload = make();
        Console.WriteLine(workload.Computation.Explain(Tree.Leaves(workload.Initial)));
        return 0;
    }

    private static string Table(JsonObject[] rows)
    {
        var cells = rows.Select(row => Columns.Select(c => row[c.Key]?.ToString() ?? "-").ToArray()).Prepend([.. Columns.Select(c => c.Title)]).ToList();
        int[] widths = [.. Columns.Select((_, i) => cells.Max(row => row[i].Length))];
        var text = new StringBuilder();
        foreach (var row in cells) text.AppendJoin("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).Append('\n');
        return text.ToString();
    }

    private static int Unknown(string name) => Fail($"There is no workload {name}: choose one of {string.Join(", ", Workloads.All.Keys)}.");

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }

    private static string? Option(string[] args, string prefix) => args.FirstOrDefault(a => a.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
}
