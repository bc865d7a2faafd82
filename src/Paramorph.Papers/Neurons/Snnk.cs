using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Layers whose inputs meet their parameters in one product of random features, against layers as they are.</summary>
[Paper("snnk")]
public static class Snnk
{
    /// <summary>Size of the inputs and weights whose products are estimated.</summary>
    private const int Dimensions = 16;

    /// <summary>Lengths of those inputs and weights.</summary>
    private const double Length = 0.6;

    private static readonly int[] counts = [16, 64, 256, 1024];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Problem[]>
    {
        Id = "snnk",
        Question = "Do random features of inputs and of weights estimate a layer ever better as they become more, does a network of such layers need several times fewer trained parameters, and does one linear system replace the training of a fully bundled network?",
        Original = "Pointwise estimates; SIREN, physics-inspired and MNIST networks; pooling layers and adapters of BERT and vision transformers: up to five times fewer trained parameters at competitive accuracy.",
        Difference = "A random teacher and small images of digits. The second of two hidden ReLU layers becomes an arc-cosine kernel, as ReLU layers do in the paper, and is bundled with the readout; the first has few inputs and stays. The bundled matrix is drawn, where the paper starts from that of layers. The fully bundled network has random features of random features of the input.",
        Budget = "steps and batches (the fully bundled network has a linear system or the same steps); the narrow network has no fewer trained parameters than the method",
        Data = "a CSV file, which may be compressed, of numbers with the class in the last column (digits.csv.gz for example); it takes the place of the generated digits",
        TunedBy = "score",
        Settings =
        [
            Setting.Whole("steps", "training steps on each task", smoke: 10, full: 2000),
            Setting.Whole("examples", "training examples of each task, and as many to judge by", smoke: 100, full: 6000, minimum: 64),
            Setting.Whole("width", "neurons of each of two hidden layers", smoke: 32, full: 384),
            Setting.Whole("features", "features of the layer that takes the place of the second", smoke: 16, full: 1024),
            Setting.Whole("bundled", "features of the fully bundled network; its inner ones are half as many", smoke: 32, full: 1024, minimum: 2),
            Setting.Whole("draws", "draws over which errors of estimates are averaged", smoke: 2, full: 64),
        ],
        Task = Problems,
        Arms =
        [
            new("snnk", "A network with two hidden layers, of which the second is a product of arc-cosine features and trained weights, bundled with the readout.", ArmRole.Method, (problems, run) => Learn(problems, run, Scalable)) { Candidates = Rates },
            new("mlp", "The ReLU network.", ArmRole.Baseline, (problems, run) => Learn(problems, run, (run, problem) => Network(run, problem, run.Settings.Whole("width")))) { Candidates = Rates },
            new("narrow", "A ReLU network as narrow as it may be with no fewer parameters than the method.", ArmRole.Reference, (problems, run) => Learn(problems, run, Narrow)) { Candidates = Rates },
            new("bundled", "The fully bundled network, solved: no backpropagation.", ArmRole.Method, (problems, run) => Bundle(problems, run, Solve)) { Candidates = Choice.Of("ridge", 1e-6, 1e-5, 1e-4, 1e-3, 1e-2) },
            new("descended", "The fully bundled network, trained by gradient descent (Adam) on the squared error.", ArmRole.Baseline, (problems, run) => Bundle(problems, run, Descend))
            { Candidates = Choice.Of("rate", 3e-3, 1e-2, 3e-2, 0.1, 0.3) },
            new("estimate", "Estimates of single layers without training.", ArmRole.Ablation, (_, run) => Estimate(run)),
        ],
        Metrics =
        [
            new("score", "the mean of the two that follow", Better.Higher),
            new("accuracy", "share of right answers on test images", Better.Higher),
            new("R squared", "share of the variance of the teacher that is explained on test data", Better.Higher),
            new("compression", "trained parameters of the ReLU network over those of the arm, the least over the tasks", Better.Higher),
            new("slope distance", "distance from -1/2 of the power of the features with which the error of estimates falls, the most over activations"),
        ],
        Claims =
        [
            Claim.AtMost("estimate", "slope distance", 0.1),
            Claim.AtLeast("snnk", "compression", 3),
            Claim.NoLower("snnk", "mlp", "accuracy", margin: 0.02),
            Claim.NoLower("snnk", "mlp", "R squared", margin: 0.02),
            Claim.NoLower("bundled", "descended", "accuracy", margin: 0.02),
            Claim.NoLower("bundled", "descended", "R squared", margin: 0.02),
        ],
    };

