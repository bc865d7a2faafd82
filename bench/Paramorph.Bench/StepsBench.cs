using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Training steps of small models, ours and, when its script is given, the peer's in the same call.</summary>
internal static class StepsBench
{
    private static readonly int[] Threads = [1, 2];

    /// <summary>Measures one workload or all, prints a line of JSON for each, and writes a page when asked.</summary>
    public static int Run(string? name, string[] args)
    {
        if (name is not null && !Workloads.All.ContainsKey(name)) return Unknown(name);
        var peer = Option(args, "--peer=");
        if (peer is not null && !File.Exists(peer))
        {
            Console.Error.WriteLine($"There is no peer script {peer}.");
            return 2;
        }
        var theirs = peer is null ? [] : Peer(peer);
        var rows = new List<JsonObject>();
        foreach (var (key, make) in Workloads.All.Where(w => name is null || w.Key == name))
        {
            var row = Measure(make());
            if (theirs.TryGetValue(key, out var milliseconds))
            {
                row["peer_ms"] = Math.Round(milliseconds, 3);
                row["ratio"] = Math.Round(milliseconds / row["ms"]!.GetValue<double>(), 2);
            }
            rows.Add(row);
            Console.WriteLine(row.ToJsonString());
        }
        if (Option(args, "--write=") is { } page) File.WriteAllText(page, Page(rows));
        return 0;
    }

    /// <summary>Prints how the compiler runs a workload.</summary>
    public static int Explain(string name)
    {
        if (!Workloads.All.TryGetValue(name, out var make)) return Unknown(name);
        Console.WriteLine(make().Computation.Explain());
        return 0;
    }

    private static JsonObject Measure(Workloads.Workload workload)
    {
        var watch = Stopwatch.StartNew();
        var (state, loss) = workload.Step(workload.Initial);
        var compile = watch.Elapsed.TotalSeconds;
        var best = (Milliseconds: double.PositiveInfinity, Threads: 0);
        foreach (var threads in Threads)
        {
            WorkerPool.Shared.Threads = threads;
            for (var i = 0; i < 3; i++) (state, loss) = workload.Step(state);
            var times = new List<double>();
            var total = Stopwatch.StartNew();
            while (times.Count < 7 || (times.Count < 60 && total.Elapsed.TotalSeconds < 4))
            {
                watch.Restart();
                (state, loss) = workload.Step(state);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            if (times[times.Count / 2] < best.Milliseconds) best = (times[times.Count / 2], threads);
        }
        var flops = workload.Computation.Cost.Flops;
        return new()
        {
            ["workload"] = workload.Name,
            ["ms"] = Math.Round(best.Milliseconds, 3),
            ["threads"] = best.Threads,
            ["gflops_per_second"] = Math.Round(flops / best.Milliseconds / 1e6, 1),
            ["compile_seconds"] = Math.Round(compile, 2),
            ["loss"] = loss.Item(),
        };
    }

    /// <summary>The peer's better time of each workload over the numbers of threads.</summary>
    private static Dictionary<string, double> Peer(string script)
    {
        var best = new Dictionary<string, double>();
        foreach (var threads in Threads)
        {
            var start = new ProcessStartInfo("/usr/bin/python3", [script, threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
            using var process = Process.Start(start)!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                using var row = JsonDocument.Parse(line);
                var (workload, milliseconds) = (row.RootElement.GetProperty("workload").GetString()!, row.RootElement.GetProperty("ms").GetDouble());
                best[workload] = Math.Min(milliseconds, best.GetValueOrDefault(workload, double.PositiveInfinity));
            }
        }
        return best;
    }

    private static string Page(List<JsonObject> rows)
    {
        var text = new StringBuilder(
            """
            # Speed of training steps

            Written by `dotnet run -c Release --project bench/Paramorph.Bench -- steps --peer=SCRIPT --write=docs/performance.md`, where the script times the same
            steps (shapes, losses, Adam) in PyTorch on the same machine in the same call. Medians; for each side the better of 1 and 2 threads counts.
            "Times faster" is the peer's time over ours.


            """);
        text.Append(CultureInfo.InvariantCulture, $"Machine: {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, products on {Gemm<float>.Default.Name}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}.\n\n");
        text.Append("| Workload | Ours, ms | Threads | Peer, ms | Times faster | GFLOP/s | First call, s |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row["workload"]} | {row["ms"]} | {row["threads"]} | {row["peer_ms"]?.ToString() ?? "-"} | {row["ratio"]?.ToString() ?? "-"} | {row["gflops_per_second"]} | {row["compile_seconds"]} |\n");
        return text.ToString();
    }

    private static int Unknown(string name)
    {
        Console.Error.WriteLine($"There is no workload {name}: choose one of {string.Join(", ", Workloads.All.Keys)}.");
        return 2;
    }

    private static string? Option(string[] args, string prefix) => args.FirstOrDefault(a => a.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
}
