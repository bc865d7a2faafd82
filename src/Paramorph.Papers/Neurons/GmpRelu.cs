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
public static partial class GmpRelu
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
        Task = context => Points.Of(context.Key),
        Arms =
        [
            new("geometric", "Angles, distances and lengths.", ArmRole.Method, (points, run) => Learn(points, run, (key, width) => [GeometricLinear.Create(key, 2, width)], layer => ((GeometricLinear)layer).Directions())),
            new("standard", "Weights and biases.", ArmRole.Baseline, (points, run) => Learn(points, run, (key, width) => [Hidden(key, width), new Elementwise(Activation.Relu)], layer => Direction(((Linear)layer).Weight))),
            new("weight norm", "Directions and lengths, normalised.", ArmRole.Baseline, (points, run) => Learn(
                points, run, (key, width) => [NormedLinear.Of(Hidden(key, width)), new Elementwise(Activation.Relu)], layer => Direction(((NormedLinear)layer).Vector))),
            new("batch norm", "Weights whose sums are normalised over the batch.", ArmRole.Baseline, (points, run) => Learn(
                points, run, (key, width) => [StandardisedLinear.Of(Hidden(key, width)), new Elementwise(Activation.Relu)], layer => Direction(((StandardisedLinear)layer).Weight))),
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
        Why = "Boundaries turn about half as far in a step, since Adam moves an angle by its rate whatever the length of the weights, and errors are no higher. Stable rates are not higher, too: readout and lengths move as before, and normalised weights, which grow at high rates, slow their own directions down.",
        Earlier =
        [
            new("2026-11-29", Verdict.Inconclusive, "Three seeds, 1 to 3, left open whether errors and stable rates are as good: errors were 1.1 times lower, in an interval from 0.7 to 1.7. Eight others, from 11 on, decide now."),
        ],
    };

    private static Linear Hidden(Key key, int width) => Linear.Create(key, 2, width, weight: Initialiser.HeNormal);

    private static Tensor Direction(Tensor weight) => weight / Tensor.Sqrt(Tensor.Square(weight).Sum(0));

    private static void Learn(Points points, ArmRun run, Func<Key, int, ILayer[]> hidden, Func<ILayer, Tensor> directions)
    {
        var (steps, networks, width) = (run.Settings.Whole("steps"), run.Settings.Whole("networks"), run.Settings.Whole("width"));
        var start = Compile.Of((Key keys) => Vmap.Of(key => new Sequential([.. hidden(key.Fold(0), width), Linear.Create(key.Fold(1), width, 1)]), keys))(run.Key.SplitBatch(networks * rates.Length));
        var each = Tensor.From([.. rates.SelectMany(rate => Enumerable.Repeat(rate, networks))], [networks * rates.Length]);
        var trainer = new PopulationTrainer<Sequential>(new Adam(1), (network, _, step) =>
        {
            var rows = Sample.Integers(run.Key.Fold(2).Fold(step), [Batch], 0, Examples);
            return Tensor.Square(network.Call(points.Train.Item1.Take(rows)).Squeeze(1) - points.Train.Item2.Take(rows)).Mean();
        });
        var look = Compile.Of((Sequential all) => Vmap.Of(network => directions(network.Layers[0]), all));
        var (from, reference) = (look(start), rates.Index().MinBy(rate => Math.Abs(Math.Log(rate.Item / Reference))).Index * networks);
        var squares = 0.0;
        var end = trainer.Train(start, each, run.Key, steps, parts: steps, (step, all) =>
        {
            var to = look(all);
            // The angle between unit vectors by their distance, which is exact for small ones.
            var angles = 2.0 * Tensor.Asin(Tensor.Clamp(0.5 * Tensor.Sqrt(Tensor.Square((to - from)[reference..(reference + networks)]).Sum(1)), 0.0, 1.0)) * (180 / Math.PI);
            var square = Tensor.Square(angles).Mean().Item();
            squares += square / steps;
            if (step % Math.Max(1, steps / 100) == 0) run.Point("root mean square of turns, in degrees", step, Math.Sqrt(square));
            from = to;
        });
        var errors = Compile.Of((Sequential all) => Vmap.Of(network => Tensor.Square(network.Call(points.Test.Item1).Squeeze(1) - points.Test.Item2).Mean(), all))(end).ToDoubles().Chunk(networks)
            .Select(at => at.Select(error => double.IsFinite(error) ? error / points.Variance : double.PositiveInfinity).Order().ToArray()).ToArray();
        for (var i = 0; i < rates.Length; i++) run.Point("log10 median error by log10 rate", Math.Log10(rates[i]), 0.5 * Math.Log10(Math.Min(1e6, errors[i][networks / 2])));
        run.Measure(Jump, Math.Sqrt(squares));
        run.Measure(Best, Math.Sqrt(errors.Min(at => at[networks / 2])));
        run.Measure(Stable, rates.Where((_, i) => errors[i][^1] < 0.5).DefaultIfEmpty(rates[0] / 10).Max());
        run.Count(ParameterCount.Of(start) / (networks * rates.Length), steps, 0);
    }

    /// <summary>A function of two coordinates with a ridge, a kink and a wave.</summary>
    private sealed record Points(TreePair<Tensor, Tensor> Train, TreePair<Tensor, Tensor> Test, double Variance)
    {
        public static Points Of(Key key)
        {
            TreePair<Tensor, Tensor> Draw(Key key, int count)
            {
                var x = Sample.Uniform(key, [count, 2], -2, 2).Evaluate();
                var (a, b) = (x[.., 0], x[.., 1]);
                return new(x, (Tensor.Sin(2.0 * a) * Tensor.Cos(b) + Tensor.Abs(a + b) - 1.3).Evaluate());
            }
            var test = Draw(key.Fold(1), Tests);
            return new(Draw(key.Fold(0), Examples), test, test.Item2.Variance().Item());
        }
    }

    /// <summary>Weights as a length times a direction. (Salimans and Kingma, 2016.)</summary>
    [Tree]
    private sealed partial record NormedLinear(Tensor Vector, Tensor Length, Tensor Bias) : ILayer
    {
        public static NormedLinear Of(Linear linear) => new(linear.Weight, Tensor.Sqrt(Tensor.Square(linear.Weight).Sum(0)), linear.Bias!);

        public Tensor Call(Tensor x) => x.Dot(Direction(Vector)) * Length + Bias;
    }

    /// <summary>Sums in units of their deviation over the batch, with a learned length and shift. (Ioffe and Szegedy, 2015.)</summary>
    [Tree]
    private sealed partial record StandardisedLinear(Tensor Weight, Tensor Length, Tensor Shift) : ILayer
    {
        public static StandardisedLinear Of(Linear linear) => new(linear.Weight, Tensor.OnesLike(linear.Bias!), linear.Bias!);

        public Tensor Call(Tensor x)
        {
            var sums = x.Dot(Weight);
            return (sums - sums.Mean(0)) / Tensor.Sqrt(sums.Variance(0) + 1e-5) * Length + Shift;
        }
    }
}
