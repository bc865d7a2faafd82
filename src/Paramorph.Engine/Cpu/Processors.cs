using Paramorph.Cpu;

namespace Paramorph;

/// <summary>How many processors compiled functions use.</summary>
public static class Processors
{
    /// <summary>
    /// Threads that work on one compiled call, the caller among them; at first all processors. Results do not depend on it. Set it to 1 where several
    /// threads make calls side by side.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static int Count
    {
        get => WorkerPool.Shared.Threads;
        set => WorkerPool.Shared.Threads = value;
    }
}
