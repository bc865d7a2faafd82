using System.Collections.Concurrent;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>A Bayesian network whose hidden nodes have masks, against dense ones drawn by the same chains.</summary>
[Paper("masked-bnn")]
public static class MaskedBnn
{
    private const string Likelihood = "log-likelihood", Error = "RMSE", Coverage = "coverage", Apart = "coverage off 0.95", Teacher = "nodes off the teacher's", Rough = "nodes for the rough function", Smooth = "nodes for the smooth function",
        InHole = "log-likelihood in holes", Changes = "moves of masks accepted", Together = "R-hat", Evaluations = "evaluations";
    private const int Width = 30, Chains = 4, Kept = 50, TeacherNodes = 3;
    private static readonly ConcurrentDictionary<string, Func<Key, Tensor, Tensor, MaskedState>> programs = new();
    private static readonly Func<MaskedNetwork, Tensor, Tensor, Tensor> answers = Compile.Of((MaskedNetwork networks, Tensor masks, Tensor inputs) => networks.Call(inputs, masks)[.., .., 0]);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<SmoothnessTask>
    {
        Id = "masked-bnn",
        Question = "Does a Bayesian network whose hidden nodes come and go predict unseen values better and cover them more honestly than a dense one of a width that is chosen, at equal evaluations of the gradient, and does it find how many nodes a function needs?",
        Original = "Networks of two hidden layers of a thousand nodes on a cubic of 20 points, four tables of UCI, images and time series; better likelihoods and errors than dense networks and variational node-sparse ones with a few per cent of the nodes on. The posterior is proved to adapt to the smoothness of the function.",
        Difference = "One hidden layer of 30 nodes. Five functions: a teacher of three nodes in two inputs, sums of three cosines whose heights fall as their frequency to the power of -3 and of -1/2, a cubic and a table of ten columns whose inputs leave a hole. Standardised targets, a prior of the noise that fits them. The prior's strength λ is chosen among three on validation data, as the width of dense networks is. No variational network.",
        Budget = "evaluations of the likelihood and its gradient: what moves of masks take, dense networks spend on further moves of the weights",
        Settings =
        [
            Setting.Whole("rounds", "rounds of a chain of masked networks, of which a half warms up, a third of it with all nodes on", smoke: 8, full: 600, minimum: 8),
            Setting.Whole("rows", "training rows of each function", smoke: 30, full: 120, minimum: 20),
        ],
        Seeds = 6,
        TunedBy = Likelihood,
        Task = context => SmoothnessTask.Draw(context.Key, TeacherNodes, context.Settings.Whole("rows"), 400),
        Arms =
        [
            new("masked", "Masks whose deaths are led by derivatives.", ArmRole.Method, (task, run) => Judge(task, run, run.Choice["sparsity"], Width, true)) { Candidates = Choice.Of("sparsity", 0.1, 0.15, 0.2) },
            new("dense", "All nodes stay on.", ArmRole.Baseline, (task, run) => Judge(task, run, 0, (int)Math.Round(run.Choice["width"]), false)) { Candidates = Choice.Of("width", 3, 10, 30) },
            new("strict", "The strongest of the three priors, whatever validation says.", ArmRole.Ablation, (task, run) => Judge(task, run, 0.2, Width, true)),
            new("unled", "Masks whose deaths are chosen alike.", ArmRole.Ablation, (task, run) => Judge(task, run, run.Choice["sparsity"], Width, false)) { Candidates = Choice.Of("sparsity", 0.1, 0.15, 0.2) },
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density of unseen values, over the five functions", Better.Higher), new(Error, "root mean squared error of the mean answer, likewise, in standard deviations of the targets"),
            new(Coverage, "share of unseen values in the central interval of 95 %", Better.Higher), new(Apart, "how far that is from 0.95, a mean over functions"),
            new(Teacher, "how far the posterior mean of the number of nodes is from three"), new(Rough, "posterior mean of the number of nodes", Better.Higher), new(Smooth, "posterior mean of the number of nodes"),
            new(InHole, "log-likelihood of values in the holes of the cubic and the table", Better.Higher), new(Changes, "share of moves of masks that were accepted", Better.Higher),
            new(Together, "R-hat of the answers at 20 places, the median of places and functions"), new(Evaluations, "of the likelihood and its gradient, a chain"),
        ],
        Claims =
        [
            Claim.Above("masked", "dense", Likelihood).From("table 1"), Claim.Below("masked", "dense", Error).From("table 1"),
            Claim.That("coverage of masked is nearer to 0.95 than that of dense", seed => seed["dense", Apart] - seed["masked", Apart], 0, Apart).From("figure 1"),
            Claim.AtMost("masked", Teacher, 1).From("ours"), Claim.AtMost("strict", Teacher, 1).From("ours").AsSide(),
            Adapts("masked"), Adapts("strict").AsSide(),
            Claim.Above("masked", "dense", InHole).AsSide(), Claim.Above("masked", "unled", Likelihood).From("ours").AsSide(), Claim.AboveTimes("masked", "unled", Changes, 1).From("section 4").AsSide(),
        ],
        Why = "Validation mostly chooses a weak prior, under which nodes that do next to nothing stay on: Cauchy's prior has most weights near zero anyway, so more of them cost little, and predictions are those of a dense network of a chosen width. With λ = 0.2 the teacher's three nodes are found within one, but only 2 % of the moves of masks are accepted, other functions lose nodes that they need, and predictions are worse. Leading deaths by derivatives has more moves accepted, and not better predictions. R-hat is about 1.1: chains of this length have not wholly come together. After trials of one seed the rough function was given three waves in the place of six, which no arm could follow, and masks stay on for a third of the warming up.",
    };

