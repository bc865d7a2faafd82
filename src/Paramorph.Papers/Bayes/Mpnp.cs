using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>A neural process that is unsure as one is who does not know the rest of the data, against one that is not, and one with a latent variable.</summary>
[Paper("mpnp")]
public static class Mpnp
{
    private const string Likelihood = "log-likelihood", Together = "of whole functions", Known = "of known values", Matern = "of Matérn's kernel", Periodic = "of a periodic kernel", HeavyTails = "with heavy tails";

    private const int Places = 40, Least = 3, Most = 20, Batch = 16, Waves = 4, Inputs = 1 + 2 * Waves, Heads = 4, Generated = 10, Draws = 5, JudgingDraws = 50;

    private static readonly ProcessPrior prior = new(ShortestLength: 0.2, LeastNoise: 0.1);
    private static readonly Func<Key, PriorTasks> draw = Compile.Of((Key key) => prior.Draw(key, Batch, Places, Least, Most));
    private static readonly Choice[] rates = Choice.Of("rate", 3e-3, 1e-2, 3e-2);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<TreeList<PriorTasks>>
    {
        Id = "mpnp",
        Question = "Does a neural process whose answers are averaged over generated further pairs give the values of unseen functions a higher likelihood than one without them, and than one with a latent variable, at equal parameters and steps?",
        Original = "Functions of Gaussian processes (squared exponential, Matérn, periodic, with heavy-tailed noise), images, Lotka-Volterra and Bayesian optimisation, with and without attention; higher likelihoods than conditional, latent and bootstrapping neural processes.",
        Difference = "Functions of one number with random length scale and noise, at 3 to 20 of 40 places, which networks see as the coordinate and four waves of it. Without attention alone; no bootstrapping process. The generator has two layers of attention and gives ten representations, of 32 numbers; the other networks are wider in turn. All train on the squared exponential kernel; other kernels and heavy tails are told of beside.",
        Budget = "parameters and steps; the rate is chosen among three",
        Equal = EqualBudget.Parameters,
        Settings =
        [
            Setting.Whole("steps", $"training steps, each on {Batch} functions at {Places} places", smoke: 20, full: 3000),
            Setting.Whole("functions", "functions of each kind that judge", smoke: 8, full: 100, minimum: 8),
        ],
        Seeds = 4,
        Task = context => [.. Kinds(context.Key, context.Settings.Whole("functions"))],
        Arms =
        [
            new("mpnp", "Averaged over draws of ten further representations.", ArmRole.Method, (tasks, run) => Learn(tasks, run, MartingalePosteriorProcess.Create(run.Key.Fold(0), Inputs, 32, Heads, Generated), (network, batch, key) => network.Loss(batch, key, Draws), (network, some, key) => network.Predict(some, key, JudgingDraws))) { Candidates = rates },
            new("cnp", "Conditional neural process.", ArmRole.Baseline, (tasks, run) => Plain(tasks, run, features: 64, latents: 0)) { Candidates = rates },
            new("np", "Neural process with a latent variable of 16 numbers beside the mean of representations.", ArmRole.Baseline, (tasks, run) => Plain(tasks, run, features: 45, latents: 16)) { Candidates = rates },
            new("exact", "The posterior over a grid of length scale and noise, of the kernel that all are trained on.", ArmRole.Reference, (tasks, run) => Measure(tasks, run, some => prior.Posterior(some, grid) is var exact ? new(exact.Mean.ExpandDims(0), exact.Deviation.ExpandDims(0)) : null!)),
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density of unknown values, each by itself, averaged over draws before the logarithm is taken", Better.Higher),
            new(Together, "the same of all unknown values of a function together, a value", Better.Higher), new(Known, "the same of known values, each by itself", Better.Higher),
            new(Matern, "log-likelihood of functions of Matérn's kernel of order 5/2", Better.Higher), new(Periodic, "log-likelihood of functions that repeat themselves", Better.Higher),
            new(HeavyTails, "log-likelihood where Student's t noise of two degrees of freedom, times 0.1, comes on top", Better.Higher),
        ],
        Claims =
        [
            Claim.Above("mpnp", "cnp", Likelihood), Claim.Above("mpnp", "np", Likelihood),
            Claim.Above("mpnp", "cnp", Together).AsSide(), Claim.Above("mpnp", "np", Together).AsSide(), Claim.Above("mpnp", "cnp", Known).From("table 1").AsSide(), Claim.Above("mpnp", "np", Known).From("table 1").AsSide(),
            .. ((string[])[Matern, Periodic, HeavyTails]).SelectMany(kind => (Claim[])[Claim.Above("mpnp", "cnp", kind).From("table 1").AsSide(), Claim.Above("mpnp", "np", kind).From("table 1").AsSide()]),
        ],
        Why = "At equal parameters half of those of mpnp are the generator's, so its own process is half as wide, which known values pay for. Unknown values are as likely as under the others within what four seeds tell. Values of a function taken together are more likely than without generated pairs, and less so than with a latent variable, which is what training by a bound makes much of.",
    };

