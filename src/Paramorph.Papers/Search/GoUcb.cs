using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Search;

namespace Paramorph.Papers.Search;

/// <summary>Optimism over the parameters of a network, against Gaussian processes, on functions of twenty coordinates.</summary>
[Paper("go-ucb")]
public static class GoUcb
{
    private const string Realisable = "regret", Misspecified = "regret, Styblinski-Tang", Simple = "best";
    private const int Dimensions = 20, Width = 10, First = 40;
    private const double Noise = 0.1;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<IReadOnlyList<Named>>
    {
        Id = "go-ucb",
        Question = "Does optimism over the parameters of a network have less regret on a function of twenty coordinates than optimism over Gaussian processes?",
        Original = "Networks as functions of 20 coordinates, Styblinski-Tang and Rastrigin, hyperparameters of classifiers, 25 to 200 queries, 5 repetitions: lower cumulative regret than GP-UCB, GP-EI, GP-PI and trust regions.",
        Difference = "A drawn network of 20, 10 and 1 neurons, whose form the fitted one has, and Styblinski-Tang, both with deviation 1 and a noise of a tenth. 40 random queries, which all start from and the network is fitted to, then 120. All take the best of some thousand points, drawn and then moved four times where the bound is highest. The model of the ball is that which is highest to first order, at its true value. The radius, and the deviations of GP-UCB, are chosen among three on the drawn network.",
        Budget = "equal queries, equal points that a query is chosen of",
        Settings = [Setting.Whole("queries", "queries behind the first 40", smoke: 4, full: 120)],
        Seeds = 4,
        Task = context => [new(Realisable, SearchObjective.Perceptron(context.Key.Fold(0), Dimensions, Width)), new(Misspecified, SearchObjective.StyblinskiTang(Dimensions))],
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
        Why = "Optimism over the parameters is ahead of random queries where the function is a network of its form, and behind them on Styblinski-Tang: a network fitted to 40 values, linear about that fit, is not right enough to be followed. The expected improvement of a Gaussian process with one length scale has half its regret with the same queries, and is what to begin with.",
    };

    private static (Func<Tensor, Tensor> Bound, Action<Tensor, double> Tell) Parametric(Tensor x, Tensor y, ArmRun run)
    {
        // The regression: the best of some starts.
        var fitted = Enumerable.Range(0, 4).Select(i => new Lbfgs(Stop: new(150)).Minimise(
            Mlp.Create(run.Key.Fold(50 + i), [Dimensions, Width, 1], Activation.Tanh, type: ElementType.Float64),
            network => Tensor.Square(network.Call(x).Squeeze(-1) - y).Mean() + 1e-3 * network.Layers.Select(layer => Tensor.Square(layer.Weight).Mean()).Aggregate((a, b) => a + b))).MinBy(found => found.Losses[^1])!;
        var search = new ParametricSearch<Mlp>(fitted.Model, static (network, x) => network.Call(x).Squeeze(-1), ridge: 1);
        return (at => search.UpperBound(at, run.Choice["radius"]), search.Tell);
    }

    private static (Func<Tensor, Tensor> Bound, Action<Tensor, double> Tell) Process(Tensor x, Tensor y, ArmRun run, Func<GaussianProcessSearch, Tensor, Tensor> bound)
    {
        var process = new GaussianProcessSearch(Dimensions, First + run.Settings.Whole("queries"));
        process.Tell(x, y);
        return (at => bound(process, at), (at, value) => process.Tell(at.ExpandDims(0), Tensor.From(value)));
    }

    private static void Run(IReadOnlyList<Named> functions, ArmRun run, Func<Tensor, Tensor, ArmRun, (Func<Tensor, Tensor> Bound, Action<Tensor, double> Tell)> make)
    {
        var search = new BoundSearch(First, run.Settings.Whole("queries"), Noise);
        foreach (var (name, objective) in functions)
        {
            run.Measure(name, double.NaN);
            if (run.Job.IsSearch && name != Realisable) continue;
            var (regret, lowest) = search.Run(objective, run.Key.Fold(1), (x, y) => make(x, y, run), (query, sum) =>
            {
                run.Progress(query, search.Queries);
                run.Point($"cumulative {name}", query, sum);
            });
            run.Measure(name, regret);
            if (name == Realisable) run.Measure(Simple, lowest);
        }
    }

    private sealed record Named(string Name, SearchObjective Objective);
}
