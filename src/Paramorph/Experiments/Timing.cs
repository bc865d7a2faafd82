using System.Diagnostics;

namespace Paramorph.Experiments;

/// <summary>Times of work that is compared.</summary>
public static class Timing
{
    private const int LeastMilliseconds = 20;

    /// <summary>The fastest run of each of several works, which run in turns, so that what else the machine does meets all alike.</summary>
    /// <remarks>Short work goes on for longer than it would take, twenty milliseconds a repetition: the runtime optimises what has run for a while.</remarks>
    /// <param name="repetitions">How often each runs at least.</param>
    /// <param name="works">The works, whose results are computed when they return.</param>
    /// <returns>Seconds, in the order of the works.</returns>
    public static double[] InTurns(int repetitions, params ReadOnlySpan<Action> works)
    {
        var (fastest, watch) = (new double[works.Length], Stopwatch.StartNew());
        Array.Fill(fastest, double.PositiveInfinity);
        for (var turn = 0; turn < repetitions || watch.ElapsedMilliseconds < LeastMilliseconds * repetitions; turn++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                works[i]();
                fastest[i] = Math.Min(fastest[i], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return fastest;
    }
}
