using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Theory;

/// <summary>Networks that are infinitely wide and very deep as classifiers: the nearest neighbour, the majority, or a singular smoother that nears the Bayes error.</summary>
[Paper("wide-deep-optimal")]
public static class WideDeepOptimal
{
    private const string Agreement = "agreement", Excess = "excess error", Few = "excess error of few";

    /// <summary>Examples of the smallest set; each further one has twice as many.</summary>
    private const int Fewest = 125;

    /// <summary>Points of the positive part of a sphere in three dimensions.</summary>
    private const int Dimension = 2;

    /// <summary>So many layers that their inverse is small against all squared distances.</summary>
    private const int Limit = 1_000_000_000;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<SphereClasses>
    {
        Id = "wide-deep-optimal",
        Question = "Does a very deep and infinitely wide network classify as the nearest neighbour, as a vote of the majority, or as a smoother with a singular kernel, by its activation alone, and does the smoother near the Bayes error with more examples, where the nearest neighbour does not?",
        Original = "Theorems on neural tangent kernels whose depth goes to infinity, with explicit activations made of Hermite polynomials whose classifiers are consistent on spheres of any dimension; drawings of the three kinds on the circle and a check of the Bayes error on drawn classes.",
        Difference = "Regression with the exact kernels, in logarithms, on the positive part of a sphere in three dimensions with a known probability of the class. The third limit is reached only where the inverse of the layers is small against all squared distances between examples, so it is judged at a billion layers, for which there is a closed form; 200 layers, enough for the other two, stand beside.",
        Budget = "examples; nothing is trained or chosen",
        Settings =
        [
            Setting.Whole("doublings", "doublings of the training examples, from 125 on", smoke: 1, full: 3), Setting.Whole("test", "points to classify", smoke: 200, full: 1000),
            Setting.Whole("layers", "hidden layers of the networks that are deep and no limit", smoke: 20, full: 200),
        ],
        Seeds = 4,
        Task = context => SphereClasses.Of(context.Key, Fewest << context.Settings.Whole("doublings"), context.Settings.Whole("test"), Dimension + 1),
        Arms =
        [
            new("singular", "Activation (z + h₃(z)) / √2, a billion layers: the smoother of order 2.", ArmRole.Method, (task, run) => Classify(task, run, Kernel(DeepTangentKernel.Singular(Limit, Dimension)), Smoother)),
            new("singular-deep", "The same with the layers of the other networks.", ArmRole.Method, (task, run) => Classify(task, run, Kernel(DeepTangentKernel.Singular(Layers(run), Dimension)), Smoother)),
            new("nearest", "Activation h₂ without a constant or linear part, deep: the nearest neighbour.", ArmRole.Method, (task, run) => Classify(task, run, Kernel(new(Layers(run), 0, 0, 1)), Nearest)),
            new("majority", "Activation (1 + z + √2 h₂(z)) / 2 with a constant part, deep: the majority.", ArmRole.Method, (task, run) => Classify(task, run, Kernel(new(Layers(run), 0.25, 0.25, 0.5)), Majority)),
            new("relu", "Rectifiers, which have a constant part, deep: the majority as well.", ArmRole.Method, (task, run) => Classify(task, run, Rectifiers(Layers(run)), Majority)),
            new("steep", "An activation whose smoother has the order 4, twice the dimension.", ArmRole.Ablation, (task, run) => Classify(task, run, Kernel(DeepTangentKernel.Singular(Limit, 2 * Dimension)), Smoother)),
            new("shallow", "Rectifiers in one hidden layer.", ArmRole.Baseline, (task, run) => Classify(task, run, Rectifiers(1), Smoother)),
            new("1-nn", "The nearest neighbour itself.", ArmRole.Baseline, (task, run) => Classify(task, run, Nearest, Smoother)),
            new("k-nn", "A vote of the nearest neighbours, as many as the root of the examples.", ArmRole.Baseline, (task, run) => Classify(task, run, Neighbours, Smoother)),
        ],
        Metrics =
        [
            new(Agreement, "share of test points in the class that the classifier gives them which theory names; for baselines, and the steep activation, the smoother of order 2. Of the most examples", Better.Higher),
            new(Excess, "probability of error less that of Bayes, of the most examples"), new(Few, "the same of 125 examples"),
        ],
        Claims =
        [
            Claim.AtLeast("nearest", Agreement, 0.98), Claim.AtLeast("majority", Agreement, 0.98), Claim.AtLeast("singular", Agreement, 0.98), Claim.Below("singular", "1-nn", Excess),
            Claim.Ratio("the excess error of singular falls from 125 to the most examples", seed => seed["singular", Few] / seed["singular", Excess]),
            Claim.AtLeast("relu", Agreement, 0.98).From("theorem").AsSide(), Claim.AtLeast("singular-deep", Agreement, 0.98).From("ours").AsSide(),
            Claim.Below("singular", "steep", Excess).From("theorem").AsSide(), Claim.Below("singular", "shallow", Excess).From("ours").AsSide(),
            Claim.Below("singular", "k-nn", Excess).From("ours").AsSide(),
        ],
        Why = "All main claims held. Beside them: rectifiers near the majority only as the inverse of the layers, and 200 are too few; the smoother's limit takes more layers than the inverse of the smallest squared distance; and that the smoother is consistent does not make it fast, as a vote of neighbours whose number grows is nearer to Bayes by far.",
    };

