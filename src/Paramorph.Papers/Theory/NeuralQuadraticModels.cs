using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>Gradient descent at rates below and above the critical one, for a wide network, its linear and its quadratic model.</summary>
[Paper("neural-quadratic-models")]
public static class NeuralQuadraticModels
{
    private const int Dimensions = 5, Tests = 500;

    private const string Converged = "converged above", Peak = "peak above", PeakBelow = "peak below", Kernel = "kernel above", KernelBelow = "kernel below", Best = "best error above", BestBelow = "best error below";

    /// <summary>Learning rates in units of the critical one.</summary>
    private static readonly double[] rates = [0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Points>
    {
        Id = "neural-quadratic-models",
        Question = "Does the second-order Taylor polynomial of a wide network do what the network does, and its linear model cannot, at learning rates above the critical one: spike, flatten its tangent kernel, and converge?",
        Original = "Two-layer ReLU networks and networks of FashionMNIST, SVHN, CIFAR and text, on squared and other losses: quadratic models catapult between the critical rate and about twice that, as networks do, their test loss over the rate runs beside that of networks, and the best one is above the critical rate.",
        Difference = "Two-layer ReLU networks of 1,024 neurons on 40 points of the product of two of five coordinates, with full gradient descent in double precision at four rates below and four above the critical one, all as one program.",
        Budget = "data, first weights, steps, and learning rates in units of the critical one, which is that of the first tangent kernel",
        Seeds = 5,
        Settings =
        [
            Setting.Whole("width", "hidden neurons", smoke: 64, full: 1024), Setting.Whole("points", "points to train on", smoke: 12, full: 40, minimum: 2),
            Setting.Whole("steps", "steps of gradient descent", smoke: 60, full: 1500, minimum: 2),
        ],
        Task = context => new(
            RegressionFunctions.NormalProduct(context.Key.Fold(0), context.Settings.Whole("points"), Dimensions), RegressionFunctions.NormalProduct(context.Key.Fold(1), Tests, Dimensions)),
        Arms =
        [
            new("quadratic", "The Taylor polynomial of second order in the parameters, around the first ones.", ArmRole.Method, (points, run) =>
                Descend(points, run, (start, step, x) => (TaylorModel.Of(start, Call, 2) with { Step = step }).Call(x))),
            new("linear", "That of first order, which is the tangent kernel's.", ArmRole.Ablation, (points, run) =>
                Descend(points, run, (start, step, x) => (TaylorModel.Of(start, Call, 1) with { Step = step }).Call(x))),
            new("network", "The network itself.", ArmRole.Baseline, (points, run) => Descend(points, run, (start, step, x) => Call(Tree.Zip(start, step, (leaf, change) => leaf + change), x))),
        ],
        Metrics =
        [
            new(Converged, "share of the rates above the critical one at which the loss ends below a tenth of the first", Better.Higher),
            new(Peak, "largest loss over the first, the geometric mean over the rates above the critical one at which it converges", Better.Neither),
            new(PeakBelow, "the same over the rates below", Better.Neither),
            new(Kernel, "largest eigenvalue of the tangent kernel at the end over that at the start, the geometric mean over the rates above at which it converges", Better.Neither),
            new(KernelBelow, "the same over the rates below", Better.Neither),
            new(Best, "least mean squared error on test points over the rates above at which it converges, over the variance of the target"), new(BestBelow, "the same over the rates below"),
        ],
        Claims =
        [
            Claim.AtLeast("quadratic", Converged, 1), Claim.AtLeast("network", Converged, 1), Claim.AtMost("linear", Converged, 0),
            Claim.Ratio("the tangent kernel of quadratic falls by more than a tenth at rates above the critical one", seed => 1 / seed["quadratic", Kernel], 1 / 0.9),
            Claim.That(
                "test errors of quadratic and network go together over the rates: the correlation of their logarithms is above 0.8",
                seed => Trend.Correlation([.. rates.Select(rate => seed["quadratic", LogError(rate)])], [.. rates.Select(rate => seed["network", LogError(rate)])]), 0.8, "correlation"),
            Claim.Ratio("quadratic spikes at rates above the critical one, to more than twice the first loss", seed => seed["quadratic", Peak], 2).AsSide(),
            Claim.AtMost("quadratic", PeakBelow, 1.001).AsSide(),
            Claim.Ratio("the best test error of quadratic is at a rate above the critical one", seed => seed["quadratic", BestBelow] / seed["quadratic", Best]).From("figure 5").AsSide(),
            Claim.Ratio("the best test error of network is at a rate above the critical one", seed => seed["network", BestBelow] / seed["network", Best]).From("figure 5").AsSide(),
        ],
        Why = "In loss and in kernel the quadratic model does at every rate what the network does. Up to 1.3 times the critical rate their test errors lie within some percent of one another, so the draw of points and weights decides how they are ordered; at 1.7 times it the quadratic model is up to three times worse than at its best, and the network is not, which turns the order round under one seed of five.",
    };

    private static string LogError(double rate) => FormattableString.Invariant($"log10 test error at {rate} times the critical rate");

    private static Tensor Call(Sequential network, Tensor x) => network.Call(x).Squeeze(1);

    /// <summary>Gradient descent on the mean of half the squared errors, at all rates at once, from no step on.</summary>
    private static void Descend(Points points, ArmRun run, Func<Sequential, Sequential, Tensor, Tensor> answer)
    {
        var steps = run.Settings.Whole("steps");
        var start = Initialise.Of(run.Key, key => TangentLinear.Relu(key, [Dimensions, run.Settings.Whole("width"), 1], biasGain: 0, type: ElementType.Float64));
        var sweep = RateSweep.Of(Tree.Map(start, Tensor.ZerosLike), (step, x) => answer(start, step, x), points.Train, points.Test, rates, steps);
        var variance = Tensor.Square(points.Test.Targets).Mean().Item();
        for (var i = 0; i < rates.Length; i++)
        {
            for (var step = 0; step < steps; step += Math.Max(1, steps / 100)) run.Point(FormattableString.Invariant($"log10 loss at {rates[i]} times the critical rate"), step, Math.Log10(sweep.Losses[i][step]));
            // Numbers that overflowed are no errors; whatever failed counts as the error of the answer zero.
            var error = Math.Log10(sweep.IsConverged(i) ? sweep.Errors[i] / variance : 1);
            run.Measure(LogError(rates[i]), error);
            run.Point("log10 test error by rate", rates[i], error);
        }
        double Mean(IEnumerable<double> values) => Math.Exp(values.Select(value => Math.Log(value)).DefaultIfEmpty(double.NaN).Average());
        int[] below = [.. sweep.Below], above = [.. sweep.Above.Where(sweep.IsConverged)];
        run.Measure(Converged, (double)above.Length / sweep.Above.Count());
        run.Measure(Peak, Mean(above.Select(sweep.Peak)));
        run.Measure(PeakBelow, Mean(below.Select(sweep.Peak)));
        run.Measure(Kernel, Mean(above.Select(i => sweep.Kernels[i])));
        run.Measure(KernelBelow, Mean(below.Select(i => sweep.Kernels[i])));
        run.Measure(Best, above.Select(i => sweep.Errors[i] / variance).DefaultIfEmpty(double.NaN).Min());
        run.Measure(BestBelow, below.Min(i => sweep.Errors[i] / variance));
        run.Count(ParameterCount.Of(start), steps, 0);
    }

    /// <summary>Normal inputs with the product of their first two coordinates.</summary>
    private sealed record Points(RegressionData Train, RegressionData Test);
}
