using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Paramorph.Cpu;

/// <summary>
/// Threads that share out the pieces of a job. The caller cuts the job, by its shape and never by the number of threads, and whoever is
/// free takes the next piece: so a result has the same bits however many threads there are.
/// </summary>
/// <remarks>
/// A run allocates nothing. A run inside a piece, or while another thread's run is under way, is done by its caller alone.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>How long an idle thread looks for the next job before it sleeps: about what a compiled step spends between two of them.</summary>
    private static readonly long SpinTicks = Environment.ProcessorCount == 1 ? 0 : Stopwatch.Frequency / 1_000_000 * 30;

    [ThreadStatic]
    private static bool insidePiece;

    private readonly Lock running = new();
    private Worker[] workers = [];

    // The job. Its fields are written before the ticket shows pieces left, and a thread reads them only after it took a piece, which the
    // job cannot outlive.
    private delegate*<void*, int, void> body;
    private Action<int>? action;
    private void* state;
    private int pieces;

    // Job number in the upper half, pieces left in the lower: a thread that comes late cannot take a piece of the next job by mistake.
    private long ticket;
    private int unfinished;
    private int callerSleeps;
    private readonly AutoResetEvent finished = new(false);

    private readonly Lock failing = new();
    private int failedPiece;
    private ExceptionDispatchInfo? failure;

    /// <summary>A pool in which <paramref name="threads"/> threads work on a job, the caller among them.</summary>
    public WorkerPool(int threads) => Threads = threads;

    /// <summary>The pool of the process, with one thread for each processor.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>Threads that work on a job, the caller among them; at least 1. Setting it waits for a run under way.</summary>
    public int Threads
    {
        get => workers.Length + 1;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            if (insidePiece)
            {
                throw new InvalidOperationException("The number of threads cannot change from inside a piece of a run.");
            }
            lock (running)
            {
                Resize(value - 1);
            }
        }
    }

    /// <summary>Calls <c>body(state, piece)</c> for each piece from 0 to <paramref name="pieces"/> - 1 and returns when all have ended.</summary>
    /// <exception cref="Exception">What a piece threw, once all others have ended; of several, the one of the lowest piece.</exception>
    public void Run(int pieces, delegate*<void*, int, void> body, void* state) => Run(pieces, body, null, state);

    /// <summary>Calls <c>action(piece)</c> for each piece from 0 to <paramref name="pieces"/> - 1 and returns when all have ended.</summary>
    /// <exception cref="Exception">What a piece threw, once all others have ended; of several, the one of the lowest piece.</exception>
    public void Run(int pieces, Action<int> action) => Run(pieces, null, action, null);

    /// <summary>Ends the threads; later runs are done by their callers.</summary>
    public void Dispose() => Threads = 1;

    private void Run(int pieces, delegate*<void*, int, void> body, Action<int>? action, void* state)
    {
        if (pieces > 1 && workers.Length > 0 && !insidePiece && running.TryEnter())
        {
            try
            {
                insidePiece = true;
                RunShared(pieces, body, action, state);
            }
            finally
            {
                insidePiece = false;
                running.Exit();
            }
            return;
        }
        RunAlone(pieces, body, action, state);
    }

    /// <summary>All pieces on the calling thread; like the shared run, it ends them all before it reports the first failure.</summary>
    private static void RunAlone(int pieces, delegate*<void*, int, void> body, Action<int>? action, void* state)
    {
        ExceptionDispatchInfo? first = null;
        for (int piece = 0; piece < pieces; piece++)
        {
            try
            {
                Call(body, action, state, piece);
            }
            catch (Exception exception)
            {
                first ??= ExceptionDispatchInfo.Capture(exception);
            }
        }
        first?.Throw();
    }

    private static void Call(delegate*<void*, int, void> body, Action<int>? action, void* state, int piece)
    {
        if (action is null)
        {
            body(state, piece);
        }
        else
        {
            action(piece);
        }
    }

    private void RunShared(int pieces, delegate*<void*, int, void> body, Action<int>? action, void* state)
    {
        this.body = body;
        this.action = action;
        this.state = state;
        this.pieces = pieces;
        failure = null;
        unfinished = pieces;
        // A full fence: the workers' going to sleep and this must be seen by each other in one order.
        Interlocked.Exchange(ref ticket, (((ticket >> 32) + 1) << 32) | (uint)pieces);
        int helpers = Math.Min(workers.Length, pieces - 1);
        for (int i = 0; i < helpers; i++)
        {
            workers[i].WakeIfAsleep();
        }
        TakePieces();
        WaitForOthers();
        this.action = null;
        failure?.Throw();
    }

    private void TakePieces()
    {
        while (true)
        {
            long seen = Volatile.Read(ref ticket);
            int left = (int)(uint)seen;
            if (left == 0)
            {
                return;
            }
            if (Interlocked.CompareExchange(ref ticket, seen - 1, seen) == seen)
            {
                RunPiece(pieces - left);
            }
        }
    }

    private void RunPiece(int piece)
    {
        try
        {
            Call(body, action, state, piece);
        }
        catch (Exception exception)
        {
            lock (failing)
            {
                if (failure is null || piece < failedPiece)
                {
                    failedPiece = piece;
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            }
        }
        if (Interlocked.Decrement(ref unfinished) == 0 && Interlocked.Exchange(ref callerSleeps, 0) == 1)
        {
            finished.Set();
        }
    }

    private void WaitForOthers()
    {
        if (SpinUntilFinished())
        {
            return;
        }
        // A loop, because the last thread of the job before may be late and wake this one.
        while (Volatile.Read(ref unfinished) != 0)
        {
            Interlocked.Exchange(ref callerSleeps, 1);
            // Whoever clears the mark owes the other side: where the last piece ended meanwhile and saw the mark, its signal is due.
            if (Volatile.Read(ref unfinished) != 0 || Interlocked.Exchange(ref callerSleeps, 0) == 0)
            {
                finished.WaitOne();
            }
        }
    }

    private bool SpinUntilFinished()
    {
        long end = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref unfinished) != 0)
        {
            if (Stopwatch.GetTimestamp() > end)
            {
                return false;
            }
            Thread.SpinWait(4);
        }
        return true;
    }

    private bool HasWork => (int)(uint)Volatile.Read(ref ticket) != 0;

    private void Resize(int count)
    {
        foreach (Worker worker in workers[Math.Min(count, workers.Length)..])
        {
            worker.Stop();
        }
        int kept = Math.Min(count, workers.Length);
        Array.Resize(ref workers, count);
        for (int i = kept; i < count; i++)
        {
            workers[i] = new Worker(this, i + 1);
        }
    }

    /// <summary>One thread of the pool.</summary>
    private sealed class Worker
    {
        private readonly WorkerPool pool;
        private readonly Thread thread;
        private readonly AutoResetEvent wake = new(false);
        private int asleep;
        private volatile bool stopped;

        public Worker(WorkerPool pool, int number)
        {
            this.pool = pool;
            thread = new Thread(Loop) { IsBackground = true, Name = $"Paramorph worker {number}" };
            thread.Start();
        }

        public void WakeIfAsleep()
        {
            if (Volatile.Read(ref asleep) == 1 && Interlocked.Exchange(ref asleep, 0) == 1)
            {
                wake.Set();
            }
        }

        public void Stop()
        {
            stopped = true;
            Interlocked.MemoryBarrier();
            WakeIfAsleep();
            thread.Join();
            wake.Dispose();
        }

        private void Loop()
        {
            insidePiece = true;
            while (!stopped)
            {
                pool.TakePieces();
                if (!SpinUntilWork())
                {
                    Sleep();
                }
            }
        }

        private bool SpinUntilWork()
        {
            long end = Stopwatch.GetTimestamp() + SpinTicks;
            while (!pool.HasWork)
            {
                if (stopped || Stopwatch.GetTimestamp() > end)
                {
                    return false;
                }
                Thread.SpinWait(4);
            }
            return true;
        }

        private void Sleep()
        {
            Interlocked.Exchange(ref asleep, 1);
            // Work that came before the mark was seen must not be slept over; if a caller already cleared the mark, its signal is due.
            if ((!stopped && !pool.HasWork) || Interlocked.Exchange(ref asleep, 0) == 0)
            {
                wake.WaitOne();
            }
        }
    }
}
