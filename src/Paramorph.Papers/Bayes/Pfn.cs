using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Bayesian inference by one pass of a transformer that has seen draws of the prior, against what it approximates.</summary>
[Paper("pfn")]
public static class Pfn
{
    private const string Likelihood = "log-likelihood", Time = "milliseconds a task";

    private const int Places = 60, Least = 4, Most = 50, Bars = 100, Waves = 8, Features = 48, Heads = 3, Layers = 3, Batch = 16, Walkers = 16, Thinning = 4, Lengths = 24, Noises = 12, Together = 8;

    private static readonly ProcessPrior prior = new(ShortestLength: 0.2, LeastNoise: 0.1);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<PriorTasks>
    {
        Id = "pfn",
        Question = "Does a transformer that was trained on functions of Gaussian processes with unknown length scale and noise predict as well as the exact posterior, at least as well as the best single process, and 200 times faster than Markov chains?",
        Original = "Gaussian processes with fixed and with unknown hyperparameters, networks with a prior over architectures, tables and characters; transformers of 12 layers trained for days on a GPU; within hundredths of a nat of the exact posterior of a process, and 200 times faster than the fit of hyperparameters, 1,000 to 8,000 times faster than NUTS, where these are as good.",
        Difference = "Functions of one number at 4 to 50 known places, a transformer of some 70 thousand parameters, which sees a place as its coordinate and eight waves of it, trained for 8,000 steps. The exact posterior is a mixture of 288 processes on a grid of length scale and noise. The chains are an affine-invariant ensemble instead of NUTS, compiled, run for eight tasks at once; what they cost includes their burning in and what they predict. Only unknown length scale and noise are tried, which contain the case of fixed ones.",
        Budget = "none: the network pays in training before it sees a task, the others at each task; time a task includes all from the known values to the predictive distributions, with the same threads and compiler",
        MeasuresTime = true,
        Settings =
        [
            Setting.Whole("steps", "training steps of the network, each on 16 functions at 60 places", smoke: 20, full: 8000),
            Setting.Whole("tasks", "functions to predict, in batches of eight", smoke: 16, full: 128, minimum: 16),
            Setting.Whole("chain", "steps of a chain of 16 walkers, of which a fifth is burnt in", smoke: 10, full: 250, minimum: 10),
        ],
        Task = context => Tree.Map(prior.Draw(context.Key, context.Settings.Whole("tasks") / Together * Together, Places, Least, Most), tensor => tensor.Evaluate()),
        Arms =
        [
            new("pfn", "The transformer, one pass.", ArmRole.Method, Network),
            new("exact", "The posterior over a grid of 24 length scales and 12 levels of noise: as good as can be.", ArmRole.Baseline, (tasks, run) => Grid(tasks, run, Lengths, Noises, isBest: false)),
            new("best process", "The one process of the grid whose evidence is largest (maximum likelihood of the second kind).", ArmRole.Baseline, (tasks, run) => Grid(tasks, run, Lengths, Noises, isBest: true)),
            new("mcmc", "Ensembles of Markov chains on the posterior of length scale and noise.", ArmRole.Baseline, Chains),
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density at the unknown places of functions that nothing was trained on", Better.Higher),
            new(Time, "time to predict a function, in batches of eight: the shortest of all batches but the first", Better.Lower),
        ],
        Claims =
        [
            Claim.NoLower("pfn", "exact", Likelihood, 0.05).From("catalogue"), Claim.NoLower("pfn", "best process", Likelihood, 0).From("section 5"), Claim.Below("pfn", "best process", Time, 200), Claim.Below("pfn", "mcmc", Time, 1000),
            Claim.NoLower("mcmc", "exact", Likelihood, 0.01).From("ours: the chains are long enough").AsSide(),
        ],
        Why = "8,000 steps of training leave the transformer 0.03 to 0.13 nat below the exact posterior, and as good as the best single process within what three seeds tell. It answers some thousand times faster than chains that are as good as the exact posterior, and sixty times faster than the grid or the best process: fits of functions of one number at 50 places are cheap, compiled.",
        Earlier = [new("2026-11-30", Verdict.Inconclusive, "Time was asked against chains alone, 200 times; it is asked against the best process, too, as the paper has it, and against chains a thousand times.")]
    };

