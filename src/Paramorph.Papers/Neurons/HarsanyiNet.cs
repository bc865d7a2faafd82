using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;
using Paramorph.Papers.Benches;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Shapley values of one pass against those of all coalitions, and against estimates.</summary>
[Paper("harsanyinet")]
public static class HarsanyiNet
{
    private const string Gap = "gap", Accuracy = "accuracy", Orders = "passes by orders", Kernel = "passes by least squares", Path = "error of integrated gradients";
    private const double Near = 1e-2;

    /// <summary>Passes that are tried at most.</summary>
    private const int Most = 1 << 14;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<IReadOnlyList<ExamplesProblem>>
    {
        Id = "harsanyinet",
        Question = "Are the Shapley values that a network of ANDs gives in one pass the true ones, how many passes do estimates of them take, and what does the form of the network cost in accuracy?",
        Original = "Census, yeast and television tables, digits and small images, networks of four to ten layers: errors of the values about 1e-7, sampling takes hundreds to thousands of passes; accuracies within a few percent of those of ordinary networks.",
        Difference = "Two made tables with 10 and 12 columns, so that all coalitions can be asked; networks of two layers of 100 neurons, in single precision. Both networks have their usual hyperparameters. Errors are in the mean of the absolute values; estimates double their passes until the mean error of some rows is below one percent.",
        Budget = "equal epochs of training",
        Settings =
        [
            Setting.Whole("examples", "rows of a table, of which half judge", smoke: 200, full: 3000, minimum: 100),
            Setting.Number("share", "part of the usual length of training", smoke: 0.02, full: 1, minimum: 0.01, maximum: 1),
            Setting.Whole("rows", "rows that are explained, of each table", smoke: 1, full: 12),
        ],
        Task = context =>
        {
            var (rows, (x, y)) = (context.Settings.Whole("examples"), RegressionFunctions.Friedman1(context.Key.Fold(0), context.Settings.Whole("examples")));
            var above = (y.Reshape(-1) > y.Median(0).Item()).AsType(ElementType.Int32).Evaluate();
            return
            [
                MadeTables.OfClasses("friedman-1 above its median", context.Seed, new(x.AsType(ElementType.Float32).Evaluate(), above)),
                MadeTables.OfClasses("clusters", context.Seed, GaussianClusters.Of(context.Key.Fold(1), rows, dimensions: 12, classes: 4, deviation: 1)),
            ];
        },
        Arms =
        [
            new("harsanyinet", "A network of ANDs, whose Shapley values come with its answer.", ArmRole.Method, (problems, run) => Run(problems, run, HarsanyiNetwork.Method)),
            new("mlp", "A perceptron.", ArmRole.Baseline, (problems, run) => Run(problems, run, Mlp.Method)),
        ],
        Metrics =
        [
            new(Gap, "largest difference of a Shapley value of one pass from that of all coalitions, in the mean of the absolute values"),
            new(Accuracy, "share of test rows whose class is right; mean of the tables", Better.Higher),
            new(Orders, $"passes by which the mean error of drawn orders of the columns is below one percent; {Most} where it is not by then", Better.Neither),
            new(Kernel, "the same of least squares on drawn coalitions; all coalitions of twelve columns are 4096", Better.Neither),
            new(Path, "mean error of integrated gradients of 64 passes, where they stand for Shapley values", Better.Neither),
        ],
        Claims =
        [
            Claim.AtMost("harsanyinet", Gap, 1e-4), Claim.AtLeast("harsanyinet", Orders, 100), Claim.AtLeast("harsanyinet", Kernel, 100), Claim.NoLower("harsanyinet", "mlp", Accuracy, 0.02),
        ],
    };

    private static void Run(IReadOnlyList<ExamplesProblem> problems, ArmRun run, Method method)
    {
        var (accuracy, explained, gaps) = (0.0, new List<ShapleyTruth>(), new List<double>());
        foreach (var problem in problems)
        {
            var model = method.Fit(problem, new(Configuration.Default(method.Hyperparameters), run.Key)
            {
                Share = run.Settings.Number("share"),
                Progress = (step, steps, loss) => run.Progress(step, steps, loss),
                Cancellation = run.Cancellation,
            });
            accuracy += problem.Test(model)[Accuracy] / problems.Count;
            run.Keep(problem.Name, model);
            if (model is not HarsanyiNetwork network) continue;
            var x = problem.At(problem.Split.Test[..run.Settings.Whole("rows")].Evaluate()).Inputs;
            // The class that the network takes a row for is what is explained.
            foreach (var (row, own) in network.Call(x).ArgMax(-1).ToArray<int>().Index())
            {
                explained.Add(new(x => network.Call(x)[.., own], x[row].Evaluate()));
                gaps.Add(explained[^1].LargestError(network.ShapleyValues(x[row].ExpandDims(0))[0, .., own]));
            }
        }
        run.Measure(Accuracy, accuracy);
        run.Measure(Gap, gaps.Count == 0 ? double.NaN : gaps.Max());
        run.Measure(Path, explained.Count == 0 ? double.NaN : explained.Average(row => row.MeanError(row.IntegratedGradients())));
        run.Measure(Orders, Passes(explained, row => row.X.Count + 1, (row, key, count) => Attribution.SampledShapley(key, row.Game, row.X.Count, count), "orders", run));
        run.Measure(Kernel, Passes(explained, _ => 1, (row, key, count) => Attribution.KernelShapley(key, row.Game, row.X.Count, count), "least squares", run));
    }

    /// <summary>Passes by which the mean error of an estimate is below one percent.</summary>
    private static double Passes(List<ShapleyTruth> truths, Func<ShapleyTruth, int> each, Func<ShapleyTruth, Key, int, Tensor> estimate, string name, ArmRun run) => truths.Count == 0
        ? double.NaN
        : ShapleyTruth.Passes(
            truths, (truth, i, passes) => estimate(truth, run.Key.Fold(passes + i), Math.Max(1, passes / each(truth))), Near, Most,
            (passes, error) => run.Point($"error of {name} by passes", passes, error));
}