    private static Choice[] Rates => Choice.Of("rate", 3e-3, 6e-3, 1.2e-2, 2.5e-2, 5e-2);

    private static Problem[] Problems(TaskContext context)
    {
        var count = context.Settings.Whole("examples");
        var keys = context.Key.Split(4);
        var teacher = TeacherNetwork.Of(keys[0], inputs: 8, hidden: 16);
        var digits = context.DataFile is { } file ? Classification.Read(file, keys[3]) : Classification.Halves("digits", Digits.Of(keys[3], 2 * count, size: 8), 10);
        RegressionData Flat(LabelledData data) => new(data.Inputs.Reshape(data.Count, digits.Inputs).Evaluate(), Tensor.OneHot(data.Labels, digits.Classes).Evaluate());
        return
        [
            new("teacher", teacher.Examples(keys[1], count, noise: 0.02), teacher.Examples(keys[2], count), IsClasses: false),
            new("digits", Flat(digits.Train), Flat(digits.Test), IsClasses: true),
        ];
    }

    /// <summary>Trains a network on each task.</summary>
    private static void Learn(Problem[] problems, ArmRun run, Func<ArmRun, Problem, Sequential> create)
    {
        var steps = run.Steps();
        Judge(problems, run, problem =>
        {
            var trainer = new Trainer<Sequential, RegressionData>(
                new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (model, batch, _) => problem.Loss(model.Call(batch.Inputs), batch.Targets));
            var start = create(run, problem);
            var trained = run.Train(trainer, start, Batches(problem.Train, run.Key), steps, name: problem.Name);
            return (Compile.Of((Sequential model, Tensor x) => model.Call(x))(trained, problem.Test.Inputs), ParameterCount.Of(start));
        });
    }

    /// <summary>Learns the one matrix of a fully bundled network for each task, from the features of the training data.</summary>
    private static void Bundle(Problem[] problems, ArmRun run, Func<ArmRun, Problem, TreeList<IKernelFeatures>, ScalableLayer> learn) => Judge(problems, run, problem =>
    {
        var count = run.Settings.Whole("bundled");
        var network = learn(run, problem, [new ArcCosineFeatures(run.Key.Fold(0), problem.Inputs, count / 2), new ArcCosineFeatures(run.Key.Fold(1), count / 2, count)]);
        run.Keep($"bundled {problem.Name}", network);
        return (Compile.Of((ScalableLayer network, Tensor x) => network.Call(x))(network, problem.Test.Inputs), ParameterCount.Of(network));
    });

    private static ScalableLayer Solve(ArmRun run, Problem problem, TreeList<IKernelFeatures> features)
    {
        ScalableLayer Fit(Tensor x, Tensor y) => ScalableLayer.Fitted(features, x, y, run.Choice["ridge"]);
        var flops = Computation.Of((RegressionData data) => Fit(data.Inputs, data.Targets), problem.Train).Cost.Flops;
        var fitted = Compile.Of<Tensor, Tensor, ScalableLayer>(Fit)(problem.Train.Inputs, problem.Train.Targets);
        run.Count(ParameterCount.Of(fitted), 0, (double)flops);
        return fitted;
    }

    private static ScalableLayer Descend(ArmRun run, Problem problem, TreeList<IKernelFeatures> features)
    {
        // The features of the training data are the same at each step.
        var phi = Compile.Of((Tensor x) => new ScalableLayer(features, x).OfInputs(x))(problem.Train.Inputs);
        var steps = run.Steps();
        var trainer = new Trainer<Linear, RegressionData>(
            new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (model, batch, _) => Loss.MeanSquared(model.Call(batch.Inputs), batch.Targets));
        var start = Linear.Create(run.Key, phi.Shape[1], problem.Outputs, weight: Initialiser.Zeros);
        var trained = run.Train(trainer, start, Batches(problem.Train with { Inputs = phi }, run.Key), steps, name: problem.Name);
        return new(features, trained.Weight, trained.Bias);
    }

