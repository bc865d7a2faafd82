using System.Text.Json.Nodes;

namespace Paramorph.Bench;

/// <summary>The runs of one workload, of both sides in turns.</summary>
/// <param name="Workload">Which step.</param>
/// <param name="Ours">Our runs.</param>
/// <param name="Peer">The peer's runs; none when no program was given.</param>
/// <param name="PeakRate">Floating point operations a second that one core of this machine can do at most, measured in the same call.</param>
internal sealed record StepComparison(string Workload, IReadOnlyList<StepRun> Ours, IReadOnlyList<StepRun> Peer, double PeakRate)
{
    /// <summary>The shortest step and the median one over the rounds, with the number of threads that is better.</summary>
    private static (double Shortest, double Median, int Threads) Times(IEnumerable<StepRun> runs) =>
        runs.GroupBy(r => r.Threads)
            .Select(g => (Shortest: g.Min(r => r.Shortest), Median: g.Select(r => r.Milliseconds).Order().ElementAt(g.Count() / 2), Threads: g.Key))
            .MinBy(t => t.Shortest);

    /// <summary>The figures, in the order of the columns.</summary>
    public JsonObject ToJson()
    {
        var ours = Times(Ours);
        var flops = Ours[0].Flops;
        var rate = flops / ours.Shortest * 1e3;
        var row = new JsonObject
        {
            ["workload"] = Workload,
            ["ours_ms"] = Math.Round(ours.Shortest, 3),
            ["ours_median_ms"] = Math.Round(ours.Median, 3),
            ["ours_threads"] = ours.Threads,
            ["one_thread_ms"] = Math.Round(Times(Ours.Where(r => r.Threads == 1)).Shortest, 3),
            ["two_threads_ms"] = Math.Round(Times(Ours.Where(r => r.Threads == 2)).Shortest, 3),
            ["flops"] = flops,
            ["gflops_per_second"] = Math.Round(rate / 1e9, 1),
            ["fraction_of_peak"] = Math.Round(rate / PeakRate / ours.Threads, 3),
            ["ours_peak_mb"] = Ours.Min(r => r.PeakBytes) >> 20,
            ["first_call_seconds"] = Math.Round(Ours.Min(r => r.FirstCallSeconds), 2),
        };
        if (Peer.Count == 0) return row;
        var peer = Times(Peer);
        row["peer_ms"] = Math.Round(peer.Shortest, 3);
        row["peer_median_ms"] = Math.Round(peer.Median, 3);
        row["peer_threads"] = peer.Threads;
        row["peer_peak_mb"] = Peer.Min(r => r.PeakBytes) >> 20;
        row["ratio"] = Math.Round(peer.Shortest / ours.Shortest, 2);
        return row;
    }
}
