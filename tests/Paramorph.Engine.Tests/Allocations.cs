namespace Paramorph.Tests;

/// <summary>What is allocated by the thread that asks.</summary>
internal static class Allocations
{
    /// <summary>The fewest bytes that an action takes in a few turns. A collection that another test brings about in the middle of one may count what is left of the thread's block as taken.</summary>
    public static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var turn = 0; turn < 5 && least > 0; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
