using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>How the tangent kernel of ReLU networks behaves as they become wider, and whether training follows the kernel of the limit.</summary>
[Paper("ntk")]
public static class Ntk
{
    private const int HiddenLayers = 2, Tests = 48, Degree = 4;

    private const double BiasGain = 0.1;

    private const string Spread = "spread of kernels", Drift = "drift of the kernel", Gap = "gap to the kernel's prediction";

    private static readonly Func<Tensor, Tensor, Tensor> limit = DotProductKernel.NeuralTangent(HiddenLayers, BiasGain * BiasGain);

    private static readonly FullBatchDescent<Sequential> descent = new((model, x) => model.Call(x).Squeeze(1));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<CircleWaves>
    {
        Id = "ntk",
        Question = "Does the tangent kernel of a network become the same for all draws of its weights and stay as it is in training as the network becomes wider, so that a kernel in closed form tells what gradient descent will give?",
        Original = "Theorems, and pictures of networks of three hidden layers on points of the unit circle: kernels of ten networks of 500 and 10,000 neurons before training and after 200 steps; answers of networks of 50 and 1,000 neurons with the percentiles of the limit; digits of MNIST along a kernel principal component.",
        Difference = "Numbers in the place of pictures: two hidden layers of 32 to 1,024 ReLUs, four networks of the widest and up to 32 of narrower ones, 12 points of the circle and a target with four frequencies, trained by full gradient descent for a fixed time. The prediction of the kernel in closed form has the same steps, so that nothing is due to their size. Beside it stand networks whose outputs are divided by the root of the width, at a rate that is the width times as large: the scaling under which features move however wide a network is.",
        Budget = "data, networks, steps and learning rate in units of the kernel's largest eigenvalue",
        Settings =
        [
            Setting.Whole("doublings", "how often the width of 32 is doubled", smoke: 2, full: 5, minimum: 1, maximum: 7),
            Setting.Whole("networks", "networks of the largest width, which are trained as one program; twice as many of half the width, 32 at most", smoke: 2, full: 4, minimum: 2),
            Setting.Whole("points", "points to train on", smoke: 6, full: 12, minimum: 2), Setting.Whole("steps", "steps of gradient descent, at half the largest stable rate", smoke: 20, full: 300),
        ],
        Seeds = 5,
        Task = context => CircleWaves.Scattered(context.Key, context.Settings.Whole("points") + Tests, Degree),
        Arms =
        [
            new("tangent", "Networks divided by the root of their width, layer by layer: those of the paper.", ArmRole.Method, (circle, run) => Widen(circle, run, _ => 1)),
            new("mean field", "The same with outputs divided by the root of the width once more.", ArmRole.Baseline, (circle, run) => Widen(circle, run, width => 1 / Math.Sqrt(width))),
        ],
        Metrics =
        [
            new(Gap, "root mean square over test points between trained networks and what the kernel in closed form foretells, over that of the target, in the widest networks"),
            new($"{Gap}, narrowest", "the same in the narrowest"), new($"slope, {Spread}", "power of the width with which the relative deviation between kernels of different draws goes"),
            new($"slope, {Drift}", "power of the width with which the relative change of the kernel in training goes"), new(Drift, "relative change of the kernel in training in the widest networks"),
            new("distance from the limit", "relative distance of the mean kernel of the widest networks from the closed form"),
            new("decay by eigenvalue", "correlation of the logarithms of an eigenvalue and of the part of the error along its vector that is left, in the widest networks", Better.Neither),
        ],
        Claims =
        [
            Claim.AtMost("tangent", $"slope, {Spread}", -0.4), Claim.AtMost("tangent", $"slope, {Drift}", -0.4),
            Claim.Ratio($"{Gap} of tangent falls to less than a third from the narrowest to the widest networks", seed => seed["tangent", $"{Gap}, narrowest"] / seed["tangent", Gap], 3),
            Claim.AtMost("tangent", "distance from the limit", 0.05).From("theorem 1").AsSide(), Claim.AtMost("tangent", "decay by eigenvalue", -0.8).From("section 5").AsSide(),
            Claim.Below("tangent", "mean field", Drift, factor: 3).From("ours").AsSide(),
        ],
        Why = "The gap falls as about the third root of the width, slower than deviations of kernels, which fall as its root: 3.2 times from 32 to 1,024 neurons, too near to three for five seeds to tell.",
        Earlier =
        [
            new("2026-11-29", Verdict.Inconclusive, "Three seeds of four networks a width, of 64 to 2,048 neurons, did not place the gap between networks and kernel: it fell 2.8 times, in an interval from 0.8 to 9.8. Narrow networks are now as many as time allows, seeds are five, and widths half as large."),
        ],
    };