    private static void Network(PriorTasks tasks, ArmRun run)
    {
        var bars = BarDistribution.OfQuantiles(prior.Draw(run.Key.Fold(3), 200, Places, Least, Most).Values, Bars);
        var start = PriorFittedNetwork.Create(run.Key.Fold(0), bars, 1 + (2 * Waves), Features, Heads, Layers);
        var optimiser = new ClippedByNorm(new AdamW(Schedule.OneCycle(3e-3, run.Steps(), rising: 0.2), Decay: 1e-2, Decayed: Parameters.Leaves.Matrices), 1);
        var trainer = new Trainer<PriorFittedNetwork, PriorTasks>(optimiser, (network, batch, _) => network.Loss(Encoded(batch)));
        var network = run.Train(trainer, start, Batches.Drawn(step => prior.Draw(run.Key.Fold(1).Fold(step), Batch, Places, Least, Most)), run.Steps());
        var predict = Compile.Of((PriorFittedNetwork network, PriorTasks some) => bars.LogDensity(network.Call(Encoded(some)), some.Values));
        Measure(tasks, run, some => predict(network, some));
    }

    /// <summary>A place as its coordinate and waves of it, whose products tell how far places lie apart.</summary>
    private static PriorTasks Encoded(PriorTasks tasks)
    {
        var waves = tasks.Inputs * (0.5 * Math.PI * (Tensor.Arange(Waves).AsType(ElementType.Float32) + 1));
        return tasks with { Inputs = Tensor.Concatenate([tasks.Inputs, Tensor.Sin(waves), Tensor.Cos(waves)], -1) };
    }

    private static void Grid(PriorTasks tasks, ArmRun run, int lengths, int noises, bool isBest)
    {
        var grid = prior.Grid(lengths, noises).ExpandDims(0).Evaluate();
        var predict = Compile.Of((PriorTasks some) =>
        {
            var (evidence, predictive) = (prior.LogEvidence(some, grid), prior.LogPredictive(some, grid));
            var weights = isBest ? Tensor.Where(Tensor.Equal(evidence, evidence.Max(1).ExpandDims(1)), 0.0, double.NegativeInfinity).AsType(ElementType.Float64) : evidence.LogSoftmax();
            return (predictive + weights.ExpandDims(-1)).LogSumExp(1);
        });
        Measure(tasks, run, predict);
    }

    private static void Chains(PriorTasks tasks, ArmRun run)
    {
        var steps = run.Steps("chain");
        var (burnIn, kept) = (steps / 5, Math.Max(1, (steps - (steps / 5)) / Thinning));
        var predict = Compile.Of((PriorTasks some, Key key) =>
        {
            var sampler = new EnsembleSampler(x => prior.LogEvidence(some, x) + prior.LogPrior(x));
            var positions = sampler.Run(key.Fold(0), prior.Hyperparameters(key.Fold(1), [Together, Walkers]), burnIn, kept, Thinning).Positions;
            var sum = Control.Scan<Tensor, Tensor, Tensor>((sum, walkers) => (Tensor.LogAddExp(sum, prior.LogPredictive(some, walkers).LogSumExp(1)), Tensor.Scalar(0.0)), Tensor.Full([Together, Places], double.NegativeInfinity, ElementType.Float64), positions).Item1;
            return sum - Math.Log(kept * Walkers);
        });
        Measure(tasks, run, some => predict(some, run.Key.Fold(2)));
    }

    /// <summary>Predicts all tasks, eight at once.</summary>
    private static void Measure(PriorTasks tasks, ArmRun run, Func<PriorTasks, Tensor> predict)
    {
        var (count, sum, shortest) = (tasks.Values.Shape[0], 0.0, double.PositiveInfinity);
        for (var first = 0; first < count; first += Together)
        {
            run.Progress(first, count);
            var some = Tree.Map(tasks, tensor => tensor[first..(first + Together)].Evaluate());
            Tensor? answers = null;
            var took = RealCurves.Milliseconds(() => answers = predict(some).Evaluate());
            if (first > 0) shortest = Math.Min(shortest, took / Together);
            var unknown = Tensor.Where(some.Known, 0.0, 1.0).AsType(ElementType.Float64);
            sum += (Tensor.Where(some.Known, 0.0, answers!.AsType(ElementType.Float64)).Sum(1) / unknown.Sum(1)).Sum().Item();
        }
        run.Measure(Likelihood, sum / count);
        run.Measure(Time, shortest);
    }
}
