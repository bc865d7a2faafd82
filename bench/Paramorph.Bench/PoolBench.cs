using System.Diagnostics;
using System.Text.Json;
using Paramorph.Cpu;

namespace Paramorph.Bench;

/// <summary>What a run of <see cref="WorkerPool"/> costs when its pieces do nothing.</summary>
internal static unsafe class PoolBench
{
    private const int Samples = 2000;

    public static void Run(bool json)
    {
        foreach (int threads in new[] { 1, 2, 4 })
        {
            using WorkerPool pool = new(threads);
            Report(json, threads, "one run after another", Measure(pool, TimeSpan.Zero));
            Report(json, threads, "workers asleep", Measure(pool, TimeSpan.FromMilliseconds(0.2)));
        }
    }

    /// <summary>The median microseconds of a run that starts so long after the one before.</summary>
    private static double Measure(WorkerPool pool, TimeSpan pause)
    {
        double[] microseconds = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            long end = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < end)
            {
            }
            long start = Stopwatch.GetTimestamp();
            pool.Run(pool.Threads, &DoNothing, null);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(microseconds);
        return microseconds[Samples / 2];
    }

    private static void DoNothing(void* state, int piece)
    {
    }

    private static void Report(bool json, int threads, string state, double microseconds) => Console.WriteLine(json
        ? JsonSerializer.Serialize(new { pool = state, threads, microseconds })
        : $"{threads} threads, {state}: {microseconds:F2} us a run");
}
