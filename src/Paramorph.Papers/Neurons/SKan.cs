using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Kolmogorov-Arnold networks whose inputs choose their family of functions, against those of each family and networks of neurons.</summary>
[Paper("s-kan")]
public static class SKan
{
    /// <summary>The parts of all steps for which every family is trained, and for which inputs settle on one; what is left trains the pruned network.</summary>
    private const double FullPart = 0.2, SelectivePart = 0.1;

    /// <summary>How many times faster weights learn than functions while inputs settle.</summary>
    private const double SettlingPace = 20;

    private static readonly Target[] targets =
    [
        new("polynomial", 1, x => x[0] * x[0] * x[0] - 0.5 * x[0] + 0.3 * Math.Exp(x[0])),
        new("waves", 1, x => Math.Sin(5 * Math.PI * x[0]) + 0.5 * Math.Cos(9 * Math.PI * x[0])),
        new("chirp", 1, x => Math.Sin(2 * Math.PI * (1 + x[0]) * (1 + x[0]))),
        new("steps", 1, x => x[0] < -0.4 ? -0.5 : x[0] < 0.3 ? 1 : -1 + x[0]),
        new("peak and kink", 1, x => 1 / (1 + 100 * (x[0] + 0.4) * (x[0] + 0.4)) + Math.Abs(x[0] - 0.5)),
        new("two variables", 2, x => Math.Exp(Math.Sin(Math.PI * x[0]) + x[1] * x[1])),
        new("four variables", 4, x => Math.Exp(0.5 * (Math.Sin(Math.PI * (x[0] * x[0] + x[1] * x[1])) + Math.Sin(Math.PI * (x[2] * x[2] + x[3] * x[3]))))),
    ];

    private static readonly string[] fitting = ["s-kan", "spline", "gaussian", "chebyshev", "wavelet", "fourier", "mlp"];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Problem>
    {
        Id = "s-kan",
        Question = "Does a Kolmogorov-Arnold network whose inputs choose their family of functions fit seven unlike targets better on the whole, and in the worst case, than networks of one family and than perceptrons of its size, and does its convolutional form tell images better than a convolutional network?",
        Original = "Seven functions against MLPs and single-family KANs of one size; image classification on MNIST, SVHN, CIFAR-10 and CIFAR-100 with convolutional variants on a GPU: best on the functions, leading among KANs and CNNs on the images.",
        Difference = "Other functions of the same kinds, one hidden layer of a few nodes, small images of digits, seconds of training; families of seven functions each, fixed in place and width, to which every layer adds a linear combination of SiLUs; the convolutional networks are compared at equal parameters, so the one of neurons has more channels.",
        Budget = "parameters (of the pruned network; perceptrons and convolutional networks have no fewer) and steps; before it is pruned the method has five times the coefficients and takes that much more arithmetic",
        Data = "a CSV file, which may be compressed, of images in rows of numbers with the class in the last column (digits.csv.gz for example); it takes the place of the generated digits",
        TunedBy = "error",
        Settings =
        [
            Setting.Whole("steps", "training steps on each target", smoke: 10, full: 1200),
            Setting.Whole("targets", "how many of the seven targets", smoke: 1, full: 7, maximum: targets.Length),
            Setting.Whole("points", "points of each target for each of its variables", smoke: 50, full: 300),
            Setting.Whole("hidden", "nodes of the hidden layer", smoke: 2, full: 6),
            Setting.Whole("functions", "functions in each family", smoke: 4, full: 7, minimum: 4),
            Setting.Number("sharpening", "factor before the entropy of the weights in selective training", smoke: 1, full: 1),
            Setting.Whole("image-steps", "training steps on images", smoke: 5, full: 700),
            Setting.Whole("images", "training images, and as many to judge by", smoke: 64, full: 3000, minimum: 64),
            Setting.Whole("channels", "channels of the first convolution; the second has twice as many", smoke: 2, full: 5),
        ],
        Task = Problems,
        Arms =
        [
            new("s-kan", "Each input chooses among B-splines, Gaussians, Chebyshev polynomials, Mexican hats and Fourier functions.", ArmRole.Method, (problem, run) =>
                Fit(problem, run, (inputs, width) => Kan(run, inputs, width, (key, from, to, squashed) => SelectableKanLayer.Create(key, Families(run), from, to, isSquashed: squashed)))) { Candidates = Rates },
            Single("spline", "B-splines alone: the original network.", 0),
            Single("gaussian", "Gaussians alone.", 1),
            Single("chebyshev", "Chebyshev polynomials alone.", 2),
            Single("wavelet", "Mexican hats alone.", 3),
            Single("fourier", "Fourier functions alone.", 4),
            new("mlp", "A perceptron with two hidden layers of SiLUs, as wide as it takes to have no fewer parameters.", ArmRole.Baseline, (problem, run) => Fit(problem, run, (inputs, width) => Perceptron(run, inputs, width))) { Candidates = Rates },
            new("s-convkan", "Two convolutions whose channels choose their family, each followed by a norm.", ArmRole.Method, (problem, run) => Classify(problem, run, ConvolutionalKan(run, problem.Images))) { Candidates = ImageRates },
            new("cnn", "Two convolutions with the same norms and ReLUs, with no fewer parameters.", ArmRole.Baseline, (problem, run) => Classify(problem, run, Cnn(run, problem.Images))) { Candidates = ImageRates },
        ],
        Metrics =
        [
            new("error", "of targets of variance 1 the root mean squared error on test points, its geometric mean over the targets; of images the share of wrong answers"),
            new("worst", "the largest of those errors over the targets"),
            new("accuracy", "share of right answers on test images", Better.Higher),
        ],
        Claims =
        [
            Claim.That(
                "the rank of the error of s-kan, its mean over the targets, is lowest",
                seed => fitting.Skip(1).Min(arm => MeanRank(seed, arm)) - MeanRank(seed, "s-kan"), 0, "ranks"),
            Claim.Ratio("the worst error of s-kan is below that of every other network", seed => fitting.Skip(1).Min(arm => seed[arm, "worst"]) / seed["s-kan", "worst"]),
            Claim.Above("s-convkan", "cnn", "accuracy"),
        ],
    };

