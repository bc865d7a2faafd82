using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Problems;

namespace Paramorph.Papers.Bayes;

/// <summary>Examples in f64, and a perceptron that was trained on them to the maximum of its posterior.</summary>
/// <param name="Name">cubic, waves, table or moons.</param>
/// <param name="Train">Examples to learn from.</param>
/// <param name="Validation">Examples like them by which settings are chosen.</param>
/// <param name="Test">Examples that judge.</param>
/// <param name="Noise">The standard deviation of the noise of numbers.</param>
internal sealed record PosteriorTask(string Name, Examples Train, Examples Validation, Examples Test, double Noise)
{
    /// <summary>Metrics; the first has one for each task beside it.</summary>
    public const string All = "NLPD", InHole = "NLPD in the hole", Work = "operations";

    private const int Width = 32;

    private static readonly Func<ILayer, Tensor, Tensor> call = Compile.Of((ILayer network, Tensor x) => network.Call(x));

    /// <summary>The names of the tasks.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cubic", "waves", "table", "moons"];

    /// <summary>The metrics that <see cref="Report"/> measures.</summary>
    public static IReadOnlyList<Experiments.Metric> Metrics { get; } =
    [
        new(All, "minus the mean logarithm of the predictive density or probability of test examples, the hole included; mean over the tasks"), .. Names.Select(name => new Experiments.Metric($"{All}, {name}", $"that of {name}")),
        new(InHole, "that of examples in the hole, mean over the regressions"), new(Work, "operations by which the new examples of all regressions are learned, counted"),
    ];

    /// <summary>Examples of the hole of a regression that come later; none of classes.</summary>
    public Examples? New { get; init; }

    /// <summary>Others of the hole that judge.</summary>
    public Examples? Hole { get; init; }

    /// <summary>The trained network.</summary>
    public ILayer Network { get; init; } = new Sequential([]);

    /// <summary>The variance of the prior of its weights.</summary>
    public double Variance { get; init; }

    /// <summary>What its training took: operations of double precision.</summary>
    public double Operations { get; init; }

    private bool AreClasses => Train.Targets.ElementType == ElementType.Int32;

    /// <summary>Three regressions with a hole and two half moons, with a network for each.</summary>
    /// <param name="context">With the settings rows, judges and steps.</param>
    /// <param name="variances">Those of the prior of weights, of which the best by validation examples is taken.</param>
    public static PosteriorTask[] Of(TaskContext context, params double[] variances)
    {
        var (key, rows, judges, steps) = (context.Key, context.Settings.Whole("rows"), context.Settings.Whole("judges"), context.Settings.Whole("steps"));
        var later = Math.Min(judges / 2, rows / 3);
        static Examples Numbers(RegressionData data) => new(data.Inputs, data.Targets);
        PosteriorTask OfGap(GapTask gap) => new(gap.Name, Numbers(gap.Train), Numbers(gap.Validation), Numbers(gap.Test), gap.Noise) { New = Some(Numbers(gap.Hole), ..later), Hole = Some(Numbers(gap.Hole), later..) };
        Examples Moons(int part, int count) => PlanarClasses.Moons(key.Fold(part), count, noise: 0.2) is var moons ? new(moons.Inputs.AsType(ElementType.Float64).Evaluate(), moons.Labels) : null!;
        PosteriorTask[] tasks =
        [
            OfGap(GapTask.Cubic(key.Fold(0), rows, judges)), OfGap(GapTask.Waves(key.Fold(1), rows, judges)), OfGap(GapTask.Table(key.Fold(2), rows, judges)),
            new("moons", Moons(3, rows), Moons(4, rows), Moons(5, judges), 0),
        ];
        return [.. tasks.Select((task, i) => variances.Select(variance => task.Trained(key.Fold(10 + i), variance, steps)).MinBy(own => own.Loss(own.Answer(own.Validation.Inputs), own.Validation))!)];
    }

    /// <summary>The same with a network that is trained from new weights.</summary>
    /// <param name="key">Draws the weights.</param>
    /// <param name="variance">The variance of the prior of a weight.</param>
    /// <param name="steps">Iterations of L-BFGS.</param>
    public PosteriorTask Trained(Key key, double variance, int steps)
    {
        var start = Mlp.Create(key, [Train.Inputs.Shape[1], Width, Width, AreClasses ? 2 : 1], Activation.Tanh, type: ElementType.Float64);
        Tensor Negative(Mlp network) => (Losses(network.Call(Train.Inputs)) + Tree.Leaves(network).Select(leaf => Tensor.Square(leaf).Sum()).Aggregate((a, b) => a + b) / (2 * variance)) / Train.Count;
        var minimum = new Lbfgs(Stop: new(steps)).Minimise(start, Negative);
        var cost = Computation.Of(network => ValueAndGradient.Of(network, Negative).Gradient, start).Cost.Flops;
        return this with { Network = minimum.Model, Variance = variance, Operations = (double)cost * minimum.Evaluations };
    }

