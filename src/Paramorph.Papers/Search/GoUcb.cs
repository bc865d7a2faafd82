using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Search;
using Paramorph.Training;

namespace Paramorph.Papers.Search;

/// <summary>Optimism over the parameters of a network, against Gaussian processes, on functions of twenty coordinates.</summary>
[Paper("go-ucb")]
public static class GoUcb
{
    private const string Realisable = "regret", Misspecified = "regret, Styblinski-Tang", Simple = "best";
    private const int Dimensions = 20, Width = 10, First = 40, Pool = 256, Kept = 32;
    private const double Noise = 0.1;

    /// <summary>That of Styblinski-Tang's function over the cube.</summary>
    private static readonly double Deviation = OfOne() / Math.Sqrt(Dimensions);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Objective[]>
    {
        Id = "go-ucb",
        Question = "Does optimism over the parameters of a network have less regret on a function of twenty coordinates than optimism over Gaussian processes?",
        Original = "Networks as functions of 20 coordinates, Styblinski-Tang and Rastrigin, hyperparameters of classifiers, 25 to 200 queries, 5 repetitions: lower cumulative regret than GP-UCB, GP-EI, GP-PI and trust regions.",
        Difference = "A drawn network of 20, 10 and 1 neurons, whose form the fitted one has, and Styblinski-Tang, both with deviation 1 and a noise of a tenth. 40 random queries, which all start from and the network is fitted to, then 120. All take the best of some thousand points, drawn and then moved four times where the bound is highest. The model of the ball is that which is highest to first order, at its true value. The radius, and the deviations of GP-UCB, are chosen among three on the drawn network.",
        Budget = "equal queries, equal points that a query is chosen of",
        Settings = [Setting.Whole("queries", "queries behind the first 40", smoke: 4, full: 120)],
        Seeds = 4,
        Task = context => [Teacher(context.Key.Fold(0)), new(Misspecified, x => StyblinskiTang(x) / Deviation, 39.16617 / Deviation)],
        Arms =
        [
            new("go-ucb", "Optimism over the parameters of a network.", ArmRole.Method, (functions, run) => Run(functions, run, Parametric)) { Candidates = Choice.Of("radius", 0.3, 1, 3) },
            new("gp-ucb", "The mean and some deviations of a Gaussian process.", ArmRole.Baseline, (functions, run) => Run(functions, run, (x, y, run) => Process(x, y, run, (process, at) => process.UpperBound(at, run.Choice["deviations"])))) { Candidates = Choice.Of("deviations", 0.5, 1, 2) },
            new("gp-ei", "The expected improvement of a Gaussian process.", ArmRole.Baseline, (functions, run) => Run(functions, run, (x, y, run) => Process(x, y, run, (process, at) => process.ExpectedImprovement(at)))),
            new("random", "Random queries.", ArmRole.Baseline, (functions, run) => Run(functions, run, (_, _, _) => (at => Tensor.Zeros([at.Shape[0]]), (_, _) => { }))),
        ],
        Metrics =
        [
            new(Realisable, "mean over the queries behind the first of the highest value of the drawn network less its value there"), new(Misspecified, "the same of Styblinski-Tang's function"),
            new(Simple, "highest value of the drawn network less that of the best query"),
        ],
        Claims =
        [
            Claim.Below("go-ucb", "gp-ucb", Realisable), Claim.Below("go-ucb", "gp-ei", Realisable), Claim.Below("go-ucb", "random", Realisable),
            Claim.Below("go-ucb", "gp-ucb", Misspecified).AsSide(), Claim.Below("go-ucb", "gp-ei", Misspecified).AsSide(),
        ],
    };

    private static (Func<Tensor, Tensor> Bound, Action<double[], double> Tell) Parametric(double[][] x, double[] y, ArmRun run)
    {
        var (points, values) = (Rows(x), Tensor.From(y));
        // The regression: the best of some starts.
        var fitted = Enumerable.Range(0, 4).Select(i => new Lbfgs(Stop: new(150)).Minimise(
            Mlp.Create(run.Key.Fold(50 + i), [Dimensions, Width, 1], Activation.Tanh, type: ElementType.Float64),
            network => Tensor.Square(network.Call(points).Squeeze(-1) - values).Mean() + 1e-3 * network.Layers.Select(layer => Tensor.Square(layer.Weight).Mean()).Aggregate((a, b) => a + b))).MinBy(found => found.Losses[^1])!;
        var search = new ParametricSearch<Mlp>(fitted.Model, static (network, x) => network.Call(x).Squeeze(-1), ridge: 1);
        return (at => search.UpperBound(at, run.Choice["radius"]), (at, value) => search.Tell(Tensor.From(at), value));
    }

