using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Neurons;

/// <summary>Quadratic neurons that start as linear ones against others that do not, and against conventional networks of their size.</summary>
[Paper("relinear")]
public static class Relinear
{
    private enum Neuron
    {
        StartsLinear,
        Random,
        Conventional,
    }

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Classification[]>
    {
        Id = "relinear",
        Question = "Does starting quadratic neurons as linear ones, and slowing their quadratic terms, keep deep quadratic networks from collapsing and make them at least as accurate as conventional networks of their size?",
        Original = "Spirals and manifolds, then image benchmarks with quadratic ResNets and other architectures on a GPU: quadratic networks trained plainly often collapse, with ReLinear they do not, and mostly beat conventional ones by some tenths of a percent to a few percent.",
        Difference = "Two spirals and three rings with dense networks of five hidden layers, small images of digits with three convolutions; half a minute of training in all for each seed.",
        Budget = "steps; parameters (conventional networks are made as wide as it takes to have no fewer)",
        Data = "a CSV file, which may be compressed, of numbers with the class in the last column (digits.csv.gz for example); a square number of them is taken for an image. Then that alone is learned",
        Seeds = 5,
        Settings =
        [
            Setting.Whole("steps", "training steps on each task", smoke: 30, full: 1500),
            Setting.Whole("width", "quadratic neurons in a hidden layer", smoke: 8, full: 16),
            Setting.Whole("layers", "hidden layers of a dense network", smoke: 3, full: 5),
            Setting.Whole("channels", "quadratic channels of the first convolution; those that follow have twice as many", smoke: 4, full: 8),
            Setting.Whole("examples", "training examples of each task", smoke: 200, full: 2000, minimum: 20),
        ],
        Task = Tasks,
        Arms =
        [
            new("relinear", "Quadratic ReLU networks that start linear and whose quadratic terms learn slowly.", ArmRole.Method, (tasks, run) => Learn(
                tasks, run, Neuron.StartsLinear, Activation.Relu, rate => new ScaledRate(rate, Quadratic.Terms, run.Choice["slowing"])))
            { Candidates = Choice.Of(("rate", [2e-3, 5e-3, 1e-2]), ("slowing", [0.01, 0.1])) },
            new("random", "The same networks with all weights drawn and one learning rate.", ArmRole.Baseline, (tasks, run) =>
                Learn(tasks, run, Neuron.Random, Activation.Relu, rate => rate)) { Candidates = Rates },
            new("relu", "Conventional ReLU networks with as many parameters.", ArmRole.Baseline, (tasks, run) =>
                Learn(tasks, run, Neuron.Conventional, Activation.Relu, rate => rate)) { Candidates = Rates },
            new("square", "Conventional networks with as many parameters and x squared as activation.", ArmRole.Baseline, (tasks, run) =>
                Learn(tasks, run, Neuron.Conventional, Tensor.Square, rate => rate)) { Candidates = Rates },
        ],
        Metrics =
        [
            new("accuracy", "share of right answers on test data, the mean over the tasks", Better.Higher),
            new("collapses", "tasks that ended with a loss that is no number, or less than a tenth of the way from guessing to perfection"),
        ],
        Claims =
        [
            Claim.AtMost("relinear", "collapses", 0),
            Claim.Above("relinear", "random", "accuracy"),
            Claim.NoLower("relinear", "relu", "accuracy", margin: 0),
            Claim.Above("relinear", "square", "accuracy"),
        ],
    };

    private static Choice[] Rates => Choice.Of("rate", 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2);

    private static Classification[] Tasks(TaskContext context)
    {
        var count = context.Settings.Whole("examples");
        var keys = context.Key.Split(4);
        if (context.DataFile is { } file) return [Classification.Read(file, keys[3]).AsImages()];
        return
        [
            Classification.Halves("spirals", PlanarClasses.TwoSpirals(keys[0], 2 * count, turns: 2.5, noise: 0.02), 2),
            Classification.Halves("rings", PlanarClasses.Rings(keys[1], 2 * count, classes: 3, gap: 0.1, noise: 0.03), 3),
            Classification.Halves("digits", Digits.Of(keys[2], 2 * count, size: 12), 10),
        ];
    }

    private static void Learn(Classification[] tasks, ArmRun run, Neuron neuron, Func<Tensor, Tensor> activation, Func<IOptimiser, IOptimiser> slow)
    {
        var (sum, collapses, steps) = (0.0, 0, run.Steps());
        foreach (var task in tasks)
        {
            var trainer = new Trainer<Sequential, LabelledData>(
                slow(new Adam(Schedule.Cosine(run.Choice["rate"], steps))),
                (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
            var trained = run.Train(trainer, Network(run, task, neuron, activation), Batches.Shuffled(task.Train, Math.Min(64, task.Train.Count), run.Key), steps, name: task.Name);
            var (accuracy, isFinite) = task.Judge(trained);
            run.Measure($"accuracy on {task.Name}", accuracy);
            sum += accuracy;
            var guessing = 1.0 / task.Classes;
            if (!isFinite || accuracy < guessing + 0.1 * (1 - guessing)) collapses++;
        }
        run.Measure("accuracy", sum / tasks.Length);
        run.Measure("collapses", collapses);
    }

    /// <summary>A network for a task: convolutions where inputs are images. Conventional ones are as wide as it takes to have no fewer parameters.</summary>
    private static Sequential Network(ArmRun run, Classification task, Neuron neuron, Func<Tensor, Tensor> activation)
    {
        var isImage = task.Train.Inputs.Rank == 4;
        (int In, int Out, int Kernel)[] Shapes(int width) => isImage
            ? [(task.Train.Inputs.Shape[1], width, 9), (width, 2 * width, 9), (2 * width, 2 * width, 9), (2 * width, task.Classes, 1)]
            : [(task.Inputs, width, 1), .. Enumerable.Repeat((width, width, 1), run.Settings.Whole("layers") - 1), (width, task.Classes, 1)];
        long Parameters(int width) => Shapes(width).Sum(shape => (long)(shape.In * shape.Kernel + 1) * shape.Out);
        var quadratic = run.Settings.Whole(isImage ? "channels" : "width");
        var width = neuron != Neuron.Conventional ? quadratic : Enumerable.Range(1, int.MaxValue - 1).First(width => Parameters(width) >= 3 * Parameters(quadratic));
        var layers = new List<ILayer>();
        foreach (var (shape, i) in Shapes(width).Select((shape, i) => (shape, i)))
        {
            var isLast = i == Shapes(width).Length - 1;
            if (isImage && isLast) layers.Add(new GlobalPooling(2));
            layers.Add(shape.Kernel == 1
                ? Neurons(neuron, run.Key.Fold(i), key => Linear.Create(key, shape.In, shape.Out, weight: Initialiser.HeNormal))
                : Neurons(neuron, run.Key.Fold(i), key => Convolution.Create(key, shape.In, shape.Out, [3, 3])));
            if (!isLast) layers.Add(new Elementwise(activation));
            if (isImage && i < 2) layers.Add(new MaxPooling([2, 2]));
        }
        return new([.. layers]);
    }

    private static ILayer Neurons<TLayer>(Neuron neuron, Key key, Func<Key, TLayer> create)
        where TLayer : ILayer, ITree<TLayer> => neuron switch
        {
            Neuron.StartsLinear => Quadratic.StartingAs(create(key)),
            Neuron.Random => Quadratic.Create(key, create),
            _ => create(key),
        };
}
