using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>A trained network whose norms become random, against dropout, an ensemble, and itself.</summary>
[Paper("abnn")]
public static class Abnn
{
    private const string Error = "ECE", Accuracy = "accuracy", Loss = "log loss", Steps = "steps";
    private const int Batch = 32, Draws = 4;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<UnlikeTask>
    {
        Id = "abnn",
        Question = "Does a trained network whose norms become random say better how sure it is than dropout does, with the accuracy that it had and a fraction of the work of an ensemble?",
        Original = "Residual networks on CIFAR-10, CIFAR-100 and ImageNet, segmentation of streets; ABNN is at or near the ensemble in calibration and in telling unlike images, with some epochs of further training.",
        Difference = "A residual network with group norms of 25 thousand parameters that tells six drawn digits of 16 x 16 pixels; three members of a twelfth of the steps each, four draws of each. Dropout stands behind each block of a network that is trained with it, and averages as many passes. The deviation of the noise and the rate of dropout are chosen by the loss of validation images. Work is counted in steps of training beyond those of the one network.",
        Budget = "twelve passes a prediction; steps are counted",
        Settings = [.. UnlikeTask.Settings, Setting.Whole("members", "networks of the ensemble, and adapted ones less one", smoke: 2, full: 4, minimum: 2)],
        Seeds = 5,
        TunedBy = Loss,
        Task = UnlikeTask.Of,
        Arms =
        [
            new("abnn", "Random norms, adapted three times.", ArmRole.Method, Adapt) { Candidates = Choice.Of("noise", 0.1, 0.3, 0.6) },
            new("dropout", "Dropout, in prediction too.", ArmRole.Baseline, Drop) { Candidates = Choice.Of("rate", 0.05, 0.1, 0.2) },
            new("ensemble", "Four networks from other weights and orders.", ArmRole.Baseline, Gather),
            new("single", "The one network.", ArmRole.Baseline, (task, run) => Judge(task, run, x => UnlikeTask.Call(task.Network, x), 0)),
        ],
        Metrics =
        [
            .. UnlikeTask.Metrics, new(Error, "expected calibration error of test images in 15 bins"), new(Accuracy, "share of test images whose digit is right", Better.Higher),
            new(Loss, "mean negative logarithm of the probability of the right digit"), new(Steps, "steps of training beyond those of the one network, and one"),
        ],
        Claims =
        [
            Claim.Above("abnn", "dropout", UnlikeTask.Area), Claim.Below("abnn", "dropout", Error), Claim.NoLower("abnn", "single", Accuracy, 0.01),
            Claim.Above("abnn", "single", UnlikeTask.Area).AsSide(), Claim.Below("abnn", "single", Error).AsSide(), Claim.Below("abnn", "ensemble", Steps, 5).From("ours").AsSide(), Claim.NoLower("abnn", "ensemble", UnlikeTask.Area, 0.01).AsSide(),
        ],
        Why = "Adapted norms keep the accuracy and tell unlike images as well as the one network that they come from, not better: the noise that validation chooses is small, and members that start from one network agree. Dropout is worse than the network alone, and against it five seeds decide nothing; the false positive rate of adapted norms is six points above that of the network. Four networks from other starts tell them far better, at twelve times the further steps.",
        Earlier = [new("2026-11-30", Verdict.Inconclusive, "That it takes a twelfth of the steps of an ensemble, which follows from settings, was a main claim; it stands beside, and calibration against the one network with it.")]
    };

    private static void Adapt(UnlikeTask task, ArmRun run)
    {
        var (noise, members, steps) = (run.Choice["noise"], run.Settings.Whole("members") - 1, Math.Max(2, run.Settings.Whole("steps") / 12));
        var data = new Examples(task.Train.Inputs, task.Train.Labels);
        var drawn = new List<ILayer>();
        for (var member = 0; member < members; member++)
        {
            run.Progress(member, members);
            var key = run.Key.Fold(member);
            var adapted = BayesianNorms.Adapted(task.Network, Batches.Shuffled(data, Batch, key.Fold(1)), noise, UnlikeTask.Classes, 2e-3, steps, key);
            for (var draw = 0; draw < Draws; draw++) drawn.Add(Tree.Map(BayesianNorms.Drawn(adapted, key.Fold(20 + draw), Tensor.Scalar(noise)), leaf => leaf.Evaluate()));
        }
        Judge(task, run, x => Mean(drawn.Select(network => UnlikeTask.Call(network, x))), members * steps);
    }

    private static void Drop(UnlikeTask task, ArmRun run)
    {
        var dropout = new Dropout(run.Choice["rate"]);
        Tensor Passed(Sequential network, Tensor x, Key key) =>
            network.Layers.Index().Aggregate(x, (value, layer) => layer.Item.Call(value) is var y && layer.Item is Residual ? dropout.Call(y, key.Fold(layer.Index)) : y);
        var network = UnlikeTask.Trained(task.Train, run.Key, run.Settings.Whole("steps"), Passed);
        var pass = Compile.Of((Sequential network, Tensor x, Key key) => Passed(network, x, key));
        var passes = Draws * (run.Settings.Whole("members") - 1);
        Judge(task, run, x => Mean(Enumerable.Range(0, passes).Select(i => pass(network, x, run.Key.Fold(10 + i)))), run.Settings.Whole("steps"));
    }

    private static void Gather(UnlikeTask task, ArmRun run)
    {
        var (further, steps) = (run.Settings.Whole("members") - 1, run.Settings.Whole("steps"));
        ILayer[] networks = [task.Network, .. Enumerable.Range(0, further).Select(i => UnlikeTask.Trained(task.Train, run.Key.Fold(i), steps))];
        Judge(task, run, x => Mean(networks.Select(network => UnlikeTask.Call(network, x))), further * steps);
    }

    /// <summary>The logarithm of the mean of probabilities.</summary>
    private static Tensor Mean(IEnumerable<Tensor> logits) => Tensor.Log(Tensor.Stack([.. logits.Select(own => own.Softmax())]).Mean(0)).Evaluate();

    private static void Judge(UnlikeTask task, ArmRun run, Func<Tensor, Tensor> logits, int steps)
    {
        var judged = run.Job.IsSearch ? task.Validation : task.Test;
        var own = logits(judged.Inputs);
        run.Measure(Loss, Training.Loss.CrossEntropy(own, judged.Labels).Item());
        run.Measure(Accuracy, Training.Metric.Accuracy(own, judged.Labels).Item());
        run.Measure(Error, Training.Detection.CalibrationError(own.Softmax().Evaluate(), judged.Labels));
        run.Measure(Steps, steps + 1);
        if (run.Job.IsSearch)
        {
            run.Measure(UnlikeTask.Area, double.NaN);
            run.Measure(UnlikeTask.False, double.NaN);
            return;
        }
        task.Judge(run, x => NoveltyScores.MaximalSoftmax(logits(x)).ToDoubles());
    }
}