    private static Claim Adapts(string arm) => Claim.That($"{arm} has more nodes for the rough function than for the smooth one", seed => seed[arm, Rough] - seed[arm, Smooth], 0, "nodes").From("theorem 2");

    private static void Judge(SmoothnessTask task, ArmRun run, double sparsity, int width, bool isInformed)
    {
        var (all, holes, changes, ratios) = (new List<(double Loss, double Error, double Coverage)>(), new List<double>(), new List<double>(), new List<double>());
        foreach (var (i, one) in task.All.Index())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Progress(i, task.All.Count);
            var posterior = new MaskedPosterior([one.Train.Inputs.Shape[1], width, 1], sparsity) { IsMasked = sparsity > 0, IsInformed = isInformed };
            var dense = posterior with { IsMasked = false };
            var half = Math.Max(Kept / 10, run.Steps("rounds") / 2 * (posterior with { IsMasked = true }).Evaluations / posterior.Evaluations);
            var (kept, third) = (Math.Min(Kept, half), half / 3);
            var program = programs.GetOrAdd(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{posterior.Sizes[0]} {width} {sparsity} {isInformed} {half}"), _ => Compile.Of((Key key, Tensor inputs, Tensor targets) =>
            {
                var start = posterior.Start(key.Fold(0), Chains);
                // Nodes that die before the weights have settled are missed later.
                var (settled, early) = dense.WarmUp(key.Fold(1), inputs, targets, start, posterior.Search(start), third * posterior.Evaluations / dense.Evaluations);
                var (state, search) = posterior.WarmUp(key.Fold(3), inputs, targets, settled, early, half - third);
                return posterior.Draw(key.Fold(2), inputs, targets, state, search.Average, kept, half / kept).Draws;
            }));
            var draws = program(run.Key.Fold(i), one.Train.Inputs.AsType(ElementType.Float32).Evaluate(), one.Train.Targets.AsType(ElementType.Float32).Evaluate());
            Tensor Flat(Tensor leaf) => leaf.Reshape([-1, .. leaf.Shape[2..]]).AsType(ElementType.Float64);
            Tensor Answers(Tensor inputs) => answers(Tree.Map(draws.Network, leaf => Flat(leaf).Evaluate()), Flat(draws.Masks).Evaluate(), inputs.Evaluate());
            (double Loss, double Error, double Coverage) Told(RegressionData data) => GapTask.Judged(data, Answers(data.Inputs), Flat(draws.Variances));
            all.Add(Told(run.Job.IsSearch ? one.Validation : one.Test));
            if (one.Hole is { } hole) holes.Add(-Told(hole).Loss);
            var nodes = draws.Masks.Sum(-1).Mean().Item();
            if (one.Name == "teacher") run.Measure(Teacher, Math.Abs(nodes - TeacherNodes));
            if (one.Name is "rough" or "smooth") run.Measure(one.Name == "rough" ? Rough : Smooth, nodes);
            changes.Add(draws.Changes[^1].Mean().Item() / (half / kept * kept));
            ratios.AddRange(ChainDiagnostics.RHat(Answers(one.Test.Inputs[..20]).Reshape(kept, Chains, 20)).ToDoubles());
            if (i == 0) run.Measure(Evaluations, (half + half / kept * kept) * posterior.Evaluations);
        }
        run.Measure(Likelihood, -all.Average(told => told.Loss));
        run.Measure(Error, all.Average(told => told.Error));
        run.Measure(Coverage, all.Average(told => told.Coverage));
        run.Measure(Apart, all.Average(told => Math.Abs(told.Coverage - 0.95)));
        run.Measure(InHole, holes.Average());
        run.Measure(Changes, changes.Average());
        run.Measure(Together, ratios.Order().ElementAt(ratios.Count / 2));
    }
}
