using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using Paramorph.Weights;

namespace Paramorph.Papers.Search;

/// <summary>A network whose hidden units are gated by its hyperparameters, which it tunes while it learns, against searches.</summary>
[Paper("stn")]
public static class Stn
{
    private const string Replayed = "validation loss of the schedule", Fixed = "validation loss of the last values";
    private const int Side = 12, Width = 48, Batch = 50, Trials = 8, Looks = 25;

    /// <summary>Bounds of noise of the inputs, of the share of inputs that drop out, and of the hidden units of both layers.</summary>
    private static readonly double[] most = [1, 0.9, 0.9, 0.9];

    private static readonly AdamW weights = new(3e-3, Decay: 0);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<TuningTask>
    {
        Id = "stn",
        Question = "Does a network whose hidden units answer to its dropout rates and its noise tune them better in one training than searches do in as many gradients, and is the schedule that it finds better than its last values?",
        Original = "Convolutional networks on CIFAR-10 with 15 hyperparameters, LSTMs on text with 7: lower validation losses than random and grid search, Hyperband and Bayesian optimisation in a fraction of the time; schedules of dropout are better than the best fixed value.",
        Difference = "A perceptron of two hidden layers of 48 units that learns 200 drawn digits of 12 x 12 pixels; noise of the inputs, and dropout of inputs and of both hidden layers. Two steps of training and one of tuning in turns. Searches train eight networks with the same gradients in all; the grid has four dropout rates for all layers times two of noise. All look equally often at the validation loss for a model to stop at. Schedule and last values train a plain network of the same units with the steps of training that the tuned one had.",
        Budget = "equal gradients",
        Settings =
        [
            Setting.Whole("images", "digits to learn from", smoke: 60, full: 200, minimum: 50), Setting.Whole("steps", "gradients in all", smoke: 600, full: 9000, minimum: 600),
        ],
        Seeds = 8,
        Task = context => TuningTask.Of(context, Side),
        Arms =
        [
            new("stn", "Hyperparameters that are tuned through gated units.", ArmRole.Method, Tune),
            new("random", "Eight random choices.", ArmRole.Baseline, (task, run) => Search(task, run, trial => [.. most.Select((bound, i) => (float)(bound * Uniform(run, trial, i)))])),
            new("grid", "Four rates times two of noise.", ArmRole.Baseline, (task, run) => Search(task, run, trial => trial / 2 * 0.2f + 0.1f is var rate ? [trial % 2 == 0 ? 0.1f : 0.4f, rate, rate, rate] : [])),
        ],
        Metrics = [.. TuningTask.Metrics, new(Replayed, "the same of a plain network that is trained with the hyperparameters of each step"), new(Fixed, "the same with those of the last step")],
        Claims =
        [
            Claim.Below("stn", "random", TuningTask.Chosen), Claim.Below("stn", "grid", TuningTask.Chosen),
            Claim.Ratio($"{Replayed} is below that of its last values", seed => seed["stn", Fixed] / seed["stn", Replayed]).From("table 1"),
            Claim.NoHigherTimes("stn", "random", TuningTask.Judged, 1).From("ours").AsSide(),
        ],
        Why = "It tunes four rates in one training to a fifth less validation loss than eight random choices do, and the schedule that it finds is better than its last values under every seed; replay it with a plain network. The grid of one rate for all layers is so near that eight seeds cannot tell.",
        Earlier = [new("2026-11-30", Verdict.Inconclusive, "Six seeds, from 1 on, left it open whether the grid is as good. There are eight now, from 7 on.")],
    };

    private static double Uniform(ArmRun run, int trial, int i) => new KeyRandom(run.Key.Fold(100 + trial).Fold(i)).Uniform();

    /// <summary>The values of hyperparameters from numbers without bounds.</summary>
    private static Tensor Bounded(Tensor free) => Tensor.Sigmoid(free) * Tensor.From<float>([.. most.Select(bound => (float)bound)]);

    private static readonly NoisyTraining training = new(weights);