    private static Choice[] Rates => Choice.Of("rate", 5e-2, 0.1, 0.2);

    private static Choice[] ImageRates => Choice.Of("rate", 8e-3, 2e-2, 5e-2);

    private static Arm<Problem> Single(string name, string meaning, int family) => new(name, meaning, ArmRole.Baseline, (problem, run) =>
        Fit(problem, run, (inputs, width) => Kan(run, inputs, width, (key, from, to, squashed) => KanLayer.Create(key, Families(run)[family], from, to, isSquashed: squashed))))
    { Candidates = Rates };

    private static IReadOnlyList<UnivariateBasis> Families(ArmRun run) => UnivariateBasis.All(run.Settings.Whole("functions"));

    private static Problem Problems(TaskContext context)
    {
        var (count, images) = (context.Settings.Whole("points"), context.Settings.Whole("images"));
        var random = new KeyRandom(context.Key.Fold(0));
        return new(
            [.. targets.Take(context.Settings.Whole("targets")).Select(target => target.Draw(random, count * target.Dimensions))],
            context.DataFile is { } file ? Classification.ReadImages(file, context.Key.Fold(1)) : Classification.Halves("digits", Digits.Of(context.Key.Fold(1), 2 * images, size: 10), 10));
    }

    /// <summary>The mean over the targets of one more than the number of arms whose error is lower.</summary>
    private static double MeanRank(SeedMeasures seed, string arm) =>
        targets.Average(target => 1 + fitting.Count(other => seed[other, Measure(target)] < seed[arm, Measure(target)]));

    private static string Measure(Target target) => $"error on {target.Name}";

    private static void Fit(Problem problem, ArmRun run, Func<int, int, Sequential> create)
    {
        var learner = new Learner<RegressionData>(run, run.Steps(), (model, batch) => Loss.MeanSquared(model.Call(batch.Inputs), batch.Targets));
        var call = Compile.Of((Sequential model, Tensor x) => model.Call(x));
        foreach (var target in targets) run.Measure(Measure(target), double.NaN);
        var (errors, lines) = (new List<double>(), new List<Picture>());
        foreach (var (target, train, test) in problem.Targets)
        {
            var model = learner.Learn(create(target.Dimensions, run.Settings.Whole("hidden")), Batches.Whole(train), target.Name);
            var prediction = call(model, test.Inputs);
            errors.Add(Training.Metric.RootMeanSquared(prediction, test.Targets).Item());
            run.Measure(Measure(target), errors[^1]);
            if (target.Dimensions == 1) lines.Add(Draw(test, prediction));
        }
        run.Measure("error", Math.Exp(errors.Average(error => Math.Log(error))));
        run.Measure("worst", errors.Max());
        run.Measure("accuracy", double.NaN);
        run.Picture("targets of one variable", () => Picture.Row([.. lines]));
    }

