using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Papers.Bayes;

/// <summary>A trained network as a sparse Gaussian process that knows of all examples, against posteriors of as few examples, and told of new examples without training.</summary>
[Paper("sfr")]
public static class Sfr
{
    private const string All = PosteriorTask.All, Hole = PosteriorTask.InHole, Work = PosteriorTask.Work;

    /// <summary>Variances of the prior of a weight: those of training, and those behind it in units of that of training.</summary>
    private static readonly double[] trained = [0.03, 0.3, 3], scales = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    private static readonly Func<FunctionSpaceLayer, Tensor, IndependentNormal> answer = Compile.Of((FunctionSpaceLayer layer, Tensor x) => layer.Predict(x));
    private static readonly Func<LaplacePosterior, Tensor, IndependentNormal> laplace = Compile.Of((LaplacePosterior posterior, Tensor x) => posterior.Predict(x));
    private static readonly Func<ILayer, Tensor, Tensor, Tensor, LaplacePosterior> diagonal = Compile.Of((ILayer network, Tensor x, Tensor curvatures, Tensor precision) => LaplacePosterior.Of(network, x, curvatures, precision, isDiagonal: true));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<PosteriorTask[]>
    {
        Id = "sfr",
        Question = "Does a trained network, made a Gaussian process in which few inducing points know of all examples, give better probabilities than posteriors of as few examples, and learn new examples without training?",
        Original = "Regressions and classifications of UCI, MNIST, Fashion-MNIST and CIFAR-10, continual learning, and reinforcement learning; lower NLPD than Laplace posteriors and than a Gaussian process on a subset of the examples, and new examples without retraining.",
        Difference = "x³, waves and Friedman's function with a hole in the inputs, and two noisy half moons; perceptrons of two hidden layers of 32, trained by L-BFGS to the maximum of their posterior with the best of three priors. The noise of regressions is known to all arms. δ is chosen behind training, for each task and arm among nine by validation examples, which are outside of the hole. Probabilities of classes are those of the probit formula. Laplace's posteriors are of all weights by a subset, and of independent weights by all examples; none has Kronecker factors. New examples are in the hole of the regressions. Continual learning is left out.",
        Budget = "one trained network for all arms; equally many inducing points and examples of subsets; nine candidates of δ",
        Settings =
        [
            Setting.Whole("rows", "examples to learn from, and to choose by; a third as many come later", smoke: 40, full: 300, minimum: 12), Setting.Whole("points", "inducing points, and examples of subsets", smoke: 10, full: 60, minimum: 4),
            Setting.Whole("judges", "examples that judge", smoke: 40, full: 600, minimum: 20), Setting.Whole("steps", "iterations of L-BFGS", smoke: 30, full: 500),
        ],
        Seeds = 8,
        Task = context => PosteriorTask.Of(context, trained),
        Arms =
        [
            new("sfr", "Inducing points that know of all examples.", ArmRole.Method, (tasks, run) => Judge(tasks, run, (task, variance) => Of(Space(task, run, variance)))),
            new("sfr nn", "The same deviations around the network's answer.", ArmRole.Ablation, (tasks, run) => Judge(tasks, run, (task, variance) => Of(Space(task, run, variance, isAroundNetwork: true)))),
            new("gp subset", "The same process on a subset of the examples.", ArmRole.Baseline, (tasks, run) => Judge(tasks, run, (task, variance) => Of(Space(task with { Train = Drawn(task.Train, run) }, run, variance)))),
            new("laplace subset", "Laplace's posterior of all weights by the subset, which equals sfr nn where inducing points are all examples.", ArmRole.Baseline, (tasks, run) => Judge(tasks, run, (task, variance) => Of(Space(task with { Train = Drawn(task.Train, run) }, run, variance, isAroundNetwork: true)))),
            new("laplace diagonal", "Laplace's posterior of independent weights, by all examples.", ArmRole.Baseline, (tasks, run) => Judge(tasks, run, (task, variance) => Of(task, variance))),
            new("nn2gp", "The process of all examples.", ArmRole.Reference, (tasks, run) => Judge(tasks, run, (task, variance) => Of(Space(task, run, variance, points: task.Train.Inputs)))),
            new("network", "The network alone.", ArmRole.Reference, (tasks, run) => Judge(tasks, run, (task, _) => task.Answer)),
            new("updated", "sfr, whose sums take in the new examples.", ArmRole.Method, (tasks, run) => Tell(tasks, run, (space, task) => Told(space, task.New!, task.Noise))),
            new("grown", "The same with as many new inducing points, among the new examples.", ArmRole.Method, (tasks, run) => Tell(tasks, run, (space, task) => Told(space.Grown(Drawn(task.New!, run).Inputs), task.New!, task.Noise))),
            new("retrained", "sfr of a network that is trained anew on all examples.", ArmRole.Baseline, Retrain),
        ],
        Metrics = PosteriorTask.Metrics,
        Claims =
        [
            Less("sfr", "gp subset", All), Less("sfr", "laplace subset", All), Less("sfr", "laplace diagonal", All), Closed("updated"), Claim.Below("updated", "retrained", Work, 10),
            Closed("grown").From("ours").AsSide(), Less("sfr", "sfr nn", All).From("ours").AsSide(),
            .. PosteriorTask.Names.SelectMany(task => ((string[])["gp subset", "laplace subset"]).Select(other => Less("sfr", other, $"{All}, {task}").From("table 1").AsSide())),
        ],
        Why = "New examples in the hole change what is believed of it only as far as inducing points outside of it can say, so the update as the paper has it closes a third of the gap; with as many inducing points more among the new examples, for which nothing seen before is needed, it closes all of it, at a seventieth of the work of training anew. Sums over all examples are better than a process of the subset, most of all where columns are many. The mean of the process, which the paper takes, is worse on the table than the network's own answer, also with all examples for points, and so Laplace's posterior of a subset is better there; on the waves, where the network is far off in the hole, it is the other way round. The network's answer with the deviations of sfr is between both. After a trial of two seeds with 30 inducing points there are 60.",
    };

