using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Neurons;

/// <summary>Kolmogorov-Arnold networks whose grids grow against perceptrons of as many parameters, and in as many seconds; and a formula that is read from one.</summary>
[Paper("kan")]
public static class Kan
{
    private const string Error = "RMSE", Slope = "slope", Timed = "RMSE in equal seconds", Formula = "formula found";

    private static readonly int[] grids = [3, 5, 10, 20, 40];
    private static readonly double[] penalties = [0.03, 0.1, 0.3];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<IReadOnlyList<ComposedExamples>>
    {
        Id = "kan",
        Question = "Are Kolmogorov-Arnold networks whose grids grow more accurate on formulas than perceptrons of as many parameters, do their errors fall faster with parameters, and can the formula be read from one?",
        Original = "Five such functions with grids of 3 to 1000 intervals and 200 steps of L-BFGS each, perceptrons of depth 2 to 5 and width 5 to 100; special functions, Feynman's equations, a Poisson equation; knots and physics. Errors of KANs fall with the fourth power of parameters where the network has the shape of the formula, those of perceptrons hardly.",
        Difference = "Four of the functions, 1000 examples, grids of 3 to 40 intervals, fewer steps. The perceptrons of each size have two depths, of which validation chooses, and as many iterations in all. The network is given the shape of the formula, as there; one that is told nothing, with five hidden nodes, stands beside. The standing comparison at equal work is the bench formulas, on which a perceptron of GELUs is ahead of all networks of functions.",
        Budget = "equal iterations of L-BFGS in double precision, a fifth on each grid; then equal seconds for each target",
        MeasuresTime = true,
        Settings =
        [
            Setting.Whole("iterations", "iterations of L-BFGS of each network, over all its grids", smoke: 10, full: 400, minimum: 10),
            Setting.Number("seconds", "seconds of training for each target, where time is equal", smoke: 0.1, full: 2),
            Setting.Whole("targets", "functions, from the first", smoke: 2, full: ComposedFunction.All.Count, minimum: 2, maximum: ComposedFunction.All.Count),
            Setting.Whole("grids", "grids, from the coarsest", smoke: 2, full: grids.Length, minimum: 2, maximum: grids.Length),
            Setting.Whole("examples", "examples to train on, to choose by and to judge by, of each", smoke: 100, full: 1000, minimum: 20),
        ],
        Task = context => [.. ComposedFunction.All.Take(context.Settings.Whole("targets")).Select((target, i) => target.Draw(context.Key.Fold(i), context.Settings.Whole("examples")))],
        Arms =
        [
            new("kan", "Networks of the shape of the formula, whose grids grow.", ArmRole.Method, (data, run) => Grow(data, run, target => target.Hidden, hasFormula: true)),
            new("kan-blind", "Networks of five hidden nodes whatever the formula, whose grids grow.", ArmRole.Ablation, (data, run) => Grow(data, run, _ => [5], hasFormula: false)),
            new("mlp", "Perceptrons with tanh and no fewer parameters, of two depths.", ArmRole.Baseline, Perceptrons),
        ],
        Metrics =
        [
            new(Error, "root of the mean squared error on test examples, of the size that validation chooses; geometric mean over the targets"),
            new(Slope, "slope of the logarithm of that error over the logarithm of parameters, by least squares over the five sizes; mean over the targets"),
            new(Timed, "the error after equal seconds of training; geometric mean over the targets"),
            new(Formula, "whether an exponential of a sine and a square, and nothing else, was read from a network of five nodes", Better.Higher),
        ],
        Claims =
        [
            Claim.Below("kan", "mlp", Error), Claim.That("the slope of kan is steeper than that of mlp", seed => seed["mlp", Slope] - seed["kan", Slope], unit: "orders of error an order of parameters"),
            Claim.AtLeast("kan", Formula, 1).From("figure 2.4"), Claim.Below("kan", "mlp", Timed).From("ours").AsSide(), Claim.Below("kan-blind", "mlp", Error).From("ours").AsSide(),
        ],
    };

    private static int[] Grids(ArmRun run) => grids[..run.Settings.Whole("grids")];