    private static void Classify(Problem problem, ArmRun run, Sequential start)
    {
        var (images, steps) = (problem.Images, run.Steps("image-steps"));
        var learner = new Learner<LabelledData>(run, steps, (model, batch) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
        var (accuracy, _) = images.Judge(learner.Learn(start, Batches.Shuffled(images.Train, Math.Min(64, images.Train.Count), run.Key), images.Name));
        foreach (var target in targets) run.Measure(Measure(target), double.NaN);
        run.Measure("error", 1 - accuracy);
        run.Measure("worst", double.NaN);
        run.Measure("accuracy", accuracy);
    }

    private static Sequential Kan(ArmRun run, int inputs, int hidden, Func<Key, int, int, bool, ILayer> layer) =>
        new([layer(run.Key.Fold(0), inputs, hidden, false), layer(run.Key.Fold(1), hidden, 1, true)]);

    private static Sequential Perceptron(ArmRun run, int inputs, int hidden)
    {
        var allowed = (inputs + 1) * hidden * (run.Settings.Whole("functions") + 1);
        var width = Enumerable.Range(1, allowed).First(width => (inputs + 1) * width + (width + 1) * width + width + 1 >= allowed);
        return new([Mlp.Create(run.Key, [inputs, width, width, 1], Tensor.Silu)]);
    }

    private static Sequential ConvolutionalKan(ArmRun run, Classification images)
    {
        var (channels, first) = (images.Train.Inputs.Shape[1], run.Settings.Whole("channels"));
        ILayer Layer(int index, int from, int to) => SelectableKanLayer.Create(run.Key.Fold(index), Families(run), from, to, [3, 3], isSquashed: true);
        return new(
        [
            Layer(0, channels, first),
            GroupNorm.Create(first, 1, 2),
            new MaxPooling([2, 2]),
            Layer(1, first, 2 * first),
            GroupNorm.Create(2 * first, 1, 2),
            new MaxPooling([2, 2]),
            new Elementwise(Flat),
            Linear.Create(run.Key.Fold(2), 2 * first * Places(images), images.Classes),
        ]);
    }

    private static Sequential Cnn(ArmRun run, Classification images)
    {
        var (channels, first) = (images.Train.Inputs.Shape[1], run.Settings.Whole("channels"));
        var allowed = 9 * (run.Settings.Whole("functions") + 1) * (channels * first + 2 * first * first) + 6 * first + (2 * first * Places(images) + 1) * images.Classes;
        var width = Enumerable.Range(1, allowed).First(width => (9 * channels + 1) * width + (9 * width + 1) * 2 * width + 6 * width + (2 * width * Places(images) + 1) * images.Classes >= allowed);
        return new(
        [
            Convolution.Create(run.Key.Fold(0), channels, width, [3, 3]),
            GroupNorm.Create(width, 1, 2),
            new Elementwise(Activation.Relu),
            new MaxPooling([2, 2]),
            Convolution.Create(run.Key.Fold(1), width, 2 * width, [3, 3]),
            GroupNorm.Create(2 * width, 1, 2),
            new Elementwise(Activation.Relu),
            new MaxPooling([2, 2]),
            new Elementwise(Flat),
            Linear.Create(run.Key.Fold(2), 2 * width * Places(images), images.Classes),
        ]);
    }

    /// <summary>Pixels that two poolings leave of an image.</summary>
    private static int Places(Classification images) => (images.Train.Inputs.Shape[2] / 4) * (images.Train.Inputs.Shape[3] / 4);

    private static Tensor Flat(Tensor x) => x.Flatten(1);

    /// <summary>A target of one variable, with what was learned over it.</summary>
    private static Picture Draw(RegressionData test, Tensor prediction)
    {
        const int Side = 200;
        var picture = new Picture(Side, Side);
        var (x, y, found) = (test.Inputs.ToDoubles(), test.Targets.ToDoubles(), prediction.ToDoubles());
        for (var i = 0; i < x.Length; i++)
        {
            picture.Dot(Side * (x[i] + 1) / 2, Side * (0.5 - y[i] / 8), 1.5, new(0, 0, 0));
            picture.Dot(Side * (x[i] + 1) / 2, Side * (0.5 - found[i] / 8), 1, Colour.Distinct[1]);
        }
        return picture;
    }

    /// <summary>Trains networks: those with inputs that choose in three stages, others in one. Steps are compiled once for all targets of one shape.</summary>
    /// <typeparam name="TBatch">What the loss is given.</typeparam>
    private sealed class Learner<TBatch>
        where TBatch : ITree<TBatch>
    {
        private readonly ArmRun run;
        private readonly int steps, full, selective;
        private readonly Trainer<Sequential, TBatch> whole, open, settling, pruned;

        public Learner(ArmRun run, int steps, Func<Sequential, TBatch, Tensor> loss)
        {
            (this.run, this.steps, full, selective) = (run, steps, Math.Max(1, (int)(FullPart * steps)), Math.Max(1, (int)(SelectivePart * steps)));
            var (rate, sharpening) = (run.Choice["rate"], run.Settings.Number("sharpening"));
            Trainer<Sequential, TBatch> Trainer(IOptimiser optimiser, Func<Sequential, TBatch, Tensor> loss) => new(optimiser, (model, batch, _) => loss(model, batch));
            whole = Trainer(new Adam(Schedule.Cosine(rate, steps)), loss);
            open = Trainer(new Adam(rate), loss);
            settling = Trainer(
                new ScaledRate(new Adam(rate), static (path, _) => path.EndsWith("logits", StringComparison.Ordinal), SettlingPace),
                (model, batch) => loss(model, batch) + sharpening * SelectableKanLayer.EntropyOf(model));
            pruned = Trainer(new Adam(Schedule.Cosine(rate, Math.Max(1, steps - full - selective))), loss);
        }

        public Sequential Learn(Sequential start, IBatches<TBatch> batches, string name)
        {
            if (!start.Layers.OfType<SelectableKanLayer>().Any()) return run.Train(whole, start, batches, steps, name: name);
            var model = run.Train(open, start, batches, full, name: $"{name}, all families");
            model = run.Train(settling, model, batches, selective, name: $"{name}, settling");
            model = SelectableKanLayer.PrunedOf(model);
            foreach (var group in model.Layers.OfType<KanLayer>().SelectMany(layer => layer.Groups).GroupBy(group => group.Basis))
                run.Measure($"{group.Key.Name} on {name}", group.Sum(chosen => chosen.Nodes.Count));
            return run.Train(pruned, model, batches, Math.Max(1, steps - full - selective), name: $"{name}, pruned");
        }
    }

    /// <summary>A function to be fitted.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Dimensions">Variables, each from -1 to 1.</param>
    /// <param name="Value">The function.</param>
    private sealed record Target(string Name, int Dimensions, Func<double[], double> Value)
    {
        private const int TestPoints = 1000;

        /// <summary>Points with values that have the mean 0 and the variance 1 on the test points.</summary>
        public (Target Target, RegressionData Train, RegressionData Test) Draw(KeyRandom random, int count)
        {
            var points = Enumerable.Range(0, count + TestPoints).Select(_ => Enumerable.Range(0, Dimensions).Select(_ => random.Uniform(-1, 1)).ToArray()).ToArray();
            var values = points.Select(Value).ToArray();
            var mean = values[count..].Average();
            var deviation = Math.Sqrt(values[count..].Average(value => (value - mean) * (value - mean)));
            RegressionData Data(Range range) => new(
                Tensor.From<float>([.. points[range].SelectMany(point => point).Select(x => (float)x)], [points[range].Length, Dimensions]),
                Tensor.From<float>([.. values[range].Select(value => (float)((value - mean) / deviation))], [points[range].Length, 1]));
            return (this, Data(..count), Data(count..));
        }
    }

    /// <summary>What to learn.</summary>
    /// <param name="Targets">Functions with points to learn from and to be judged by.</param>
    /// <param name="Images">Images to tell apart.</param>
    private sealed record Problem((Target Target, RegressionData Train, RegressionData Test)[] Targets, Classification Images);
}
