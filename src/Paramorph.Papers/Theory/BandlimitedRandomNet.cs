using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;

namespace Paramorph.Papers.Theory;

/// <summary>What networks with drawn hidden weights can represent, over the range from which they are drawn.</summary>
[Paper("bandlimited-random-net")]
public static class BandlimitedRandomNet
{
    private const int TrainedNeurons = 32;
    private const double Narrow = 4, Wide = 256, Level = 1e-2;
    private const string Error = "error of the most neurons", Fall = "error of a quarter over that of all";

    private static readonly double[] ranges = [.. Enumerable.Range(0, 19).Select(i => Math.Pow(2, i / 2.0))], frequencies = [1, 2, 3, 4, 6, 8, 12, 16];

    private static readonly RandomNet nets = new(Points: 400, Tests: 1000, Ridge: 1e-12);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<object>
    {
        Id = "bandlimited-random-net",
        Question = "Does a network whose hidden weights are drawn from a bounded range and stay as they are leave an error that no number of neurons removes, and must the range grow with the frequency of the target?",
        Original = "A lower bound of the error by ridgelet analysis, positive where the target has a spectrum outside of the range, and simulations of sinusoids and other functions: errors of narrow ranges stay, suitable ranges grow with the complexity of the target.",
        Difference = "Tanh networks of up to 4,000 neurons on 400 points of [-1, 1], solved in double precision with a ridge of 1e-12: what stays of the error is what weights of a size that double precision can tell apart cannot represent. The target of the plateau is a sinusoid of twelve periods in two units beside a bump of the width 0.05; critical ranges are those at which the error of a sinusoid passes 1 %.",
        Budget = "points and neurons; the trained network has 32 neurons, all of whose weights start in the narrow range",
        Settings =
        [
            Setting.Whole("neurons", "hidden neurons at most", smoke: 400, full: 4000, minimum: 16), Setting.Whole("iterations", "iterations of L-BFGS of the trained network", smoke: 30, full: 3000),
        ],
        Task = _ => new(),
        Arms =
        [
            new("wide", $"Weights drawn from ±{Wide}.", ArmRole.Method, (_, run) => Widen(run, Wide)),
            new("narrow", $"Weights drawn from ±{Narrow}.", ArmRole.Baseline, (_, run) => Widen(run, Narrow)),
            new("sweep", "Ranges from 1 to 512 for sinusoids of 1 to 16 periods.", ArmRole.Method, (_, run) => Sweep(run)),
            new("trained", $"{TrainedNeurons} neurons drawn from ±{Narrow}, all weights of which are trained.", ArmRole.Baseline, (_, run) => Train(run)),
        ],
        Metrics =
        [
            new(Error, "root mean squared error between the points over the deviation of the target"), new(Fall, "what four times the neurons are worth", Better.Neither),
            new("rank correlation", "of frequencies with the ranges at which the error passes 1 %", Better.Neither),
            new("critical range, power", "power of the frequency with which these ranges grow", Better.Neither),
        ],
        Claims =
        [
            Claim.Below("wide", "narrow", Error, factor: 10), Claim.AtMost("narrow", Fall, 1.25), Claim.AtLeast("sweep", "rank correlation", 0.9),
            Claim.Below("trained", "narrow", Error, factor: 10).AsSide(),
            Claim.That("critical ranges grow in proportion to the frequency: with a power between 0.5 and 1.5", seed => -Math.Abs(seed["sweep", "critical range, power"] - 1), -0.5, "distance from 1").From("ours").AsSide(),
        ],
        Why = "Plateaus and critical ranges are as the paper has them. Training does not undo a narrow start: steep neurons would have to grow out of flat ones, and 3,000 iterations of L-BFGS find two thirds of the variance, and not the rest.",
    };

    private static Tensor Target(Tensor x) => (Tensor.Sin(12 * Math.PI * x) + Tensor.Exp(-Tensor.Square((x - 0.3) / 0.05))).Squeeze(1);

    private static double[] Errors(ArmRun run, int neurons, double range, Func<Tensor, Tensor> targets) => nets.Errors(new(run.Key, 1, neurons, range, Activation.Tanh), targets);

    private static void Widen(ArmRun run, double range)
    {
        var (most, errors) = (run.Settings.Whole("neurons"), new List<double>());
        for (var neurons = most; neurons >= 16; neurons /= 2)
        {
            errors.Add(Errors(run, neurons, range, x => Target(x).ExpandDims(1))[0]);
            run.Point("log10 error by log2 neurons", Math.Log2(neurons), Math.Log10(errors[^1]));
        }
        Report(run, errors[0], fall: errors[2] / errors[0]);
        run.Count(most + 1, 0, 0);
    }

    private static void Sweep(ArmRun run)
    {
        Tensor Sinusoids(Tensor x) => Tensor.Sin(Math.PI * x * Tensor.From(frequencies) + 0.5);
        var errors = ranges.Select((range, i) =>
        {
            run.Progress(i, ranges.Length);
            return Errors(run, run.Settings.Whole("neurons"), range, Sinusoids);
        }).ToArray();
        double[] critical = [.. frequencies.Select((_, k) => Trend.Passing(ranges, [.. errors.Select(at => Math.Log(at[k]))], Math.Log(Level)))];
        for (var k = 0; k < frequencies.Length; k++)
        {
            run.Point("critical range by frequency", frequencies[k], critical[k]);
            for (var i = 0; i < ranges.Length; i++) run.Point($"log10 error of {frequencies[k]} periods by log2 range", Math.Log2(ranges[i]), Math.Log10(errors[i][k]));
        }
        // A frequency that the narrowest range represents already has no passing, and is the first in order.
        double[] order = [.. critical.Select(range => double.IsNaN(range) ? 1 : range)];
        Report(
            run, correlation: Trend.RankCorrelation(frequencies, order),
            power: Trend.Power([.. frequencies.Where((_, k) => !double.IsNaN(critical[k]))], [.. critical.Where(range => !double.IsNaN(range))]));
    }

    private static void Report(ArmRun run, double error = double.NaN, double fall = double.NaN, double correlation = double.NaN, double power = double.NaN)
    {
        run.Measure(Error, error);
        run.Measure(Fall, fall);
        run.Measure("rank correlation", correlation);
        run.Measure("critical range, power", power);
    }

    private static void Train(ArmRun run)
    {
        var start = Mlp.Create(run.Key, [1, TrainedNeurons, 1], Activation.Tanh, Initialiser.Uniform(-Narrow, Narrow), type: ElementType.Float64);
        var drawn = start with { Layers = [start.Layers[0] with { Bias = Sample.Uniform(run.Key.Fold(1), [TrainedNeurons], -Narrow, Narrow, ElementType.Float64).Evaluate() }, start.Layers[1]] };
        var (known, tests) = (RandomNet.Grid(nets.Points), RandomNet.Grid(nets.Tests));
        var trained = run.Minimise(drawn, model => Tensor.Square(model.Call(known).Squeeze(1) - Target(known)).Mean(), run.Settings.Whole("iterations"));
        Report(run, RandomNet.RelativeError(trained.Call(tests).Squeeze(1), Target(tests)).Item());
    }
}