    private static void Grow(IReadOnlyList<ComposedExamples> all, ArmRun run, Func<ComposedFunction, IEnumerable<int>> hidden, bool hasFormula)
    {
        var own = Grids(run);
        var (part, slice) = (Math.Max(1, run.Steps("iterations") / own.Length), TimeSpan.FromSeconds(run.Settings.Number("seconds") / own.Length));
        Report(run, all, (data, key) =>
        {
            var start = KanGrid.Create(key, [data.Function.Inputs, .. hidden(data.Function), 1], grids[0]);
            IEnumerable<SizedErrors> Grown(int iterations, TimeSpan? time = null) =>
                KanGrid.Grown(start, data.Train.Inputs, own, network => Minimised(network, data, run, iterations, time)).Select(data.Errors);
            return ([.. Grown(part)], Grown(int.MaxValue, slice).Last().Test);
        });
        run.Measure(Formula, hasFormula ? Read(all[1], run) : double.NaN);
    }

    private static void Perceptrons(IReadOnlyList<ComposedExamples> all, ArmRun run)
    {
        Report(run, all, (data, key) =>
        {
            Mlp Start(int width, int depth) => Mlp.Create(key, [data.Function.Inputs, .. Enumerable.Repeat(width, depth), 1], Activation.Tanh, type: ElementType.Float64);
            var tried = new List<(SizedErrors Errors, int Grid, int Width, int Depth)>();
            foreach (var (grid, depth) in Grids(run).SelectMany(grid => (int[])[2, 3], (grid, depth) => (grid, depth)))
            {
                var width = ParameterCount.LeastWidth(KanGrid.Parameters(data.Function.Sizes, grid), width => Start(width, depth));
                tried.Add((data.Errors(Minimised(Start(width, depth), data, run, run.Steps("iterations"))), grid, width, depth));
            }
            var best = tried.MinBy(network => network.Errors.Validation);
            var rushed = Minimised(Start(best.Width, best.Depth), data, run, int.MaxValue, TimeSpan.FromSeconds(run.Settings.Number("seconds")));
            return ([.. tried.GroupBy(network => network.Grid, network => network.Errors).Select(SizedErrors.Best)], data.Errors(rushed).Test);
        });
        run.Measure(Formula, double.NaN);
    }

    /// <summary>Learns each function by networks of all sizes, and by one in a time.</summary>
    private static void Report(ArmRun run, IReadOnlyList<ComposedExamples> all, Func<ComposedExamples, Key, (SizedErrors[] Sizes, double Timed)> learn)
    {
        var results = all.Select((data, i) =>
        {
            run.Progress(i, all.Count);
            return learn(data, run.Key.Fold(i));
        }).ToArray();
        foreach (var (data, own) in all.Zip(results))
            foreach (var size in own.Sizes) run.Point($"RMSE on {data.Function.Name} by parameters", size.Parameters, size.Test);
        run.Measure(Error, Math.Exp(results.Average(own => Math.Log(SizedErrors.Best(own.Sizes).Test))));
        run.Measure(Slope, results.Average(own => SizedErrors.Slope(own.Sizes)));
        run.Measure(Timed, Math.Exp(results.Average(own => Math.Log(own.Timed))));
    }

    /// <summary>Whether the best formula of some penalties has the three functions of the second target: 1 or 0.</summary>
    private static double Read(ComposedExamples data, ArmRun run)
    {
        var rule = new StoppingRule(Math.Max(5, run.Steps("iterations") / 4)) { Cancellation = run.Cancellation };
        var best = penalties.Select((penalty, i) => SymbolicNetwork.Found(run.Key.Fold(10 + i), data.Train.Inputs, data.Train.Targets, 5, 5, penalty, rule).Formula)
            .MinBy(formula => SizedErrors.Rmse(formula, data.Validation) is var error && double.IsFinite(error) ? error : double.MaxValue)!;
        run.Measure("RMSE of the formula", SizedErrors.Rmse(best, data.Test));
        return best.Functions(0).Order(StringComparer.Ordinal).SequenceEqual(["sin(z)", "z^2"]) && best.Functions(1).SequenceEqual(["exp(z)"]) ? 1 : 0;
    }

    private static TModel Minimised<TModel>(TModel model, ComposedExamples data, ArmRun run, int iterations, TimeSpan? time = null)
        where TModel : ILayer, ITree<TModel>
    {
        var minimum = data.Minimise(model, new(Memory: 30, new(iterations, Gradient: 1e-12) { Cancellation = run.Cancellation }), time);
        run.Cancellation.ThrowIfCancellationRequested();
        run.Count(ParameterCount.Of(model), minimum.Iterations, 0);
        return minimum.Model;
    }
}
