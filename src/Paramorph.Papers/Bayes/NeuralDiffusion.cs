using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Functions drawn by denoising their values, against attention to the known ones, by how far answers lie from the exact posterior.</summary>
[Paper("neural-diffusion-process")]
public static class NeuralDiffusion
{
    private const string Means = "distance of means", Deviations = "distance of deviations", Likelihood = "log-likelihood";

    private const int Places = 40, Least = 3, Most = 15, Batch = 16, Waves = 4, Levels = 30, Again = 5, Draws = 48, SearchDraws = 24, Lengths = 48, Together = 8;

    /// <summary>Length scales are unknown, the noise is not.</summary>
    private static readonly ProcessPrior prior = new(ShortestLength: 0.2, LeastNoise: 0.1, MostNoise: 0.1);
    private static readonly NoiseLevels schedule = NoiseLevels.Cosine(Levels);
    private static readonly Choice[] rates = Choice.Of("rate", 1e-3, 3e-3, 1e-2);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<PriorTasks>
    {
        Id = "neural-diffusion-process",
        Question = "Do mean and variance of functions that are drawn by denoising, beside known values that are noised alike, lie closer to the exact posterior of a Gaussian process than those of an attentive neural process, at equal parameters and steps?",
        Original = "Functions of Gaussian processes in one to three dimensions, with known and with unknown length scales, step functions, global optimisation and images; 500 levels of noise, 250 epochs of 16 thousand functions on a GPU; closer to the exact posterior than conditional, convolutional and attentive neural processes.",
        Difference = "Functions of one number with noise of 0.1 and length scales from 0.2 to 1 that are not known, at 3 to 15 of 40 places; the exact posterior is a mixture of 48 processes. 30 levels of noise, each done six times, networks of some 25 thousand parameters, 64 thousand functions. Squared errors of the noise in the place of absolute ones. Both networks see a place as its coordinate and four waves of it. Moments are those of 48 draws.",
        Budget = "parameters, steps and functions of training; the rate is chosen among three",
        Equal = EqualBudget.Parameters,
        Settings =
        [
            Setting.Whole("steps", $"training steps, each on {Batch} functions at {Places} places", smoke: 20, full: 4000),
            Setting.Whole("functions", "functions that judge, in batches of eight", smoke: 8, full: 16, minimum: 8),
        ],
        Task = context => Tree.Map(prior.Draw(context.Key, context.Settings.Whole("functions") / Together * Together, Places, Least, Most), tensor => tensor.Evaluate()),
        Arms =
        [
            new("ndp", "Draws by denoising, with attention between places and between dimensions.", ArmRole.Method, Denoise) { Candidates = rates },
            new("anp", "Attentive neural process with a latent variable.", ArmRole.Baseline, (tasks, run) => Attend(tasks, run, features: 32, latents: 16)) { Candidates = rates },
            new("attentive cnp", "The same without a latent variable.", ArmRole.Baseline, (tasks, run) => Attend(tasks, run, features: 36, latents: 0)) { Candidates = rates },
        ],
        Metrics =
        [
            new(Means, "root of the mean squared distance of the mean from that of the exact posterior, at unknown places"), new(Deviations, "the same of the standard deviation of values"),
            new(Likelihood, "mean logarithm of the density of unknown values under normal distributions of these moments", Better.Higher),
        ],
        Claims =
        [
            Claim.Below("ndp", "anp", Means), Claim.Below("ndp", "anp", Deviations),
            Claim.Above("ndp", "anp", Likelihood).From("table 1").AsSide(), Claim.Below("ndp", "attentive cnp", Means).From("ours").AsSide(), Claim.Below("ndp", "attentive cnp", Deviations).From("ours").AsSide(),
        ],
    };

    private static void Denoise(PriorTasks tasks, ArmRun run)
    {
        var network = Trained(run, NeuralDiffusionProcess.Create(run.Key.Fold(0), 32, 4, 2, Levels, Waves), (network, batch, key) => network.Loss(schedule, batch.Inputs, batch.Values, key));
        var draw = Compile.Of((NeuralDiffusionProcess network, PriorTasks some, Key key) =>
            schedule.Draw(key, (noisy, level) => network.Call(some.Inputs, noisy, level), some, run.Job.IsSearch ? SearchDraws : Draws, Again) is var drawn ? new IndependentNormal(drawn, Tensor.ZerosLike(drawn)).Mixed() : null!);
        Measure(tasks, run, (some, key) => draw(network, some, key));
    }

    private static void Attend(PriorTasks tasks, ArmRun run, int features, int latents)
    {
        PriorTasks Encoded(PriorTasks some) => some with { Inputs = NeuralDiffusionProcess.WithWaves(some.Inputs, Waves) };
        var network = Trained(run, NeuralProcess.Create(run.Key.Fold(0), 1 + 2 * Waves, features, 4, latents), (network, batch, key) => network.Loss(Encoded(batch), key, 4));
        var predict = Compile.Of((NeuralProcess network, PriorTasks some, Key key) => network.Predict(Encoded(some), key, Draws).Mixed());
        Measure(tasks, run, (some, key) => predict(network, some, key));
    }

    private static T Trained<T>(ArmRun run, T start, Func<T, PriorTasks, Key, Tensor> loss)
        where T : ITree<T>
    {
        var optimiser = new ClippedByNorm(new AdamW(Schedule.OneCycle(run.Choice["rate"], run.Steps(), rising: 0.2), Decay: 1e-2, Decayed: Leaves.Matrices), 1);
        return run.Train(new Trainer<T, PriorTasks>(optimiser, loss), start, Batches.Drawn(step => prior.Draw(run.Key.Fold(1).Fold(step), Batch, Places, Least, Most)), run.Steps());
    }

    /// <summary>Compares moments at unknown places with those of the exact posterior, eight functions at once.</summary>
    private static void Measure(PriorTasks tasks, ArmRun run, Func<PriorTasks, Key, IndependentNormal> moments)
    {
        var (means, deviations, logs, count, grid) = (0.0, 0.0, 0.0, 0.0, prior.Grid(Lengths, 1).ExpandDims(0).Evaluate());
        for (var first = 0; first < tasks.Values.Shape[0]; first += Together)
        {
            run.Progress(first, tasks.Values.Shape[0]);
            var some = Tree.Map(tasks, tensor => tensor[first..(first + Together)].Evaluate());
            var (own, exact) = (Tree.Map(moments(some, run.Key.Fold(2).Fold(first)), tensor => tensor.AsType(ElementType.Float64).Evaluate()), prior.Posterior(some, grid));
            double Unknown(Tensor values) => Tensor.Where(some.Known, 0.0, values).Sum().Item();
            (means, deviations) = (means + Unknown(Tensor.Square(own.Mean - exact.Mean)), deviations + Unknown(Tensor.Square(own.Deviation - exact.Deviation)));
            // Where values are known draws do not differ.
            logs += Unknown((own with { Deviation = Tensor.Where(some.Known, 1.0, own.Deviation) }).LogDensity(some.Values.AsType(ElementType.Float64)));
            count += Unknown(Tensor.OnesLike(own.Mean));
        }
        run.Measure(Means, Math.Sqrt(means / count));
        run.Measure(Deviations, Math.Sqrt(deviations / count));
        run.Measure(Likelihood, logs / count);
    }
}