    private static void Judge(Problem[] problems, ArmRun run, Func<Problem, (Tensor Prediction, long Parameters)> learn)
    {
        var compression = double.PositiveInfinity;
        var scores = new List<double>();
        foreach (var problem in problems)
        {
            var (prediction, parameters) = learn(problem);
            scores.Add(problem.Score(prediction));
            run.Measure(problem.IsClasses ? "accuracy" : "R squared", scores[^1]);
            compression = Math.Min(compression, Parameters(problem, run.Settings.Whole("width")) / (double)parameters);
        }
        run.Measure("score", scores.Average());
        run.Measure("compression", compression);
        run.Measure("slope distance", double.NaN);
    }

    private static IBatches<RegressionData> Batches(RegressionData data, Key key) => Training.Batches.Shuffled(data, 64, key);

    private static long Parameters(Problem problem, int width) => (problem.Inputs + 1L) * width + (width + 1L) * width + (width + 1L) * problem.Outputs;

    private static Sequential Network(ArmRun run, Problem problem, int width) =>
        new([Mlp.Create(run.Key, [problem.Inputs, width, width, problem.Outputs], Activation.Relu, Initialiser.HeNormal)]);

    private static Sequential Narrow(ArmRun run, Problem problem)
    {
        var (width, features) = (run.Settings.Whole("width"), run.Settings.Whole("features"));
        var allowed = (problem.Inputs + 1L) * width + (features + 1L) * problem.Outputs;
        return Network(run, problem, Enumerable.Range(1, width).First(narrow => Parameters(problem, narrow) >= Math.Min(allowed, Parameters(problem, width))));
    }

    /// <summary>The network whose second hidden layer is of random features, whose one matrix starts as what the readout is drawn as: the features are about as long as their input.</summary>
    private static Sequential Scalable(ArmRun run, Problem problem)
    {
        var (width, count) = (run.Settings.Whole("width"), run.Settings.Whole("features"));
        var weight = Initialiser.Normal(Math.Sqrt(2.0 / (width + problem.Outputs)));
        return Initialise.Of(run.Key, key => new Sequential(
        [
            Linear.Create(key.Fold(0), problem.Inputs, width, weight: Initialiser.HeNormal),
            new Elementwise(Activation.Relu),
            new ScalableLayer(
                [new ArcCosineFeatures(key.Fold(1), width, count)],
                weight.Draw(key.Fold(2), [count, problem.Outputs], new(count, problem.Outputs)),
                Tensor.Zeros([problem.Outputs])),
        ]));
    }

    /// <summary>How errors of estimates fall with the number of features, for each activation.</summary>
    private static void Estimate(ArmRun run)
    {
        var (x, layer) = Layer(run.Key);
        var distance = 0.0;
        foreach (var spectrum in ActivationSpectrum.All)
        {
            run.Progress(0, 1);
            var truth = spectrum.Function(layer.Call(x)).Evaluate();
            var errors = counts.Select(count => Error(run, key => new UniversalRandomFeatures(key, spectrum, Dimensions, count), x, layer, truth)).ToArray();
            distance = Math.Max(distance, Fall(run, spectrum.Name, errors));
        }
        var (rectified, bias) = (Tensor.Concatenate([x, Tensor.Ones([x.Shape[0], 1])], 1), layer.Bias!.ExpandDims(0));
        var kernel = ArcCosine(rectified, Tensor.Concatenate([layer.Weight, bias], 0)).Evaluate();
        distance = Math.Max(distance, Fall(run, "arc-cosine", [.. counts.Select(count => Error(run, key => new ArcCosineFeatures(key, Dimensions, count), x, layer, kernel))]));
        foreach (var metric in (string[])["score", "accuracy", "R squared", "compression"]) run.Measure(metric, double.NaN);
        run.Measure("slope distance", distance);
        run.Picture("estimates", () => Picture.Row([.. ((ActivationSpectrum[])[ActivationSpectrum.Sine, ActivationSpectrum.Tanh, ActivationSpectrum.Gelu]).Select(spectrum => Draw(run.Key, spectrum))]));
    }

    /// <summary>Inputs and an affine map of random directions.</summary>
    private static (Tensor X, Linear Layer) Layer(Key key) => (
        (Length * Sample.Normal(key.Fold(0), [16, Dimensions]).Normalise(axes: -1)).Evaluate(),
        new((Length * Sample.Normal(key.Fold(1), [Dimensions, 16]).Normalise(axes: 0)).Evaluate(), Sample.Uniform(key.Fold(2), [16], -1.0, 1.0).Evaluate()));

