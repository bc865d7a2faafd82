using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Tables whose predictions say how sure they are.</summary>
public static class UncertaintyBench
{
    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "uncertainty",
        Meaning = "Which method tells best how large its errors are? The likelihood that it gives to what turns out, and whether intervals that promise 90 % keep it; models are mixed over folds as those of fit are.",
        Tasks = [.. TableRegressionBench.Bench.Tasks.Where(task => task.Name is "friedman-1" or "heteroscedastic" or "concrete" or "power" or "wine" or "boston")],
        Standing =
        [
            new(Mlp.Method) { Published = [Figure("concrete", -2.937), Figure("power", -2.808), Figure("wine", -0.928), Figure("boston", -2.402)] },
            new(BoostedTrees.Method),
            new(GaussianProcess.Method),
            new(LinearRegression.Ridge),
        ],
        Metrics = [Bench.LogLikelihood, TableRegression.ErrorMetric, Bench.Coverage],
        Budget = Budget.OfPlannedSeconds(10),
        Seeds = 5,
        IsMixed = true,
    };

    private static Published Figure(string task, double value) => new(task, Bench.LogLikelihood.Name, value, TableRegressionBench.Dropout) { Tolerance = 0.03 };
}
