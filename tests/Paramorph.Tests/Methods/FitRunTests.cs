using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Tests.Methods;

public sealed class FitRunTests
{
    [Fact]
    public void Training_that_a_deadline_ends_gives_what_there_is_and_says_so()
    {
        using var deadline = new CancellationTokenSource();
        var notes = new List<string>();
        var seen = 0L;
        var configuration = Configuration.Default(Mlp.Method.Hyperparameters);
        var run = new FitRun(configuration, Key.Of(3))
        {
            Deadline = deadline.Token,
            Progress = (step, _, _) =>
            {
                seen = step;
                deadline.Cancel();
            },
            Note = notes.Add,
        };
        var problem = Examples.Waves(60);
        var model = Mlp.Method.Fit(problem, run);
        Assert.StartsWith($"the clock ended training at step {seen} of ", Assert.Single(notes), StringComparison.Ordinal);
        Assert.All(problem.Validate(model).Values, value => Assert.True(double.IsFinite(value)));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Mlp.Method.Fit(problem, run with { Cancellation = stop.Token }));
    }
}
