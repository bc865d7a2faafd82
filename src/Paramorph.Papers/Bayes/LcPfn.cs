using System.Diagnostics;
using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Formats;
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

    /// <summary>Over how many known epochs the weights of the mean fall by e that a curve is told apart from.</summary>
    private const double AnchorEpochs = 4;

    /// <summary>The distance from that mean up to which distances are kept as they are; beyond, their logarithms.</summary>
    private const double LinearDistance = 0.05;

    /// <summary>The trainings and epochs of the small perceptrons, unless the user brings learning curves.</summary>
    private const int Trainings = 30, Epochs = 40;

    /// <summary>Weights, pow3, ilog2, Janoschek, noise.</summary>
    private const int Parameters = 3 + 3 + 2 + 4 + 1;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Curves>
    {
        Id = "lc-pfn",
        Question = "Does a transformer that was trained on curves of a prior extrapolate learning curves at least as well as Markov chains on that prior, a thousand times faster, and does stopping hopeless trainings by it save half of the epochs without missing the best?",
        Original = "Ten million generated curves of 100 epochs, 1000 bars, up to 26 million parameters; emcee with 100 walkers and 4500 steps takes 100 s a curve on one core, a network that is better 0.006 s; stopping by it speeds up 45 of 53 data sets of four benchmarks by 2 to 6 times.",
        Difference = "Curves of 40 epochs, a network of some 60 thousand parameters trained on 109 thousand curves for less than a minute. As well means a density that is less than 5 % lower, in the geometric mean: chains that have converged cannot be beaten by more than chance. So that this is enough, it is shown, and predicts, how far values lie from a mean of the last known ones, by an area hyperbolic sine (a change of variables: densities and probabilities are those of the values), and is shown the epoch in the forms that the prior uses and how many are known. The chains have the walkers, steps and burn-in of the paper's longest, but are compiled, run for many curves at once, start at the best of many draws of the prior instead of a least-squares fit, keep every tenth step, and answer with the exact mixture of their normal distributions. Stopping is tried on perceptrons that learn generated digits.",
        Budget = "none: the network pays in training before it sees a curve, the chains at each curve; time a curve includes all from the known epochs to the predictive distributions, with the same threads and compiler",
        Data = "a CSV file of learning curves that rise within [0, 1], such as accuracies: a training a row, an epoch a column; then stopping is tried on them, and all curves have as many epochs",
        MeasuresTime = true,
        Settings =
        [
            Setting.Whole("steps", "training steps of the network", smoke: 20, full: 3400),
            Setting.Whole("batch", "curves a step", smoke: 8, full: 32),
            Setting.Whole("features", "size of an element of the sequence", smoke: 8, full: 48),
            Setting.Whole("layers", "blocks of the transformer", smoke: 1, full: 2),
            Setting.Whole("bars", "bars of a predictive distribution", smoke: 10, full: 200, minimum: 3),
            Setting.Whole("curves", "generated curves to extrapolate", smoke: 4, full: 128, minimum: 2),
            Setting.Whole("walkers", "walkers of a chain", smoke: 28, full: 100, minimum: 28),
            Setting.Whole("chain", "steps of a chain, of which a ninth is burnt in", smoke: 18, full: 4500, minimum: 18),
            Setting.Whole("thinning", "steps of a chain from one that counts to the next", smoke: 1, full: 10),
            Setting.Whole("patience", "epochs without a better one after which patience ends a training", smoke: 5, full: 5),
            Setting.Whole("orders", "random orders in which the trainings are run", smoke: 2, full: 20),
            Setting.Whole("epoch steps", "steps of an epoch of the small trainings, whose batches of 30 see all 600 examples in 20", smoke: 1, full: 20),
        ],
        Task = Draw,
        Arms =
        [
            new("lc-pfn", "The transformer, one forward pass for all epochs to come.", ArmRole.Method, Network) { Candidates = Choice.Of("rate", 5e-3, 1e-2) },
            new("mcmc", "Affine-invariant ensembles of Markov chains on the prior's parameters.", ArmRole.Baseline, Chains) { Candidates = Choice.Of("stretch", 1.5, 2) },
            new("patience", "No prediction: trainings end after some epochs without a better one.", ArmRole.Reference, Patience),
        ],
        Metrics =
        [
            new(Likelihood, "mean logarithm of the predictive density at the epochs to come of generated curves that break off after two or more epochs", Better.Higher),
            new(Time, "time to predict a curve, in a batch of many: the shortest of several", Better.Lower),
            new(Saving, "epochs of all real trainings over those that are run when hopeless ones are stopped", Better.Higher),
            new(Regret, "accuracy of the best real training less that of the best found with stopping", Better.Lower),
        ],
        Claims =
        [
            Claim.NoLower("lc-pfn", "mcmc", Likelihood, 0.05),
            Claim.Below("lc-pfn", "mcmc", Time, 1000),
            Claim.AtLeast("lc-pfn", Saving, 2),
            Claim.AtMost("lc-pfn", Regret, 0.002),
        ],
    };

    private static Curves Draw(TaskContext context)
    {
        var real = context.DataFile is { } file ? Read(file) : Train(context);
        var (count, epochs) = (context.Settings.Whole("curves"), real[0].Length);
        var curves = LearningCurves.Of(context.Key.Fold(0), count, epochs).Noisy;
        var known = Sample.Integers(context.Key.Fold(1), [count], 2, epochs - 1);
        return new(curves, (Tensor.Arange(epochs) < known.ExpandDims(1)).Evaluate(), real);
    }

    private static double[][] Read(string file)
    {
        const int Fewest = 5, Most = 200;
        var table = DelimitedText.Read(file);
        if (table.Columns.FirstOrDefault(column => column is not TableColumn.Numeric) is { } text)
            throw new UnreadableFileException(file, $"column {text.Name}", "holds text; each column has the values of an epoch");
        if (table.Columns.Count is < Fewest or > Most)
            throw new UnreadableFileException(file, "", $"the curves have {table.Columns.Count} epochs; there must be from {Fewest} to {Most} columns, one for each");
        double[][] curves = [.. table.Matrix().ToDoubles().Chunk(table.Columns.Count)];
        for (var row = 0; row < curves.Length; row++)
            if (Array.FindIndex(curves[row], value => value is not (>= 0 and <= 1)) is >= 0 and var epoch)
                throw new UnreadableFileException(file, $"row {row + 1}, column {table.Columns[epoch].Name}", $"is {curves[row][epoch]}; values of learning curves lie from 0 to 1");
        return curves;
    }

    /// <summary>Validation accuracies [epochs] of perceptrons of several widths and learning rates.</summary>
    private static double[][] Train(TaskContext context)
    {
        int[] widths = [8, 48];
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
        var (steps, batch, key, epochs) = (run.Steps(), run.Settings.Whole("batch"), run.Key, task.Known.Shape[1]);
        var bars = Bars(key.Fold(0), run.Settings.Whole("bars"), epochs);
        var features = run.Settings.Whole("features");
        var trainer = new Trainer<PriorFittedNetwork, Tensor>(
            new ClippedByNorm(new Adam(Warm(run.Choice["rate"], steps)), 1),
            (network, curves, key) => network.Loss(Tasks(curves, Tensor.Arange(epochs) < Sample.Integers(key, [batch, 1], 1, epochs))));
        var network = run.Train(
            trainer, PriorFittedNetwork.Create(key.Fold(1), bars, 7, features, Math.Max(1, features / 16), run.Settings.Whole("layers")),
            Batches.Drawn(step => LearningCurves.Of(key.Fold(2).Fold(step), batch, epochs).Noisy), steps);
        var predict = Compile.Of((PriorFittedNetwork network, Tensor curves, Tensor known) => network.Call(Tasks(curves, known)));
        var logits = predict(network, task.Generated, task.Known).Evaluate();
        run.Measure(Likelihood, Unknown(LogDensity(bars, logits, task.Generated, task.Known), task.Known));
        run.Measure(Time, Milliseconds(() => predict(network, task.Generated, task.Known).Evaluate(), 20) / task.Generated.Shape[0]);
        Select(task, run, Hopes(network, bars, task.Real));
        run.Picture("extrapolations", () => Picture.Row([.. Enumerable.Range(0, Math.Min(4, task.Generated.Shape[0])).Select(index => Extrapolation(task, bars, logits, index))]));
    }

    /// <summary>A quarter of the steps up to the rate, then a cosine down.</summary>
    private static Schedule Warm(double rate, int steps) =>
        Schedule.Of(step => Tensor.Minimum((step.AsType(ElementType.Float64) + 1.0) / (0.25 * steps), 1.0)) * Schedule.Cosine(rate, steps);

    /// <summary>Bars that are equally probable at the epochs to come of curves that break off anywhere.</summary>
    private static BarDistribution Bars(Key key, int count, int epochs)
    {
        const int Curves = 2000;
        var curves = LearningCurves.Of(key.Fold(0), Curves, epochs).Noisy;
        var known = (Tensor.Arange(epochs) < Sample.Integers(key.Fold(1), [Curves, 1], 1, epochs)).Evaluate();
        var distances = Compile.Of((Tensor curves, Tensor known) => Distance(curves, Anchor(curves, known)))(curves, known).ToArray<float>();
        return BarDistribution.OfQuantiles(Tensor.From<float>([.. distances.Zip(known.ToArray<bool>()).Where(pair => !pair.Second).Select(pair => pair.First)]), count);
    }

    /// <summary>A mean of the known values that the last ones dominate: [..., epochs] gives [..., 1].</summary>
    private static Tensor Anchor(Tensor curves, Tensor known)
    {
        // The known epochs are the first ones, so the weights may grow from the first on.
        var weights = Tensor.Where(known, Tensor.Exp(Tensor.Arange(curves.Shape[^1], ElementType.Float32) / AnchorEpochs), 0.0);
        return ((weights * curves).Sum(-1) / weights.Sum(-1)).ExpandDims(-1);
    }

    private static Tensor Distance(Tensor values, Tensor anchor) => Tensor.Asinh((values - anchor) / LinearDistance);

    private static PriorTasks Tasks(Tensor curves, Tensor known)
    {
        known = known.BroadcastTo(curves.Shape);
        var (count, anchor) = (curves.Shape[^1], Anchor(curves, known));
        var epochs = Tensor.Arange(count, ElementType.Float32) + 1.0;
        // The place in the forms that the prior uses, and what is alike for all places: the mean, and how much is known. All are of the order of one.
        var places = Tensor.Stack([epochs * (2.0 / count) - 1.0, Tensor.Log(epochs) - 2.5, 2.0 / epochs, 1.0 / Tensor.Log(epochs + 1.0) - 0.5], 1);
        var length = Tensor.Where(known, 1.0, 0.0).AsType(ElementType.Float32).Sum(-1).ExpandDims(-1);
        var alike = Tensor.Stack([3.0 * anchor - 1.5, length * (2.0 / count) - 1.0, Tensor.Log(length) - 2.5], -1);
        var inputs = Tensor.Concatenate([places.BroadcastTo([.. curves.Shape, 4]), alike.BroadcastTo([.. curves.Shape, 3])], -1);
        return new(inputs, Distance(curves, anchor), known);
    }

    /// <summary>The logarithm of the density of the values themselves, by the derivative of their distances.</summary>
    private static Tensor LogDensity(BarDistribution bars, Tensor logits, Tensor curves, Tensor known) =>
        Compile.Of((Tensor logits, Tensor curves, Tensor known) =>
        {
            var anchor = Anchor(curves, known);
            return bars.LogDensity(logits, Distance(curves, anchor)) - 0.5 * Tensor.Log(Tensor.Square(curves - anchor) + LinearDistance * LinearDistance);
        })(logits, curves, known);

    /// <summary>When to end a training: the first number of epochs after which the hope to pass the best training before it is small at every later epoch.</summary>
    private static Func<int, double, int> Hopes(PriorFittedNetwork network, BarDistribution bars, double[][] real)
    {
        var epochs = real[0].Length;
        var known = Tensor.LowerTriangle(epochs - 1, epochs) > 0.5;
        Tensor[] curves = [.. real.Select(curve => Tensor.From<double>(curve, [1, epochs]).AsType(ElementType.Float32).BroadcastTo([epochs - 1, epochs]).Evaluate())];
        var predict = Compile.Of((PriorFittedNetwork network, Tensor curves) => network.Call(Tasks(curves, known)));
        Tensor[] logits = [.. curves.Select(curves => predict(network, curves).Evaluate())];
        // For each number of epochs that are known, the greatest hope at the later ones.
        var hopes = Compile.Of((Tensor logits, Tensor curves, Tensor best) =>
            Tensor.Where(known, 0.0, bars.ProbabilityAbove(logits, Distance(best, Anchor(curves, known)).BroadcastTo(curves.Shape))).Max(-1));
        return (index, best) =>
        {
            var hope = hopes(logits[index], curves[index], Tensor.Scalar((float)best)).ToDoubles();
            // One epoch has no slope: the earliest end is after two.
            return Enumerable.Range(2, epochs - 2).Where(epoch => hope[epoch - 1] < LeastHope).DefaultIfEmpty(epochs).First();
        };
    }

    private static void Patience(Curves task, ArmRun run)
    {
        var patience = run.Settings.Whole("patience");
        Select(task, run, (index, _) =>
        {
            var (curve, best) = (task.Real[index], 0);
            for (var epoch = 1; epoch < curve.Length; epoch++)
            {
                if (curve[epoch] > curve[best]) best = epoch;
                else if (epoch - best >= patience) return epoch + 1;
            }
            return curve.Length;
        });
        run.Measure(Likelihood, double.NaN);
        run.Measure(Time, double.NaN);
    }

    /// <summary>Runs the real trainings in random orders, and ends each after so many epochs as its index and the best accuracy before it say.</summary>
    private static void Select(Curves task, ArmRun run, Func<int, double, int> end)
    {
        var (random, orders, epochs) = (new KeyRandom(run.Key.Fold(3)), run.Settings.Whole("orders"), task.Real[0].Length);
        var (used, regret, most) = (0, 0.0, task.Real.Max(curve => curve.Max()));
        for (var order = 0; order < orders; order++)
        {
            var best = double.NegativeInfinity;
            foreach (var index in random.Permutation(task.Real.Length))
            {
                var curve = task.Real[index];
                var taken = double.IsFinite(best) ? end(index, best) : epochs;
                used += taken;
                best = Math.Max(best, curve[..taken].Max());
                if (order == 0)
                    for (var epoch = 0; epoch < taken; epoch++) run.Point($"accuracy of training {index + 1:00} until it is stopped", epoch + 1, curve[epoch]);
            }
            regret += (most - best) / orders;
        }
        run.Measure(Saving, orders * task.Real.Length * (double)epochs / used);
        run.Measure(Regret, regret);
    }

    private static void Chains(Curves task, ArmRun run)
    {
        const int Parts = 8;
        var (walkers, steps, thinning, curves) = (run.Settings.Whole("walkers"), Math.Max(18, run.Steps("chain")), run.Settings.Whole("thinning"), task.Generated.Shape[0]);
        var (burnIn, part) = (steps / 9, Math.Max(1, (steps - steps / 9) / (thinning * Parts)));
        var sampler = Compile.Of((Key key, Tensor curves, Tensor known) =>
        {
            // The walkers of a curve start at the best of many draws of the prior.
            var draws = FromPrior(key.Fold(0), 40 * walkers);
            var fits = LogPosterior(draws.ExpandDims(0), curves, known);
            var (_, best) = Tensor.Where(Tensor.IsFinite(fits), fits, -1e30).TopK(walkers);
            return new EnsembleSampler(x => LogPosterior(x, curves, known), run.Choice["stretch"])
                .Run(key.Fold(1), draws.Take(best.Flatten()).Reshape(curves.Shape[0], walkers, Parameters), burnIn, Parts * part, thinning).Positions;
        });
        var predictive = Compile.Of((Tensor positions, Tensor curves) =>
        {
            var parameters = positions.SwapAxes(0, 1).Reshape(curves.Shape[0], part * walkers, Parameters);
            return LogNormal(curves.ExpandDims(1), Curve(parameters, curves.Shape[1]), parameters[TensorIndex.Ellipsis, ^1].ExpandDims(-1)).LogSumExp(1) - Math.Log(part * walkers);
        });
        // Some curves at a time, so that what a chain works on stays in the cache; the first ones also wait for the compiler, so the shortest time is that of others.
        var together = Math.Min(16, curves / 2);
        var (densities, milliseconds) = (Enumerable.Range(0, Parts).Select(_ => new List<Tensor>()).ToArray(), double.PositiveInfinity);
        for (var first = 0; first < curves; first += together)
        {
            run.Progress(first, curves);
            var last = Math.Min(curves, first + together);
            var (some, known, watch) = (task.Generated[first..last].Evaluate(), task.Known[first..last].Evaluate(), Stopwatch.StartNew());
            var positions = sampler(run.Key.Fold(first), some, known).Evaluate();
            for (var i = 0; i < Parts; i++) densities[i].Add(predictive(positions[(i * part)..((i + 1) * part)].Evaluate(), some).Evaluate());
            if (first > 0) milliseconds = Math.Min(milliseconds, watch.Elapsed.TotalMilliseconds / (last - first));
        }
        // What shorter chains would have answered: the mixture of the first parts.
        var sum = default(Tensor);
        for (var i = 0; i < Parts; i++)
        {
            var next = Tensor.Concatenate(densities[i]);
            sum = sum is null ? next : Tensor.LogAddExp(sum, next).Evaluate();
            run.Point("log-likelihood of the first steps of a chain", burnIn + (i + 1) * part * thinning, Unknown(sum - Math.Log(i + 1), task.Known));
        }
        run.Measure(Likelihood, Unknown(sum! - Math.Log(Parts), task.Known));
        run.Measure(Time, milliseconds);
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
    private static Tensor Curve(Tensor parameters, int epochs)
    {
        Tensor At(int index) => parameters[TensorIndex.Ellipsis, index].ExpandDims(-1);
        var x = Tensor.Log(Tensor.Arange(epochs, ElementType.Float32) + 1.0);
        var inverse = 1.0 / Tensor.Log(Tensor.Arange(epochs, ElementType.Float32) + 2.0);
        return At(0) * (At(4) - At(3) * Tensor.Exp(-Tensor.Exp(At(5)) * x))
            + At(1) * (At(6) - At(7) * inverse)
            + At(2) * (At(8) - (At(8) - At(9)) * Tensor.Exp(-Tensor.Exp(At(10) + Tensor.Exp(At(11)) * x)));
    }

    /// <summary>The logarithm of the prior density times the likelihood of the known epochs: [curves or 1, n, parameters] gives [curves, n].</summary>
    private static Tensor LogPosterior(Tensor parameters, Tensor curves, Tensor known)
    {
        var (first, second, isNormal) = (Constant(prior, p => p.First), Constant(prior, p => p.Second), Constant(prior, p => p.IsNormal ? 1 : 0) > 0.5);
        var density = Tensor.Where(isNormal, -0.5 * Tensor.Square((parameters - first) / second), Tensor.Where((parameters >= first) & (parameters <= second), 0.0, double.NegativeInfinity)).Sum(-1);
        var fits = Curve(parameters, curves.Shape[^1]);
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
        return numbers.Chunk(values.Shape[1]).Zip(isKnown.Chunk(values.Shape[1]), (row, mask) => row.Where((_, epoch) => !mask[epoch]).Average()).Average();
    }

    /// <summary>The shortest time of a call.</summary>
    private static double Milliseconds(Action call, int repetitions)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < repetitions; i++)
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
        var (curve, known) = (task.Generated[index].ToDoubles(), task.Known[index].ToArray<bool>());
        (double X, double Y) Place(int epoch, double value) => (Width * (epoch + 0.5) / curve.Length, Height * (1.05 - value) / 1.1);
        var anchor = Anchor(task.Generated[index], task.Known[index]).Item();
        double[][] quantiles = [.. new[] { 0.05, 0.5, 0.95 }.Select(share => bars.Quantile(logits[index], share).ToDoubles().Select(distance => anchor + LinearDistance * Math.Sinh(distance)).ToArray())];
        for (var epoch = 0; epoch < curve.Length; epoch++)
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