    /// <summary>The kernel that rectified projections estimate, for rows of x and columns of w.</summary>
    private static Tensor ArcCosine(Tensor x, Tensor w)
    {
        var lengths = Tensor.Sqrt(Tensor.Square(x).Sum(1).ExpandDims(1) * Tensor.Square(w).Sum(0));
        var angle = Tensor.Acos(Tensor.Clamp(x.Dot(w) / lengths, -1.0, 1.0));
        return lengths * (Tensor.Sin(angle) + (Math.PI - angle) * Tensor.Cos(angle)) / Math.PI;
    }

    /// <summary>The root mean squared error over draws, inputs and outputs.</summary>
    private static double Error(ArmRun run, Func<Key, IKernelFeatures> features, Tensor x, Linear layer, Tensor truth)
    {
        var squares = Compile.Of((Key key) => Loss.MeanSquared(ScalableLayer.Of(features(key), layer).Call(x), truth));
        return Math.Sqrt(Enumerable.Range(0, run.Settings.Whole("draws")).Average(draw => squares(run.Key.Fold(draw + 100)).Item()));
    }

    /// <summary>The distance from -1/2 of the slope of errors over numbers of features, both by their logarithms.</summary>
    private static double Fall(ArmRun run, string name, double[] errors)
    {
        double[] at = [.. counts.Select(count => Math.Log(count))];
        for (var i = 0; i < counts.Length; i++) run.Point($"log2 error of {name} over log2 features", Math.Log2(counts[i]), Math.Log2(errors[i]));
        var (meanAt, meanError) = (at.Average(), errors.Average(error => Math.Log(error)));
        var slope = at.Zip(errors, (x, error) => (x - meanAt) * (Math.Log(error) - meanError)).Sum() / at.Sum(x => (x - meanAt) * (x - meanAt));
        run.Measure($"slope of {name}", slope);
        return Math.Abs(slope + 0.5);
    }

    /// <summary>The function, and estimates of it with 64 and with 1,024 draws, along a line of inputs.</summary>
    private static Picture Draw(Key key, ActivationSpectrum spectrum)
    {
        const int Side = 280;
        const double Reach = 1.5;
        var picture = new Picture(Side, Side);
        var z = Tensor.Linspace(-Reach, Reach, Side).ExpandDims(1);
        // Half of an argument is made by the input and half by the bias, which keeps inputs short.
        var (x, bias) = (0.5 * z, 0.5 * z[.., 0]);
        void Line(double[] values, Colour colour)
        {
            for (var i = 1; i < Side; i++) picture.Line(i - 1, Side * (0.5 - values[i - 1] / 4), i, Side * (0.5 - values[i] / 4), colour);
        }
        foreach (var (count, colour) in ((int, int)[])[(64, 1), (1024, 2)])
        {
            var estimate = Compile.Of((Key key) =>
            {
                var features = new UniversalRandomFeatures(key, spectrum, 1, count);
                return (features.OfInputs(x) * features.OfParameters(Tensor.Ones([1, Side]), bias).T).Sum(-1);
            });
            for (var draw = 0; draw < 8; draw++) Line(estimate(key.Fold(draw)).ToDoubles(), Colour.Distinct[colour]);
        }
        Line(spectrum.Function(z[.., 0]).ToDoubles(), new(0, 0, 0));
        return picture;
    }

    /// <summary>What to learn.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Train">Examples to learn from; classes as probabilities.</param>
    /// <param name="Test">Examples to be judged by.</param>
    /// <param name="IsClasses">Whether targets are classes.</param>
    private sealed record Problem(string Name, RegressionData Train, RegressionData Test, bool IsClasses)
    {
        public int Inputs => Train.Inputs.Shape[1];

        public int Outputs => Train.Targets.Shape[1];

        public Tensor Loss(Tensor prediction, Tensor targets) =>
            IsClasses ? Training.Loss.CrossEntropyOfDistributions(prediction, targets) : Training.Loss.MeanSquared(prediction, targets);

        public double Score(Tensor prediction) => Compile.Of((Tensor prediction, Tensor targets) =>
            IsClasses ? Training.Metric.Accuracy(prediction, targets.ArgMax(-1)) : Training.Metric.RSquared(prediction, targets))(prediction, Test.Targets).Item();
    }
}
