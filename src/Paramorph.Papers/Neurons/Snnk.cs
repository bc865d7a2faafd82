using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Layers whose inputs meet their parameters in one product of random features, against layers as they are: within a network, and as adapters of one that is trained.</summary>
[Paper("snnk")]
public static class Snnk
{
    private const string Accuracy = "accuracy", Trained = "trained parameters", Operations = "operations";
    private const int Side = 8, Classes = 10, BatchSize = 64;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Tasks>
    {
        Id = "snnk",
        Question = "Does a network whose widest layer is a trained product of universal random features keep the accuracy of the whole network with several times fewer trained parameters, and more of it than a network that is narrow from the start? Do such layers adapt a trained network to other data better than bottlenecks of equal size?",
        Original = "Pointwise estimates; SIREN, physics-inspired and MNIST networks; pooling layers and adapters of BERT and vision transformers, against feedforward layers and bottleneck adapters: up to five times fewer trained parameters at competitive accuracy.",
        Difference = "Small images of digits and networks of two hidden layers. The second one becomes universal random features of the Gaussian function, or the arc-cosine features of ReLU layers, bundled with the readout. Adapters stand behind both hidden layers of a network that learned upright digits, and learn some hundred slanted ones with its readout.",
        Budget = "steps and batches; the narrow network has no fewer trained parameters, and the light one no more operations, than the method; adapters have equal trained parameters",
        Data = "a CSV file, which may be compressed, of square images in rows of numbers with one of ten classes in the last column (digits.csv.gz for example); it takes the place of the generated digits of the first task",
        Equal = EqualBudget.Steps,
        Seeds = 4,
        Settings =
        [
            Setting.Whole("steps", "training steps", smoke: 10, full: 1500),
            Setting.Whole("examples", "training examples, and as many to judge by", smoke: 100, full: 5000, minimum: 64),
            Setting.Whole("few", "slanted digits that adapters learn", smoke: 64, full: 400, minimum: 64),
            Setting.Whole("width", "neurons of each of two hidden layers", smoke: 32, full: 256),
            Setting.Whole("features", "features of the layer that takes the place of the second", smoke: 16, full: 512, minimum: 4),
            Setting.Whole("adapter", "features of an adapter", smoke: 4, full: 32, minimum: 4),
        ],
        Task = Draw,
        Arms =
        [
            new("urf", "The second layer is a product of universal random features and trained weights.", ArmRole.Method, (tasks, run) => Learn(tasks.Digits, run, Replaced(run, isUniversal: true))) { Candidates = Rates },
            new("snnk", "The same with arc-cosine features, behind ReLUs.", ArmRole.Method, (tasks, run) => Learn(tasks.Digits, run, Replaced(run, isUniversal: false))) { Candidates = Rates },
            new("mlp", "The ReLU network as it is.", ArmRole.Baseline, (tasks, run) => Learn(tasks.Digits, run, Network(run.Key, run.Settings.Whole("width")))) { Candidates = Rates },
            new("narrow", "The narrowest ReLU network with no fewer parameters than urf.", ArmRole.Baseline, (tasks, run) => Learn(tasks.Digits, run, Narrow(run))) { Candidates = Rates },
            new("light", "The widest ReLU network with no more operations than urf.", ArmRole.Baseline, (tasks, run) => Learn(tasks.Digits, run, Light(run))) { Candidates = Rates },
            new("urf-adapter", "A trained network with universal random features added behind its layers.", ArmRole.Method, (tasks, run) => Adapt(tasks, run, size => Features(run, size))) { Candidates = Rates },
            new("adapter", "The same with bottlenecks of as many trained parameters.", ArmRole.Baseline, (tasks, run) => Adapt(tasks, run, size => Bottleneck(run, size))) { Candidates = Rates },
            new("readout", "The same whose readout alone is trained.", ArmRole.Ablation, (tasks, run) => Adapt(tasks, run, _ => new Elementwise(Tensor.ZerosLike))) { Candidates = Rates },
        ],
        Metrics =
        [
            new(Accuracy, "share of right answers on test images of the task", Better.Higher),
            new(Trained, "numbers that are trained"),
            new(Operations, "floating-point operations of an answer, in a batch"),
        ],
        Claims =
        [
            Claim.NoLower("urf", "mlp", Accuracy, margin: 0.02),
            Claim.Above("urf", "narrow", Accuracy).From("ours"),
            Claim.Above("urf-adapter", "adapter", Accuracy).From("table 1"),
            Claim.Above("urf", "light", Accuracy).From("ours").AsSide(),
            Claim.Above("snnk", "narrow", Accuracy).From("ours").AsSide(),
            Claim.Above("urf-adapter", "readout", Accuracy).From("ablation").AsSide(),
            Claim.AboveTimes("mlp", "urf", Trained, 3).AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "The network of equal size, which had as good answers with 17 times fewer operations, stood in the table and in no claim; universal random features were not trained, and nothing was adapted. Both are main claims now; the closed form of the bundled network is a method of tables, on their bench."),
        ],
    };

    private static Choice[] Rates => Choice.Of("rate", 1e-3, 3e-3, 1e-2, 3e-2);

    private static Tasks Draw(TaskContext context)
    {
        var (count, few, keys) = (context.Settings.Whole("examples"), context.Settings.Whole("few"), context.Key.Split(4));
        var digits = context.DataFile is { } file ? Classification.ReadImages(file, keys[0]) : Classification.Halves("digits", Digits.Of(keys[0], 2 * count, Side), Classes);
        var slanted = new Classification("slanted", Digits.Of(keys[1], few, Side), Digits.Of(keys[2], count, Side), Classes);
        var (plain, steps) = (Digits.Of(keys[3], count, Side, DigitStyle.Plain), context.Settings.Whole("steps"));
        var trainer = new Trainer<Sequential, LabelledData>(new Adam(Schedule.Cosine(2e-3, steps)), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
        var trained = trainer.Run(trainer.Start(Network(context.Key.Fold(4), context.Settings.Whole("width")), context.Key), Batches.Shuffled(plain, BatchSize, context.Key), new(steps) { Cancellation = context.Cancellation });
        return new(digits, slanted, trained.State.Model);
    }

    private static void Learn(Classification task, ArmRun run, Sequential start, LeafFilter? frozen = null)
    {
        var optimiser = new Adam(Schedule.Cosine(run.Choice["rate"], run.Steps()));
        var trainer = new Trainer<Sequential, LabelledData>(frozen is null ? optimiser : new Frozen(optimiser, frozen), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
        var trained = run.Train(trainer, start, Batches.Shuffled(task.Train, Math.Min(BatchSize, task.Train.Count), run.Key), run.Steps());
        run.Measure(Accuracy, task.Judge(trained).Accuracy);
        run.Measure(Trained, Tree.Names(start).Zip(Tree.Leaves(start)).Where(leaf => leaf.Second.ElementType.IsDifferentiable() && frozen?.Invoke(leaf.First, leaf.Second) != true).Sum(leaf => leaf.Second.Count));
        run.Measure(Operations, Work(start));
    }

    /// <summary>Trains adapters behind the hidden layers of the trained network, and its readout; the layers themselves stay.</summary>
    private static void Adapt(Tasks tasks, ArmRun run, Func<int, ILayer> adapter)
    {
        var layers = tasks.Trained.Layers;
        var adapted = new Sequential([layers[0], layers[1], layers[2], new Residual(adapter(1)), layers[3], layers[4], new Residual(adapter(2)), layers[5]]);
        Learn(tasks.Slanted, run, adapted, (path, _) => path.StartsWith("layers[1].", StringComparison.Ordinal) || path.StartsWith("layers[4].", StringComparison.Ordinal));
    }

    private static Sequential Network(Key key, int width)
    {
        Linear Layer(int i, int from, int to) => Linear.Create(key.Fold(i), from, to, weight: Initialiser.HeNormal);
        return new([new Flattening(), Layer(0, Side * Side, width), new Elementwise(Activation.Relu), Layer(1, width, width), new Elementwise(Activation.Relu), Layer(2, width, Classes)]);
    }

    /// <summary>The network whose second hidden layer is of random features; universal ones are given inputs of a length near 1, which is learned.</summary>
    private static Sequential Replaced(ArmRun run, bool isUniversal)
    {
        var (width, count) = (run.Settings.Whole("width"), run.Settings.Whole("features"));
        IKernelFeatures features = isUniversal ? new UniversalRandomFeatures(run.Key.Fold(1), ActivationSpectrum.Gaussian, width, count / 2) : new ArcCosineFeatures(run.Key.Fold(1), width, count);
        var weight = Initialiser.Normal(Math.Sqrt(2.0 / (width + Classes))).Draw(run.Key.Fold(2), [features.Size, Classes], new(features.Size, Classes));
        return Initialise.Of(run.Key, key => new Sequential(
        [
            new Flattening(), Linear.Create(key.Fold(0), Side * Side, width, weight: Initialiser.HeNormal), new Elementwise(isUniversal ? Tensor.Tanh : Activation.Relu),
            new Scaled(Tensor.Full([width], isUniversal ? 1 / Math.Sqrt(width) : 1)), new ScalableLayer([features], weight, Tensor.Zeros([Classes])),
        ]));
    }

    private static Sequential Narrow(ArmRun run) => Network(run.Key, Enumerable.Range(1, run.Settings.Whole("width")).First(width =>
        ParameterCount.Of(Network(run.Key, width)) >= ParameterCount.Of(Replaced(run, isUniversal: true)) || width == run.Settings.Whole("width")));

    private static Sequential Light(ArmRun run)
    {
        var allowed = Work(Replaced(run, isUniversal: true));
        return Network(run.Key, Enumerable.Range(1, 2 * run.Settings.Whole("width")).Last(width => width == 1 || Work(Network(run.Key, width)) <= allowed));
    }

    private static double Work(Sequential network) =>
        (double)Computation.Trace("forward", x => [network.Call(x[0])], [new(ElementType.Float32, [BatchSize, 1, Side, Side])]).Cost.Flops / BatchSize;

    /// <summary>Features of what a layer gives, behind which weights that start as zero.</summary>
    private static Sequential Features(ArmRun run, int place)
    {
        var (width, count) = (run.Settings.Whole("width"), run.Settings.Whole("adapter"));
        var features = new UniversalRandomFeatures(run.Key.Fold(10 + place), ActivationSpectrum.Gaussian, width, count / 2);
        return new([new LayerNorm(Tensor.Full([width], 1 / Math.Sqrt(width)).Evaluate(), Tensor.Zeros([width])), new ScalableLayer([features], Tensor.Zeros([features.Size, width]), Tensor.Zeros([width]))]);
    }

    /// <summary>An affine map to few numbers, ReLUs, and one back that starts as zero: together as many trained numbers as <see cref="Features"/>.</summary>
    private static Sequential Bottleneck(ArmRun run, int place)
    {
        var width = run.Settings.Whole("width");
        var narrow = Enumerable.Range(1, width).First(narrow => (2L * width + 1) * narrow + width >= ParameterCount.Of(Features(run, place)));
        return new([Linear.Create(run.Key.Fold(10 + place), width, narrow, weight: Initialiser.HeNormal), new Elementwise(Activation.Relu), new Linear(Tensor.Zeros([narrow, width]), Tensor.Zeros([width]))]);
    }

    /// <summary>What to learn.</summary>
    /// <param name="Digits">Images of digits.</param>
    /// <param name="Slanted">Few of them, slanted, and many to judge by.</param>
    /// <param name="Trained">A network that learned upright ones.</param>
    private sealed record Tasks(Classification Digits, Classification Slanted, Sequential Trained);
}
