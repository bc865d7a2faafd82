using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_runs_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        int* counts = stackalloc int[17];
        for (int run = 0; run < 2000; run++)
        {
            int pieces = run % 17;
            new Span<int>(counts, 17).Clear();
            pool.Run(pieces, &Count, counts);
            for (int i = 0; i < 17; i++)
            {
                Assert.Equal(i < pieces ? 1 : 0, counts[i]);
            }
        }
    }

    [Fact]
    public void Every_piece_runs_once_when_the_workers_had_gone_to_sleep()
    {
        using var pool = new WorkerPool(3);
        for (int run = 0; run < 50; run++)
        {
            int done = 0;
            Thread.Sleep(1);
            pool.Run(8, _ => Interlocked.Increment(ref done));
            Assert.Equal(8, done);
        }
    }

    [Fact]
    public void Pieces_run_on_several_threads()
    {
        using var pool = new WorkerPool(2);
        using var both = new Barrier(2);
        pool.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public void The_exception_of_the_lowest_failing_piece_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(3);
        int done = 0;
        for (int run = 0; run < 20; run++)
        {
            done = 0;
            var thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(50, piece =>
            {
                Interlocked.Increment(ref done);
                if (piece is 7 or 30)
                {
                    throw new InvalidOperationException($"piece {piece}");
                }
            }));
            Assert.Equal("piece 7", thrown.Message);
            Assert.Equal(50, done);
        }
        pool.Run(50, _ => Interlocked.Decrement(ref done));
        Assert.Equal(0, done);
    }

    [Fact]
    public void A_run_inside_a_piece_stays_on_its_thread()
    {
        using var pool = new WorkerPool(3);
        int done = 0;
        pool.Run(6, _ =>
        {
            int thread = Environment.CurrentManagedThreadId;
            pool.Run(10, _ =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                Interlocked.Increment(ref done);
            });
        });
        Assert.Equal(60, done);
    }

    [Fact]
    public void Callers_on_several_threads_do_not_disturb_one_another()
    {
        using var pool = new WorkerPool(3);
        long sum = 0;
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int run = 0; run < 500; run++)
            {
                pool.Run(10, piece => Interlocked.Add(ref sum, piece));
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Equal(4 * 500 * 45, sum);
    }

    [Fact]
    public void The_number_of_threads_can_change_between_runs()
    {
        using var pool = new WorkerPool(1);
        int done = 0;
        foreach (int threads in new[] { 4, 2, 1, 3 })
        {
            pool.Threads = threads;
            Assert.Equal(threads, pool.Threads);
            pool.Run(20, _ => Interlocked.Increment(ref done));
        }
        Assert.Equal(80, done);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Threads = 0);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        int* counts = stackalloc int[8];
        nint address = (nint)counts;
        pool.Run(8, &Count, counts);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int run = 0; run < 100; run++)
            {
                pool.Run(8, &Count, (void*)address);
            }
        }));
    }

    private static void Count(void* state, int piece) => Interlocked.Increment(ref ((int*)state)[piece]);
}
