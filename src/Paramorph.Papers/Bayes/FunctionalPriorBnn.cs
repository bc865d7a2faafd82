using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Bayesian networks whose prior is tuned to make functions like those of a Gaussian process, against the standard normal prior and ensembles.</summary>
[Paper("functional-prior-bnn")]
public static class FunctionalPriorBnn
{
    private const string Loss = "NLL", Band = "distance to the band of the process", Apart = "sliced distance of priors", Critic = "critic's distance of priors";
    private const int Width = 50, Places = 32, Functions = 1000, Members = 10;

    private static readonly Func<Tensor, Tensor, Tensor> kernel = StationaryKernel.SquaredExponential;
    private static readonly Func<NetworkDraws, Tensor, Tensor> answers = Compile.Of((NetworkDraws draws, Tensor x) => draws.Answers(x));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Goal[]>
    {
        Id = "functional-prior-bnn",
        Question = "Does a prior of weights that is tuned to make functions like those of a Gaussian process, by a critic's 1-Wasserstein distance, give better predictions and a band in a hole of the data that is nearer to that of the process than the standard normal prior, and than an ensemble?",
        Original = "Functions of one number, seven tables, and CIFAR-10; normal, hierarchical and flow priors matched to Gaussian processes by a critic of 200 units, sampled by stochastic gradients, are better than fixed priors, tempered posteriors and deep ensembles.",
        Difference = "Two functions of one number, and Friedman's table of ten columns, each with a hole in the inputs of training. The process has one length scale, which is learned by marginal likelihood, and the noise is known to all arms. Networks of two hidden layers of 50 units in the parametrisation of the paper. Critics have 64 units and 40 steps before each of 150 steps of the prior, on 128 functions at 32 places. Chains are Hamiltonian with whole data in the place of stochastic gradients; the variances of the hierarchical prior are integrated out. No flows. Priors are judged by 1000 draws: sorted along directions, and by a fresh critic.",
        Budget = "gradients of all data: those of four chains are the steps of ten networks of an ensemble together",
        Settings =
        [
            Setting.Whole("rows", "examples of a function of one number", smoke: 20, full: 60, minimum: 10), Setting.Whole("table rows", "examples of the table", smoke: 30, full: 150, minimum: 20),
            Setting.Whole("judges", "examples that judge, and as many in the hole", smoke: 50, full: 400, minimum: 10),
            Setting.Whole("matching", "steps of the prior", smoke: 3, full: 150), Setting.Whole("moves", "moves of each of four chains, half of which find its step", smoke: 8, full: 300, minimum: 8),
        ],
        Seeds = 6,
        TunedBy = Loss,
        Task = Goals,
        Arms =
        [
            new("matched", "Deviations of each layer matched to the process.", ArmRole.Method, (goals, run) => Infer(goals, run, goal => Matched(goal, run, NormalWeightPrior.Even(3)))),
            new("standard normal", "All deviations are 1, as is usual; those of weights over the root of their inputs.", ArmRole.Baseline, (goals, run) => Infer(goals, run, _ => NormalWeightPrior.Even(3))),
            new("one width", "All deviations are one number.", ArmRole.Baseline, (goals, run) => Infer(goals, run, _ => NormalWeightPrior.Even(3, run.Choice["deviation"]))) { Candidates = Choice.Of("deviation", 1, 2, 4) },
            new("ensemble", "Ten networks from other first weights.", ArmRole.Baseline, Gather) { Candidates = Choice.Of("decay", 0.01, 0.1, 1) },
            new("matched hierarchical", "Inverse gamma distributions of the variances of each layer matched to the process.", ArmRole.Ablation, (goals, run) => Infer(goals, run, goal => Matched(goal, run, HierarchicalWeightPrior.Even(3, 2, 2)))),
            new("process", "The Gaussian process itself.", ArmRole.Reference, Exact),
        ],
        Metrics =
        [
            new(Loss, "minus the mean logarithm of the density of test targets, the hole included, mean of three tasks"),
            new(Band, "in the hole, root mean squared 2-Wasserstein distance of the mean and deviation of the function to those of the process, in deviations of the targets, mean of three tasks"),
        ],
        Claims =
        [
            Claim.Below("matched", "standard normal", Apart), Claim.Below("matched", "standard normal", Loss), Claim.Below("matched", "ensemble", Loss), Claim.Below("matched", "standard normal", Band),
            Claim.Below("matched", "standard normal", Critic).AsSide(), Claim.Below("matched", "ensemble", Band).AsSide(), Claim.Below("matched", "one width", Loss).From("ours").AsSide(), Claim.Below("matched", "one width", Band).From("ours").AsSide(),
            Claim.Below("matched hierarchical", "standard normal", Loss).AsSide(), Claim.Below("matched hierarchical", "standard normal", Band).AsSide(),
        ],
    };

