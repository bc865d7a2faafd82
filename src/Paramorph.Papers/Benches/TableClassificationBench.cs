using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Problems;

namespace Paramorph.Papers.Benches;

/// <summary>Tables whose rows are told apart.</summary>
public static class TableClassificationBench
{
    private const int Rows = 2000, GlyphSide = 8;

    /// <summary>The bench.</summary>
    [Bench]
    public static Bench Bench { get; } = new()
    {
        Id = "table-classification",
        Meaning = "Which method tells classes in tables best for the same work? Curved and nested borders in the plane, clouds in many dimensions of which few matter, pixels of digits, and three small sets of measurements.",
        Tasks =
        [
            Made("spirals", "Two spirals of two and a half turns, with noise by which they overlap a little.", key => PlanarClasses.TwoSpirals(key, Rows, turns: 2.5, noise: 0.04)),
            Made("rings", "Five rings about one centre.", key => PlanarClasses.Rings(key, Rows, classes: 5, gap: 0.1, noise: 0.03)),
            Made("clusters", "Eight normal clouds that overlap, in ten dimensions.", key => GaussianClusters.Of(key, Rows, dimensions: 10, classes: 8, deviation: 0.8)),
            Made("exclusive-or", "Four clouds of two classes that no line separates, along unknown directions in twelve dimensions.", key => GaussianClusters.ExclusiveOr(key, Rows, dimensions: 12, separability: 0, deviation: 1)),
            Made("glyphs", "Drawn digits of 8 by 8 pixels, a pixel a column.", key => Digits.Of(key, Rows, GlyphSide)),
            File("iris", "Three species of iris by four lengths.", "iris.csv", "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449", "scikit-learn, sklearn/datasets/data/iris.csv"),
            File("wine", "Three cultivars of wine by thirteen analyses.", "wine_data.csv", "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede", "scikit-learn, sklearn/datasets/data/wine_data.csv"),
            File("digits", "Handwritten digits of 8 by 8 pixels, a pixel a column.", "digits.csv.gz", "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a", "scikit-learn, sklearn/datasets/data/digits.csv.gz"),
        ],
        Standing =
        [
            new(Mlp.Method),
            new(ResidualMlp.Method),
            new(BoostedTrees.Method),
            new(KernelRidge.Method),
            new(NearestNeighbours.Method)
            {
                Published =
                [
                    new("wine", "accuracy", 0.961, "Aeberhard, Coomans, de Vel, 1992: one nearest neighbour of standardised data, each row left out in turn") { Tolerance = 0.03 },
                ],
            },
            new(LinearRegression.Ridge)
            {
                Published =
                [
                    new("wine", "accuracy", 0.989, "Aeberhard, Coomans, de Vel, 1992: linear discriminants, each row left out in turn") { Tolerance = 0.03 },
                ],
            },
        ],
        Metrics = [ClassMetrics.Accuracy, ClassMetrics.LogLoss],
        Budget = Budget.OfPlannedSeconds(6),
        Seeds = 5,
    };

    private static BenchTask Made(string name, string meaning, Func<Key, LabelledData> draw) => new(name, meaning, (seed, _) => MadeTables.OfClasses(name, seed, draw(MadeTables.Draws(seed))));

    private static BenchTask File(string name, string meaning, string file, string sha256, string source) =>
        new(name, meaning, (seed, path) => MadeTables.ReadClasses(seed, path!)) { File = new(file, sha256, source) };
}
