using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Shrink;
using Paramorph.Training;

namespace Paramorph.Papers.Shrink;

/// <summary>Quantisation of a small convolutional network: after training and during it, by tensor and by channel, uniform and not, and in integers alone.</summary>
[Paper("quantization-survey")]
public static class QuantizationSurvey
{
    private static readonly int[] BitWidths = [8, 4, 2];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<TrainedTask>
    {
        Id = "quantization-survey",
        Question = "Does a convolutional network keep its accuracy with 8-bit integers without training, does training with rounding win at 4 bits and below, are scales for each channel better than one a layer, and are integer products faster and weights 4 to 8 times smaller?",
        Original = "A survey: methods and results of others on ImageNet with ResNets and language models; 8 bits mostly for free, 4 bits with training, memory 4 to 8 times smaller in practice and up to 16 times in principle.",
        Difference = "Images of digits, two convolutions and a linear layer, seconds of training; integer products on a CPU by pairs of 16 bits, which is exact.",
        Budget = "steps: all arms start from the same trained network and train it on for as many steps, with rounding (qat, for each number of bits) or without (all others)",
        Data = "a CSV file, which may be compressed, of numbers with the class in the last column (digits.csv.gz for example); a square number of them is taken for an image",
        MeasuresTime = true,
        Seeds = 5,
        Settings =
        [
            Setting.Whole("steps", "steps of training before quantisation, and as many of training on, with rounding or without", smoke: 5, full: 500),
            Setting.Whole("channels", "channels of the first convolution; the second has twice as many", smoke: 4, full: 16),
            Setting.Whole("examples", "generated training examples, and as many to judge by", smoke: 64, full: 2000, minimum: 20),
            Setting.Whole("calibration", "training examples from which ranges of activations are chosen", smoke: 50, full: 256),
            Setting.Whole("batch", "images in a batch whose inference is timed", smoke: 16, full: 256),
            Setting.Whole("repetitions", "times that each is timed at least; the fastest counts", smoke: 2, full: 100),
        ],
        Task = TrainedTask.Of,
        Arms =
        [
            new("qat", "Quantisation-aware training: straight-through rounding of weights by channel and of activations, scales learned.", ArmRole.Method, QuantisationAware),
            new("ptq", "After training: scales by channel, ranges with the least squared error.", ArmRole.Baseline, (task, run) =>
                AfterTraining(task, run, ByChannel)),
            new("per-tensor", "The same with one scale for each layer.", ArmRole.Ablation, (task, run) =>
                AfterTraining(task, run, (weight, bits) => Calibration.LeastSquares.Of(weight, bits))),
            new("min-max", "As ptq, but ranges hold all numbers.", ArmRole.Ablation, (task, run) =>
                AfterTraining(task, run, (weight, bits) => Calibration.MinMax.Of(weight, bits, OutputAxis(weight)), Calibration.MinMax)),
            new("k-means", "As per-tensor, but weights have the levels that k-means finds.", ArmRole.Ablation, NonUniform),
            new("mixed", "As ptq, but each layer has 2 to 8 bits by its sensitivity, with no more memory for weights.", ArmRole.Ablation, Mixed),
            new("integer", "ptq, run with integers alone, whose codes have a byte each.", ArmRole.Method, InIntegers),
            new("float", "Single precision.", ArmRole.Baseline, (task, run) =>
            {
                var accuracy = task.Accuracy(task.TrainedOn(run).Network);
                foreach (var bits in BitWidths) Report(run, bits, accuracy, compression: 1);
            }),
        ],
        Metrics =
        [
            new("accuracy at 8 bits", "share of right answers on test images; without rounding in float", Better.Higher),
            new("accuracy at 4 bits", "the same", Better.Higher),
            new("accuracy at 2 bits", "the same", Better.Higher),
            new("compression at 8 bits", "bytes of all parameters in single precision through bytes of packed codes, scales and biases", Better.Higher),
            new("compression at 4 bits", "the same", Better.Higher),
            new("compression at 2 bits", "the same", Better.Higher),
        ],
        Claims =
        [
            Claim.NoLower("integer", "float", "accuracy at 8 bits", margin: 0.01),
            Claim.Above("qat", "ptq", "accuracy at 4 bits"),
            Claim.Ratio("the whole network is faster with 8-bit integers than in single precision", seed => seed["integer", "speed of network"]),
            Claim.Ratio("its matrix products are faster with 8-bit integers than in single precision", seed => seed["integer", "speed of products"]).AsSide(),
            Claim.Above("qat", "ptq", "accuracy at 2 bits").AsSide(),
            Claim.That(
                "accuracy of ptq is above that of per-tensor, the mean over 8, 4 and 2 bits",
                seed => BitWidths.Average(bits => seed["ptq", $"accuracy at {bits} bits"] - seed["per-tensor", $"accuracy at {bits} bits"]), unit: "accuracy").AsSide(),
            Claim.Above("ptq", "min-max", "accuracy at 4 bits").From("ours").AsSide(),
            Claim.Above("k-means", "per-tensor", "accuracy at 2 bits").From("ours").AsSide(),
            Claim.Above("mixed", "ptq", "accuracy at 2 bits").From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "Of speed it claimed that of matrix products alone, while the whole network was 6 to 8 times slower in integers, and the compression that follows from counting bits could not fail. The speed of the whole network is a main claim now."),
        ],
        Why = "Integers are multiplied in pairs of 16 bits, at most twice as fast as real numbers; rounding and scaling activations after each layer, and a first convolution of a single channel, which has no pairs, take more than that gains in a network as small.",
    };

    private static Trainer<TModel, LabelledData> Trainer<TModel>(int steps, double rate, Func<TModel, Tensor, Tensor> call)
        where TModel : ITree<TModel> => new(
            new Adam(Schedule.Cosine(rate, steps)), (model, batch, _) => Loss.CrossEntropy(call(model, batch.Inputs), batch.Labels));

    private static IBatches<LabelledData> Batches(LabelledData data, Key key) => Training.Batches.Shuffled(data, Math.Min(64, data.Count), key);

    /// <summary>The axis of a weight whose elements belong to different outputs.</summary>
    private static int OutputAxis(Tensor weight) => weight.Rank == 2 ? 1 : 0;

    private static void QuantisationAware(TrainedTask task, ArmRun run)
    {
        foreach (var bits in BitWidths)
        {
            var network = task.Trained.Calibrated(bits, Calibration.LeastSquares);
            var quantisers = FakeQuantised.Quantisers(network, (_, weight) => ByChannel(weight, bits), Kernels);
            var trained = run.Train(
                Trainer<Parametrised<Sequential>>(run.Steps(), TrainedTask.Rate, (raw, x) => raw.Materialise().Call(x)),
                FakeQuantised.Of(network, quantisers), Batches(task.Data.Train, run.Key), run.Steps(), TrainedTask.RateOfMore, name: $"{bits} bits");
            Report(run, bits, task.Accuracy(Parametrised.Merge(trained)), Compression(network, quantisers));
        }
    }

    private static void AfterTraining(TrainedTask task, ArmRun run, Func<Tensor, int, Quantiser> calibrate, Calibration? activations = null)
    {
        var observed = task.TrainedOn(run);
        foreach (var bits in BitWidths)
        {
            var network = observed.Calibrated(bits, activations ?? Calibration.LeastSquares);
            var quantisers = FakeQuantised.Quantisers(network, (_, weight) => calibrate(weight, bits), Kernels);
            Report(run, bits, task.Accuracy(Parametrised.Merge(FakeQuantised.Of(network, quantisers))), Compression(network, quantisers));
        }
        Draw(run, observed.Network, calibrate);
    }

    private static void NonUniform(TrainedTask task, ArmRun run)
    {
        var observed = task.TrainedOn(run);
        foreach (var bits in BitWidths)
        {
            var network = observed.Calibrated(bits, Calibration.LeastSquares);
            long bytes = 0;
            var paths = new Queue<string>(Tree.Names(network));
            var rounded = Tree.Map(network, leaf =>
            {
                if (!Kernels(paths.Dequeue(), leaf))
                {
                    bytes += leaf.Type.Bytes;
                    return leaf;
                }
                var codebook = Codebook.KMeans(leaf, bits);
                bytes += (leaf.Count * bits + 7) / 8 + codebook.Levels.Type.Bytes;
                return codebook.Round(leaf).Evaluate();
            });
            Report(run, bits, task.Accuracy(rounded), (double)Bytes(observed.Network) / bytes);
        }
    }

    private static void Mixed(TrainedTask task, ArmRun run)
    {
        var observed = task.TrainedOn(run);
        foreach (var bits in BitWidths)
        {
            var network = observed.Calibrated(bits, Calibration.LeastSquares);
            (string Path, long Weights)[] layers =
                [.. Tree.Names(network).Zip(Tree.Leaves(network)).Where(leaf => Kernels(leaf.First, leaf.Second)).Select(leaf => (leaf.First, (long)leaf.Second.Count))];
            var chosen = MixedPrecision.Allocate(layers, [2, 3, 4, 5, 6, 8], bits * layers.Sum(layer => layer.Weights), (path, width) =>
            {
                var alone = FakeQuantised.Quantisers(network, (_, weight) => ByChannel(weight, width), Leaves.Named(path));
                return task.Loss(Parametrised.Merge(FakeQuantised.Of(network, alone)));
            });
            var quantisers = FakeQuantised.Quantisers(network, (path, weight) => ByChannel(weight, chosen[path]), Kernels);
            Report(run, bits, task.Accuracy(Parametrised.Merge(FakeQuantised.Of(network, quantisers))), Compression(network, quantisers));
        }
    }

    private static void InIntegers(TrainedTask task, ArmRun run)
    {
        var observed = task.TrainedOn(run);
        foreach (var bits in BitWidths)
        {
            var network = observed.Calibrated(bits, Calibration.LeastSquares);
            var integers = IntegerNetwork.Of(network, FakeQuantised.Quantisers(network, (_, weight) => ByChannel(weight, bits), Kernels));
            Report(run, bits, task.Accuracy(integers), (double)Bytes(observed.Network) / Bytes(integers));
            if (bits == 8) Time(task, run, observed.Network, integers);
        }
    }

    private static Quantiser ByChannel(Tensor weight, int bits) => Calibration.LeastSquares.Of(weight, bits, OutputAxis(weight));

    private static bool Kernels(string path, Tensor leaf) => path.EndsWith(".weight", StringComparison.Ordinal);

    private static void Report(ArmRun run, int bits, double accuracy, double compression)
    {
        run.Measure($"accuracy at {bits} bits", accuracy);
        run.Measure($"compression at {bits} bits", compression);
        run.Point("accuracy", bits, accuracy);
    }

    private static long Bytes<TModel>(TModel model)
        where TModel : ITree<TModel> => Tree.Leaves(model).Sum(leaf => leaf.Type.Bytes);

    /// <summary>Bytes in single precision through those of packed weights, scales, biases and the quantisers of activations: all that the network is kept as.</summary>
    private static double Compression(Sequential network, IReadOnlyDictionary<string, Quantiser> quantisers)
    {
        long single = 0, packed = 0;
        foreach (var (path, leaf) in Tree.Names(network).Zip(Tree.Leaves(network)))
        {
            var isOfLayer = quantisers.TryGetValue(path, out var quantiser) || path.EndsWith(".bias", StringComparison.Ordinal);
            if (isOfLayer) single += leaf.Type.Bytes;
            packed += quantiser is null
                ? leaf.Type.Bytes
                : Bytes(PackedCodes.Of(quantiser.Quantise(leaf), quantiser.Bits)) + quantiser.LogScale.Type.Bytes;
        }
        return (double)single / packed;
    }

    /// <summary>How many times as fast products and the network are with integers, both precisions in turns.</summary>
    private static void Time(TrainedTask task, ArmRun run, Sequential network, IntegerNetwork integers)
    {
        var random = run.Key.Fold(1);
        Tensor Integers(Key key, Shape shape) => Sample.Integers(key, shape, -127, 128).AsType(ElementType.Int8).Evaluate();
        var product = Compile.Of((Tensor a, Tensor b) => a.Dot(b));
        var (real, whole, repetitions) = (0.0, 0.0, run.Settings.Whole("repetitions"));
        foreach (var (rows, depth, columns) in task.Products(network, run.Settings.Whole("batch")))
        {
            var (a, b) = (Integers(random.Fold(rows), [rows, depth]), Integers(random.Fold(columns), [depth, columns]));
            var (x, y) = (a.AsType(ElementType.Float32).Evaluate(), b.AsType(ElementType.Float32).Evaluate());
            var seconds = Timing.InTurns(repetitions, () => product(x, y), () => product(a, b));
            (real, whole) = (real + seconds[0], whole + seconds[1]);
        }
        run.Measure("speed of products", real / whole);

        var images = task.Data.Train.Inputs[..Math.Min(task.Data.Train.Count, run.Settings.Whole("batch"))].Evaluate();
        var fastest = Timing.InTurns(repetitions, () => task.Logits(network, images), () => task.LogitsInIntegers(integers, images));
        run.Measure("speed of network", fastest[0] / fastest[1]);
    }

    /// <summary>The kernels of the first convolution, one a column, in single precision and with 8, 4 and 2 bits.</summary>
    private static void Draw(ArmRun run, Sequential network, Func<Tensor, int, Quantiser> calibrate) => run.Picture("kernels", () =>
    {
        var weight = ((Convolution)network.Layers[0]).Weight;
        var bound = Tensor.Abs(weight).Max().Item();
        Picture Row(Tensor kernels) => Picture.Row([.. Enumerable.Range(0, kernels.Shape[0]).Select(k => Picture.HeatMap(kernels[k, 0].Evaluate(), -bound, bound, scale: 16))]);
        return Picture.Column([Row(weight), .. BitWidths.Select(bits => Row(calibrate(weight, bits).Round(weight)))]);
    });

    /// <summary>A network, and what its layers give for some examples.</summary>
    private sealed record Observed(Sequential Network, Tensor Examples, TreeList<Tensor> Activations)
    {
        public Sequential Calibrated(int bits, Calibration calibration) => PostTraining.Calibrate(Network, Examples, Activations, bits, calibration);
    }

    /// <summary>Images, a network that has learned them, and what became of it in more steps without rounding.</summary>
    private sealed record TrainedTask(Classification Data, LabelledData Calibration, Observed Trained, Observed Continued, double Flops)
    {
        public const double Rate = 2e-3;

        /// <summary>The rate of training on, as a part of the first one.</summary>
        public const double RateOfMore = 0.5;

        private readonly Func<Sequential, LabelledData, Tensor> loss =
            Compile.Of((Sequential network, LabelledData data) => Paramorph.Training.Loss.CrossEntropy(network.Call(data.Inputs), data.Labels));

        public Func<Sequential, Tensor, Tensor> Logits { get; } = Compile.Of((Sequential network, Tensor x) => network.Call(x));

        public Func<IntegerNetwork, Tensor, Tensor> LogitsInIntegers { get; } = Compile.Of((IntegerNetwork network, Tensor x) => network.Call(x));

        public static TrainedTask Of(TaskContext context)
        {
            var keys = context.Key.Split(5);
            var (settings, count) = (context.Settings, context.Settings.Whole("examples"));
            var data = context.DataFile is { } file ? Classification.ReadImages(file, keys[0]) : Classification.Halves("digits", Digits.Of(keys[0], 2 * count, size: 12), 10);
            var (steps, flops) = (settings.Whole("steps"), 0.0);
            var trainer = Trainer<Sequential>(steps, Rate, (network, x) => network.Call(x));
            Sequential Train(Sequential network, double rate, Key key)
            {
                var (start, batches) = (trainer.Start(network, key), Batches(data.Train, key));
                start = start with { Optimiser = start.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
                flops = steps * (double)trainer.Cost(start, batches.At(0)).Flops;
                var run = trainer.Run(start, batches, new(steps) { Cancellation = context.Cancellation });
                context.Cancellation.ThrowIfCancellationRequested();
                return run.State.Model;
            }
            var trained = Train(Create(keys[1], data, settings.Whole("channels")), 1, keys[2]);
            var continued = Train(trained, RateOfMore, keys[3]);
            var examples = Math.Min(data.Train.Count, settings.Whole("calibration"));
            var calibration = new LabelledData(data.Train.Inputs[..examples].Evaluate(), data.Train.Labels[..examples].Evaluate());
            var activations = Compile.Of((Sequential network, Tensor x) => PostTraining.Activations(network, x));
            Observed Observe(Sequential network) => new(network, calibration.Inputs, activations(network, calibration.Inputs));
            return new(data, calibration, Observe(trained), Observe(continued), flops);
        }

        /// <summary>The network that was trained on without rounding; what that took is counted.</summary>
        public Observed TrainedOn(ArmRun run)
        {
            run.Count(ParameterCount.Of(Continued.Network), run.Steps(), Flops);
            return Continued;
        }

        public double Accuracy(Sequential network) => Paramorph.Training.Metric.Accuracy(Logits(network, Data.Test.Inputs), Data.Test.Labels).Item();

        public double Accuracy(IntegerNetwork network) => Paramorph.Training.Metric.Accuracy(LogitsInIntegers(network, Data.Test.Inputs), Data.Test.Labels).Item();

        /// <summary>On the examples from which ranges were chosen.</summary>
        public double Loss(Sequential network) => loss(network, Calibration).Item();

        /// <summary>Rows, depth and columns of the products of patches or features with weights.</summary>
        public IEnumerable<(int Rows, int Depth, int Columns)> Products(Sequential network, int batch)
        {
            var x = Data.Train.Inputs[..1];
            foreach (var layer in network.Layers)
            {
                x = layer.Call(x);
                if (layer is Convolution { Weight.Shape: var kernel }) yield return (batch * x.Shape[2] * x.Shape[3], kernel[1] * kernel[2] * kernel[3], kernel[0]);
                if (layer is Linear { Weight.Shape: var matrix }) yield return (batch, matrix[0], matrix[1]);
            }
        }

        private static Sequential Create(Key key, Classification data, int channels)
        {
            var (images, side) = (data.Train.Inputs.Shape[1], data.Train.Inputs.Shape[2] / 4);
            return new([
                Convolution.Create(key.Fold(0), images, channels, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
                Convolution.Create(key.Fold(1), channels, 2 * channels, [3, 3]), new Elementwise(Activation.Relu), new MaxPooling([2, 2]),
                new Elementwise(Flat), Linear.Create(key.Fold(2), 2 * channels * side * side, data.Classes),
            ]);
        }

        private static Tensor Flat(Tensor x) => x.Flatten(x.Rank - 3);
    }
}