    /// <summary>Learns from each number of examples, and judges by the known probability of the class.</summary>
    private static void Classify(SphereClasses task, ArmRun run, Classifier classifier, Classifier named)
    {
        for (var count = Fewest; count <= task.Labels.Count; count *= 2)
        {
            run.Progress(count, task.Labels.Count);
            bool[] Answers(Classifier by) => [.. by(task.Points[..count].Evaluate(), task.Labels[..count].Evaluate(), task.Asked).ToDoubles().Select(score => score > 0)];
            var (own, other) = (Answers(classifier), Answers(named));
            var excess = task.ExcessError(own);
            run.Measure(Excess, excess);
            run.Measure(Agreement, own.Zip(other, (a, b) => a == b ? 1.0 : 0).Average());
            if (count == Fewest) run.Measure(Few, excess);
            run.Point("excess error by examples", count, excess);
        }
    }

    private static int Layers(ArmRun run) => run.Settings.Whole("layers");

    private static Classifier Rectifiers(int layers)
    {
        var network = new WideNetwork(DualActivation.Relu, layers) { WeightVariance = 2 };
        // Lengths of √dimensions give coordinates of order 1, by which cosines are the first covariances.
        var scale = Math.Sqrt(Dimension + 1);
        return new(Compile.Of((Tensor points, Tensor labels, Tensor asked) => KernelRidge.Fit(network.Tangent, scale * points, labels, Tensor.Scalar(1e-12)).Call(scale * asked)));
    }

    private static Classifier Kernel(DeepTangentKernel kernel) => new(Compile.Of<Tensor, Tensor, Tensor, Tensor>(kernel.Scores));

    private static Classifier Smoother { get; } = new(Compile.Of((Tensor points, Tensor labels, Tensor asked) => SphereVotes.Singular(Dimension, points, labels, asked)));

    private static Classifier Nearest { get; } = new(Compile.Of<Tensor, Tensor, Tensor, Tensor>(SphereVotes.Nearest));

    private static Classifier Neighbours { get; } = new(Compile.Of<Tensor, Tensor, Tensor, Tensor>(SphereVotes.Neighbours));

    private static Classifier Majority { get; } = new(Compile.Of<Tensor, Tensor, Tensor, Tensor>(SphereVotes.Majority));

    /// <summary>From points [n, d + 1], labels of -1 and 1 [n] and points that are asked about [m, d + 1] to scores [m], whose sign is the class.</summary>
    private delegate Tensor Classifier(Tensor points, Tensor labels, Tensor asked);
}
