using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Neurons;
using Paramorph.Physics;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Cauchy activations in networks that solve equations and learn rough functions, against tanh and ReLU.</summary>
[Paper("cauchy-xnet")]
public static class CauchyXnet
{
    private const string Helmholtz = "relative L2 on helmholtz", Burgers = "relative L2 on burgers", Step = "RMSE on step", Waves = "RMSE on waves";

    private static readonly Lazy<Problem> helmholtz = new(() => Equations.Helmholtz()), burgers = new(() => Equations.Burgers());

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Curves>
    {
        Id = "cauchy-xnet",
        Question = "Does an activation with a peak whose place, height and width are learned make networks that solve equations and learn rough functions more accurate?",
        Original = "MNIST and CIFAR-10 with the activation in the last layers, the heat equation and Poisson equations in up to 100 dimensions, against tanh, sigmoid and ReLU networks on a GPU: errors of equations ten to a hundred times smaller, accuracies of images some tenths of a percent higher.",
        Difference = "Helmholtz' equation with four waves by one and Burgers' equation with its shock, and a step and a sum of waves in one dimension; no images, no high dimensions. Networks of one shape; each neuron learns three numbers more. Training of equations has a counted budget, that of curves a number of iterations.",
        Budget = "counted seconds of an equation, iterations of a curve, shape of the networks",
        Seeds = 3,
        Settings =
        [
            Setting.Number("seconds", "counted seconds of an equation", smoke: 0.05, full: 5, minimum: 0.01), Setting.Whole("iterations", "iterations of L-BFGS on a curve", smoke: 5, full: 500),
            Setting.Whole("width", "neurons of the one hidden layer for a curve", smoke: 8, full: 40),
        ],
        Task = context => new(Curve(context.Key.Fold(0), Jump), Curve(context.Key.Fold(1), Sum), Curve(context.Key.Fold(2), Jump), Curve(context.Key.Fold(3), Sum)),
        Arms =
        [
            new("cauchy", "Cauchy activations with three learned numbers for each neuron.", ArmRole.Method, (curves, run) => Learn(curves, run, (key, sizes) => XNet.Create(key, sizes, ElementType.Float64), solves: true)),
            new("tanh", "Hyperbolic tangents.", ArmRole.Baseline, (curves, run) => Learn(curves, run, (key, sizes) => Perceptron(key, sizes, "tanh", Initialiser.GlorotUniform), solves: true)),
            new("relu", "ReLU, on curves alone: its second derivatives are zero.", ArmRole.Baseline, (curves, run) => Learn(curves, run, (key, sizes) => Perceptron(key, sizes, "relu", Initialiser.HeNormal), solves: false)),
        ],
        Metrics =
        [
            new(Helmholtz, "|u - exact| / |exact| at points of the reference"), new(Burgers, "|u - reference| / |reference| at points of the reference"),
            new(Step, "root mean squared error of a step at other points"), new(Waves, "root mean squared error of a sum of ten waves at other points"),
        ],
        Claims =
        [
            Claim.Below("cauchy", "tanh", Helmholtz), Claim.Below("cauchy", "tanh", Step), Claim.Below("cauchy", "relu", Step), Claim.Below("cauchy", "tanh", Waves), Claim.Below("cauchy", "relu", Waves),
            Claim.Below("cauchy", "tanh", Burgers).From("ours").AsSide(),
        ],
        Why = "A learned peak gains nothing that three seeds show over tanh of the same width, trained by the same quasi-Newton method; on the waves rectifiers are better under each seed.",
    };

    /// <summary>A perceptron whose neurons look at different places at first, as those of an XNet do.</summary>
    private static Sequential Perceptron(Key key, Sequence<int> sizes, string activation, Initialiser weight) => new(
    [
        .. Enumerable.Range(0, sizes.Count - 2).SelectMany(i => (ILayer[])
        [
            Linear.Create(key.Fold(i), sizes[i], sizes[i + 1], weight: weight, bias: Initialiser.Uniform(-1, 1), type: ElementType.Float64), ActivationLayer.Create(ActivationFunction.Of(activation)),
        ]),
        Linear.Create(key.Fold(sizes.Count - 2), sizes[^2], sizes[^1], type: ElementType.Float64),
    ]);

    private static double Jump(double x) => x < 0 ? -1 : 1;

    private static double Sum(double x) => Enumerable.Range(1, 10).Sum(k => Math.Sin(Math.PI * k * x) / k);

    private static RegressionData Curve(Key key, Func<double, double> value) => RegressionFunctions.Drawn(key, 400, [(-1, 1)], x => value(x[0]));

    private static void Learn(Curves curves, ArmRun run, Func<Key, Sequence<int>, ILayer> create, bool solves)
    {
        foreach (var (name, data, test) in new[] { (Step, curves.Step, curves.StepTest), (Waves, curves.Waves, curves.WavesTest) })
        {
            var network = run.Minimise(create(run.Key, [1, run.Settings.Whole("width"), 1]), model => Loss.MeanSquared(model.Call(data.Inputs), data.Targets), run.Settings.Whole("iterations"), name);
            run.Measure(name, Math.Sqrt(Loss.MeanSquared(network.Call(test.Inputs), test.Targets).Item()));
        }
        var method = ((EquationMethod)PhysicsInformedNetworks.Usual) with
        {
            Create = (key, signature, choice) => create(key, [signature.Inputs, .. Enumerable.Repeat(choice.Whole("width"), choice.Whole("depth")), signature.Outputs]),
        };
        foreach (var (name, problem) in new[] { (Helmholtz, helmholtz.Value), (Burgers, burgers.Value) })
        {
            if (!solves)
            {
                run.Measure(name, double.NaN);
                continue;
            }
            var result = Fit.Run(problem, new() { Methods = [method], Budget = Budget.OfPlannedSeconds(run.Settings.Number("seconds")), Seed = run.Job.Seed, Threads = 1 }, cancellation: run.Cancellation);
            run.Count(result.Parameters, 1, result.Flops);
            run.Measure(name, result.Metrics.Test[DifferentialEquation.ReferenceMetric.Name]);
        }
    }

    private sealed record Curves(RegressionData Step, RegressionData Waves, RegressionData StepTest, RegressionData WavesTest);
}
