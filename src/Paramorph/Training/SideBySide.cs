using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Paramorph.Training;

/// <summary>Independent jobs at the same time, each on its share of the threads, which changes no bit of their results.</summary>
internal static class SideBySide
{
    private static readonly Lock gate = new();
    private static readonly List<int> wanted = [];
    private static int usual;

    /// <summary>Runs jobs in their order; what one throws is thrown when those under way have ended.</summary>
    /// <param name="jobs">The jobs; the next is taken when a place is free.</param>
    /// <param name="places">How many at the same time.</param>
    /// <param name="threads">Threads in all.</param>
    /// <param name="run">Does a job.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run<TJob>(IReadOnlyList<TJob> jobs, int places, int threads, Action<TJob> run, CancellationToken cancellation)
    {
        var aside = Math.Max(1, Math.Min(places, jobs.Count));
        var own = Math.Max(1, threads / aside);
        Enter(own);
        try
        {
            Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = aside, CancellationToken = cancellation }, run);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
        }
        finally
        {
            Leave(own);
        }
    }

    /// <summary>A call has the processors that the most modest of all that are under way wants.</summary>
    private static void Enter(int count)
    {
        lock (gate)
        {
            if (wanted.Count == 0) usual = Processors.Count;
            wanted.Add(count);
            Processors.Count = wanted.Min();
        }
    }

    private static void Leave(int count)
    {
        lock (gate)
        {
            wanted.Remove(count);
            Processors.Count = wanted.Count == 0 ? usual : wanted.Min();
        }
    }
}
