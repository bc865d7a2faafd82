using System.Globalization;
using System.Runtime.InteropServices;
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

    /// <summary>Measures one workload or all; prints a table or lines of JSON, and writes a page when asked.</summary>
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
        if (Option(args, "--write=") is { } page) File.WriteAllText(page, Page(rows, rounds, peak, libraries));
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

    private static string Page(JsonObject[] rows, int rounds, double peak, string? libraries)
    {
        var text = new StringBuilder(
            """
            # Speed of training steps

            Written by `dotnet run -c Release --project bench/Paramorph.Bench -- steps --peer=COMMAND --write=docs/performance.md`. The command is a program that
            takes the number of threads and names of workloads, times the same steps (shapes, losses, Adam) on the same machine, and prints a line of JSON for
            each: `{"workload":"cnn","ms":52.1,"min":50.3}`, the median and the shortest step. A script of Python that uses PyTorch is one; a program that uses
            TorchSharp is another, and may stand in a folder of its own with the native libraries that it needs: `--peer="/path/to/run.sh /path/to/root"`. The
            bench names the linear algebra that the peer has loaded and refuses reference BLAS. Without a peer, the columns of ours are written alone.

            Both sides run in turns, each run in a process of its own; a row has the shortest step of all runs and the median step of the median run. For each
            side the better of 1 and 2 threads counts. "Times faster" compares the shortest steps; "of peak" is our arithmetic against fused multiply-adds on
            registers alone, on as many threads; memory is the most that a process had resident.


            """);
        text.Append(CultureInfo.InvariantCulture, $"Machine: {Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}, products on {Gemm<float>.Default.Name}, {peak / 1e9:0} GFLOP/s a core at most, {RuntimeInformation.FrameworkDescription}; {rounds} rounds{(libraries is null ? "" : $"; the peer computes with {libraries}")}.\n\n");
        text.Append("| ").AppendJoin(" | ", Columns.Select(c => c.Title)).Append(" |\n|").Insert(text.Length, "---|", Columns.Length).Append('\n');
        foreach (var row in rows) text.Append("| ").AppendJoin(" | ", Columns.Select(c => row[c.Key]?.ToString() ?? "-")).Append(" |\n");
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
