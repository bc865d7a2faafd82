using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>Networks of random layers with a readout that alone is fitted: what they approximate, how well, and what a trained network learns beyond it.</summary>
[Paper("multilayer-random-features")]
public static class MultilayerRandomFeatures
{
    private const string Share = "share of the bound", Order = "order by norm", Gain = "narrow over wide", Beyond = "error of degree 5", Decay = "decay";

    private const int Dimensions = 6, Highest = 5, Examples = 2000, Tests = 1000, Centres = 5;
    private static readonly int[] widths = [32, 128, 512];
    private static readonly WideNetwork shallow = new(DualActivation.Erf, 1) { InputVariance = 4 * Dimensions, WeightVariance = 4, BiasVariance = 1 };

    private static readonly Func<Tensor, Tensor, Tensor, Tensor> errors = Compile.Of((Tensor features, Tensor targets, Tensor tests) =>
        RelativeSquares(tests.Dot(RidgeRegression.Weights(features, targets[..Examples], 1e-8)), targets[Examples..]));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Functions>
    {
        Id = "multilayer-random-features",
        Question = "Do random layers with a fitted readout approximate functions of the Gaussian process kernel's space as their norm over the root of the width says, and does a trained network learn a function for which that says nothing?",
        Original = "A theorem: with T neurons in each random layer functions of the kernel's space are approximated with an error of their norm over √T; a comparison with Barron's theorem on spheres, which the eigenvalues' decay decides (slower than k^(-n-2/3) or not); trained networks on Gegenbauer polynomials.",
        Difference = "Polynomials of one direction on the sphere in six dimensions, degrees 1 to 3, their mixture, and kernels at five centres, whose norms are exact; relative squared errors of readouts from 2,000 examples without noise. The bound of the squared error is |f|² / T for one layer of neurons that are at most 1; for more layers it is taken as many times. Degree 5 has a bound above 1 in all widths. The trained network has one layer, and all functions as outputs.",
        Budget = "examples and largest width",
        Settings =
        [
            Setting.Whole("draws", "draws of the random layers", smoke: 1, full: 4), Setting.Whole("widths", "of 32, 128 and 512 neurons, how many", smoke: 2, full: 3, minimum: 2, maximum: 3),
            Setting.Whole("steps", "training steps of the network", smoke: 20, full: 4000),
        ],
        Seeds = 3,
        Task = context => new(
            SpherePoints.Uniform(context.Key.Fold(0), Examples + Tests, Dimensions), SpherePoints.Uniform(context.Key.Fold(1), Centres, Dimensions), Sample.Normal(context.Key.Fold(2), [Centres], ElementType.Float64).Evaluate()),
        Arms =
        [
            new("one layer", "A random layer of error functions.", ArmRole.Method, (task, run) => Random(task, run, 1)),
            new("two layers", "Two of them.", ArmRole.Method, (task, run) => Random(task, run, 2)),
            new("three layers", "Three of them.", ArmRole.Method, (task, run) => Random(task, run, 3)),
            new("trained", "A network of one layer that is trained, with the largest width and with the smallest.", ArmRole.Baseline, Trained),
        ],
        Metrics =
        [
            new(Share, "relative squared error of test points over its bound, the largest of all functions in the space and all widths"),
            new(Order, "rank correlation of these errors with the norms of the functions, at the largest width", Better.Higher),
            new(Gain, "their geometric mean at the smallest width over that at the largest", Better.Higher), new(Beyond, "relative squared error of degree 5 at the largest width"),
            new(Decay, "power with which eigenvalues fall with the degree, from 7 to 15", Better.Neither),
        ],
        Claims =
        [
            Claim.AtMost("one layer", Share, 1), Claim.AtMost("two layers", Share, 1), Claim.AtMost("three layers", Share, 1), Claim.AtLeast("one layer", Order, 0.8),
            Claim.Below("trained", "one layer", Beyond, 3),
            Claim.That("errors of one layer fall at least as fast as the bound, 16 times from 32 to 512 neurons", seed => Math.Log2(seed["one layer", Gain] / 16), unit: "doublings").From("ours").AsSide(),
            Claim.Below("trained", "three layers", Beyond, 3).From("ours").AsSide(),
            Claim.That("eigenvalues of one layer of error functions fall faster than k^(-6-2/3), for which the theorem is no shorter than Barron's", seed => -seed["one layer", Decay] - Dimensions - 2.0 / 3, unit: "power").From("theorem").AsSide(),
        ],
        Why = "The bounds held. The trained network learned its 2,000 examples by heart and was no better than a random layer at degree 5 in six dimensions; the rank correlation of five functions is 0.9 or 1, which three seeds do not place above 0.8.",
    };

