using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Papers.Benches;
using Paramorph.Problems;

namespace Paramorph.Papers.Fields;

/// <summary>Regions of classes, made of triangles, against the usual classifiers in the plane.</summary>
[Paper("manifoldron")]
public static class ManifoldronPaper
{
    private const int Rows = 1500;
    private const string Accuracy = "accuracy";

    private static readonly string[] baselines = ["nearest-neighbours", "kernel-ridge", "boosted-trees", "mlp"];

    private static Bench Planes { get; } = new()
    {
        Id = "manifoldron",
        Meaning = "Which method tells classes in the plane best?",
        Tasks =
        [
            Made("moons", "Two half moons that reach into each other.", key => PlanarClasses.Moons(key, Rows, noise: 0.15)),
            Made("circles", "A disc in a ring.", key => PlanarClasses.Rings(key, Rows, classes: 2, gap: 0.2, noise: 0.05)),
            Made("spirals", "Two spirals of two and a half turns.", key => PlanarClasses.TwoSpirals(key, Rows, turns: 2.5, noise: 0.04)),
            Made("rings", "Five rings about one centre.", key => PlanarClasses.Rings(key, Rows, classes: 5, gap: 0.1, noise: 0.03)),
            Made("checkerboard", "Squares of a board in two colours.", key => PlanarClasses.Checkerboard(key, Rows)),
            Made("clouds", "Four normal clouds that overlap.", key => GaussianClusters.Of(key, Rows, dimensions: 2, classes: 4, deviation: 0.4)),
        ],
        Standing = [new(NearestNeighbours.Method), new(KernelRidge.Method), new(BoostedTrees.Method), new(Mlp.Method)],
        Metrics = [ClassMetrics.Accuracy],
        Budget = Budget.OfPlannedSeconds(1.5),
        Seeds = 3,
    };

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new BenchExperiment(Planes, [new(Manifoldron.Method, ArmRole.Method), .. Planes.Standing])
    {
        Id = "manifoldron",
        Question = "Is a classifier by regions, which are made of triangles between neighbouring examples, as accurate in the plane as the usual ones?",
        Original = "Four drawn sets, twenty tables and a medical application against eleven classifiers, among them forests, boosting, support vectors and networks: competitive, on the mean among the best.",
        Difference = "Six sets in the plane; of more columns pairs alone could vote, as there are no triangulations in three dimensions here, so no tables. Regions that overlap are decided by how deep a point lies in each. Hyperparameters of all are searched within one counted budget.",
        Claims =
        [
            Claim.That("accuracy of manifoldron is no more than 0.02 below that of the best other, of the means over the sets", seed => seed["manifoldron", Accuracy] - baselines.Max(other => seed[other, Accuracy]), -0.02, Accuracy),
            Claim.That("the same on the set where it is furthest behind", seed => Planes.Tasks.Min(task =>
                seed["manifoldron", Bench.On(Accuracy, task.Name)] - baselines.Max(other => seed[other, Bench.On(Accuracy, task.Name)])), -0.02, Accuracy).AsSide(),
        ],
    };

    private static BenchTask Made(string name, string meaning, Func<Key, LabelledData> draw) => new(name, meaning, (seed, _) => MadeTables.OfClasses(name, seed, draw(MadeTables.Draws(seed))));
}
