using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>One run of a training step: a process of its own that times many steps.</summary>
/// <param name="Workload">Which step.</param>
/// <param name="Threads">Threads that it used.</param>
/// <param name="Milliseconds">The median time of a step.</param>
/// <param name="Shortest">The shortest time of a step, in milliseconds: what the machine can do when nothing disturbs it.</param>
/// <param name="Processor">Processor time of a step on all threads, in milliseconds: what it takes where others keep the machine busy; 0 for the peer.</param>
/// <param name="PeakBytes">The most memory that the process had resident, or 0 where the system does not say.</param>
/// <param name="Flops">Floating point operations of a step; 0 for the peer.</param>
/// <param name="FirstCallSeconds">Time of tracing, compiling and the first step; 0 for the peer.</param>
internal sealed record StepRun(string Workload, int Threads, double Milliseconds, double Shortest, double Processor, long PeakBytes, long Flops, double FirstCallSeconds)
{
    /// <summary>The number of threads with which both are tried.</summary>
    public static IReadOnlyList<int> ThreadCounts { get; } = [1, 2];

    /// <summary>Runs of ours, each in a process of its own, for each number of threads.</summary>
    public static IEnumerable<StepRun> Ours(string workload)
    {
        foreach (var threads in ThreadCounts)
        {
            // Started as a command of its own, or as a library by the host "dotnet".
            var host = Environment.ProcessPath!;
            string[] library = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(StepRun).Assembly.Location] : [];
            using var process = Start(host, [.. library, "step", workload, threads.ToString(CultureInfo.InvariantCulture)], threads);
            yield return JsonSerializer.Deserialize<StepRun>(process.StandardOutput.ReadToEnd())!;
            process.WaitForExit();
        }
    }

    /// <summary>Runs of the peer's program, which prints a line of JSON for each workload, for each number of threads.</summary>
    /// <param name="command">The program and its first arguments, between spaces; the number of threads and names of workloads are added.</param>
    /// <param name="workloads">What it is to run.</param>
    public static IEnumerable<(StepRun Run, PeerLibraries Libraries)> Peer(string command, IReadOnlyCollection<string> workloads)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[0].EndsWith(".py", StringComparison.Ordinal)) words = ["/usr/bin/python3", .. words];
        foreach (var threads in ThreadCounts)
        {
            using var process = Start(words[0], [.. words[1..], threads.ToString(CultureInfo.InvariantCulture), .. workloads], threads);
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var (peak, libraries) = (TakePeak(process.Id), PeerLibraries.Of(process.Id));
                using var document = JsonDocument.Parse(line);
                var row = document.RootElement;
                var median = row.GetProperty("ms").GetDouble();
                var shortest = row.TryGetProperty("min", out var min) ? min.GetDouble() : median;
                if (row.TryGetProperty("engine", out var engine)) libraries = libraries with { Name = $"{engine.GetString()} with {libraries.Name}" };
                yield return (new(row.GetProperty("workload").GetString()!, threads, median, shortest, 0, peak, 0, 0), libraries);
            }
        }
    }

    /// <summary>Measures in this process, and prints the run as JSON: what <see cref="Ours"/> starts.</summary>
    public static void Print(Workloads.Workload workload, int threads)
    {
        WorkerPool.Shared.Threads = threads;
        var watch = Stopwatch.StartNew();
        var (state, _) = workload.Step(workload.Initial);
        var first = watch.Elapsed.TotalSeconds;
        for (var i = 0; i < 3; i++) (state, _) = workload.Step(state);
        var times = new List<double>();
        var (total, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        while (times.Count < 9 || (times.Count < 100 && total.Elapsed.TotalSeconds < 4))
        {
            watch.Restart();
            (state, _) = workload.Step(state);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Count;
        times.Sort();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new StepRun(workload.Name, threads, times[times.Count / 2], times[0], processor, self.PeakWorkingSet64, workload.Computation.Cost.Flops, first)));
    }

    private static Process Start(string program, string[] arguments, int threads)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    /// <summary>The peak of a process's resident memory since the last call, from Linux's files on processes.</summary>
    private static long TakePeak(int process)
    {
        var status = $"/proc/{process}/status";
        if (!File.Exists(status)) return 0;
        var line = File.ReadLines(status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        // A 5 starts the peak anew, so that the next workload has one of its own.
        File.WriteAllText($"/proc/{process}/clear_refs", "5");
        return line is null ? 0 : long.Parse(line.AsSpan("VmHWM:".Length).Trim(" kB\t"), CultureInfo.InvariantCulture) * 1024;
    }
}