    private static void Widen(CircleWaves circle, ArmRun run, Func<int, double> scaling)
    {
        var (count, points, steps, doublings) = (run.Settings.Whole("networks"), run.Settings.Whole("points"), run.Settings.Whole("steps"), run.Settings.Whole("doublings"));
        var (known, targets) = (circle.Points[..points].Evaluate(), circle.Targets[..points].Evaluate());
        var kernel = ((HiddenLayers + 1) * limit(circle.Points.AsType(ElementType.Float64), known.AsType(ElementType.Float64))).Evaluate();
        var foretold = new KernelDescent(kernel);
        var rate = points / foretold.Eigenvalues[^1].Item();
        var (widths, spreads, drifts, gaps) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var doubling = 0; doubling <= doublings; doubling++)
        {
            run.Progress(doubling, doublings);
            var (width, networks) = (32 << doubling, Math.Min(32, count << (doublings - doubling)));
            var scale = scaling(width);
            var models = Compile.Of((Key keys) => Vmap.Of(key => TangentLinear.Relu(key, [2, width, width, 1], BiasGain), keys))(run.Key.Fold(width).SplitBatch(networks));
            var (before, first) = descent.Look(models, known, circle.Points, scale);
            var (_, after, last) = descent.Train(models, known, targets, circle.Points, rate / Math.Pow(scale, 2), steps, scale);
            (first, last) = (first.AsType(ElementType.Float64), last.AsType(ElementType.Float64));
            Tensor Errors(Tensor answers) => targets.AsType(ElementType.Float64) - answers[.., ..points];
            var mean = before.Mean(0);
            widths.Add(width);
            spreads.Add(Size(before - mean) / Size(mean));
            drifts.Add(Size(after - before) / Size(before));
            gaps.Add(Size((first + foretold.Learned(Errors(first), rate, steps) - last)[.., points..]) / Size(circle.Targets[points..]));
            run.Point(Spread, width, spreads[^1]);
            run.Point(Drift, width, drifts[^1]);
            run.Point(Gap, width, gaps[^1]);
            if (doubling < doublings) continue;
            var shares = Tensor.Abs(Errors(last).Dot(foretold.Eigenvectors)).Mean(0) / Tensor.Abs(Errors(first).Dot(foretold.Eigenvectors)).Mean(0);
            run.Measure("decay by eigenvalue", Trend.Correlation(Tensor.Log(foretold.Eigenvalues).ToDoubles(), Tensor.Log(shares).ToDoubles()));
            run.Measure("distance from the limit", Size(mean / (float)scale / (float)scale - kernel[..points].AsType(ElementType.Float32)) / Size(kernel[..points]));
            run.Count(width * (width + 5) + 1, steps, 0);
        }
        run.Measure(Gap, gaps[^1]);
        run.Measure($"{Gap}, narrowest", gaps[0]);
        run.Measure(Drift, drifts[^1]);
        run.Measure($"slope, {Spread}", Trend.Power(widths, spreads));
        run.Measure($"slope, {Drift}", Trend.Power(widths, drifts));
    }

    private static double Size(Tensor x) => Tensor.Sqrt(Tensor.Square(x).Mean()).Item();
}
