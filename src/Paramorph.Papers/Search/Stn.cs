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
    private static readonly Adam tuning = new(1e-2);

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
        Seeds = 6,
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
        Why = "It tunes four rates in one training to a fifth less validation loss than eight random choices do, and the schedule that it finds is better than its last values under every seed; replay it with a plain network. The grid of one rate for all layers is so near that eight seeds cannot tell, and so were six others before.",
    };

    private static double Uniform(ArmRun run, int trial, int i) => new KeyRandom(run.Key.Fold(100 + trial).Fold(i)).Uniform();

    /// <summary>The values of hyperparameters from numbers without bounds.</summary>
    private static Tensor Bounded(Tensor free) => Tensor.Sigmoid(free) * Tensor.From<float>([.. most.Select(bound => (float)bound)]);

    /// <summary>Logits with noise and dropout: [n, pixels] and values [n, 4], by maps of hidden units.</summary>
    private static Tensor Forward(Tensor x, Tensor? values, Key key, Func<int, Tensor, Tensor> map)
    {
        Tensor Dropped(Tensor x, int which) => values is null ? x
            : x * Tensor.Where(Sample.Uniform(key.Fold(which), x.Shape) < values[.., which..(which + 1)], 0.0, 1.0 / (1.0 - values[.., which..(which + 1)]));
        if (values is not null) x += values[.., ..1] * Sample.Normal(key.Fold(0), x.Shape);
        x = Tensor.Relu(map(0, Dropped(x, 1)));
        x = Tensor.Relu(map(1, Dropped(x, 2)));
        return map(2, Dropped(x, 3));
    }

    private static readonly Func<TreePair<TreeList<Linear>, OptimiserState<TreeList<Linear>>>, LabelledData, Tensor, Key, TreePair<TreeList<Linear>, OptimiserState<TreeList<Linear>>>> plainStep =
        Compile.Of((TreePair<TreeList<Linear>, OptimiserState<TreeList<Linear>>> at, LabelledData batch, Tensor values, Key key) =>
        {
            var all = values.BroadcastTo([Batch, most.Length]);
            var gradient = Gradient.Of(at.Item1, maps => Loss.CrossEntropy(Forward(batch.Inputs, all, key, (i, x) => maps[i].Call(x)), batch.Labels));
            return (TreePair<TreeList<Linear>, OptimiserState<TreeList<Linear>>>)weights.Update(at.Item1, gradient, at.Item2);
        });

    private static readonly Func<TreeList<Linear>, TuningTask, Tensor> judge = Compile.Of((TreeList<Linear> maps, TuningTask task) => Tensor.Stack(
        [.. ((LabelledData[])[task.Validation, task.Test]).Select(data => Loss.CrossEntropy(Forward(data.Inputs, null, default, (i, x) => maps[i].Call(x)), data.Labels))]));

    /// <summary>Trains a plain network and looks at it now and then: the lowest validation loss, and the test loss beside it.</summary>
    private static (double Chosen, double Judged) Plain(TuningTask task, Key key, int steps, int looks, Func<int, float[]> values)
    {
        TreeList<Linear> maps = [.. Sizes().Select((size, i) => Linear.Create(key.Fold(i), size.Inputs, size.Outputs, weight: Initialiser.HeNormal))];
        TreePair<TreeList<Linear>, OptimiserState<TreeList<Linear>>> at = new(maps, weights.Start(maps));
        var (batches, best) = (Batches.Shuffled(task.Train, Batch, key.Fold(9)), (Chosen: double.PositiveInfinity, Judged: double.NaN));
        for (var step = 0; step < steps; step++)
        {
            at = plainStep(at, batches.At(step), Tensor.From(values(step)), key.Fold(1000 + step));
            if ((step + 1) % Math.Max(1, steps / looks) == 0 && judge(at.Item1, task).ToDoubles() is [var validation, var test] && validation < best.Chosen) best = (validation, test);
        }
        return best;
    }

    private static IEnumerable<(int Inputs, int Outputs)> Sizes() => [(Side * Side, Width), (Width, Width), (Width, TuningTask.Classes)];

    private static void Search(TuningTask task, ArmRun run, Func<int, float[]> choose)
    {
        var best = (Chosen: double.PositiveInfinity, Judged: double.NaN);
        for (var trial = 0; trial < Trials; trial++)
        {
            run.Progress(trial, Trials, best.Chosen);
            var values = choose(trial);
            var own = Plain(task, run.Key.Fold(trial), run.Settings.Whole("steps") / Trials, Looks, _ => values);
            if (own.Chosen < best.Chosen) best = own;
        }
        Tell(run, best.Chosen, best.Judged, double.NaN, double.NaN);
    }

    private static void Tell(ArmRun run, double chosen, double judged, double replayed, double last)
    {
        run.Measure(TuningTask.Chosen, chosen);
        run.Measure(TuningTask.Judged, judged);
        run.Measure(Replayed, replayed);
        run.Measure(Fixed, last);
    }

    private static Tensor Call(TreeList<BestResponseLinear> maps, Tensor x, Tensor free, Tensor? values, Key key) => Forward(x, values, key, (i, x) => maps[i].Call(x, free));

    private static void Tune(TuningTask task, ArmRun run)
    {
        const double Entropy = 1e-3;
        TreeList<BestResponseLinear> maps = [.. Sizes().Select((size, i) => BestResponseLinear.Create(run.Key.Fold(i), size.Inputs, size.Outputs, most.Length, Initialiser.HeNormal))];
        // Numbers without bounds, and the logarithms of the deviations by which they are perturbed.
        TreePair<Tensor, Tensor> hyper = new(Tensor.Full([most.Length], -2).Evaluate(), Tensor.Full([most.Length], Math.Log(0.5)).Evaluate());
        var (memory, tuned) = (weights.Start(maps), tuning.Start(hyper));
        Tensor Perturbed(TreePair<Tensor, Tensor> hyper, Key key) => hyper.Item1 + Tensor.Exp(hyper.Item2) * Sample.Normal(key, [Batch, most.Length]);
        var train = Compile.Of((TreeList<BestResponseLinear> maps, OptimiserState<TreeList<BestResponseLinear>> memory, TreePair<Tensor, Tensor> hyper, LabelledData batch, Key key) =>
        {
            var free = Perturbed(hyper, key.Fold(7));
            return weights.Update(maps, Gradient.Of(maps, maps => Loss.CrossEntropy(Call(maps, batch.Inputs, free, Bounded(free), key), batch.Labels)), memory);
        });
        var tune = Compile.Of((TreeList<BestResponseLinear> maps, TreePair<Tensor, Tensor> hyper, OptimiserState<TreePair<Tensor, Tensor>> memory, LabelledData batch, Key key) => tuning.Update(
            hyper, Gradient.Of(hyper, hyper => Loss.CrossEntropy(Call(maps, batch.Inputs, Perturbed(hyper, key.Fold(7)), null, key), batch.Labels) - Entropy * hyper.Item2.Sum()), memory));
        var (batches, checks) = (Batches.Shuffled(task.Train, Batch, run.Key.Fold(8)), Batches.Shuffled(task.Validation, Batch, run.Key.Fold(9)));
        var (rounds, schedule, best, judged) = (run.Settings.Whole("steps") / 3, new List<float[]>(), double.PositiveInfinity, double.NaN);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < 2; i++)
            {
                schedule.Add(Bounded(hyper.Item1).ToArray<float>());
                (maps, memory) = train(maps, memory, hyper, batches.At(2 * round + i), run.Key.Fold(1000 + 3 * round + i));
            }
            (hyper, tuned) = tune(maps, hyper, tuned, checks.At(round), run.Key.Fold(1002 + 3 * round));
            if ((round + 1) % Math.Max(1, rounds / (Looks * Trials)) != 0) continue;
            TreeList<Linear> plain = [.. maps.Select(map => Tree.Map(map.At(hyper.Item1), leaf => leaf.Evaluate()))];
            if (judge(plain, task).ToDoubles() is [var validation, var test] && validation < best) (best, judged) = (validation, test);
            foreach (var (i, name) in ((string[])["noise", "dropout of inputs", "dropout of the first layer", "dropout of the second layer"]).Index()) run.Point(name, 3 * round, schedule[^1][i]);
            run.Progress(round, rounds, best);
        }
        run.Keep(null, maps);
        var (replayed, _) = Plain(task, run.Key.Fold(20), schedule.Count, Looks * Trials, step => schedule[step]);
        var (last, _) = Plain(task, run.Key.Fold(20), schedule.Count, Looks * Trials, _ => schedule[^1]);
        Tell(run, best, judged, replayed, last);
    }
}
