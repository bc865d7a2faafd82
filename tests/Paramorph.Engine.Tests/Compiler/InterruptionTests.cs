using System.Diagnostics;
using System.Globalization;

namespace Paramorph.Tests.Compiler;

/// <summary>Whatever ends a step before its time leaves the model as it was and the process fit for the next step.</summary>
public class InterruptionTests
{
    private static readonly Lazy<double[][]> Undisturbed = new(() => Interruption.Elements(Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(new Interruption().Step)(Interruption.State())));

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (var point in Interruption.Points.Keys)
            foreach (var takesFirst in new[] { false, true }) cases.Add(point, takesFirst);
        return cases;
    }

    [Fact]
    public void The_interrupted_step_runs_by_tiles()
    {
        var computation = Computation.Trace("step", x => [.. new Interruption().Step([.. x])], [.. Interruption.State().Select(t => t.Type)]);
        Assert.Contains("4096 rows in tiles", computation.Explain());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cancelled_step_leaves_its_state(string point, bool takesFirst)
    {
        var interruption = new Interruption();
        var step = Compile.Cancellable<TreeList<Tensor>, TreeList<Tensor>>(interruption.Step, takesFirst);
        LeavesState(interruption, point, state => step(state, CancellationToken.None), state =>
        {
            using var source = new CancellationTokenSource();
            interruption.Happening = source.Cancel;
            var error = Assert.Throws<OperationCanceledException>(() => step(state, source.Token));
            Assert.Equal(source.Token, error.CancellationToken);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_whose_foreign_call_throws_leaves_its_state(string point, bool takesFirst)
    {
        var interruption = new Interruption { Happening = () => throw new TimeZoneNotFoundException("on purpose") };
        var step = Compile.Of<TreeList<Tensor>, TreeList<Tensor>>(interruption.Step, takesFirst);
        LeavesState(interruption, point, step, state => Assert.Equal("on purpose", Assert.Throws<TimeZoneNotFoundException>(() => step(state)).Message));
    }

    [Fact]
    public void A_call_cancelled_before_it_begins_runs_nothing()
    {
        var step = Compile.Cancellable((Tensor x) => Foreign.Call("never", _ => throw new InvalidOperationException("ran"), [x.Type], x)[0]);
        Assert.Throws<OperationCanceledException>(() => step(Tensor.Scalar(1.0), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_long_batch_stops_between_tiles(int threads) => new Interruption().On(threads, () =>
    {
        // Billions of sines, if nobody stopped it: one step of many tiles.
        var work = Compile.Cancellable((Tensor x) =>
        {
            var h = Tensor.Linspace(0, 1, 1 << 25, ElementType.Float64).ExpandDims(1) + x;
            for (var i = 0; i < 60; i++) h = Tensor.Sin(h.Dot(Tensor.Ones([1, 1], ElementType.Float64)) + h);
            return h.Sum();
        });
        using var source = new CancellationTokenSource();
        // A thread of its own: a timer would wait for the pool, which other tests keep busy.
        var other = new Thread(() =>
        {
            Thread.Sleep(200);
            source.Cancel();
        });
        other.Start();
        try
        {
            Assert.Throws<OperationCanceledException>(() => work(Tensor.Scalar(0.5), source.Token));
        }
        finally
        {
            other.Join();
        }
    });

    [Fact]
    public void A_lazy_evaluation_is_cancelled_between_operations_and_goes_on_later()
    {
        using var source = new CancellationTokenSource();
        var runs = 0;
        var first = Foreign.Call("count", x =>
        {
            runs++;
            source.Cancel();
            return x;
        }, [new(ElementType.Float64, [])], Tensor.Scalar(2.0))[0];
        var second = first * 3.0;
        Assert.Throws<OperationCanceledException>(() => second.Evaluate(source.Token));
        Assert.Equal(6.0, second.Item());
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Working_memory_that_cannot_be_had_is_named_with_its_largest_value()
    {
        // Two hundred values of 16 GB that are all needed at once.
        var step = Compile.Of((Tensor x) =>
        {
            var wide = Enumerable.Range(0, 200).Select(i => (x * (1.0 + i)).BroadcastTo([2_000_000_000]).CumulativeSum(0)).ToList();
            return wide.Aggregate(Tensor.Scalar(0.0), (sum, w) => sum + w.Flip(0).CumulativeSum(0)[0]);
        }, takesFirst: true);
        var state = Tensor.Scalar(3.0);
        var error = Assert.Throws<EvaluationException>(() => step(state));
        Assert.Contains("f64[2000000000] takes 16000000000", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"works in \d{11,} bytes", error.Message);
        Assert.Equal(3.0, state.Item());
    }

    [Fact]
    public void A_result_that_no_tensor_can_hold_is_named()
    {
        var step = Compile.Of((Tensor x) => x.BroadcastTo([40_000, 50_000]) * 2f);
        var error = Assert.Throws<EvaluationException>(() => step(Tensor.Scalar(1f)));
        Assert.Equal("a value f32[40000, 50000] takes 8000000000 bytes: a tensor holds at most 2 GiB.", error.Message);
    }

    [Fact]
    public async Task A_process_whose_heap_is_limited_goes_on_after_a_step_that_did_not_fit()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(InterruptionTests).Assembly.Location, "limited"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = (256L << 20).ToString("x", CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal($"{LimitedHeap.Expected}{Environment.NewLine}", string.Concat(output));
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Runs a step that is interrupted at a point, and checks the state and then the step from it, on several numbers of threads.</summary>
    private static void LeavesState(Interruption interruption, string point, Func<TreeList<Tensor>, TreeList<Tensor>> step, Action<TreeList<Tensor>> interrupted)
    {
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var state = Interruption.State();
            var before = Interruption.Elements(state);
            interruption.At = point;
            interruption.On(threads, () => interrupted(state));
            Assert.Equal(before, Interruption.Elements(state));
            interruption.At = null;
            interruption.On(threads, () => Assert.Equal(Undisturbed.Value, Interruption.Elements(step(state))));
        }
    }
}
