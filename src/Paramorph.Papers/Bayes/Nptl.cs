using System.Collections.Concurrent;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Pulled = Paramorph.TreePair<Paramorph.Layers.Sequential, Paramorph.TreePair<Paramorph.Layers.Sequential, Paramorph.Tensor>>;

namespace Paramorph.Papers.Bayes;

/// <summary>Networks that are trained further with drawn weights of the examples, against such that are pulled towards the trained network, or towards draws around it.</summary>
[Paper("nptl")]
public static class Nptl
{
    private const string Near = "NLL, near", Far = "NLL, far", Accuracy = "accuracy";
    private const int Members = 5, Batch = 50, Classes = 10, ProbeSteps = 300;

    private static readonly ConcurrentDictionary<int, Trainer<Pulled, WeightedExamples>> trainers = new();
    private static readonly Trainer<Linear, LabelledData> probe = new(new AdamW(Schedule.Cosine(1e-2, ProbeSteps), Decay: 0.01), (head, batch, _) => Loss.CrossEntropy(head.Call(batch.Inputs), batch.Labels));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Transfer[]>
    {
        Id = "nptl",
        Question = "Where a trained network learns a small task further, do draws of weights of its examples give better probabilities than networks from several starts and than draws of a posterior whose prior is normal around the trained network, and the more so the farther the task?",
        Original = "Networks trained on ImageNet or on text learn CIFAR-10, CIFAR-100, Food, Dogs and GLUE further; averages of thirty draws, or of ten, have a lower negative log-likelihood than ensembles and than chains and Laplace posteriors whose prior is normal around the trained network.",
        Difference = "A residual network that was trained on ten drawn digits of 16 x 16 pixels learns 100 others: thicker and with more scratches, which is near, and the same mirrored, which is far. Five networks each. Pseudo-examples are the inputs with the probabilities of a last map that was trained on frozen features, as in the paper; weights are of single examples, not of blocks. All networks start from such a last map, each of its own. The normal prior is sampled by randomised maximum a posteriori: each network is pulled towards a draw around the trained one. Concentration, pull and deviation of the prior are each chosen among three by validation images of the far task.",
        Budget = "equal steps of each network, five networks or draws",
        Settings =
        [
            Setting.Whole("images", "images that the first network learns from", smoke: 64, full: 2000, minimum: 64), Setting.Whole("steps", "steps of training of the first network", smoke: 5, full: 1000),
            Setting.Whole("further", "steps of each further training", smoke: 3, full: 150), Setting.Whole("small", "images of the small task", smoke: 50, full: 100, minimum: 50),
            Setting.Whole("judges", "images that choose, and that judge", smoke: 60, full: 1000, minimum: 60),
        ],
        Seeds = 5,
        TunedBy = Far,
        Task = Tasks,
        Arms =
        [
            new("nptl", "Drawn weights of examples and pseudo-examples.", ArmRole.Method, (tasks, run) => Run(tasks, run, (task, key) => Weighted(task, run, key, run.Choice["concentration"]))) { Candidates = Choice.Of("concentration", 0.1, 0.3, 1) },
            new("ensemble", "Other first weights of the last map and orders, pulled towards the trained network.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => Pull(task, run, key, 0, run.Choice["pull"]))) { Candidates = Choice.Of("pull", 1e-3, 1e-2, 1e-1) },
            new("normal prior", "Each pulled towards a draw around the trained network.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => Pull(task, run, key, run.Choice["deviation"], 1 / (Math.Pow(run.Choice["deviation"], 2) * task.Train.Count)))) { Candidates = Choice.Of("deviation", 0.02, 0.06, 0.18) },
            new("bootstrap", "Drawn weights without pseudo-examples.", ArmRole.Ablation, (tasks, run) => Run(tasks, run, (task, key) => Weighted(task, run, key, 0))),
            new("single", "One network.", ArmRole.Reference, (tasks, run) => Run(tasks, run, (task, key) => Pull(task, run, key, 0, 0), 1)),
            new("from scratch", "One network without the first task.", ArmRole.Reference, (tasks, run) => Run(tasks, run, (task, key) => UnlikeTask.Trained(task.Train, key, 4 * run.Steps("further"), classes: Classes), 1)),
        ],
        Metrics =
        [
            new(Near, "mean negative logarithm of the probability of the right class, of test images of the nearer task"), new(Far, "the same of the farther task"), new(Accuracy, "share of right answers, mean of both tasks", Better.Higher),
        ],
        Claims =
        [
            Claim.Below("nptl", "ensemble", Far), Claim.Below("nptl", "normal prior", Far), Claim.Below("nptl", "ensemble", Near), Claim.Below("nptl", "normal prior", Near),
            Claim.NoLower("nptl", "ensemble", Accuracy, 0).AsSide(), Claim.Below("nptl", "bootstrap", Far).From("ours").AsSide(),
            Claim.That("the gap between ensemble and nptl is larger on the farther task", seed => seed["ensemble", Far] - seed["nptl", Far] - (seed["ensemble", Near] - seed["nptl", Near]), unit: "nat").From("catalogue").AsSide(),
        ],
        Why = "Drawn weights with pseudo-examples are better than an ensemble where the task is far, and the more so the farther it is, as the paper has it; half of that is the bootstrap alone. A normal prior around the trained network is better still there: the width that validation chooses is so large that its draws are noise in the place towards which each network is pulled, which makes the five differ most. All are as often right. Before any verdict shapes were the far task, which the network that knew digits learned badly, and then mirrored negatives, which were learned better from scratch; and a Laplace posterior of the last map stood in the place of the normal prior around the whole network.",
    };

    private static Transfer[] Tasks(TaskContext context)
    {
        var (key, small, judges) = (context.Key, context.Settings.Whole("small"), context.Settings.Whole("judges"));
        LabelledData Digits(int part, int count, DigitStyle style) => UnlikeTask.Drawn(key.Fold(part), count, _ => true, style: style);
        var network = UnlikeTask.Trained(Digits(0, context.Settings.Whole("images"), DigitStyle.Varied), key.Fold(1), context.Settings.Whole("steps"), classes: Classes);
        LabelledData Other(int part, int count) => Digits(part, count, DigitStyle.Varied with { Thickness = (0.1, 0.18), Clutter = 4, Noise = 0.15 });
        LabelledData Mirrored(LabelledData data) => data with { Inputs = data.Inputs.Flip(-1).Evaluate() };
        return [new(Near, network, Other(2, small), Other(3, judges), Other(4, judges)), new(Far, network, Mirrored(Other(5, small)), Mirrored(Other(6, judges)), Mirrored(Other(7, judges)))];
    }

    private static void Run(Transfer[] tasks, ArmRun run, Func<Transfer, Key, Sequential> learn, int members = Members)
    {
        var accuracy = 0.0;
        foreach (var task in tasks)
        {
            var judged = run.Job.IsSearch ? task.Validation : task.Test;
            var logits = Tensor.Log(Tensor.Stack([.. Enumerable.Range(0, members).Select(member => UnlikeTask.Call(learn(task, run.Key.Fold(member)), judged.Inputs).Softmax())]).Mean(0)).Evaluate();
            var share = Training.Metric.Accuracy(logits, judged.Labels).Item();
            (accuracy, var loss) = (accuracy + share / tasks.Length, Loss.CrossEntropy(logits, judged.Labels).Item());
            foreach (var (metric, value) in new[] { (task.Name, loss), ($"{Accuracy} {task.Name[5..]}", share) }) run.Measure(metric, value);
        }
        run.Measure(Accuracy, accuracy);
    }

    private static Sequential Probed(Transfer task, Key key)
    {
        var (network, count) = (task.Source, task.Source.Layers.Count);
        var features = new LabelledData(UnlikeTask.Call(UnlikeTask.Part(network, 0, count - 1), task.Train.Inputs), task.Train.Labels);
        var start = probe.Start(Linear.Create(key.Fold(0), features.Inputs.Shape[1], Classes), key.Fold(1));
        return new([.. network.Layers.SkipLast(1), probe.Run(start, Batches.Whole(features), new(ProbeSteps)).State.Model]);
    }

    private static Sequential Weighted(Transfer task, ArmRun run, Key key, double concentration) => Probed(task, key) is var start
        ? Further(run, start, start, WeightedExamples.Draw(key.Fold(2), task.Train, UnlikeTask.Call(start, task.Train.Inputs).Softmax().Evaluate(), concentration), 0, key) : null!;

    /// <summary>All examples alike, and a pull towards the trained network moved by normal numbers.</summary>
    private static Sequential Pull(Transfer task, ArmRun run, Key key, double deviation, double pull)
    {
        var (start, leaf) = (Probed(task, key), 0);
        var anchor = deviation == 0 ? start : Tree.Map(start, values => (values + deviation * Sample.Normal(key.Fold(100 + leaf++), values.Shape)).Evaluate());
        return Further(run, start, anchor, WeightedExamples.Draw(key, task.Train, Tensor.Zeros([task.Train.Count, Classes]), 0).Even(), pull, key);
    }

    private static Sequential Further(ArmRun run, Sequential start, Sequential anchor, WeightedExamples data, double pull, Key key)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var trainer = trainers.GetOrAdd(run.Steps("further"), steps => new(new Frozen(new ClippedByNorm(new Adam(Schedule.OneCycle(3e-3, steps, rising: 0.2)), 1), Leaves.Named("item2*")), (pair, batch, _) =>
            batch.Loss(pair.Item1.Call(batch.Inputs)) + 0.5 * pair.Item2.Item2 * Tree.Leaves(pair.Item1).SkipLast(2).Zip(Tree.Leaves(pair.Item2.Item1), (now, before) => Tensor.Square(now - before).Sum()).Aggregate((a, b) => a + b)));
        return trainer.Run(trainer.Start(new(start, new(anchor, Tensor.Scalar((float)pull))), key.Fold(3)), Batches.Shuffled(data, Batch, key.Fold(4)), new(run.Steps("further"))).State.Model.Item1;
    }

    private sealed record Transfer(string Name, Sequential Source, LabelledData Train, LabelledData Validation, LabelledData Test);
}