    /// <summary>The outputs of the network, sure of themselves.</summary>
    public IndependentNormal Answer(Tensor x) => call(Network, x) is var outputs ? new(outputs, Tensor.ZerosLike(outputs)) : null!;

    /// <summary>What the likelihood says of examples at the outputs of the network.</summary>
    public DualParameters Duals(Examples some) => call(Network, some.Inputs) is var outputs && AreClasses
        ? DualParameters.Classes(outputs, some.Targets) : DualParameters.Normal(outputs, some.Targets, Tensor.Scalar(Noise * Noise));

    /// <summary>Minus the mean logarithm of the predictive density or probability; infinite where it is no number.</summary>
    /// <param name="outputs">Outputs without noise, or logits.</param>
    /// <param name="some">The examples.</param>
    public double Loss(IndependentNormal outputs, Examples some)
    {
        var loss = AreClasses
            ? Training.Loss.CrossEntropy(FunctionSpaceClassifier.LogProbabilities(outputs), some.Targets).Item()
            : GapTask.Judged(new(some.Inputs, some.Targets), outputs.Mean.T, (Tensor.Square(outputs.Deviation) + Noise * Noise).T).Loss;
        return double.IsFinite(loss) ? loss : double.PositiveInfinity;
    }

    /// <summary>The best variance of the prior for what is made of the network behind training, by validation examples.</summary>
    /// <param name="scales">The candidates, in units of the variance of training.</param>
    /// <param name="posterior">What is made of the network with a variance.</param>
    public double Chosen(IEnumerable<double> scales, Func<PosteriorTask, double, Func<Tensor, IndependentNormal>> posterior) =>
        scales.Select(scale => scale * Variance).MinBy(variance => Loss(posterior(this, variance)(Validation.Inputs), Validation));

    /// <summary>Measures posteriors of all tasks.</summary>
    /// <param name="run">The run that is told.</param>
    /// <param name="posteriors">The tasks with what answers.</param>
    /// <param name="operations">What learning new examples took.</param>
    public static void Report(ArmRun run, IEnumerable<(PosteriorTask Task, Func<Tensor, IndependentNormal> Answer)> posteriors, double operations)
    {
        var (all, hole) = (new List<double>(), new List<double>());
        foreach (var (task, answer) in posteriors)
        {
            run.Progress(all.Count, Names.Count);
            all.Add(task.Loss(answer(task.Test.Inputs), task.Test));
            run.Measure($"{All}, {task.Name}", all[^1]);
            if (task.Hole is { } unseen) hole.Add(task.Loss(answer(unseen.Inputs), unseen));
        }
        run.Measure(All, all.Average());
        run.Measure(InHole, hole.Average());
        run.Measure(Work, operations);
    }

    /// <summary>Some of the examples.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="rows">Which.</param>
    public static Examples Some(Examples data, Range rows) => new(data.Inputs[rows].Evaluate(), data.Targets[rows].Evaluate());

    /// <summary>Examples that are drawn from others.</summary>
    public static Examples Drawn(Examples data, Key key, int count) => Tensor.From<int>([.. new KeyRandom(key).Permutation(data.Count).Take(count).Order()]) is var rows
        ? new(data.Inputs.Take(rows).Evaluate(), data.Targets.Take(rows).Evaluate()) : null!;

    /// <summary>The examples of both.</summary>
    public static Examples Both(Examples first, Examples second) =>
        new(Tensor.Concatenate([first.Inputs, second.Inputs], 0).Evaluate(), Tensor.Concatenate([first.Targets, second.Targets], 0).Evaluate());

    /// <summary>Minus the sum of logarithms of densities of the training targets, but for a number that does not depend on the outputs.</summary>
    private Tensor Losses(Tensor outputs) => AreClasses
        ? Training.Loss.CrossEntropy(outputs, Train.Targets) * (double)Train.Count
        : Tensor.Square(outputs - Train.Targets).Sum() / (2 * Noise * Noise);
}
