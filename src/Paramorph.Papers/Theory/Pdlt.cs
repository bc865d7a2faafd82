using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>How far networks of finite width are from a Gaussian process: depth over width, by recursions of first order; and which variances let deep ones be trained.</summary>
[Paper("pdlt")]
public static class Pdlt
{
    private const string Slope = "kurtosis slope", Predicted = "predicted slope", Miss = "slope error", Correction = "correction error", Final = "loss of deep";

    private const int Dimensions = 8, Examples = 128;

    private static readonly double[] rates = [0.01, 0.1];

    /// <summary>Plain gradient descent, whose rate is set at its start.</summary>
    private static readonly Trainer<Sequential, LabelledData> trainer = new(new Sgd(1), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<LabelledData>
    {
        Id = "pdlt",
        Question = "Does the excess kurtosis of preactivations grow with depth over width as recursions of first order say, with another slope for each class of activations, and can deep networks be trained at the critical variances alone?",
        Original = "A book of theory: recursions over layers for the kernel, the four-point vertex, the tangent kernel and its changes at order 1 / width; critical initialisation; classes of activations (scale-invariant ones, and those like tanh whose kernel decays as 1 / depth); the best ratio of depth to width.",
        Difference = "Kernel, its first correction, and vertex at one input, for rectifiers, tanh and the identity, against drawn networks of width 256. Given a layer, the preactivations of the next are exactly normal with a common variance, and are drawn so, which is the distribution of networks with independent normal weights and costs no matrices. Depth is trained on two classes of normal inputs. Changes of the tangent kernel are left out.",
        Budget = "draws, layers and width; training has equal steps, and each network each of two learning rates, of which the better one counts",
        Settings =
        [
            Setting.Whole("draws", "networks drawn", smoke: 400, full: 12_000, minimum: 100), Setting.Whole("width", "their width", smoke: 64, full: 256, minimum: 8),
            Setting.Whole("layers", "layers of preactivations over which slopes are taken", smoke: 4, full: 12, minimum: 3),
            Setting.Whole("depth", "hidden layers of the networks that are trained", smoke: 3, full: 50), Setting.Whole("steps", "their steps of gradient descent", smoke: 10, full: 300),
        ],
        Seeds = 4,
        Task = context => HalfSpaces.Of(context.Key, Examples, Dimensions),
        Arms =
        [
            new("relu", "Rectifiers at their critical variance 2.", ArmRole.Method, (task, run) => Study(task, run, Activation.Relu, 2)),
            new("tanh", "Tanh at its critical variance 1.", ArmRole.Method, (task, run) => Study(task, run, Activation.Tanh, 1)),
            new("linear", "The identity at its critical variance 1.", ArmRole.Method, (task, run) => Study(task, run, Activation.Identity, 1)),
            new("relu, less", "Rectifiers with the variance 1.5.", ArmRole.Baseline, (task, run) => Study(task, run, Activation.Relu, 1.5)),
            new("relu, more", "Rectifiers with the variance 2.5.", ArmRole.Baseline, (task, run) => Study(task, run, Activation.Relu, 2.5)),
        ],
        Metrics =
        [
            new(Slope, "slope of the measured excess kurtosis over layers / width", Better.Neither), new(Predicted, "the same of the recursion", Better.Neither),
            new(Miss, "relative difference of the two"), new(Correction, "the first correction of the kernel in the last layer, measured less predicted, over width and over the kernel"),
            new(Final, "cross-entropy of a deep network of width 32 after training"),
        ],
        Claims =
        [
            Claim.AtMost("relu", Miss, 0.15), Claim.AtMost("tanh", Miss, 0.15), Claim.AtMost("linear", Miss, 0.15), Claim.AboveTimes("relu", "tanh", Slope, 2),
            Claim.That("loss of relu at its critical variance is below that with less by more than 0.2", seed => seed["relu, less", Final] - seed["relu", Final], 0.2, "nat"),
            Claim.That("loss of relu at its critical variance is below that with more by more than 0.2", seed => seed["relu, more", Final] - seed["relu", Final], 0.2, "nat"),
            Claim.AtMost("tanh", Correction, 0.01).From("ours").AsSide(),
            Claim.That("loss of tanh at its critical variance is below that of rectifiers with less by more than 0.2", seed => seed["relu, less", Final] - seed["tanh", Final], 0.2, "nat").From("ours").AsSide(),
        ],
        Why = "Slopes of tanh and of the identity held; those of rectifiers in width 256 are 11 % above the recursion's, which is its second order at a twentieth of depth over width, and below 15 % under all four seeds, though their interval reaches 18 %. Networks of 50 layers with 32 rectifiers learned under some seeds alone: with more layers than neurons they are as far from their mean as the recursion says.",
    };

    private static void Study(LabelledData task, ArmRun run, Func<Tensor, Tensor> activation, double variance)
    {
        var (width, layers) = (run.Settings.Whole("width"), run.Settings.Whole("layers"));
        // An input whose first preactivations have unit variance.
        var predicted = FiniteWidth.Layers(activation, 1, variance, 0, layers);
        var draws = run.Settings.Whole("draws");
        var measured = FiniteWidthSample.Layers(run.Key, activation, variance, width, layers, draws, drawn => run.Progress(drawn, draws));
        double[] kurtosis = [.. measured.Select(layer => layer.ExcessKurtosis)];
        double[] depths = [.. predicted.Select(layer => (double)layer.Layer / width)];
        var (slope, theory) = (Trend.Slope(depths, kurtosis), Trend.Slope(depths, [.. predicted.Select(layer => layer.ExcessKurtosis / width)]));
        foreach (var (layer, value) in predicted.Zip(kurtosis))
        {
            run.Point("excess kurtosis by layer", layer.Layer, value);
            run.Point("predicted excess kurtosis by layer", layer.Layer, layer.ExcessKurtosis / width);
        }
        var last = predicted[^1];
        run.Measure(Slope, slope);
        run.Measure(Predicted, theory);
        run.Measure(Miss, Math.Abs(slope / theory - 1));
        run.Measure(Correction, Math.Abs(measured[^1].Square - last.Kernel - last.Correction / width) / last.Kernel);
        run.Measure(Final, rates.Min(rate => Train(task, run, activation, variance, rate)));
    }

    /// <summary>The cross-entropy at the end of gradient descent on a deep network.</summary>
    private static double Train(LabelledData task, ArmRun run, Func<Tensor, Tensor> activation, double variance, double rate)
    {
        const int Width = 32;
        var steps = run.Settings.Whole("steps");
        var network = DeepNetwork.Create(run.Key, Dimensions, run.Settings.Whole("depth"), Width, 2, activation, Initialiser.Normal(Math.Sqrt(variance / Width)), Initialiser.Zeros);
        var start = trainer.Start(network, run.Key);
        start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
        var trained = trainer.Run(start, Batches.Whole(task), new(steps) { Cancellation = run.Cancellation });
        run.Count(ParameterCount.Of(network), steps, 0);
        // What diverged is as far from trained as what did not move: the classes are equally many.
        return trained.DivergedAt is null ? Math.Min(trained.Loss[^1].Value, Math.Log(2)) : Math.Log(2);
    }
}
