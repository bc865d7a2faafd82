using System.Diagnostics;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Bayes;

/// <summary>Learning curves extrapolated by a transformer that has learned their prior, against Markov chains on the same prior.</summary>
[Paper("lc-pfn")]
public static class LcPfn
{
    private const string Likelihood = "log-likelihood", Time = "milliseconds a curve", Saving = "epochs saved", Regret = "regret";

    /// <summary>A training is stopped when the probability that it passes the best one so far is below this at every later epoch.</summary>
    private const double LeastHope = 0.05;

    private const int Epochs = 40;

    private const int Trainings = 30;

    /// <summary>Weights, pow3, ilog2, Janoschek, noise.</summary>
    private const int Parameters = 3 + 3 + 2 + 4 + 1;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Curves>
    {
        Id = "lc-pfn",
        Question = "Does a transformer that was trained on curves of a prior extrapolate learning curves at least as well as Markov chains on that prior, a thousand times faster, and does stopping hopeless trainings by it save half of the epochs without missing the best?",
        Original = "Ten million generated curves of 100 epochs, up to 26 million parameters; over 10,000 times faster than emcee at a higher likelihood; stopping by it speeds up 45 of 53 data sets of four benchmarks by 2 to 6 times.",
        Difference = "Curves of 40 epochs, a network of some 100 thousand parameters trained for under a minute. The chains are compiled and run for many curves at once, start at the best of many draws of the prior, and answer with the exact mixture of their normal distributions. Stopping is tried on perceptrons that learn generated digits.",
        Budget = "none: the network pays in training before it sees a curve, the chains at each curve; time a curve is measured with the same threads and compiler",
        MeasuresTime = true,
        Settings =
        [
            Setting.Whole("steps", "training steps of the network", smoke: 20, full: 2500),
            Setting.Whole("batch", "curves a step", smoke: 8, full: 64),
            Setting.Whole("features", "size of an element of the sequence", smoke: 8, full: 48),
            Setting.Whole("layers", "blocks of the transformer", smoke: 1, full: 3),
            Setting.Whole("bars", "bars of a predictive distribution", smoke: 10, full: 100, minimum: 3),
            Setting.Whole("curves", "generated curves to extrapolate", smoke: 8, full: 64),
            Setting.Whole("walkers", "walkers of a chain", smoke: 28, full: 100, minimum: 28),
            Setting.Whole("chain", "steps of a chain, of which the second half counts", smoke: 20, full: 2000, minimum: 20),
            Setting.Whole("orders", "random orders in which the trainings are run", smoke: 2, full: 20),
            Setting.Whole("epoch steps", "steps of an epoch of the small trainings", smoke: 2, full: 20),
        ],
        Task = Draw,
        Arms =
        [
            new("lc-pfn", "The transformer, one forward pass for all epochs to come.", ArmRole.Method, Network) { Candidates = Choice.Of("rate", 1e-3, 3e-3, 1e-2) },
            new("mcmc", "Affine-invariant ensembles of Markov chains on the prior's parameters.", ArmRole.Baseline, Chains) { Candidates = Choice.Of("stretch", 1.5, 2, 3) },
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density at the epochs to come of generated curves that break off between epoch 2 and 38", Better.Higher),
            new(Time, "time to predict a curve, in a batch of all", Better.Lower),
            new(Saving, "epochs of all real trainings over those that are run when hopeless ones are stopped", Better.Higher),
            new(Regret, "accuracy of the best real training less that of the best found with stopping", Better.Lower),
        ],
        Claims =
        [
            Claim.NoLower("lc-pfn", "mcmc", Likelihood, 0),
            Claim.Below("lc-pfn", "mcmc", Time, 1000),
            Claim.AtLeast("lc-pfn", Saving, 2),
            Claim.AtMost("lc-pfn", Regret, 0.002),
        ],
    };

