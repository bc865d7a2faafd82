using System.Diagnostics;

namespace Paramorph.Bench;

/// <summary>
/// Times of rivals taken in turns, so that what the machine does meanwhile falls on all of them. Rivals on one thread are timed by the
/// processor time of the process, which does not run on while another program has the core.
/// </summary>
/// <param name="Seconds">The shortest seconds per call of each rival.</param>
/// <param name="Ratios">How many times as long each rival takes as the first: the median over the rounds.</param>
internal sealed record Rounds(double[] Seconds, double[] Ratios)
{
    private const int Fewest = 9;
    private const int Most = 41;
    private const double SecondsPerSample = 0.005;
    private const double SecondsToWarmUp = 0.15;
    private const double SecondsPerMeasurement = 1.2;

    public static Rounds Measure(int threads, params Action[] rivals)
    {
        Func<TimeSpan> clock = threads == 1 ? () => Environment.CpuUsage.TotalTime : () => Stopwatch.GetElapsedTime(0);
        int[] calls = Array.ConvertAll(rivals, rival => CallsPerSample(rival, clock));
        List<double[]> rounds = [];
        long start = Stopwatch.GetTimestamp();
        while (rounds.Count < Fewest || (rounds.Count < Most && Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsPerMeasurement))
        {
            rounds.Add([.. rivals.Select((rival, i) => Sample(rival, calls[i], clock))]);
        }
        return new Rounds(
            [.. rivals.Select((_, i) => rounds.Min(round => round[i]))],
            [.. rivals.Select((_, i) => Median(rounds.Select(round => round[i] / round[0])))]);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Enough calls for the clock, once the run time has compiled its best code for them.</summary>
    private static int CallsPerSample(Action rival, Func<TimeSpan> clock)
    {
        TimeSpan start = clock();
        while ((clock() - start).TotalSeconds < SecondsToWarmUp)
        {
            rival();
        }
        int calls = 1;
        while (Sample(rival, calls, clock) * calls < SecondsPerSample && calls < 1 << 24)
        {
            calls *= 2;
        }
        return calls;
    }

    private static double Sample(Action rival, int calls, Func<TimeSpan> clock)
    {
        TimeSpan start = clock();
        for (int i = 0; i < calls; i++)
        {
            rival();
        }
        return (clock() - start).TotalSeconds / calls;
    }
}
