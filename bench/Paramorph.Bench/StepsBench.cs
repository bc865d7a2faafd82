using System.Diagnostics;
using System.Text.Json;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>Training steps of small models, ours and the peer's in one call.</summary>
internal static class StepsBench
{
    private const string PeerScript = "../shared/peers/torch_steps.py";

    public static void Run(bool withPeer, string? filter)
    {
        foreach (var workload in Workloads.All.Where(w => filter is null || w.Name == filter))
        {
            var watch = Stopwatch.StartNew();
            var (state, loss) = workload.Step(workload.Initial);
            var compile = watch.Elapsed.TotalSeconds;
            var best = double.PositiveInfinity;
            foreach (var threads in new[] { 1, 2 })
            {
                WorkerPool.Shared.Threads = threads;
                for (var i = 0; i < 5; i++) (state, loss) = workload.Step(state);
                var times = new List<double>();
                for (var i = 0; i < 40; i++)
                {
                    watch.Restart();
                    (state, loss) = workload.Step(state);
                    times.Add(watch.Elapsed.TotalMilliseconds);
                }
                times.Sort();
                best = Math.Min(best, times[times.Count / 2]);
                Console.Error.WriteLine($"{workload.Name}: {threads} threads {times[times.Count / 2]:F3} ms");
            }
            Console.WriteLine($"{{\"workload\":\"{workload.Name}\",\"ms\":{best:F3},\"compileSeconds\":{compile:F2},\"loss\":{loss.Item():R}}}");
        }
        if (!withPeer || !File.Exists(PeerScript)) return;
        foreach (var threads in new[] { 1, 2 })
        {
            var start = new ProcessStartInfo("/usr/bin/python3", [PeerScript, threads.ToString()]) { RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = threads.ToString();
            using var process = Process.Start(start)!;
            while (process.StandardOutput.ReadLine() is { } line) Console.WriteLine(JsonDocument.Parse(line).RootElement.ToString());
        }
    }
}
