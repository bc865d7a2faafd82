using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>Networks some weights of which are random, trained by particles of these, against points, normal distributions and chains.</summary>
[Paper("fk-pbnn")]
public static class FkPbnn
{
    private const string Loss = "NLPD", OfSigns = "NLPD, signs", OfWaves = "NLPD, waves", OfMoons = "NLPD, moons", OfBoth = "NLPD, waves and moons", Rarer = "rarer sign";

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<PartialTask[]>
    {
        Id = "fk-pbnn",
        Question = "Do particles of a network's random weights, weighed by each batch while the other weights learn from all of them, predict better than the most probable weights and than a normal distribution of them, and do they keep both modes where there are two?",
        Original = "Regression of one number, two moons, tables and MNIST; the open-horizon sampler, with 100 or 1000 particles and a random walk or a drift to the prior, is at or near the lowest negative log predictive density, among points with Hamiltonian chains around them, SWAG, and mean-field variational Bayes. All weights are kept at the epoch that validation likes best.",
        Difference = "Three tasks. Signs, which is ours: a slope whose sign training does not tell, and test examples of either sign. Waves, the paper's regression: 100 values, a network 1-20-10-1 whose middle layer is random. Moons: 100 points that overlap, 2-20-20-5-2, the layer into 5 random. All ways look at as many gradients of the likelihood of an example, counted over particles, draws, restarts and chains (a likelihood alone is a third of one), where the paper counts epochs, and are kept at the best of 20 places by validation; SWAG has 500 steps more. Learning rates, of SWAG that of its places, are chosen among three by the mean over tasks; particles move by a drift to the prior that exchanges a hundredth of its variance in a step, the best of three in a search under a seed that does not judge. The most probable weights are the best for validation of two hundred restarts.",
        Budget = "as many gradients of an example's likelihood for all; chains of all weights, the reference, three times as many",
        Settings =
        [
            Setting.Whole("steps", "steps of the open-horizon sampler", smoke: 20, full: 400, minimum: 20), Setting.Whole("particles", "its particles", smoke: 40, full: 200, minimum: 40),
            Setting.Whole("examples", "training examples of a task", smoke: 40, full: 100, minimum: 20), Setting.Whole("judges", "examples that choose, and that judge", smoke: 50, full: 300, minimum: 10),
            Setting.Whole("longer", "how many times as many gradients chains of all weights have", smoke: 1, full: 3),
        ],
        Seeds = 6,
        TunedBy = Loss,
        Task = context => context.Settings.Whole("examples") is var train && context.Settings.Whole("judges") is var judges
            ? [PartialTask.OfSigns(context.Key.Fold(0), train, judges), PartialTask.OfWaves(context.Key.Fold(1), train, judges), PartialTask.OfMoons(context.Key.Fold(2), train, judges)] : [],
        Arms =
        [
            new("open-horizon", "Particles that go on from batch to batch.", ArmRole.Method, (tasks, run) => Run(tasks, run, (task, key) => task.Open(run, key, 1e-2, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 3e-2, 1e-1, 3e-1) },
            new("from-prior", "Particles from the prior for each batch, and chains at the end (SGSMC-HMC).", ArmRole.Method, (tasks, run) => Run(tasks, run, (task, key) => task.FromPrior(run, key, 0.05, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 1e-1, 3e-1, 9e-1) },
            new("map", "The most probable weights, of many restarts.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => task.Best(run, key, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 1e-1, 3e-1, 9e-1) },
            new("map-chains", "Hamiltonian chains of the random weights around them (MAP-HMC).", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => task.BestFlown(run, key, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 1e-1, 3e-1, 9e-1) },
            new("swag", "A normal distribution of where training goes from them.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => task.Averaged(run, key, 3e-1, run.Choice["further"]))) { Candidates = Choice.Of("further", 1e-4, 1e-3, 1e-2) },
            new("mean-field", "Independent normal random weights.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => task.MeanField(run, key, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 2e-2, 6e-2, 2e-1) },
            new("ensemble", "All restarts.", ArmRole.Baseline, (tasks, run) => Run(tasks, run, (task, key) => task.Restarts(run, key, run.Choice["rate"]))) { Candidates = Choice.Of("rate", 1e-1, 3e-1, 9e-1) },
            new("all-chains", "Hamiltonian chains of all weights.", ArmRole.Reference, (tasks, run) => Run(tasks, run, (task, key) => task.AllFlown(run, key))),
        ],
        Metrics =
        [
            new(Loss, "minus the mean logarithm of the predictive density of test examples, the mean over tasks"), new(OfSigns, "of a slope whose sign is unknown"), new(OfWaves, "of waves"), new(OfMoons, "of two moons"),
            new(OfBoth, "their mean"), new(Rarer, "probability of the rarer sign of the slope, at most one half", Better.Higher),
        ],
        Claims =
        [
            Less("map", OfBoth), Less("mean-field", OfBoth), Less("map-chains", OfBoth), Less("swag", OfBoth), Less("mean-field", OfSigns).From("ours"),
            Claim.AtLeast("open-horizon", Rarer, 0.1).From("ours"), Claim.AtMost("mean-field", Rarer, 0.1).From("ours"),
            Less("from-prior", OfBoth).AsSide(), Less("map", OfSigns).From("ours").AsSide(), Less("ensemble", OfBoth).From("ours").AsSide(), Less("ensemble", OfSigns).From("ours").AsSide(),
        ],
        Why = "Two hundred particles that are resampled at each of 400 batches descend from a few: where both signs of the slope explain the data alike, one of them dies out by chance in four seeds of six, and the predictions are then as sure of themselves, and as wrong, as those of a normal distribution. Particles that come from the prior for each batch, with chains at the end, keep both signs in every seed. On waves and moons the sampler is between the most probable weights of 200 restarts and a mean-field distribution, and but for particles from the prior, which are worse there under every seed, differences among all are about as large as those among seeds: with one noisy layer of ten the posterior adds little that the restarts, which have as many gradients, do not find. An ensemble of all restarts keeps both signs and is the best of all on the mean of the tasks.",
    };

    private static Claim Less(string other, string metric) => Claim.Above(other, "open-horizon", metric);

    private static void Run(PartialTask[] tasks, ArmRun run, Func<PartialTask, Key, PartlyLearned> learn)
    {
        var losses = new List<double>();
        foreach (var (i, task) in tasks.Index())
        {
            var learned = learn(task, run.Key.Fold(i));
            losses.Add(task.Loss(learned, run.Job.IsSearch));
            run.Measure($"{Loss}, {task.Name}", losses[^1]);
            if (task.Name == PartialTask.Signs) run.Measure(Rarer, learned.Rarer);
        }
        run.Measure(Loss, losses.Average());
        run.Measure(OfBoth, losses.Skip(1).Average());
    }
}