    private static Claim Less(string arm, string other, string metric) => Claim.That($"{metric} of {arm} is below that of {other}", seed => seed[other, metric] - seed[arm, metric], unit: "nat");

    private static Claim Closed(string arm) => Claim.That(
        $"{arm} closes more than 60 % of the gap between sfr and retrained in the hole", seed => (seed["sfr", Hole] - seed[arm, Hole]) / (seed["sfr", Hole] - seed["retrained", Hole]), 0.6, "share").From("table 3");

    private static Examples Drawn(Examples data, ArmRun run) => PosteriorTask.Drawn(data, run.Key, run.Settings.Whole("points"));

    private static SparseFunctionSpace Space(PosteriorTask task, ArmRun run, double variance, bool isAroundNetwork = false, Tensor? points = null) =>
        SparseFunctionSpace.Of(task.Network, task.Train.Inputs, task.Duals(task.Train), points ?? Drawn(task.Train, run).Inputs, variance, isAroundNetwork);

    private static SparseFunctionSpace Told(SparseFunctionSpace space, Examples some, double noise) => space.Updated(some.Inputs, DualParameters.Normal(space.Network.Call(some.Inputs), some.Targets, Tensor.Scalar(noise * noise)));

    private static Func<Tensor, IndependentNormal> Of(SparseFunctionSpace space) => space.ToLayer() is var layer ? x => answer(layer, x) : null!;

    private static Func<Tensor, IndependentNormal> Of(PosteriorTask task, double variance) =>
        diagonal(task.Network, task.Train.Inputs, task.Duals(task.Train).Curvatures, Tensor.Scalar(1 / variance)) is var posterior ? x => laplace(posterior, x) : null!;

    private static void Judge(PosteriorTask[] tasks, ArmRun run, Func<PosteriorTask, double, Func<Tensor, IndependentNormal>> posterior) =>
        PosteriorTask.Report(run, tasks.Select(task => (task, posterior(task, task.Chosen(scales, posterior)))), 0);

    private static void Tell(PosteriorTask[] tasks, ArmRun run, Func<SparseFunctionSpace, PosteriorTask, SparseFunctionSpace> told)
    {
        var operations = 0.0;
        Func<Tensor, IndependentNormal> Answer(PosteriorTask task)
        {
            var space = Space(task, run, task.Chosen(scales, (task, variance) => Of(Space(task, run, variance))));
            if (task.New is null) return Of(space);
            operations += Computation.Of(space => told(space, task).ToLayer(), space).Cost.Flops;
            return Of(told(space, task));
        }
        PosteriorTask.Report(run, [.. tasks.Select(task => (task, Answer(task)))], operations);
    }

    private static void Retrain(PosteriorTask[] tasks, ArmRun run)
    {
        PosteriorTask[] again = [.. tasks.Select((task, i) => task.New is null ? task with { Operations = 0 } : (task with { Train = PosteriorTask.Both(task.Train, task.New) }).Trained(run.Key.Fold(i), task.Variance, run.Steps()))];
        Func<Tensor, IndependentNormal> Answer(PosteriorTask task, double variance) => Of(Space(task, run, variance));
        PosteriorTask.Report(run, again.Select(task => (task, Answer(task, task.Chosen(scales, Answer)))), again.Sum(task => task.Operations));
    }
}