    private static readonly Tensor grid = prior.Grid(16, 8).ExpandDims(0).Evaluate();

    /// <summary>Functions of the kernel of training, and of three kinds that are unlike them.</summary>
    private static IEnumerable<PriorTasks> Kinds(Key key, int count)
    {
        PriorTasks Of(int kind, ProcessPrior own) => Tree.Map(own.Draw(key.Fold(kind), count, Places, Least, Most), tensor => tensor.Evaluate());
        yield return Of(0, prior);
        yield return Of(1, prior with { Correlation = squares => Tensor.Sqrt(Tensor.Maximum(5.0 * squares, 1e-12)) is var root ? (1.0 + root + 5.0 / 3 * squares) * Tensor.Exp(-root) : null! });
        // Of a period of four length scales, within which values are alike as those of the squared exponential are.
        yield return Of(2, prior with { Correlation = squares => Tensor.Exp(-2 * Tensor.Square(Tensor.Sin(Math.PI / 4 * Tensor.Sqrt(Tensor.Maximum(squares, 1e-12))))) });
        var tasks = Of(3, prior);
        yield return tasks with { Values = (tasks.Values + 0.1 * Sample.Normal(key.Fold(4), tasks.Values.Shape) / Tensor.Sqrt(Sample.Exponential(key.Fold(5), tasks.Values.Shape))).Evaluate() };
    }

    private static void Plain(TreeList<PriorTasks> tasks, ArmRun run, int features, int latents) =>
        Learn(tasks, run, NeuralProcess.Create(run.Key.Fold(0), Inputs, features, latents: latents), (network, batch, key) => network.Loss(batch, key, Draws), (network, some, key) => network.Predict(some, key, latents == 0 ? 1 : JudgingDraws));

    private static void Learn<T>(TreeList<PriorTasks> tasks, ArmRun run, T start, Func<T, PriorTasks, Key, Tensor> loss, Func<T, PriorTasks, Key, IndependentNormal> predict)
        where T : ITree<T>
    {
        var optimiser = new ClippedByNorm(new AdamW(Schedule.OneCycle(run.Choice["rate"], run.Steps(), rising: 0.2), Decay: 1e-2, Decayed: Leaves.Matrices), 1);
        var network = run.Train(new Trainer<T, PriorTasks>(optimiser, (network, batch, key) => loss(network, Encoded(batch), key)), start, Batches.Drawn(step => draw(run.Key.Fold(1).Fold(step))), run.Steps());
        var answer = Compile.Of((T network, PriorTasks some, Key key) => predict(network, Encoded(some), key));
        Measure(tasks, run, some => answer(network, some, run.Key.Fold(2)));
    }

    private static PriorTasks Encoded(PriorTasks tasks) => tasks with { Inputs = NeuralDiffusionProcess.WithWaves(tasks.Inputs, Waves) };

    /// <summary>Judges answers [draws, functions, places].</summary>
    private static void Measure(TreeList<PriorTasks> tasks, ArmRun run, Func<PriorTasks, IndependentNormal> predict)
    {
        foreach (var (kind, some) in tasks.Index())
        {
            var answers = predict(some);
            var logs = answers.LogDensity(some.Values.AsType(answers.Mean.ElementType)).AsType(ElementType.Float64).Evaluate();
            var unknown = Tensor.Where(some.Known, 0.0, 1.0).AsType(ElementType.Float64);
            Tensor Mixed(Tensor logs) => logs.LogSumExp(0) - Math.Log(logs.Shape[0]);
            double Mean(Tensor sums, Tensor which) => (sums / which.Sum(-1)).Mean().Item();
            run.Measure(((string[])[Likelihood, Matern, Periodic, HeavyTails])[kind], Mean((Mixed(logs) * unknown).Sum(-1), unknown));
            if (kind > 0) continue;
            run.Measure(Together, Mean(Mixed((logs * unknown).Sum(-1)), unknown));
            run.Measure(Known, Mean((Mixed(logs) * (1.0 - unknown)).Sum(-1), 1.0 - unknown));
        }
    }
}