    private static readonly Func<TreeList<Linear>, TuningTask, Tensor> judge = TuningTask.Losses<TreeList<Linear>>((maps, x) => NoisyPerceptron.Call(x, null, default, maps));

    private static readonly SelfTuning<LabelledData> selfTuning = new(
        weights, new Adam(1e-2), Batch, entropy: 1e-3, (maps, free, batch, key) => GatedLoss(maps, free, Bounded(free), batch, key), (maps, free, batch, key) => GatedLoss(maps, free, null, batch, key));

    private static Tensor GatedLoss(TreeList<BestResponseLinear> maps, Tensor free, Tensor? values, LabelledData batch, Key key) =>
        Loss.CrossEntropy(NoisyPerceptron.Call(batch.Inputs, values, key, maps.Count, (i, x) => maps[i].Call(x, free)), batch.Labels);

    /// <summary>Trains a plain network and looks at it now and then.</summary>
    private static LowestLoss Plain(TuningTask task, Key key, int steps, int looks, Func<int, float[]> values)
    {
        TreeList<Linear> maps = [.. Sizes().Select((size, i) => Linear.Create(key.Fold(i), size.Inputs, size.Outputs, weight: Initialiser.HeNormal))];
        var run = training.Run(maps, Batches.Shuffled(task.Train, Batch, key.Fold(9)), values, step => key.Fold(1000 + step), steps, Math.Max(1, steps / looks));
        return LowestLoss.Of(run.Select(trained => judge(trained, task)));
    }

    private static IEnumerable<(int Inputs, int Outputs)> Sizes() => [(Side * Side, Width), (Width, Width), (Width, TuningTask.Classes)];

    private static void Search(TuningTask task, ArmRun run, Func<int, float[]> choose)
    {
        LowestLoss Learn(int trial, float[] values) => Plain(task, run.Key.Fold(trial), run.Settings.Whole("steps") / Trials, Looks, _ => values);
        Tell(run, LowestLoss.OfTrials(run, Trials, trial => Learn(trial, choose(trial))), double.NaN, double.NaN);
    }

    private static void Tell(ArmRun run, LowestLoss best, double replayed, double last)
    {
        best.Tell(run);
        run.Measure(Replayed, replayed);
        run.Measure(Fixed, last);
    }

    private static void Tune(TuningTask task, ArmRun run)
    {
        var start = selfTuning.Start(
            [.. Sizes().Select((size, i) => BestResponseLinear.Create(run.Key.Fold(i), size.Inputs, size.Outputs, most.Length, Initialiser.HeNormal))], most.Length, value: -2, deviation: 0.5);
        var (batches, checks) = (Batches.Shuffled(task.Train, Batch, run.Key.Fold(8)), Batches.Shuffled(task.Validation, Batch, run.Key.Fold(9)));
        var (rounds, schedule, best, last) = (run.Settings.Whole("steps") / 3, new List<float[]>(), new LowestLoss(), start);
        foreach (var (round, state) in selfTuning.Rounds(start, batches, checks, step => run.Key.Fold(1000 + step), rounds, trainings: 2).Index())
        {
            schedule.AddRange(Enumerable.Repeat(Bounded(last.Values).ToArray<float>(), 2));
            last = state;
            if ((round + 1) % Math.Max(1, rounds / (Looks * Trials)) != 0) continue;
            best.See(judge([.. state.Maps.Select(map => Tree.Map(map.At(state.Values), leaf => leaf.Evaluate()))], task));
            foreach (var (i, name) in ((string[])["noise", "dropout of inputs", "dropout of the first layer", "dropout of the second layer"]).Index()) run.Point(name, 3 * round, schedule[^1][i]);
            run.Progress(round, rounds, best.Chosen);
        }
        run.Keep(null, last.Maps);
        double Plainly(Func<int, float[]> values) => Plain(task, run.Key.Fold(20), schedule.Count, Looks * Trials, values).Chosen;
        Tell(run, best, Plainly(step => schedule[step]), Plainly(_ => schedule[^1]));
    }
}
