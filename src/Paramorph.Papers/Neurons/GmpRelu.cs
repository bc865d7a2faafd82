using Paramorph.Data;
using Paramorph.Dynamics;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Neurons;

/// <summary>How far the boundaries of ReLU neurons jump in training, by what their weights are given, and what that does to errors over learning rates.</summary>
[Paper("gmp-relu")]
public static class GmpRelu
{
    private const int Examples = 512, Tests = 2000, Batch = 64;

    private const string Jump = "jump", Best = "best error", Stable = "largest stable rate";

    /// <summary>Learning rates, with that in the middle at which jumps are measured.</summary>
    private static readonly double[] rates = [.. Enumerable.Range(-6, 8).Select(i => Math.Pow(10, i / 2.0))];

    private const double Reference = 1e-2;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Points>
    {
        Id = "gmp-relu",
        Question = "Do the boundaries of ReLU neurons turn less from step to step when weights are given by angles and lengths, and does that make training stable at higher rates and errors lower?",
        Original = "Networks on one- and two-dimensional data, tables of UCI, and ResNets and VGGs on images: boundaries under standard weights, weight and batch normalisation jump at high rates and under noise of batches, those of the geometric parametrisation move smoothly; convergence is faster and generalisation better.",
        Difference = "One hidden layer of 64 neurons on a function of two coordinates, batches of 64 of 512 points, Adam; 16 networks at each of eight rates as one program. Jumps are measured at the rate 0.01 for all.",
        Budget = "neurons, batches, steps and rates; standard weights have as many parameters, normalised ones 64 more",
        Settings =
        [
            Setting.Whole("steps", "steps of Adam", smoke: 30, full: 800), Setting.Whole("networks", "networks at each rate", smoke: 2, full: 16),
            Setting.Whole("width", "hidden neurons", smoke: 16, full: 64),
        ],
        Seeds = 8,
        Task = context => new(FoldedWave.Of(context.Key.Fold(0), Examples), FoldedWave.Of(context.Key.Fold(1), Tests)),
        Arms =
        [
            new("geometric", "Angles, distances and lengths.", ArmRole.Method, (points, run) => Learn(points, run, (key, width) => [GeometricLinear.Create(key, 2, width)], layer => ((GeometricLinear)layer).Directions())),
            new("standard", "Weights and biases.", ArmRole.Baseline, (points, run) => Learn(points, run, (key, width) => [Hidden(key, width), new Elementwise(Activation.Relu)], layer => NormedLinear.Directions(((Linear)layer).Weight))),
            new("weight norm", "Directions and lengths, normalised.", ArmRole.Baseline, (points, run) => Learn(
                points, run, (key, width) => [NormedLinear.Of(Hidden(key, width)), new Elementwise(Activation.Relu)], layer => NormedLinear.Directions(((NormedLinear)layer).Vector))),
            new("batch norm", "Weights whose sums are normalised over the batch.", ArmRole.Baseline, (points, run) => Learn(
                points, run, (key, width) => [StandardisedLinear.Of(Hidden(key, width)), new Elementwise(Activation.Relu)], layer => NormedLinear.Directions(((StandardisedLinear)layer).Weight))),
        ],
        Metrics =
        [
            new(Jump, "angle by which a boundary turns in a step at the rate 0.01, the root mean square over neurons, networks and steps, in degrees"),
            new(Best, "root mean squared error on test points over the deviation of the target, the median of networks at the best rate"),
            new(Stable, "largest rate at which no network ends with more than half of the variance", Better.Higher),
        ],
        Claims =
        [
            Claim.Below("geometric", "standard", Jump), Claim.Below("geometric", "weight norm", Jump), Claim.NoHigherTimes("geometric", "standard", Best, factor: 1.05),
            Claim.That("the largest stable rate of geometric is no lower than that of standard and of weight norm", seed => Math.Log10(seed["geometric", Stable] / Math.Max(seed["standard", Stable], seed["weight norm", Stable])), -1e-9, "powers of ten"),
            Claim.Below("geometric", "batch norm", Jump).AsSide(), Claim.NoHigherTimes("geometric", "weight norm", Best, factor: 1.05).AsSide(),
            Claim.NoHigherTimes("geometric", "batch norm", Best, factor: 1.05).AsSide(),
        ],
        Why = "Boundaries turn about half as far in a step, since Adam moves an angle by its rate whatever the length of the weights, and errors are no higher. Stable rates are the same under four seeds and lower than the better of the others under four: readout and lengths move as before, and normalised weights, which grow at high rates, slow their own directions down.",
        Earlier =
        [
            new("2026-11-29", Verdict.Inconclusive, "Three seeds, 1 to 3, left open whether errors and stable rates are as good: errors were 1.1 times lower, in an interval from 0.7 to 1.7. Eight others, from 11 on, decide now."),
        ],
    };