    private static Tensor RelativeSquares(Tensor answers, Tensor truth) => Tensor.Square(answers - truth).Mean(0) / Tensor.Square(truth).Mean(0);

    private static void Random(Functions task, ArmRun run, int layers)
    {
        var (random, draws) = (new DeepRandomFeatures(shallow with { HiddenLayers = layers }), run.Settings.Whole("draws"));
        Judge(task, run, random, (values, width) =>
        {
            var hidden = Compile.Of((Key key, Tensor points) => random.Draw(key, points, width));
            var all = Enumerable.Range(0, draws).Select(draw => hidden(run.Key.Fold(width).Fold(draw), task.Points))
                .Select(features => errors(features[..Examples].Evaluate(), values, features[Examples..].Evaluate()).ToDoubles());
            return [.. all.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / draws)];
        });
    }

    private static void Trained(Functions task, ArmRun run) => Judge(task, run, new(shallow), (values, width) =>
    {
        var scale = Tensor.Sqrt(Tensor.Square(values).Mean(0));
        var (x, y) = (task.Points.AsType(ElementType.Float32).Evaluate(), (values / scale).AsType(ElementType.Float32).Evaluate());
        var network = Initialise.Of(run.Key, key => Mlp.Create(key, [Dimensions, width, y.Shape[1]], Tensor.Erf));
        var batches = Batches.Shuffled(new TreePair<Tensor, Tensor>(x[..Examples].Evaluate(), y[..Examples].Evaluate()), 250, run.Key);
        var trainer = new Trainer<Mlp, TreePair<Tensor, Tensor>>(new Adam(Schedule.Cosine(1e-2, run.Steps())), (model, batch, _) => Tensor.Square(model.Call(batch.Item1) - batch.Item2).Mean());
        return RelativeSquares(run.Train(trainer, network, batches, run.Steps(), name: $"{width} neurons").Call(x[Examples..]), y[Examples..]).ToDoubles();
    });

    /// <summary>Measures what errors at each width say of functions, of which degree 5 is the last.</summary>
    private static void Judge(Functions task, ArmRun run, DeepRandomFeatures random, Func<Tensor, int, double[]> reach)
    {
        var (kernel, points, used) = (new ZonalKernel(random.Kernel, Dimensions, 16), task.Points, widths[..run.Settings.Whole("widths")]);
        int[][] degrees = [[1], [2], [3], [1, 2, 3], [Highest]];
        var functions = degrees.Select(these => kernel.Harmonics(points, these)).ToList();
        functions.Insert(4, kernel.Combination(points, task.Centres, task.Weights));
        var values = Tensor.Stack([.. functions.Select(function => function.Values)], -1).Evaluate();
        var all = used.Select(width => reach(values, width)).ToArray();
        var inside = Enumerable.Range(0, functions.Count - 1).ToArray();
        foreach (var (width, found) in used.Zip(all))
        {
            foreach (var which in inside)
            {
                run.Point($"error of function {which + 1} by width", width, found[which]);
                run.Point($"bound of function {which + 1} by width", width, random.Network.HiddenLayers * functions[which].SquaredNorm / width);
            }
        }
        run.Measure(Share, used.Zip(all).Max(at => inside.Max(which => at.Second[which] * at.First / (random.Network.HiddenLayers * functions[which].SquaredNorm))));
        run.Measure(Order, Trend.RankCorrelation([.. inside.Select(which => functions[which].SquaredNorm)], all[^1][..^1]));
        run.Measure(Gain, Math.Exp(inside.Average(which => Math.Log(all[0][which] / all[^1][which]))));
        run.Measure(Beyond, all[^1][^1]);
        run.Measure(Decay, Trend.Power([7, 9, 11, 13, 15], [.. new[] { 7, 9, 11, 13, 15 }.Select(degree => Math.Max(kernel.Eigenvalues[degree], 1e-18))]));
    }

    /// <summary>Points on the sphere, the examples first; centres of kernels with what each counts.</summary>
    private sealed record Functions(Tensor Points, Tensor Centres, Tensor Weights);
}
