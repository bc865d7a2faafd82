using Paramorph.Bayes;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Papers.Benches;
using Paramorph.Problems;

namespace Paramorph.Papers.Neurons;

/// <summary>Least squares on products of columns in the place of networks.</summary>
[Paper("polyreg")]
public static class Polyreg
{
    private const string Time = "planned seconds of a fit", Rise = "rise of inflation";
    private const int Depth = 3;

    /// <summary>The tables that are made here, within a part of their bench's budget.</summary>
    private static Bench Tables { get; } = new()
    {
        Id = "polyreg",
        Meaning = "Which predicts numbers in made tables better, polynomials or perceptrons?",
        Tasks = [.. TableRegressionBench.Bench.Tasks.Where(task => task.File is null)],
        Standing = [new(Mlp.Method), new(LinearRegression.Ridge)],
        Metrics = [TableRegression.ErrorMetric],
        Budget = Budget.OfPlannedSeconds(4),
        Seeds = 4,
    };

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(Tables, [new(Monomials.Method, ArmRole.Method), .. Tables.Standing])
    {
        Id = "polyreg",
        Question = "Are polynomials, solved by least squares, as accurate on tables as perceptrons, and do the neurons of a perceptron say more and more alike from layer to layer, as powers would?",
        Original = "Some ten data sets, from a census to taxi rides, images of digits through principal components: polynomials of degree 1 to 4 match or exceed networks of Keras and neuralnet, which are tried with several shapes; variance inflation factors of the layers of a network for digits rise.",
        Difference = "Five made tables for numbers; degree, columns of a product and a small penalty are searched as rates and shapes of the perceptron are, within one counted budget. Inflation is that of the neurons of a perceptron of three hidden layers of 32, trained as usual, on the examples that it learned from; that and planned times are of Friedman's first function alone.",
        Claims =
        [
            Claim.NoHigherTimes("polynomial", "mlp", "RMSE", 1.05), Claim.AtLeast("mlp", Rise, 0).From("table 3"), Claim.Below("polynomial", "mlp", Time),
            Claim.Below("polynomial", "ridge", "RMSE").From("ours").AsSide(),
        ],
        Why = "Polynomials are as accurate here as perceptrons, within what four seeds tell apart, and cheaper to fit. But the neurons of the first layer, 32 functions of ten columns, are the ones most alike: those of later layers are less so, the other way round than in the paper, whose network took what principal components had made uncorrelated.",
        Earlier =
        [
            new("2026-11-30", Verdict.NotHeld, "The time of a fit was taken by the clock; it is now counted as that of all methods is when fits are planned, so that a run gives the same numbers everywhere."),
        ],
        Fitted = Measure,
    };

    private static void Measure(BenchTask task, FitResult result, ArmRun run)
    {
        if (task != Tables.Tasks[0]) return;
        var problem = (ExamplesProblem)task.Problem(run.Job.Seed, null);
        var part = result.Model.Parts[0];
        run.Measure(Time, part.Method.Effort(problem, part.Configuration).Seconds);
        if (part.Method.Name == Mlp.Method.Name) run.Measure(Rise, Inflation(problem, run));
    }

    /// <summary>The slope over the layers of the logarithm, to base 10, of the median inflation of their neurons.</summary>
    private static double Inflation(ExamplesProblem problem, ArmRun run)
    {
        var choice = Configuration.Default(Mlp.Method.Hyperparameters).With("depth", Depth).With("width", 32);
        var network = (Mlp)Mlp.Method.Fit(problem, new(choice, run.Key) { Share = run.Settings.Number("budget-share") < 1 ? 0.02 : 1 });
        var (x, medians) = (problem.Train.Inputs, new List<double>());
        foreach (var layer in network.Layers.Take(Depth))
        {
            x = network.Activation(layer.Call(x)).Evaluate();
            medians.Add(Math.Log10(VarianceInflation.Of(x).Median().Item()));
            run.Point("median inflation by layer", medians.Count, Math.Pow(10, medians[^1]));
        }
        return (medians[^1] - medians[0]) / (Depth - 1);
    }
}
