using System.Collections.Concurrent;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>The activations of a survey: whether deep networks of a family train, whether derivatives are right, and which names stand for one function.</summary>
[Paper("activations-400")]
public static class Activations400
{
    private const int Depth = 20;
    private const string Loss = "loss at depth 20", Deviation = "deviation of derivatives", Pairs = "pairs of one function", AtFirst = "pairs with first values", Functions = "functions";

    // One for each number of steps, so that networks of one activation are compiled once, whatever their rates.
    private static readonly ConcurrentDictionary<int, Trainer<Sequential, TreePair<Tensor, Tensor>>> trainers = new();

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<RegressionData>
    {
        Id = "activations-400",
        Question = "Of the activations of three decades, do deep networks of the rectifier family train where those of the sigmoid family do not, and are some of them one function under several names?",
        Original = "A survey of 400 activations with formulas, parameters and sources, from the sigmoids of the eighties on, made since unknown ones are found again and again; it trains nothing.",
        Difference = $"{ActivationFunction.All.Count} of them, functions of one neuron whose formulas could be confirmed, as formulas that are evaluated. Under each seed some members of a family are drawn and each is trained in a network of {Depth} hidden layers on a function of two variables, rates searched for the family; weights are drawn as is usual for the family (Glorot for sigmoids, He for rectifiers). Names count as one function where nothing of them is learned and their values agree with the first values of their parameters; those with learned parameters are counted beside.",
        Budget = "data, width, steps and candidates",
        Seeds = 6,
        TunedBy = Loss,
        Settings =
        [
            Setting.Whole("steps", "training steps of each network", smoke: 5, full: 500), Setting.Whole("members", "activations that are drawn of a family", smoke: 1, full: 5),
            Setting.Whole("width", "neurons of a hidden layer", smoke: 8, full: 24),
        ],
        Task = context => RegressionFunctions.Drawn(context.Key, 256, [(-1, 1), (-1, 1)], x => Math.Sin(3 * x[0]) * Math.Cos(2 * x[1])),
        Arms =
        [
            Family("rectifiers", ArmRole.Method, Initialiser.HeNormal),
            Family("sigmoids", ArmRole.Baseline, Initialiser.GlorotNormal),
            new("registry", "All functions, evaluated.", ArmRole.Method, (_, run) => Evaluate(run)),
        ],
        Metrics =
        [
            new(Loss, "mean squared error of the training data as a part of their variance, at most 1; the geometric mean over members"),
            new(Deviation, "largest difference of a derivative at drawn points to that of differences, as a part of 1 + its size"),
            new(Pairs, "pairs of names, with nothing learned, of which one function has both", Better.Neither),
            new(AtFirst, "such pairs among all, with the first values of learned parameters", Better.Neither), new(Functions, "names", Better.Neither),
        ],
        Claims =
        [
            Claim.Below("rectifiers", "sigmoids", Loss), Claim.AtMost("registry", Deviation, 1e-3).From("ours"), Claim.AtLeast("registry", Pairs, 10),
            Claim.AtLeast("registry", Functions, 300).From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-29", Verdict.Inconclusive, "The loss of rectifiers was 25 times lower on the mean of three seeds, whose draws of members differ so much that the interval reached from 0.1 to 6000 times. Twice as many seeds, all of them new, and one rate more are searched now; gates and exponentials, which no claim was about, are left out."),
        ],
    };

    private static Arm<RegressionData> Family(string name, ArmRole role, Initialiser weight) => new(name, $"Members of the {name}, drawn under each seed.", role, (data, run) =>
    {
        var members = ActivationFunction.All.Where(function => function.Family == name).ToArray();
        new KeyRandom(run.Key.Fold(1)).Shuffle(members.AsSpan());
        var losses = members.Take(run.Settings.Whole("members")).Select(function => Learn(data, run, function, weight)).ToArray();
        run.Measure(Loss, Math.Exp(losses.Average(Math.Log)));
        foreach (var metric in (string[])[Deviation, Pairs, AtFirst, Functions]) run.Measure(metric, double.NaN);
    })
    { Candidates = Choice.Of("rate", 1e-3, 3e-3, 1e-2) };

    private static double Learn(RegressionData data, ArmRun run, ActivationFunction function, Initialiser weight)
    {
        var (steps, width) = (run.Steps(), run.Settings.Whole("width"));
        var centred = data.Targets - data.Targets.Mean();
        var (x, y) = (data.Inputs.AsType(ElementType.Float32).Evaluate(), (centred / Tensor.Sqrt(Tensor.Square(centred).Mean())).AsType(ElementType.Float32).Evaluate());
        var trainer = trainers.GetOrAdd(steps, steps => new(
            new ClippedByNorm(new Adam(Schedule.OneCycle(1, steps, rising: 0.2)), 1), (model, batch, _) => Training.Loss.MeanSquared(model.Call(batch.Item1), batch.Item2)));
        var network = Mlp.Create(run.Key.Fold(2), [2, .. Enumerable.Repeat(width, Depth), 1], function, weight);
        var trained = run.Train(trainer, network, Batches.Whole(new TreePair<Tensor, Tensor>(x, y)), steps, run.Choice["rate"], function.Name);
        var loss = Training.Loss.MeanSquared(trained.Call(x), y).Item();
        return double.IsFinite(loss) ? Math.Clamp(loss, 1e-8, 1) : 1;
    }

    private static void Evaluate(ArmRun run)
    {
        const double Step = 1e-7;
        var x = Sample.Uniform(run.Key, [64], -4, 4, ElementType.Float64).Evaluate();
        double Deviate(ActivationFunction function)
        {
            var derivative = Gradient.Of(x, x => function.Call(x).Sum());
            var difference = (function.Call(x + Step) - function.Call(x - Step)) / (2 * Step);
            return (Tensor.Abs(difference - derivative) / (1.0 + Tensor.Abs(derivative))).Max().ToDoubles()[0];
        }
        static double Count(IEnumerable<ActivationFunction> functions) => ActivationFunction.Coinciding(functions).Sum(group => group.Count * (group.Count - 1) / 2);
        run.Measure(Loss, double.NaN);
        run.Measure(Deviation, ActivationFunction.All.Max(Deviate));
        run.Measure(Pairs, Count(ActivationFunction.All.Where(function => !function.IsLearned)));
        run.Measure(AtFirst, Count(ActivationFunction.All));
        run.Measure(Functions, ActivationFunction.All.Count);
        run.Count(0, 1, 0);
    }
}
