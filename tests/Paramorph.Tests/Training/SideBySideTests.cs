using Paramorph.Training;

namespace Paramorph.Tests.Training;

[Collection(nameof(Alone))]
public sealed class SideBySideTests
{
    [Fact]
    public async Task Processors_are_as_before_whichever_of_two_runs_ends_first()
    {
        var usual = Processors.Count;
        Processors.Count = 4;
        try
        {
            using var first = new SemaphoreSlim(0);
            using var second = new SemaphoreSlim(0);
            var seen = new List<int>();
            // Two jobs share four threads, and one of another caller wants one.
            using var inside = new CountdownEvent(2);
            var outer = Task.Run(() => SideBySide.Run([1, 2], 2, 4, _ =>
            {
                inside.Signal();
                first.Wait();
            }, CancellationToken.None));
            inside.Wait();
            seen.Add(Processors.Count);
            using var begun = new SemaphoreSlim(0);
            var other = Task.Run(() => SideBySide.Run([1], 1, 1, _ =>
            {
                begun.Release();
                second.Wait();
            }, CancellationToken.None));
            await begun.WaitAsync();
            seen.Add(Processors.Count);
            first.Release(2);
            await outer;
            seen.Add(Processors.Count);
            second.Release();
            await other;
            seen.Add(Processors.Count);
            Assert.Equal([2, 1, 1, 4], seen);
        }
        finally
        {
            Processors.Count = usual;
        }
    }

    [Fact]
    public void What_a_job_throws_is_thrown_and_the_processors_are_as_before()
    {
        var usual = Processors.Count;
        var error = Assert.Throws<InvalidOperationException>(() => SideBySide.Run([1], 1, 1, _ => throw new InvalidOperationException("no"), CancellationToken.None));
        Assert.Equal(("no", usual), (error.Message, Processors.Count));
    }
}
