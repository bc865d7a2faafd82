using System.Diagnostics;
using MathNet.Numerics;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;

namespace Paramorph.Papers.Neurons;

/// <summary>Kolmogorov-Arnold networks whose grids grow against perceptrons of as many parameters, and in as many seconds; and a formula that is read from one.</summary>
[Paper("kan")]
public static class Kan
{
    private const string Error = "RMSE", Slope = "slope", Timed = "RMSE in equal seconds", Formula = "formula found";

    private static readonly int[] grids = [3, 5, 10, 20, 40];
    private static readonly double[] penalties = [0.03, 0.1, 0.3];

    private static readonly Target[] targets =
    [
        new("Bessel function", 1, [1], x => SpecialFunctions.BesselJ(0, 20 * x[0])),
        new("sine and square in an exponential", 2, [1], x => Math.Exp(Math.Sin(Math.PI * x[0]) + x[1] * x[1])),
        new("product", 2, [2], x => x[0] * x[1]),
        new("two sines in an exponential", 4, [4, 2], x => Math.Exp((Math.Sin(Math.PI * (x[0] * x[0] + x[1] * x[1])) + Math.Sin(Math.PI * (x[2] * x[2] + x[3] * x[3]))) / 2)),
    ];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<IReadOnlyList<Data>>
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
            Setting.Whole("targets", "functions, from the first", smoke: 2, full: targets.Length, minimum: 2, maximum: targets.Length),
            Setting.Whole("grids", "grids, from the coarsest", smoke: 2, full: grids.Length, minimum: 2, maximum: grids.Length),
            Setting.Whole("examples", "examples to train on, to choose by and to judge by, of each", smoke: 100, full: 1000, minimum: 20),
        ],
        Task = Draw,
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

    private static IReadOnlyList<Data> Draw(TaskContext context)
    {
        var count = context.Settings.Whole("examples");
        return [.. targets.Take(context.Settings.Whole("targets")).Select((target, i) =>
        {
            var (x, y) = RegressionFunctions.Drawn(context.Key.Fold(i), 3 * count, [.. Enumerable.Repeat((-1.0, 1.0), target.Inputs)], target.Value);
            (Tensor, Tensor) Part(int part) => (x[(part * count)..((part + 1) * count)].Evaluate(), y.Reshape(-1, 1)[(part * count)..((part + 1) * count)].Evaluate());
            return new Data(target, Part(0), Part(1), Part(2));
        })];
    }

    private static void Grow(IReadOnlyList<Data> all, ArmRun run, Func<Target, int[]> hidden, bool hasFormula)
    {
        var own = Grids(run);
        var (part, slice) = (Math.Max(1, run.Steps("iterations") / own.Length), run.Settings.Number("seconds") / own.Length);
        var (results, timed) = (new List<Size[]>(), new List<double>());
        foreach (var (i, data) in all.Index())
        {
            int[] sizes = [data.Target.Inputs, .. hidden(data.Target), 1];
            Sequential Start() => new([.. Enumerable.Range(0, sizes.Length - 1).Select(layer =>
                KanLayer.Create(run.Key.Fold(i).Fold(layer), UnivariateBasis.BSplines(grids[0] + 3), sizes[layer], sizes[layer + 1], type: ElementType.Float64))]);
            var (network, rushed, sizesOf) = (Start(), Start(), new List<Size>());
            foreach (var grid in own)
            {
                run.Progress(i * own.Length + sizesOf.Count, all.Count * own.Length);
                network = Minimised(KanGrid.Fitted(network, data.Train.X, grid), data, part, double.PositiveInfinity, run);
                rushed = Minimised(KanGrid.Fitted(rushed, data.Train.X, grid), data, int.MaxValue, slice, run);
                sizesOf.Add(Judged(network, data));
            }
            timed.Add(Judged(rushed, data).Test);
            results.Add([.. sizesOf]);
        }
        Report(run, all, results, timed);
        run.Measure(Formula, hasFormula ? Read(all[1], run) : double.NaN);
    }

    private static void Perceptrons(IReadOnlyList<Data> all, ArmRun run)
    {
        var (own, results, timed) = (Grids(run), new List<Size[]>(), new List<double>());
        foreach (var (i, data) in all.Index())
        {
            Mlp Start(int width, int depth) => Mlp.Create(run.Key.Fold(i), [data.Target.Inputs, .. Enumerable.Repeat(width, depth), 1], Activation.Tanh, type: ElementType.Float64);
            var tried = new List<(Size Size, int Grid, int Width, int Depth)>();
            int[] sizes = [data.Target.Inputs, .. data.Target.Hidden, 1];
            foreach (var (grid, depth) in own.SelectMany(grid => (int[])[2, 3], (grid, depth) => (grid, depth)))
            {
                run.Progress(i * own.Length + tried.Count / 2, all.Count * own.Length);
                var parameters = sizes.Zip(sizes.Skip(1)).Sum(pair => pair.First * pair.Second * (grid + 4));
                var width = Enumerable.Range(1, 200).First(width => ParameterCount.Of(Initialise.Structure(_ => Start(width, depth))) >= parameters);
                tried.Add((Judged(Minimised(Start(width, depth), data, run.Steps("iterations"), double.PositiveInfinity, run), data), grid, width, depth));
            }
            var best = tried.MinBy(size => size.Size.Validation);
            timed.Add(Judged(Minimised(Start(best.Width, best.Depth), data, int.MaxValue, run.Settings.Number("seconds"), run), data).Test);
            results.Add([.. own.Select(grid => tried.Where(size => size.Grid == grid).MinBy(size => size.Size.Validation).Size)]);
        }
        Report(run, all, results, timed);
        run.Measure(Formula, double.NaN);
    }

    private static void Report(ArmRun run, IReadOnlyList<Data> all, IReadOnlyList<Size[]> results, IReadOnlyList<double> timed)
    {
        foreach (var (data, sizes) in all.Zip(results))
            foreach (var size in sizes) run.Point($"RMSE on {data.Target.Name} by parameters", size.Parameters, size.Test);
        run.Measure(Error, Math.Exp(results.Average(sizes => Math.Log(sizes.MinBy(size => size.Validation)!.Test))));
        run.Measure(Slope, results.Average(sizes => MathNet.Numerics.Fit.Line([.. sizes.Select(size => Math.Log(size.Parameters))], [.. sizes.Select(size => Math.Log(size.Test))]).B));
        run.Measure(Timed, Math.Exp(timed.Average(Math.Log)));
    }

    /// <summary>Whether the best formula of some penalties has the three functions of the second target: 1 or 0.</summary>
    private static double Read(Data data, ArmRun run)
    {
        var rule = new StoppingRule(Math.Max(5, run.Steps("iterations") / 4)) { Cancellation = run.Cancellation };
        var best = penalties.Select((penalty, i) => SymbolicNetwork.Found(run.Key.Fold(10 + i), data.Train.X, data.Train.Y, 5, 5, penalty, rule).Formula)
            .MinBy(formula => Distance(formula, data.Validation) is var error && double.IsFinite(error) ? error : double.MaxValue)!;
        run.Measure("RMSE of the formula", Distance(best, data.Test));
        int[] Counts(int layer) => [.. best.Layers[layer].Terms.Select(terms => terms.Inputs.Count)];
        int[] Wanted(params string[] names) => [.. SymbolicFunction.Library.Select(function => names.Count(name => name == function.Name))];
        return Counts(0).SequenceEqual(Wanted("z^2", "sin(z)")) && Counts(1).SequenceEqual(Wanted("exp(z)")) ? 1 : 0;
    }

    private static TModel Minimised<TModel>(TModel model, Data data, int iterations, double seconds, ArmRun run)
        where TModel : ILayer, ITree<TModel>
    {
        // The clock starts behind the first iteration, which waits for the compiler.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var rule = new StoppingRule(iterations, Gradient: 1e-12)
        {
            Cancellation = stop.Token,
            Progress = (iteration, _) =>
            {
                if (iteration == 1 && double.IsFinite(seconds)) stop.CancelAfter(TimeSpan.FromSeconds(seconds));
            },
        };
        var minimum = new Lbfgs(Memory: 30, rule).Minimise(model, layer => Tensor.Square(layer.Call(data.Train.X) - data.Train.Y).Mean());
        run.Cancellation.ThrowIfCancellationRequested();
        run.Count(ParameterCount.Of(model), minimum.Iterations, 0);
        return minimum.Model;
    }

    private static Size Judged<TModel>(TModel model, Data data)
        where TModel : ILayer, ITree<TModel> => new(ParameterCount.Of(model), Distance(model, data.Validation), Distance(model, data.Test));

    private static double Distance(ILayer model, (Tensor X, Tensor Y) data) => Tensor.Sqrt(Tensor.Square(model.Call(data.X) - data.Y).Mean()).Item();

    /// <summary>A function on [-1, 1]^inputs.</summary>
    /// <param name="Hidden">The hidden layers of a network of its shape.</param>
    internal sealed record Target(string Name, int Inputs, int[] Hidden, Func<double[], double> Value);

    /// <summary>Its examples, f64.</summary>
    internal sealed record Data(Target Target, (Tensor X, Tensor Y) Train, (Tensor X, Tensor Y) Validation, (Tensor X, Tensor Y) Test);

    /// <summary>A trained network of a size, and its errors.</summary>
    private sealed record Size(long Parameters, double Validation, double Test);
}