    private static Curves Draw(TaskContext context)
    {
        var count = context.Settings.Whole("curves");
        var curves = LearningCurves.Of(context.Key.Fold(0), count, Epochs).Noisy;
        var known = Sample.Integers(context.Key.Fold(1), [count], 2, Epochs - 1);
        return new(curves, (Tensor.Arange(Epochs) < known.ExpandDims(1)).Evaluate(), Train(context));
    }

    /// <summary>Validation accuracies [epochs] of perceptrons of several widths and learning rates.</summary>
    private static double[][] Train(TaskContext context)
    {
        int[] widths = [4, 16, 64];
        const int Size = 12, Examples = 600;
        LabelledData Flat(LabelledData data) => new(data.Inputs.Reshape(-1, Size * Size).Evaluate(), data.Labels);
        var (train, validation) = (Flat(Digits.Of(context.Key.Fold(2), Examples, Size)), Flat(Digits.Of(context.Key.Fold(3), Examples, Size)));
        var steps = context.Settings.Whole("epoch steps");
        var trainers = widths.Select(width => new Trainer<Mlp, LabelledData>(new Adam(1.0), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels))
        {
            Validation = model => new TreeDictionary<Tensor>([new("accuracy", Training.Metric.Accuracy(model.Call(validation.Inputs), validation.Labels))]),
        }).ToArray();
        var random = new KeyRandom(context.Key.Fold(4));
        return
        [
            .. Enumerable.Range(0, Trainings).Select(index =>
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var (which, rate, key) = (random.Integer(widths.Length), Math.Exp(random.Uniform(Math.Log(1e-4), Math.Log(0.1))), context.Key.Fold(5).Fold(index));
                var start = trainers[which].Start(Mlp.Create(key.Fold(0), [Size * Size, widths[which], 10], Activation.Relu), key.Fold(1));
                start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
                var run = trainers[which].Run(start, Batches.Shuffled(train, 30, key.Fold(2)), new(Epochs * steps) { ReadEvery = steps });
                // A training that diverges keeps its last accuracy.
                double[] accuracies = [.. run.Measures["accuracy"].Select(point => point.Value)];
                return Enumerable.Range(0, Epochs).Select(epoch => accuracies[Math.Min(epoch, accuracies.Length - 1)]).ToArray();
            }),
        ];
    }

    private static void Network(Curves task, ArmRun run)
    {
        var (steps, batch, key) = (run.Steps(), run.Settings.Whole("batch"), run.Key);
        var bars = BarDistribution.OfQuantiles(LearningCurves.Of(key.Fold(0), 2000, Epochs).Noisy, run.Settings.Whole("bars"));
        var features = run.Settings.Whole("features");
        var trainer = new Trainer<PriorFittedNetwork, Tensor>(
            new ClippedByNorm(new Adam(Warm(run.Choice["rate"], steps)), 1),
            (network, curves, key) => network.Loss(Tasks(curves, Tensor.Arange(Epochs) < Sample.Integers(key, [batch, 1], 1, Epochs))));
        var network = run.Train(
            trainer, PriorFittedNetwork.Create(key.Fold(1), bars, 2, features, Math.Max(1, features / 16), run.Settings.Whole("layers")),
            Batches.Drawn(step => LearningCurves.Of(key.Fold(2).Fold(step), batch, Epochs).Noisy), steps);
        var predict = Compile.Of((PriorFittedNetwork network, Tensor curves, Tensor known) => network.Call(Tasks(curves, known)));
        var logits = predict(network, task.Generated, task.Known);
        run.Measure(Likelihood, Unknown(bars.LogDensity(logits, task.Generated), task.Known));
        run.Measure(Time, Milliseconds(() => predict(network, task.Generated, task.Known).Evaluate(), 20) / task.Generated.Shape[0]);
        Stop(task, run, network);
        run.Picture("extrapolations", () => Picture.Row([.. Enumerable.Range(0, 4).Select(index => Extrapolation(task, bars, logits, index))]));
    }

    /// <summary>A quarter of the steps up to the rate, then a cosine down.</summary>
    private static Schedule Warm(double rate, int steps) =>
        Schedule.Of(step => Tensor.Minimum((step.AsType(ElementType.Float64) + 1.0) / (0.25 * steps), 1.0)) * Schedule.Cosine(rate, steps);

    private static PriorTasks Tasks(Tensor curves, Tensor known)
    {
        var epochs = Tensor.Arange(Epochs, ElementType.Float32);
        var inputs = Tensor.Stack([epochs * (2.0 / Epochs) - 1.0, Tensor.Log(epochs + 1.0) - 2.5], 1);
        return new(inputs.BroadcastTo([.. curves.Shape, 2]), curves, known.BroadcastTo(curves.Shape));
    }

    /// <summary>Runs the real trainings in random orders, and breaks each off when it is not likely to pass the best one before it.</summary>
    private static void Stop(Curves task, ArmRun run, PriorFittedNetwork network)
    {
        // For each number of epochs that are known, the hope at the later ones.
        var hopes = Compile.Of((PriorFittedNetwork network, Tensor curve, Tensor best) =>
        {
            var known = Tensor.LowerTriangle(Epochs - 1, Epochs) > 0.5;
            var curves = curve.BroadcastTo([Epochs - 1, Epochs]);
            return Tensor.Where(known, 0.0, network.Bars.ProbabilityAbove(network.Call(Tasks(curves, known)), best.BroadcastTo(curves.Shape))).Max(-1);
        });
        var (random, orders) = (new KeyRandom(run.Key.Fold(3)), run.Settings.Whole("orders"));
        var (used, regret, most) = (0, 0.0, task.Real.Max(curve => curve.Max()));
        for (var order = 0; order < orders; order++)
        {
            var best = double.NegativeInfinity;
            foreach (var index in random.Permutation(Trainings))
            {
                var curve = task.Real[index];
                var taken = Epochs;
                if (double.IsFinite(best))
                {
                    var hope = hopes(network, Tensor.From<double>(curve, [Epochs]).AsType(ElementType.Float32), Tensor.Scalar((float)best)).ToDoubles();
                    // One epoch has no slope: the earliest end is after two.
                    taken = Enumerable.Range(2, Epochs - 2).Where(epochs => hope[epochs - 1] < LeastHope).DefaultIfEmpty(Epochs).First();
                }
                used += taken;
                best = Math.Max(best, curve[..taken].Max());
                if (order == 0)
                    for (var epoch = 0; epoch < taken; epoch++) run.Point($"accuracy of training {index + 1:00} until it is stopped", epoch + 1, curve[epoch]);
            }
            regret += (most - best) / orders;
        }
        run.Measure(Saving, orders * Trainings * (double)Epochs / used);
        run.Measure(Regret, regret);
    }

    private static void Chains(Curves task, ArmRun run)
    {
        var (walkers, steps, curves) = (run.Settings.Whole("walkers"), Math.Max(20, run.Steps("chain")), task.Generated.Shape[0]);
        var sampler = Compile.Of((Key key, Tensor curves, Tensor known) =>
        {
            // The walkers of a curve start at the best of many draws of the prior.
            var draws = FromPrior(key.Fold(0), 40 * walkers);
            var fits = LogPosterior(draws.ExpandDims(0), curves, known);
            var (_, best) = Tensor.Where(Tensor.IsFinite(fits), fits, -1e30).TopK(walkers);
            return new EnsembleSampler(x => LogPosterior(x, curves, known), run.Choice["stretch"])
                .Run(key.Fold(1), draws.Take(best.Flatten()).Reshape(curves.Shape[0], walkers, Parameters), steps / 2, steps / 20, 10);
        });
        var predictive = Compile.Of((Tensor positions, Tensor curves) =>
        {
            var parameters = positions.SwapAxes(0, 1).Reshape(curves.Shape[0], -1, Parameters);
            return LogNormal(curves.ExpandDims(1), Curve(parameters), parameters[TensorIndex.Ellipsis, ^1].ExpandDims(-1)).LogSumExp(1) - Math.Log(parameters.Shape[1]);
        });
        // A few curves at a time, so that what a chain works on stays in the cache.
        const int Together = 4;
        var (densities, milliseconds) = (new List<Tensor>(), 0.0);
        for (var first = 0; first < curves; first += Together)
        {
            run.Progress(first, curves);
            var (some, known) = (task.Generated[first..Math.Min(curves, first + Together)].Evaluate(), task.Known[first..Math.Min(curves, first + Together)].Evaluate());
            var positions = default(Tensor);
            milliseconds += Milliseconds(() => positions = sampler(run.Key.Fold(first), some, known).Item1.Evaluate(), first == 0 ? 1 : 0);
            densities.Add(predictive(positions!, some));
        }
        run.Measure(Likelihood, Unknown(Tensor.Concatenate(densities), task.Known));
        run.Measure(Time, milliseconds / curves);
        run.Measure(Saving, double.NaN);
        run.Measure(Regret, double.NaN);
        var step = Computation.Of((Tensor x) => LogPosterior(x, task.Generated, task.Known), Tensor.Zeros([curves, walkers, Parameters]));
        run.Count(0, steps, steps * (double)step.Cost.Flops);
    }

    /// <summary>Parameters from the prior before it is restricted to curves that rise within [0, 1]: [count, parameters].</summary>
    private static Tensor FromPrior(Key key, int count)
    {
        var uniform = Sample.Uniform(key.Fold(0), [count, Parameters]);
        var normal = Sample.Normal(key.Fold(1), [count, Parameters]);
        return Tensor.Where(Constant(prior, p => p.IsNormal ? 1 : 0) > 0.5, Constant(prior, p => p.First) + Constant(prior, p => p.Second) * normal, Constant(prior, p => p.First) + Constant(prior, p => p.Second - p.First) * uniform);
    }

    /// <summary>Each parameter is uniform between two numbers, or normal with a mean and a standard deviation; positive ones stand for their logarithms.</summary>
    private static readonly (bool IsNormal, double First, double Second)[] prior =
    [
        (false, 0, 1), (false, 0, 1), (false, 0, 1),
        (false, -0.6, 0.6), (false, 0, 1.25), (true, 0, 2),
        (false, 0, 1), (false, -0.5, 0.5),
        (false, 0, 1), (false, 0, 2), (true, -2, 1), (true, 0, 0.5),
        (true, -4, 1),
    ];

    private static Tensor Constant<T>(T[] values, Func<T, double> number) => Tensor.From<float>([.. values.Select(value => (float)number(value))], [values.Length]);

    /// <summary>Curves of parameters: [..., parameters] gives [..., epochs].</summary>
    private static Tensor Curve(Tensor parameters)
    {
        Tensor At(int index) => parameters[TensorIndex.Ellipsis, index].ExpandDims(-1);
        var x = Tensor.Log(Tensor.Arange(Epochs, ElementType.Float32) + 1.0);
        var inverse = 1.0 / Tensor.Log(Tensor.Arange(Epochs, ElementType.Float32) + 2.0);
        return At(0) * (At(4) - At(3) * Tensor.Exp(-Tensor.Exp(At(5)) * x))
            + At(1) * (At(6) - At(7) * inverse)
            + At(2) * (At(8) - (At(8) - At(9)) * Tensor.Exp(-Tensor.Exp(At(10) + Tensor.Exp(At(11)) * x)));
    }

    /// <summary>The logarithm of the prior density times the likelihood of the known epochs: [curves or 1, n, parameters] gives [curves, n].</summary>
    private static Tensor LogPosterior(Tensor parameters, Tensor curves, Tensor known)
    {
        var (first, second, isNormal) = (Constant(prior, p => p.First), Constant(prior, p => p.Second), Constant(prior, p => p.IsNormal ? 1 : 0) > 0.5);
        var density = Tensor.Where(isNormal, -0.5 * Tensor.Square((parameters - first) / second), Tensor.Where((parameters >= first) & (parameters <= second), 0.0, double.NegativeInfinity)).Sum(-1);
        var fits = Curve(parameters);
        var isCurve = (fits.Min(-1) >= 0.0) & (fits.Max(-1) <= 1.0) & (fits[TensorIndex.Ellipsis, ^1] > fits[TensorIndex.Ellipsis, 0]);
        var likelihood = Tensor.Where(known.ExpandDims(1), LogNormal(curves.ExpandDims(1), fits, parameters[TensorIndex.Ellipsis, ^1].ExpandDims(-1)), 0.0).Sum(-1);
        return Tensor.Where(isCurve, density + likelihood, double.NegativeInfinity);
    }

    private static Tensor LogNormal(Tensor value, Tensor mean, Tensor logDeviation) =>
        -0.5 * Tensor.Square((value - mean) * Tensor.Exp(-logDeviation)) - logDeviation - 0.5 * Math.Log(2 * Math.PI);

    /// <summary>The mean over curves of the mean over the epochs that are not known.</summary>
    private static double Unknown(Tensor values, Tensor known)
    {
        var (numbers, isKnown) = (values.ToDoubles(), known.ToArray<bool>());
        return numbers.Chunk(Epochs).Zip(isKnown.Chunk(Epochs), (row, mask) => row.Where((_, epoch) => !mask[epoch]).Average()).Average();
    }

    /// <summary>The shortest time of a call, after one that does not count where there are repetitions.</summary>
    private static double Milliseconds(Action call, int repetitions)
    {
        if (repetitions > 0) call();
        var least = double.PositiveInfinity;
        for (var i = 0; i < Math.Max(1, repetitions); i++)
        {
            var watch = Stopwatch.StartNew();
            call();
            least = Math.Min(least, watch.Elapsed.TotalMilliseconds);
        }
        return least;
    }

    /// <summary>A curve in black, up to where it is known with large dots, over the median and the 90 % interval of its prediction.</summary>
    private static Picture Extrapolation(Curves task, BarDistribution bars, Tensor logits, int index)
    {
        const int Width = 320, Height = 240;
        var picture = new Picture(Width, Height);
        (double X, double Y) Place(int epoch, double value) => (Width * (epoch + 0.5) / Epochs, Height * (1.05 - value) / 1.1);
        var curve = task.Generated[index].ToDoubles();
        var known = task.Known[index].ToArray<bool>();
        double[][] quantiles = [.. new[] { 0.05, 0.5, 0.95 }.Select(share => bars.Quantile(logits[index], share).ToDoubles())];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            if (!known[epoch])
            {
                var ((x, low), (_, high), (_, middle)) = (Place(epoch, quantiles[0][epoch]), Place(epoch, quantiles[2][epoch]), Place(epoch, quantiles[1][epoch]));
                for (var shift = -3; shift <= 3; shift++) picture.Line(x + shift, low, x + shift, high, new(190, 210, 240));
                picture.Line(x - 3, middle, x + 3, middle, Colour.Distinct[0]);
            }
            var (at, y) = Place(epoch, curve[epoch]);
            picture.Dot(at, y, known[epoch] ? 3 : 1.5, new(0, 0, 0));
        }
        return picture;
    }

    /// <summary>What arms extrapolate.</summary>
    /// <param name="Generated">Noisy curves of the prior [curves, epochs].</param>
    /// <param name="Known">Which of their epochs are known.</param>
    /// <param name="Real">Accuracies of real trainings, epoch by epoch.</param>
    private sealed record Curves(Tensor Generated, Tensor Known, double[][] Real);
}