    private static (Func<Tensor, Tensor> Bound, Action<double[], double> Tell) Process(double[][] x, double[] y, ArmRun run, Func<GaussianProcessSearch, Tensor, Tensor> bound)
    {
        var process = new GaussianProcessSearch(Dimensions, First + run.Settings.Whole("queries"));
        process.Tell(Rows(x), Tensor.From(y));
        return (at => bound(process, at), (at, value) => process.Tell(Rows([at]), Tensor.From(value)));
    }

    private static void Run(Objective[] functions, ArmRun run, Func<double[][], double[], ArmRun, (Func<Tensor, Tensor> Bound, Action<double[], double> Tell)> make)
    {
        foreach (var function in functions)
        {
            run.Measure(function.Name, double.NaN);
            if (run.Job.IsSearch && function.Name != Realisable) continue;
            var (random, queries) = (new KeyRandom(run.Key.Fold(1)), run.Settings.Whole("queries"));
            double Noisy(double[] at) => function.Of(at) + Noise * random.Normal();
            double[][] first = [.. Enumerable.Range(0, First).Select(_ => Uniform(random))];
            double[] values = [.. first.Select(Noisy)];
            var (bound, tell) = make(first, values, run);
            var (best, regret, lowest) = (first[Array.IndexOf(values, values.Max())], 0.0, function.Highest - first.Max(function.Of));
            var highest = values.Max();
            for (var query = 1; query <= queries; query++)
            {
                run.Progress(query, queries);
                var at = Chosen(bound, best, random);
                var value = Noisy(at);
                tell(at, value);
                if (value > highest) (best, highest) = (at, value);
                regret += function.Highest - function.Of(at);
                lowest = Math.Min(lowest, function.Highest - function.Of(at));
                run.Point($"cumulative {function.Name}", query, regret);
            }
            run.Measure(function.Name, regret / queries);
            if (function.Name == Realisable) run.Measure(Simple, lowest);
        }
    }

    /// <summary>A point where a bound is high: the best of drawn ones and of such near the best query, moved some times where it is highest.</summary>
    private static double[] Chosen(Func<Tensor, Tensor> bound, double[] best, KeyRandom random)
    {
        double[] Moved(double[] from, double scale) => [.. from.Select(value => Math.Clamp(value + scale * random.Normal(), -1, 1))];
        double[][] pool = [.. Enumerable.Range(0, Pool).Select(i => i < Kept ? Moved(best, 0.2) : Uniform(random))];
        foreach (var scale in (double[])[0.3, 0.1, 0.03, 0])
        {
            var values = bound(Rows(pool)).ToDoubles();
            int[] order = [.. Enumerable.Range(0, Pool).OrderByDescending(i => values[i])];
            if (scale == 0) return pool[order[0]];
            pool = [.. order.Take(Kept).Select(i => pool[i]), .. Enumerable.Range(0, Pool - Kept).Select(i => Moved(pool[order[i % Kept]], scale))];
        }
        throw new System.Diagnostics.UnreachableException();
    }

    private static double[] Uniform(KeyRandom random) => [.. Enumerable.Range(0, Dimensions).Select(_ => random.Uniform(-1, 1))];

    private static Tensor Rows(double[][] points) => Tensor.From<double>([.. points.SelectMany(point => point)], [points.Length, Dimensions]);

    /// <summary>A drawn network, scaled to deviation 1 over random points.</summary>
    private static Objective Teacher(Key key)
    {
        var network = Mlp.Create(key, [Dimensions, Width, 1], Activation.Tanh, Initialiser.Normal(0.5), type: ElementType.Float64);
        Tensor Raw(Tensor x) => network.Call(x).Squeeze(-1);
        var (low, scale) = Raw(Sample.Uniform(key.Fold(1), [2000, Dimensions], -1.0, 1.0, ElementType.Float64)) is var drawn ? (drawn.Mean().Item(), drawn.Std().Item()) : default;
        // The highest value of the cube, by ascent from many points.
        var highest = Compile.Of((Tensor x) => Raw(Control.Repeat(500, (_, x) => Tensor.Clamp(x + 0.05 * Gradient.Of(x, x => Raw(x).Sum()), -1.0, 1.0), x)).Max())(Sample.Uniform(key.Fold(2), [200, Dimensions], -1.0, 1.0, ElementType.Float64));
        var call = Compile.Of((Tensor x) => Raw(x));
        return new(Realisable, x => (call(Rows([x])).Item() - low) / scale, (highest.Item() - low) / scale);
    }

    /// <summary>Minus its mean over the coordinates, on [-5, 5].</summary>
    private static double StyblinskiTang(double[] x) => -x.Average(own => 5 * own is var v ? (v * v * v * v - 16 * v * v + 5 * v) / 2 : 0);

    private static double OfOne()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => StyblinskiTang([-1 + (i + 0.5) / 500]))];
        return Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2)));
    }

    private sealed record Objective(string Name, Func<double[], double> Of, double Highest);
}