    private static Linear Hidden(Key key, int width) => Linear.Create(key, 2, width, weight: Initialiser.HeNormal);

    private static void Learn(Points points, ArmRun run, Func<Key, int, ILayer[]> hidden, Func<ILayer, Tensor> directions)
    {
        var (steps, networks, width) = (run.Settings.Whole("steps"), run.Settings.Whole("networks"), run.Settings.Whole("width"));
        var start = Compile.Of((Key keys) => Vmap.Of(key => new Sequential([.. hidden(key.Fold(0), width), Linear.Create(key.Fold(1), width, 1)]), keys))(run.Key.SplitBatch(networks * rates.Length));
        var each = Tensor.From([.. rates.SelectMany(rate => Enumerable.Repeat(rate, networks))], [networks * rates.Length]);
        var trainer = new PopulationTrainer<Sequential>(new Adam(1), (network, _, step) =>
        {
            var rows = Sample.Integers(run.Key.Fold(2).Fold(step), [Batch], 0, Examples);
            return Tensor.Square(network.Call(points.Train.Points.Take(rows)).Squeeze(1) - points.Train.Targets.Take(rows)).Mean();
        });
        var look = Compile.Of((Sequential all) => Vmap.Of(network => directions(network.Layers[0]), all));
        var (from, reference) = (look(start), rates.Index().MinBy(rate => Math.Abs(Math.Log(rate.Item / Reference))).Index * networks);
        var (squares, variance) = (0.0, points.Test.Targets.Variance().Item());
        var end = trainer.Train(start, each, run.Key, steps, parts: steps, (step, all) =>
        {
            var to = look(all);
            var square = Tensor.Square(BoundaryTurns.Degrees(from[reference..(reference + networks)], to[reference..(reference + networks)])).Mean().Item();
            squares += square / steps;
            if (step % Math.Max(1, steps / 100) == 0) run.Point("root mean square of turns, in degrees", step, Math.Sqrt(square));
            from = to;
        });
        var errors = Compile.Of((Sequential all) => Vmap.Of(network => Tensor.Square(network.Call(points.Test.Points).Squeeze(1) - points.Test.Targets).Mean(), all))(end).ToDoubles().Chunk(networks)
            .Select(at => at.Select(error => double.IsFinite(error) ? error / variance : double.PositiveInfinity).Order().ToArray()).ToArray();
        for (var i = 0; i < rates.Length; i++) run.Point("log10 median error by log10 rate", Math.Log10(rates[i]), 0.5 * Math.Log10(Math.Min(1e6, errors[i][networks / 2])));
        run.Measure(Jump, Math.Sqrt(squares));
        run.Measure(Best, Math.Sqrt(errors.Min(at => at[networks / 2])));
        run.Measure(Stable, rates.Where((_, i) => errors[i][^1] < 0.5).DefaultIfEmpty(rates[0] / 10).Max());
        run.Count(ParameterCount.Of(start) / (networks * rates.Length), steps, 0);
    }

    /// <summary>What is learned from, and what judges.</summary>
    private sealed record Points(FoldedWave Train, FoldedWave Test);
}
