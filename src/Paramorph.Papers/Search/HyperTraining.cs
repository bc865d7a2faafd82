using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Search;
using Paramorph.Training;
using Paramorph.Weights;

namespace Paramorph.Papers.Search;

/// <summary>A network that gives weights for hyperparameters, by which thousands of them are tuned, against searches.</summary>
[Paper("hyper-training")]
public static class HyperTraining
{
    private const string Many = "validation loss, 7290", Few = "validation loss, 10", Judged = "test loss, 7290";
    private const int Side = 27, Pixels = Side * Side, Hidden = 10, Trials = 10;
    private const double Start = -7, Spread = 0.5;

    private static readonly Adam learning = new(1.0);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<TuningTask>
    {
        Id = "hyper-training",
        Question = "Does a network that is trained to give weights for hyperparameters find better ones than searches where there are thousands, in as many gradients?",
        Original = "Linear classifiers of MNIST with 1, 10 and 7,850 decays: lower validation losses than random search and Bayesian optimisation, whose lead grows with the number of hyperparameters.",
        Difference = "A linear classifier of 200 drawn digits of 27 x 27 pixels with a decay for each of its 7,290 weights, or for each of the ten classes. The hypernetwork has ten hidden units and is trained around the present decays, each step of it followed by one of the decays. Searches train ten classifiers with the same gradients in all; the process is told each as it comes. All look at the validation loss twenty times in a training and keep the lowest. The rate is chosen among three for each arm. Beside the paper's baselines stands one decay for all, searched.",
        Budget = "equal gradients",
        Settings =
        [
            Setting.Whole("images", "digits to learn from", smoke: 60, full: 200, minimum: 50),
            Setting.Whole("steps", "gradients in all, of one number of hyperparameters", smoke: 400, full: 2000, minimum: 400),
        ],
        Seeds = 4,
        TunedBy = Many,
        Task = context => TuningTask.Of(context, Side),
        Arms =
        [
            new("hyper", "A hypernetwork.", ArmRole.Method, (task, run) => Each(task, run, Learn)) { Candidates = Rates },
            new("random", "Random decays.", ArmRole.Baseline, (task, run) => Each(task, run, (task, run, count) => Search(task, run, trial => Random(run.Key.Fold(trial), count)))) { Candidates = Rates },
            new("gp", "The expected improvement of a Gaussian process.", ArmRole.Baseline, (task, run) => Each(task, run, Process)) { Candidates = Rates },
            new("scalar", "One decay for all weights, ten values.", ArmRole.Baseline, (task, run) => Each(task, run, (task, run, count) => Search(task, run, trial => Tensor.Full([count], -11 + trial).Evaluate()))) { Candidates = Rates },
        ],
        Metrics =
        [
            new(Many, "lowest mean negative logarithm of the probability of the right digit of validation images, a decay for each weight"), new(Few, "the same, a decay for each class"),
            new(Judged, "the same of the classifier of the first, on images that nothing was tuned on"),
        ],
        Claims =
        [
            Claim.Below("hyper", "random", Many), Claim.Below("hyper", "gp", Many), Claim.Below("hyper", "scalar", Many).From("ours"),
            Claim.That("the lead over random is larger with 7290 than with 10", seed => seed["random", Many] - seed["hyper", Many] - (seed["random", Few] - seed["hyper", Few]), unit: "nat").AsSide(),
            Claim.NoHigherTimes("hyper", "scalar", Judged, 1).From("ours").AsSide(),
        ],
        Why = "With 2,000 gradients the hypernetwork is a little ahead of random decays and of the process, by less than four seeds can tell, and behind ten trainings with one decay for all weights. No search of a decay for each weight or class finds in 2,000 gradients what one decay for all gives.",
    };

    private static Choice[] Rates { get; } = Choice.Of("rate", 1e-3, 3e-3, 1e-2);

    private static readonly DecayedClassifier classifier = new(Pixels, TuningTask.Classes, learning);

    private static readonly Func<Linear, TuningTask, Tensor> judge = TuningTask.Losses<Linear>((map, x) => map.Call(x));

    /// <summary>Logarithms enter with a mean square of about 1 / n, as the hidden units want them.</summary>
    private static readonly HypernetworkTuning<Linear, LabelledData> hypernetwork = new(
        learning, new Adam(0.1), Spread, logarithms => (logarithms - Start) / Math.Sqrt(logarithms.Count), classifier.Penalised, (map, data) => Loss.CrossEntropy(map.Call(data.Inputs), data.Labels));

    private static void Each(TuningTask task, ArmRun run, Func<TuningTask, ArmRun, int, LowestLoss> tune)
    {
        var many = tune(task, run, Pixels * TuningTask.Classes);
        run.Measure(Many, many.Chosen);
        run.Measure(Judged, many.Judged);
        run.Measure(Few, run.Job.IsSearch ? double.NaN : tune(task, run, TuningTask.Classes).Chosen);
    }

    private static LowestLoss Learn(TuningTask task, ArmRun run, int count)
    {
        var (steps, best) = (run.Settings.Whole("steps") / 2, new LowestLoss());
        var state = hypernetwork.Start(
            Hypernetwork.Of(run.Key, classifier.Zero, count, [Hidden], encodesInput: false, activation: Activation.Tanh), Tensor.Full([count], Start).Evaluate(), run.Choice["rate"]);
        for (var i = 0; i < steps; i++)
        {
            state = hypernetwork.Tune(hypernetwork.Learn(state, task.Train, run.Key.Fold(100 + i)), task.Validation);
            if ((i + 1) % Math.Max(1, steps / (20 * Trials)) != 0) continue;
            best.See(judge(hypernetwork.Model(state), task));
            run.Point($"validation loss of the hypernetwork, {count}", 2 * i, best.Chosen);
            run.Progress(i, steps, best.Chosen);
        }
        return best;
    }

    private static Tensor Random(Key key, int count) => Sample.Uniform(key, [count], -11.0, -1.0).Evaluate();

    private static LowestLoss Search(TuningTask task, ArmRun run, Func<int, Tensor> choose, Action<Tensor, double>? tell = null) =>
        LowestLoss.OfTrials(run, Trials, trial =>
        {
            var (logarithms, steps) = (choose(trial), run.Settings.Whole("steps") / Trials);
            var own = LowestLoss.Of(classifier.Train(logarithms, task.Train, run.Choice["rate"], steps, Math.Max(1, steps / 20)).Select(map => judge(map, task)));
            tell?.Invoke(logarithms, own.Chosen);
            return own;
        });

    private static LowestLoss Process(TuningTask task, ArmRun run, int count)
    {
        const int First = 3, Points = 64;
        var process = new GaussianProcessSearch(count, Trials);
        Tensor Next(int trial)
        {
            if (trial < First) return Random(run.Key.Fold(trial), count);
            Tensor[] drawn = [.. Enumerable.Range(0, Points).Select(i => Random(run.Key.Fold(trial).Fold(i), count))];
            return drawn[process.ExpectedImprovement(Tensor.Stack(drawn) / 10.0).ArgMax(0).Item<int>()];
        }
        return Search(task, run, Next, (logarithms, loss) => process.Tell((logarithms / 10.0).ExpandDims(0), Tensor.From(-loss)));
    }
}