    private static Goal[] Goals(TaskContext context)
    {
        var (key, rows, judges) = (context.Key, context.Settings.Whole("rows"), context.Settings.Whole("judges"));
        GapTask[] tasks = [GapTask.Cubic(key.Fold(0), rows, judges), GapTask.Waves(key.Fold(1), rows, judges), GapTask.Table(key.Fold(2), context.Settings.Whole("table rows"), judges)];
        return [.. tasks.Select(task => new Goal(task, GaussianProcess.Learned(kernel, task.Train.Inputs, task.Train.Targets, task.Noise, isIsotropic: true), FunctionalPrior.Places(Narrow(task.Train.Inputs), Places, task.Train.Inputs.Shape[1] > 1 ? 0.7 : 0)))];
    }

    private static T Matched<T>(Goal goal, ArmRun run, T start)
        where T : IWeightPrior, ITree<T> =>
        new FunctionalPrior(run.Steps("matching")).Match(run.Key.Fold(0), start, goal.Sizes, Activation.Tanh, goal.Draw, goal.Places, (step, distance) => run.Point($"critic's distance, {goal.Data.Name}", step, distance), run.Cancellation);

    private static void Infer<T>(Goal[] goals, ArmRun run, Func<Goal, T> prior)
        where T : IWeightPrior, ITree<T>
    {
        var (lengths, apart, told, mixing) = (Lengths(run), new List<double>(), new List<double>(), new List<double>());
        Judge(goals, run, goal =>
        {
            var own = prior(goal);
            var sample = Compile.Of((T prior, RegressionData data, Tensor noise, Key key) => NetworkDraws.Posterior(key, prior, goal.Sizes, Activation.Tanh, data.Inputs, data.Targets, Tensor.Square(noise), lengths).Draws);
            var draws = sample(own, Tree.Map(goal.Data.Train, Narrow), Tensor.Scalar((float)goal.Data.Noise), run.Key.Fold(1)).Networks;
            if (!run.Job.IsSearch)
            {
                var (sliced, critic) = goal.Distances(run.Key.Fold(2), (key, x) => Vmap.Of((Key key) => own.Draw(key, goal.Sizes, Activation.Tanh).Call(x)[.., 0], key.SplitBatch(Functions)));
                apart.Add(sliced);
                told.Add(critic);
                mixing.Add(ChainDiagnostics.SplitRHat(Answers(draws, goal.Data.Hole.Inputs[..20]).Reshape(-1, lengths.Chains, 20)).Mean().Item());
            }
            return x => new(Answers(draws, x), Tensor.Zeros([draws.Layers[0].Weight.Shape[0], x.Shape[0]], ElementType.Float64));
        });
        foreach (var (metric, values) in new[] { (Apart, apart), (Critic, told), ("split R-hat of functions in the hole", mixing) }) run.Measure(metric, values.DefaultIfEmpty(double.NaN).Average());
    }

    private static void Gather(Goal[] goals, ArmRun run) => Judge(goals, run, goal =>
    {
        var (steps, data) = (Lengths(run) is var lengths ? lengths.Chains * lengths.Gradients / Members : 0, Tree.Map(goal.Data.Train, Narrow));
        var (precision, decay) = (1 / Math.Pow(goal.Data.Noise, 2), run.Choice["decay"]);
        var trainer = Population.Trainer<Mlp, RegressionData>(new Adam(Schedule.Cosine(1e-2, steps)), (network, data) =>
            0.5 / data.Inputs.Shape[0] * (precision * Tensor.Square(network.Call(data.Inputs) - data.Targets).Sum() + decay * Tree.Leaves(network).Select(leaf => Tensor.Square(leaf).Sum()).Aggregate((a, b) => a + b)));
        var start = Population.Stack([.. Enumerable.Range(0, Members).Select(i => Mlp.Create(run.Key.Fold(3).Fold(i), goal.Sizes, Activation.Tanh))]);
        var networks = run.Train(trainer, start, Batches.Whole(data), steps, name: goal.Data.Name);
        return x => new(Answers(networks, x), Tensor.Zeros([Members, x.Shape[0]], ElementType.Float64));
    });

    private static void Exact(Goal[] goals, ArmRun run)
    {
        Judge(goals, run, goal => x => goal.Posterior(x) is var exact ? new(exact.Mean.ExpandDims(0), Tensor.Square(exact.Deviation).ExpandDims(0)) : default);
        var distances = goals.Select(goal => goal.Distances(run.Key.Fold(2), (key, x) => goal.Draw(key, x, Functions))).ToArray();
        foreach (var (metric, value) in new[] { (Apart, distances.Average(pair => pair.Sliced)), (Critic, distances.Average(pair => pair.Critic)) }) run.Measure(metric, value);
    }

