namespace Paramorph.Tests;

/// <summary>What is allocated by the thread that asks.</summary>
internal static class Allocations
{
    /// <summary>The fewest bytes that an action takes in a few turns: what it allocates itself it does in each, what the runtime does once on its thread, while other tests run, in one.</summary>
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
