using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class LossGoalTests
{
    private static readonly IBatches<Tensor> none = Batches.Whole(Tensor.Scalar(0f));
    private static readonly Trainer<Tensor, Tensor> trainer = new(new Sgd(0.05), (x, _, _) => Tensor.Square(x).Sum());

    /// <summary>The square of a number that each step makes a tenth smaller, from one.</summary>
    private static double LossAfter(int steps) => Math.Pow(0.9, 2 * steps);

    private static (Tensor Model, double Loss, int Steps, double Flops) Reach(LossGoal goal, Action<int, double, Tensor>? look = null, CancellationToken cancellation = default) =>
        goal.Reach(trainer, trainer.Start(Tensor.Scalar(1f), Key.Of(1)), none, look, cancellation);

    [Fact]
    public void Training_stops_at_the_first_look_that_finds_the_loss()
    {
        var (model, loss, steps, flops) = Reach(new(0.05, 1000, Every: 5));
        // 0.9^28 is above 0.05, and the look behind 20 steps finds the loss before the last of them.
        Assert.Equal(20, steps);
        Assert.True(LossAfter(14) > 0.05 && LossAfter(19) <= 0.05);
        Assert.Equal(LossAfter(19), loss, 1e-6);
        Assert.Equal(Math.Pow(0.9, 20), model.Item(), 1e-6);
        Assert.Equal(20.0 * trainer.Cost(trainer.Start(model, Key.Of(1)), none.At(0)).Flops, flops);
    }

    [Fact]
    public void It_stops_after_the_most_steps_and_looks_at_the_model_on_the_way()
    {
        var seen = new List<(int Step, double Model)>();
        Assert.Equal(12, Reach(new(0, 12, Every: 5), (step, _, model) => seen.Add((step, model.Item()))).Steps);
        Assert.Equal([5, 10, 12], seen.Select(at => at.Step));
        Numbers.Close([.. seen.Select(at => Math.Pow(0.9, at.Step))], [.. seen.Select(at => at.Model)], 1e-6);
    }

    [Fact]
    public void It_can_be_cancelled() => Assert.Throws<OperationCanceledException>(() => Reach(new(0, 10), cancellation: new(canceled: true)));
}