    /// <summary>Judges functions by means [members, n] and variances without noise at places.</summary>
    private static void Judge(Goal[] goals, ArmRun run, Func<Goal, Func<Tensor, TreePair<Tensor, Tensor>>> learn)
    {
        var (loss, band) = (0.0, 0.0);
        foreach (var goal in goals)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (data, answer) = (run.Job.IsSearch ? goal.Data.Validation : goal.Data.Test, learn(goal));
            IndependentNormal Band(Tensor x) => answer(x) is var (means, variances) ? new(means.Mean(0), Tensor.Sqrt(means.Variance(0) + variances.Mean(0))) : null!;
            var (means, variances) = answer(data.Inputs);
            var (own, _, coverage) = GapTask.Judged(data, means, (variances + Math.Pow(goal.Data.Noise, 2)).Evaluate());
            var (hole, exact) = (Band(goal.Data.Hole.Inputs), goal.Posterior(goal.Data.Hole.Inputs));
            var apart = Math.Sqrt((Tensor.Square(hole.Mean - exact.Mean) + Tensor.Square(hole.Deviation - exact.Deviation)).Mean().Item());
            (loss, band) = (loss + own / goals.Length, band + apart / goals.Length);
            foreach (var (metric, value) in new[] { (Loss, own), (FunctionalPriorBnn.Band, apart), ("coverage of 95 %", coverage) }) run.Measure($"{metric}, {goal.Data.Name}", value);
            if (goal.Data.Name == "waves") run.Picture("waves: test examples over the band of 90 % of the function", () => Show(data, Band));
        }
        run.Measure(Loss, loss);
        run.Measure(FunctionalPriorBnn.Band, band);
    }

    private static Picture Show(RegressionData data, Func<Tensor, IndependentNormal> band)
    {
        var order = data.Inputs[.., 0].ArgSort();
        var normal = band(data.Inputs.Take(order).Evaluate());
        double[] Shares(Tensor values) => [.. values.ToDoubles().Select(value => Math.Clamp((value + 3) / 6, 0, 1))];
        return ExtrapolationPicture.Of(Shares(data.Targets[.., 0].Take(order)), new bool[data.Inputs.Shape[0]], [Shares(normal.Mean - 1.645 * normal.Deviation), Shares(normal.Mean), Shares(normal.Mean + 1.645 * normal.Deviation)]);
    }

    private static ChainLengths Lengths(ArmRun run) => run.Settings.Whole("moves") is var moves ? new(WarmUp: moves / 2, Kept: moves / 8, Thinning: 4) : null!;

    private static Tensor Answers(Mlp networks, Tensor x) => answers(new(networks), Narrow(x)).AsType(ElementType.Float64)[.., .., 0].Evaluate();

    private static Tensor Narrow(Tensor x) => x.AsType(ElementType.Float32).Evaluate();

    /// <summary>A task with the process that is learned from it.</summary>
    private sealed record Goal(GapTask Data, GaussianProcess Process, Func<Key, Tensor> Places)
    {
        public Sequence<int> Sizes => [Data.Train.Inputs.Shape[1], Width, Width, 1];

        public Tensor Draw(Key key, Tensor x, int draws) => Process.Draw(key, kernel, x.AsType(ElementType.Float64), draws).AsType(ElementType.Float32);

        public IndependentNormal Posterior(Tensor x) => Tree.Map(Process.Posterior(kernel, Data.Train.Inputs, Data.Train.Targets[.., 0], x), tensor => tensor.Evaluate());

        /// <summary>How far functions are from those of the process at fixed places: sorted along directions, and by a critic that is trained on other draws than it judges.</summary>
        public (double Sliced, double Critic) Distances(Key key, Func<Key, Tensor, Tensor> functions)
        {
            var (sliced, critic) = Compile.Of((Key key) =>
            {
                var x = Places(key.Fold(0));
                var (own, other) = (functions(key.Fold(1), x), Draw(key.Fold(2), x, Functions));
                var critic = WassersteinCritic.Create(key.Fold(3), FunctionalPriorBnn.Places, 64).Trained(key.Fold(4), own, other, 150);
                return new TreePair<Tensor, Tensor>(SlicedWasserstein.Distance(key.Fold(5), own, other), critic.Difference(functions(key.Fold(6), x), Draw(key.Fold(7), x, Functions)));
            })(key);
            return (sliced.Item(), critic.Item());
        }
    }
}
