using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Tables whose predictions say how sure they are.</summary>
public static class UncertaintyBench
{
    private const int Rows = 1000;
    private const string Source = "Gal, Ghahramani, Dropout as a Bayesian approximation, 2016: their code's logs of the same 20 splits with 100 times the epochs";

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "uncertainty",
        Meaning = "Which method tells best how large its errors are? The likelihood that it gives to what turns out, and whether intervals that promise 90 % keep it; models are mixed over folds as those of fit are.",
        Tasks =
        [
            TableRegressionBench.Made("friedman-1", "A product, a square and two slopes among ten columns, of which five do not matter.", key => RegressionFunctions.Friedman1(key, Rows)),
            TableRegressionBench.Made("heteroscedastic", "A wave, a square and a product, with noise that grows with a fourth column.", key => RegressionFunctions.Heteroscedastic(key, Rows)),
            TableRegressionBench.OfSplits("concrete", "Strength of concrete.", "dfdd3a479bbdf81f15419c992e48290bf57df5f24c10ded0b876487eb931c688"),
            TableRegressionBench.OfSplits("power", "Output of a power plant.", "890095f417ca9b82b8a1cd2f4ba24b2a2f100d2af53689b75cb12a15e6dae07a"),
            TableRegressionBench.OfSplits("wine", "Scores of red wines.", "128a4ffb3020d85287905e87a8ba8d1a92fff61b278f2f610fe2d35fd9a7da89"),
            TableRegressionBench.OfSplits("boston", "Prices of houses.", "d06f1538df7f38e4abd402701e6a2925e424a6f78126aaeacfb91f599f2b5ce6"),
        ],
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

    private static Published Figure(string task, double value) => new(task, Bench.LogLikelihood.Name, value, Source) { Tolerance = 0.03 };
}
