using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>Wide networks whose weights are orthogonal, of low rank or sparse: as near to a Gaussian process as those with independent weights, and trained as deep.</summary>
[Paper("pseudo-iid-gp")]
public static class PseudoIidGp
{
    private const string Narrow = "kurtosis of narrow", Wide = "kurtosis of wide", Covariance = "covariance error", Edge = "loss at the edge", Ordered = "loss in order";

    private const int Dimensions = 8, Blocks = 4, BatchSize = 64;

    private const double BiasVariance = 0.05;

    private static readonly double[] rates = [0.03, 0.3];
    private static readonly string[] laws = ["low rank", "sparse", "orthogonal", "independent"];
    private static readonly double critical = EdgeOfChaos.WeightVariance(Tensor.Tanh, x => 1.0 - Tensor.Square(Tensor.Tanh(x)), BiasVariance);

    /// <summary>Plain gradient descent, whose rate is set at its start.</summary>
    private static readonly Trainer<Sequential, LabelledData> trainer = new(new Sgd(1), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<LabelledData>
    {
        Id = "pseudo-iid-gp",
        Question = "Do wide networks with orthogonal, low-rank or structured sparse weights become the same Gaussian process as those with independent weights, so that the same variances let deep ones be trained?",
        Original = "A theorem for fully connected and convolutional networks whose weights have exchangeable rows and columns with bounded moments; histograms and joint distributions of preactivations at widths from 3 to 300; deep low-rank and sparse networks on MNIST, initialised on and off the edge of chaos.",
        Difference = "Fully connected tanh networks; excess kurtosis and covariances over drawn networks in the place of histograms, and two classes of normal inputs in the place of MNIST. Ranks of a quarter of the width, four permuted blocks. An ablation keeps the rank at four in every width, which the theorem does not allow.",
        Budget = "widths, depth, draws, variances, steps; each network is trained with each of two learning rates, and the better one counts",
        Settings =
        [
            Setting.Whole("draws", "networks drawn for each width", smoke: 40, full: 1200, minimum: 4), Setting.Whole("narrow", "the smaller width", smoke: 8, full: 8, minimum: 8),
            Setting.Whole("wide", "the larger width", smoke: 32, full: 96, minimum: 16), Setting.Whole("depth", "hidden layers of networks that are trained", smoke: 3, full: 30),
            Setting.Whole("width", "their width", smoke: 16, full: 32, minimum: 8), Setting.Whole("steps", "their steps of gradient descent", smoke: 10, full: 400),
        ],
        Seeds = 5,
        Task = Draw,
        Arms =
        [
            new("low rank", "Rank of a quarter of the width.", ArmRole.Method, (task, run) => Study(task, run, gain => Initialiser.LowRank(0.25, gain))),
            new("sparse", "Four permuted blocks: three quarters of the weights are zero.", ArmRole.Method, (task, run) => Study(task, run, gain => Initialiser.PermutedBlocks(Blocks, gain))),
            new("orthogonal", "Uniformly drawn rotations.", ArmRole.Method, (task, run) => Study(task, run, Initialiser.Orthogonal)),
            new("independent", "Independent normal weights.", ArmRole.Baseline, (task, run) => Study(task, run, Initialiser.NormalOfGain)),
            new("fixed rank", "Rank four in every width.", ArmRole.Ablation, (task, run) => Study(task, run, gain => Initialiser.FixedRank(4, gain))),
        ],
        Metrics =
        [
            new(Narrow, "excess kurtosis of preactivations behind three hidden layers of the smaller width, its size", Better.Neither), new(Wide, "the same of the larger width"),
            new(Covariance, "error of the covariance of these preactivations at two inputs, of the larger width, in Frobenius' norm over that of the kernel"),
            new(Edge, "cross-entropy of the trained deep network whose variances are at the edge of chaos"), new(Ordered, "the same with a third of the weights' variance", Better.Neither),
        ],
        Claims =
        [
            .. laws.Select(law => Claim.Ratio($"kurtosis of {law} falls from the narrow to the wide networks by more than 4 times", seed => seed[law, Narrow] / seed[law, Wide], 4)),
            .. laws.Select(law => Claim.AtMost(law, Covariance, 0.05)),
            Claim.That("loss of low rank at the edge of chaos is below that in order by more than 0.2", seed => seed["low rank", Ordered] - seed["low rank", Edge], 0.2, "nat"),
            Claim.That("loss of sparse at the edge of chaos is below that in order by more than 0.2", seed => seed["sparse", Ordered] - seed["sparse", Edge], 0.2, "nat"),
            Claim.AboveTimes("fixed rank", "low rank", Wide, 4).From("ours").AsSide(), Claim.NoHigherTimes("low rank", "independent", Edge, 1.5).From("ours").AsSide(),
        ],
        Why = "Two claims are not placed by five seeds: the kurtosis of narrow networks with independent weights, the smallest of all, rests on some ten thousand preactivations; and of five deep networks with 32 neurons, whose low rank is 8, one did not learn at the edge of chaos, as the ratio of depth to rank makes likely. All other main claims held. Beside them, low rank is left with a far higher loss than independent weights.",
    };

    private static LabelledData Draw(TaskContext context)
    {
        var inputs = Sample.Normal(context.Key, [2 * BatchSize, Dimensions]);
        return new(inputs.Evaluate(), Tensor.Where(inputs[.., 0] + inputs[.., 1] > 0.0, 1, 0).AsType(ElementType.Int32).Evaluate());
    }

    private static void Study(LabelledData task, ArmRun run, Func<double, Initialiser> law)
    {
        var inputs = task.Inputs[..2].AsType(ElementType.Float64).Evaluate();
        var wide = new WideNetwork(DualActivation.Of(Tensor.Tanh), 3) { InputVariance = 1, WeightVariance = critical, BiasVariance = BiasVariance }.Covariance(inputs, inputs);
        var draws = run.Settings.Whole("draws");
        PreactivationMoments Moments(int width) => PreactivationMoments.Draw(run.Key.Fold(width), inputs, width, 3, Tensor.Tanh, law(Math.Sqrt(critical)), BiasVariance, draws, draw => run.Progress(draw, draws));
        var (narrow, broad) = (Moments(run.Settings.Whole("narrow")), Moments(run.Settings.Whole("wide")));
        run.Measure(Narrow, Math.Abs(narrow.Kurtosis));
        run.Measure(Wide, Math.Abs(broad.Kurtosis));
        run.Measure(Covariance, (LinearAlgebra.FrobeniusNorm(broad.Covariance - wide) / LinearAlgebra.FrobeniusNorm(wide)).Item());
        run.Measure(Edge, rates.Min(rate => Train(task, run, law(Math.Sqrt(critical)), rate)));
        run.Measure(Ordered, rates.Min(rate => Train(task, run, law(Math.Sqrt(critical / 3)), rate)));
    }

    /// <summary>The cross-entropy at the end of gradient descent on a deep network of a law.</summary>
    private static double Train(LabelledData task, ArmRun run, Initialiser law, double rate)
    {
        var steps = run.Settings.Whole("steps");
        var network = Initialise.Of(run.Key, key => DeepNetwork.Create(
            key, Dimensions, run.Settings.Whole("depth"), run.Settings.Whole("width"), 2, Activation.Tanh, law, Initialiser.Normal(Math.Sqrt(BiasVariance))));
        var start = trainer.Start(network, run.Key);
        start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        var trained = trainer.Run(start, Batches.Whole(task), new(steps) { Cancellation = run.Cancellation });
        run.Count(ParameterCount.Of(network), steps, 0);
        return trained.DivergedAt is null ? trained.Loss[^1].Value : double.PositiveInfinity;
    }
}
