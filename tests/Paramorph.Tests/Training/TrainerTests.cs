using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public partial class TrainerTests
{
    private static readonly Tensor Inputs = Tensor.Linspace(-1, 1, 32);
    private static readonly TreePair<Tensor, Tensor> Data = (Inputs, 2 * Inputs + 1);
    private static readonly IBatches<TreePair<Tensor, Tensor>> Whole = Batches.Whole(Data);

    [Fact]
    public void A_line_is_found()
    {
        var trainer = Trainer(new Adam(0.05));

        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(500));

        Assert.Equal(EndReason.Finished, run.Reason);
        Assert.Equal("all 500 steps were taken.", run.Explanation);
        Assert.Equal(2, run.State.Model.Slope.Item(), 1e-3);
        Assert.Equal(1, run.State.Model.Offset.Item(), 1e-3);
        Assert.Equal(500, run.State.Step.Item<long>());
        Assert.Equal(Enumerable.Range(0, 500).Select(t => (long)t), run.Loss.Select(point => point.Step));
    }

    [Fact]
    public void The_loss_of_a_step_is_that_of_the_model_before_it()
    {
        var trainer = Trainer(new Sgd(0.1));
        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(1));
        Assert.Equal(Loss(new(0f, 0f), Data, default).Item(), run.Loss[0].Value, 1e-6);
    }

    [Fact]
    public void A_step_is_explained_and_its_state_stays_valid()
    {
        var trainer = Trainer(new Adam(0.05));
        var state = trainer.Start(new(0f, 0f), Key.Of(1));
        Assert.Contains(" ms ", trainer.Explain(state, Data), StringComparison.Ordinal);
        Assert.Equal(0, trainer.Step(state, Data).State.Model.Slope.Item(), 0.1);
    }

    [Fact]
    public void The_model_that_training_started_from_stays_valid()
    {
        var model = new Line(0f, 0f);
        var trainer = Trainer(new Sgd(0.1));
        trainer.Run(trainer.Start(model, Key.Of(1)), Whole, new(3));
        Assert.Equal(0, model.Slope.Item());
    }

    [Fact]
    public void Each_step_draws_with_the_key_of_its_number()
    {
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(new Sgd(0), (line, _, key) => Sample.Uniform(key, []) + 0 * line.Slope);
        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(9)), Whole, new(4));
        Assert.Equal(Enumerable.Range(0, 4).Select(t => Sample.Uniform(Key.Of(9).Fold(t), []).Item()), run.Loss.Select(point => point.Value));
    }

    [Fact]
    public void What_a_loss_replaces_in_the_model_is_carried_and_the_rest_is_trained()
    {
        // The offset takes part in the loss, but what the loss returns in its place wins over the optimiser.
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(
            new Sgd(0.1), (line, batch, key) => (Loss(line, batch, key), line with { Offset = 0.5 * line.Offset + 1.0 }));

        var run = trainer.Run(trainer.Start(new(0f, 4f), Key.Of(1)), Whole, new(3));

        Assert.Equal(2.25, run.State.Model.Offset.Item());
        Assert.NotEqual(0, run.State.Model.Slope.Item());
    }

    [Fact]
    public void The_rate_factor_of_a_state_is_searched_without_compiling_again()
    {
        var traces = 0;
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(new Sgd(0.1), (line, batch, key) =>
        {
            traces++;
            return Loss(line, batch, key);
        });
        double Slope(double factor)
        {
            var start = trainer.Start(new(0f, 0f), Key.Of(1));
            start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(factor) } };
            return trainer.Run(start, Whole, new(1)).State.Model.Slope.Item();
        }
        Assert.Equal(3 * Slope(1), Slope(3), 1e-6);
        Assert.Equal(1, traces);
    }

    [Fact]
    public void Progress_tells_step_loss_rate_and_measures()
    {
        var seen = new List<TrainingProgress>();
        var trainer = Trainer(new Sgd(Schedule.Linear(0.2, 0.1, 10)), line => new Dictionary<string, Tensor> { ["slope"] = line.Slope });

        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(7) { ReadEvery = 3, Progress = seen.Add });

        Assert.Equal([3, 6, 7], seen.Select(progress => progress.Step));
        Assert.Equal([0.17, 0.14, 0.13], seen.Select(progress => Math.Round(progress.Rate, 12)));
        Assert.Equal(run.Loss[5].Value, seen[1].Loss);
        Assert.Equal(run.Measures["slope"].Select(point => point.Value), seen.Select(progress => progress.Measures["slope"]));
        Assert.True(seen[0].TimeLeft > TimeSpan.Zero && seen[2].TimeLeft == TimeSpan.Zero);
    }

    [Fact]
    public void A_model_is_validated_every_so_many_steps_and_at_the_end()
    {
        var trainer = Trainer(new Sgd(0.1), line => new Dictionary<string, Tensor> { ["slope"] = line.Slope });
        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(10) { ReadEvery = 7, ValidateEvery = 4 });
        Assert.Equal([4, 8, 10], run.Measures["slope"].Select(point => point.Step));
        Assert.Equal(run.State.Model.Slope.Item(), run.Measures["slope"][^1].Value);
    }

    [Fact]
    public void Early_stopping_waits_and_keeps_the_best_model()
    {
        // The slope passes 1 on its way to 2: its distance from 1 falls and then rises.
        var trainer = Trainer(new Sgd(0.05), line => new Dictionary<string, Tensor> { ["distance"] = Tensor.Abs(line.Slope - 1.0) });

        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(1000) { ReadEvery = 1, EarlyStopping = new("distance", Patience: 3) });

        var best = run.Measures["distance"].MinBy(point => point.Value);
        Assert.Equal(EndReason.StoppedEarly, run.Reason);
        Assert.Equal((best.Step, best.Value), (run.Best!.Step, run.Best.Value));
        Assert.Equal(best.Step + 3, run.State.Step.Item<long>());
        Assert.Equal(best.Value, Math.Abs(run.Best.Model.Slope.Item() - 1), 1e-7);
    }

    [Fact]
    public void A_higher_measure_may_be_the_better_one()
    {
        var trainer = Trainer(new Sgd(0.05), line => new Dictionary<string, Tensor> { ["closeness"] = -Tensor.Abs(line.Slope - 1.0) });
        var run = trainer.Run(
            trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(1000) { ReadEvery = 1, EarlyStopping = new("closeness", 3) { IsHigherBetter = true } });
        Assert.Equal(run.Measures["closeness"].MaxBy(point => point.Value).Step, run.Best!.Step);
    }

    [Fact]
    public void Early_stopping_names_the_measures_that_there_are()
    {
        var trainer = Trainer(new Sgd(0.05), line => new Dictionary<string, Tensor> { ["slope"] = line.Slope });
        var error = Assert.Throws<ArgumentException>(() => trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(5) { EarlyStopping = new("accuracy", 3) }));
        Assert.Equal("early stopping watches \"accuracy\", but the validation returns \"slope\".", error.Message);
    }

    [Fact]
    public void Early_stopping_needs_a_validation()
    {
        var trainer = Trainer(new Sgd(0.05));
        Assert.Throws<ArgumentException>(() => trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(5) { EarlyStopping = new("loss", 3) }));
    }

    [Fact]
    public void A_cancelled_run_ends_between_two_steps()
    {
        using var source = new CancellationTokenSource();
        var trainer = Trainer(new Sgd(0.1));
        var options = new TrainingOptions(100) { ReadEvery = 10, Cancellation = source.Token, Progress = progress => { if (progress.Step == 30) source.Cancel(); } };
        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, options);
        Assert.Equal((EndReason.Cancelled, 30), (run.Reason, run.State.Step.Item<long>()));
        Assert.Equal("it was cancelled after step 30.", run.Explanation);
    }

    [Fact]
    public void A_run_that_diverges_names_the_step_and_returns_the_last_good_state()
    {
        // The logarithm has no value once the slope has been pushed below zero: it falls by 0.1 a step from 1.05.
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(
            new Sgd(0.1), (line, _, _) => line.Slope + line.Offset * 0.0 + 0.0 * Tensor.StopGradient(Tensor.Log(line.Slope)));

        var run = trainer.Run(trainer.Start(new(1.05f, 0f), Key.Of(1)), Whole, new(100) { ReadEvery = 4 });

        Assert.Equal((EndReason.Diverged, 11), (run.Reason, run.DivergedAt));
        Assert.Equal(8, run.State.Step.Item<long>());
        Assert.Equal(0.25, run.State.Model.Slope.Item(), 1e-5);
        Assert.Equal(12, run.Loss.Count);
        Assert.Equal("it diverged at step 11; the last good state is that of step 8: try a lower learning rate, or clip the gradient.", run.Explanation);
    }

    [Fact]
    public void A_copy_whose_own_loss_is_not_finite_is_not_the_last_good_state()
    {
        // Step 11 has no loss, and losses are read just before it.
        var trainer = new Trainer<Line, TreePair<Tensor, Tensor>>(
            new Sgd(0.1), (line, _, _) => line.Slope + line.Offset * 0.0 + 0.0 * Tensor.StopGradient(Tensor.Log(line.Slope)));
        var run = trainer.Run(trainer.Start(new(1.05f, 0f), Key.Of(1)), Whole, new(100) { ReadEvery = 11 });
        Assert.Equal((11, 0), (run.DivergedAt, run.State.Step.Item<long>()));
    }

    [Fact]
    public void A_last_step_that_leaves_the_finite_numbers_is_noticed()
    {
        var trainer = Trainer(new Sgd(double.PositiveInfinity));
        var run = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(1));
        Assert.Equal((EndReason.Diverged, 1), (run.Reason, run.DivergedAt));
        Assert.Equal(0, run.State.Model.Slope.Item());
    }

    [Fact]
    public void A_run_continued_in_two_parts_is_one_run()
    {
        var trainer = Trainer(new Adam(0.05));
        var once = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(50)).State;
        var half = trainer.Run(trainer.Start(new(0f, 0f), Key.Of(1)), Whole, new(20)).State;
        var twice = trainer.Run(half, Whole, new(50)).State;
        Assert.Equal(Tree.Leaves(once).Select(leaf => leaf.ToDoubles()), Tree.Leaves(twice).Select(leaf => leaf.ToDoubles()));
    }

    private static Trainer<Line, TreePair<Tensor, Tensor>> Trainer(IOptimiser optimiser, Func<Line, TreeDictionary<Tensor>>? validation = null) =>
        new(optimiser, Loss) { Validation = validation };

    private static Tensor Loss(Line line, TreePair<Tensor, Tensor> data, Key key) => Tensor.Square(line.Slope * data.Item1 + line.Offset - data.Item2).Mean();

    [Tree]
    private sealed partial record Line(Tensor Slope, Tensor Offset);
}
