using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Neurons;

/// <summary>How the tangent kernel of products of rectified maps falls with the frequency, and how fast they learn high frequencies.</summary>
[Paper("pnn-spectral-bias")]
public static class PnnSpectralBias
{
    private const int Points = 256, Lowest = 4, Highest = 40;

    private const string Slope = "slope of the kernel", High = "steps to high frequencies", Low = "steps to low frequencies", Left = "left at the highest";

    /// <summary>Frequencies of the target, all with the amplitude 1.</summary>
    private static readonly int[] frequencies = [1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<CircleWaves>
    {
        Id = "pnn-spectral-bias",
        Question = "Does the tangent kernel of a network whose layers multiply maps of the input fall more slowly with the frequency than that of a ReLU network of as many parameters, and does it learn high frequencies in fewer steps?",
        Original = "A bound of the decay of kernel eigenvalues on the sphere for Π-nets with ReLUs, which is slower than that of a two-layer network; sums of sinusoids, images and deep image priors, in which Π-nets learn high frequencies earlier.",
        Difference = "256 points of the circle and twelve frequencies from 1 to 20 with random phases; three rectified maps multiplied, against ReLU networks with one and with two hidden layers of as many parameters. The kernel is the empirical one of 32 draws, in the basis of Fourier, where its mean is diagonal. No image.",
        Budget = "parameters (up to rounding), points, steps of Adam and candidates of its rate, by the error at the end of training",
        Seeds = 4,
        Settings =
        [
            Setting.Whole("steps", "steps of Adam", smoke: 60, full: 3000), Setting.Whole("width", "features of the Π-net", smoke: 16, full: 128),
            Setting.Whole("draws", "networks over which the kernel is averaged", smoke: 2, full: 32),
        ],
        Task = context => CircleWaves.Even(context.Key, Points, frequencies),
        TunedBy = Left,
        Arms =
        [
            new("pi-net", "Three rectified maps of the input, multiplied one after the other.", ArmRole.Method, (circle, run) => Learn(circle, run, Product)) { Candidates = Rates },
            new("relu", "A ReLU network with one hidden layer.", ArmRole.Baseline, (circle, run) => Learn(circle, run, (key, width) => Perceptron(key, width, 1))) { Candidates = Rates },
            new("deep relu", "A ReLU network with two hidden layers.", ArmRole.Baseline, (circle, run) => Learn(circle, run, (key, width) => Perceptron(key, width, 2))) { Candidates = Rates },
        ],
        Metrics =
        [
            new(Slope, $"power of the frequency with which the kernel's eigenvalue goes, from {Lowest} to {Highest} periods; higher is shallower", Better.Higher),
            new(High, "steps until less than half of the amplitude is left, the mean over 10 to 20 periods; the number of steps where it never is"), new(Low, "the same over 1 to 4 periods"),
            new(Left, "root mean square of what is left of all amplitudes at the end"),
        ],
        Claims =
        [
            Claim.Above("pi-net", "relu", Slope, margin: 0.2), Claim.Below("pi-net", "relu", High), Claim.Above("pi-net", "deep relu", Slope).From("ours").AsSide(),
            Claim.Below("pi-net", "deep relu", High).From("ours").AsSide(), Claim.Below("pi-net", "deep relu", Left).From("ours").AsSide(),
        ],
        Why = "Products make the kernel of a network with one layer of rectified sums shallower, and depth makes it shallower still; yet over many steps, in which features move, products learn high frequencies before a deeper network does.",
        Earlier =
        [
            new("2026-11-29", Verdict.Inconclusive, "With frequencies from 1 to 40 no network was left with less than a tenth of the amplitude of any of the high ones within its steps, so nothing was compared; and the slope over eight draws was 0.28 shallower, in an interval from 0.18 to 0.38 where 0.2 is asked. Frequencies end at 20 and the level is a half; draws are 32."),
        ],
    };

    private static Choice[] Rates => Choice.Of("rate", 1e-3, 3e-3, 1e-2);

    private static PolynomialNetwork Products(Key key, int width) => PolynomialNetwork.Create(key, 2, width, 3, 1, Activation.Relu);

    private static ILayer Product(Key key, int width) => Products(key, width);

    private static ILayer Perceptron(Key key, int width, int depth)
    {
        // Three maps of two inputs with biases, and a readout.
        var parameters = ParameterCount.Of(Initialise.Structure(key => Products(key, width)));
        var own = Enumerable.Range(1, 20 * width).First(own => (4L + (depth - 1) * (own + 1)) * own + 1 >= parameters);
        return Mlp.Create(key, [2, .. Enumerable.Repeat(own, depth), 1], Activation.Relu, Initialiser.HeNormal);
    }

    private static void Learn(CircleWaves circle, ArmRun run, Func<Key, int, ILayer> create)
    {
        var (steps, width) = (run.Steps(), run.Settings.Whole("width"));
        ILayer Start(Key key) => Biased(create(key.Fold(0), width), key.Fold(1));
        var networks = Compile.Of((Key keys) => Vmap.Of(Start, keys))(run.Key.SplitBatch(run.Settings.Whole("draws")));
        var kernel = Compile.Of((ILayer networks) => Vmap.Of(network => TangentKernel.Of(network, circle.Points, (n, x) => n.Call(x).Squeeze(1)), networks).Mean(0))(networks);
        var spectrum = CircleSpectrum.Eigenvalues(kernel);
        for (var k = 1; k < spectrum.Length; k++) run.Point("log10 eigenvalue by log10 frequency", Math.Log10(k), Math.Log10(spectrum[k]));
        run.Measure(Slope, Trend.Power([.. Enumerable.Range(Lowest, Highest - Lowest + 1)], spectrum[Lowest..(Highest + 1)]));
        var start = Start(run.Key);
        var every = Math.Max(1, steps / 150);
        Tensor Amplitudes(ILayer network) => CircleSpectrum.Amplitudes(network.Call(circle.Points).Squeeze(1) - circle.Targets);
        var trainer = new Trainer<ILayer, TreePair<Tensor, Tensor>>(new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (network, data, _) => Loss.MeanSquared(network.Call(data.Item1).Squeeze(1), data.Item2))
        {
            Validation = network => frequencies.ToDictionary(frequency => $"{frequency}", frequency => Amplitudes(network)[frequency]),
        };
        var data = Batches.Whole(new TreePair<Tensor, Tensor>(circle.Points, circle.Targets));
        var result = trainer.Run(trainer.Start(start, run.Key), data, new TrainingOptions(steps) { ReadEvery = every, ValidateEvery = every, Cancellation = run.Cancellation });
        // The step from which on less than half stays left.
        double Reached(int frequency) => Math.Min(steps, result.Measures[$"{frequency}"].Where(point => !(point.Value < 0.5)).Select(point => (double)point.Step).DefaultIfEmpty(0).Max() + every);
        foreach (var frequency in frequencies)
            foreach (var point in result.Measures[$"{frequency}"]) run.Point($"left of {frequency} periods", point.Step, point.Value);
        run.Measure(High, frequencies.Where(frequency => frequency >= 10).Average(Reached));
        run.Measure(Low, frequencies.Where(frequency => frequency <= 4).Average(Reached));
        run.Measure(Left, Math.Sqrt(Compile.Of<ILayer, Tensor>(Amplitudes)(result.State.Model).ToDoubles()[1..(frequencies[^1] + 1)].Sum(a => a * a) / frequencies.Length));
        run.Count(ParameterCount.Of(start), steps, steps * (double)trainer.Cost(trainer.Start(start, run.Key), data.At(0)).Flops);
    }

    /// <summary>A network whose first biases are drawn, without which its answers on the circle are of few frequencies.</summary>
    private static ILayer Biased(ILayer network, Key key)
    {
        var number = 0;
        return Tree.Map(network, (path, leaf) => path.EndsWith("bias", StringComparison.Ordinal) && !path.StartsWith("readout", StringComparison.Ordinal) ? 0.5f * Sample.Normal(key.Fold(number++), leaf.Shape) : leaf);
    }
}
