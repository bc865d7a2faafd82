using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Papers.Neurons;

/// <summary>Rational activations that each layer learns, against activations that are chosen by hand.</summary>
[Paper("pau")]
public static class Pau
{
    private const string Accuracy = "accuracy", Fit = "fit";

    private static readonly string[] known = ["relu", "leaky-relu", "tanh", "sigmoid", "silu", "elu"];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<ImageTask>
    {
        Id = "pau",
        Question = "Are activations that are rational functions with learned coefficients at least as good as the best one chosen by hand, and do they contain the usual ones?",
        Original = "LeNet, VGG8, MobileNetV2 and others on MNIST, Fashion-MNIST, CIFAR-10 and ImageNet on GPUs: Padé units of degrees 5 and 4, shared by a layer and started from leaky ReLU, are as accurate as the best of ReLU, leaky ReLU, PReLU, Swish and others, often better.",
        Difference = "A small convolutional network on drawn digits of 12 by 12 pixels, few of them, so that it ends below the ceiling; the rate of each activation is searched under each seed. Fits are by least squares from -3 to 3.",
        Budget = "images, network, steps and candidates",
        Seeds = 5,
        TunedBy = Accuracy,
        Settings =
        [
            Setting.Whole("steps", "training steps", smoke: 20, full: 500), Setting.Whole("images", "training images", smoke: 50, full: 500, minimum: 50),
        ],
        Task = ImageTask.Digits,
        Arms =
        [
            new("pau", "Rational functions of degrees 5 and 4, one for each layer, started near leaky ReLU.", ArmRole.Method, (task, run) =>
            {
                Learn(task, run, RationalActivation.Of(ActivationFunction.Of("leaky-relu")));
                run.Measure(Fit, known.Max(Error));
            }) { Candidates = Rates },
            .. ((string[])["relu", "leaky-relu", "prelu", "swish"]).Select(name => new Arm<ImageTask>(name, $"{ActivationFunction.Of(name).Title}.", ArmRole.Baseline, (task, run) =>
            {
                Learn(task, run, ActivationLayer.Create(ActivationFunction.Of(name)));
                run.Measure(Fit, double.NaN);
            }) { Candidates = Rates }),
        ],
        Metrics =
        [
            new(Accuracy, "share of right answers on test images", Better.Higher), new(Fit, $"largest root mean squared error from -3 to 3 of rational functions fitted to {string.Join(", ", known)}"),
        ],
        Claims =
        [
            Claim.NoLower("pau", "relu", Accuracy, 0.005), Claim.NoLower("pau", "leaky-relu", Accuracy, 0.005), Claim.NoLower("pau", "prelu", Accuracy, 0.005),
            Claim.NoLower("pau", "swish", Accuracy, 0.005), Claim.AtMost("pau", Fit, 0.01), Claim.Above("pau", "relu", Accuracy).From("table 1").AsSide(),
        ],
        Why = "Rational functions come near to every usual activation, but on a few hundred images their network ends some two points behind those of fixed ones on the mean, one of five seeds six points behind and others level. A step that suits the weights moves a coefficient of x to the fifth much further than it does a slope, and nothing here lets coefficients learn more slowly.",
    };

    private static Choice[] Rates => Choice.Of("rate", 2e-3, 5e-3, 1e-2);

    private static void Learn(ImageTask task, ArmRun run, ILayer activation)
    {
        ILayer Convolved(int i, int from, int to) => Convolution.Create(run.Key.Fold(i), from, to, [3, 3]);
        var network = new Sequential(
        [
            Convolved(0, 1, 8), activation, new MaxPooling([2, 2]), Convolved(1, 8, 16), activation, new MaxPooling([2, 2]),
            new Flattening(), Linear.Create(run.Key.Fold(2), 16 * 9, 32, weight: Initialiser.HeNormal), activation, Linear.Create(run.Key.Fold(3), 32, 10),
        ]);
        run.Measure(Accuracy, task.Learn(run, network).Right.Average());
    }

    private static double Error(string name)
    {
        var (function, x) = (ActivationFunction.Of(name), Tensor.Linspace(-3, 3, 1000, ElementType.Float64));
        return Math.Sqrt(Tensor.Square(RationalActivation.Of(function, type: ElementType.Float64).Call(x) - function.Call(x)).Mean().Item());
    }
}
