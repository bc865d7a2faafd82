using Paramorph.Data;
using Paramorph.Dynamics;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Theory;

/// <summary>What the hidden layer of a network with one keeps of its inputs and takes from its labels, for tanh and for ReLU neurons.</summary>
[Paper("task-nonlinearity-geometry")]
public static class TaskNonlinearityGeometry
{
    /// <summary>The shares of the clusters' variance that lie along the label, from exclusive disjunction on.</summary>
    private static readonly double[] separabilities = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

    /// <summary>The classes of the four clusters.</summary>
    private static readonly bool[] classes = [false, true, false, true];

    /// <summary>Steps between two looks at the loss and the geometry.</summary>
    private const int Every = 10;

    private const string Target = "target alignment", Input = "input alignment", Parallelism = "parallelism", Selectivity = "selectivity";

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Clusters[]>
    {
        Id = "task-nonlinearity-geometry",
        Question = "Do tanh neurons take over the geometry of the labels, and ReLU neurons keep that of the inputs and specialise for regions of them, when both networks learn the same task to the same loss?",
        Original = "Networks with one hidden layer of about a hundred neurons and a fixed readout on clusters around random points, on exclusive disjunction made separable by degrees, and on many drawn pairs of input and label geometry, at most 5,000 epochs; deeper and convolutional networks, too. Tanh layers align with the labels and are more parallel, ReLU layers align with the inputs.",
        Difference = "The disjunction in seven degrees of separability alone, with training stopped at an equal loss. The measures are those of the centres of the clusters. Where inputs have no linear trace of the labels, at the disjunction itself, tanh layers start from a saddle; the last claim asks for the same order there, too.",
        Budget = "data, width, parameters, first weights, readout, learning rate and the loss at which training stops; steps differ, and are in the table",
        Seeds = 5,
        Settings =
        [
            Setting.Whole("steps", "most steps of gradient descent on a task", smoke: 60, full: 40_000),
            Setting.Number("loss", "binary cross-entropy at which training stops", smoke: 0.3, full: 0.01, minimum: 1e-6, maximum: 1),
            Setting.Number("rate", "learning rate", smoke: 0.1, full: 0.1, minimum: 1e-6),
            Setting.Whole("width", "hidden neurons, an even number", smoke: 16, full: 128, minimum: 2),
            Setting.Whole("dimensions", "coordinates of the inputs", smoke: 8, full: 40, minimum: 3),
            Setting.Whole("examples", "training examples, equally many of each cluster", smoke: 40, full: 200, minimum: 4),
            Setting.Number("noise", "length of the noise as a part of the length of a centre", smoke: 0.3, full: 0.3),
        ],
        Task = Tasks,
        Arms =
        [
            new("tanh", "Tanh neurons, which saturate on both sides.", ArmRole.Method, (tasks, run) => Learn(tasks, run, Activation.Tanh)),
            new("relu", "ReLU neurons, which saturate on one side.", ArmRole.Baseline, (tasks, run) => Learn(tasks, run, Activation.Relu)),
            new("hard tanh", "Neurons of straight pieces, as those of ReLU, that saturate on both sides: what is left of tanh without its smoothness.", ArmRole.Ablation, (tasks, run) =>
                Learn(tasks, run, static x => Tensor.Clamp(x, -1.0, 1.0))),
            new("softplus", "Smooth neurons that saturate on one side: ReLU without its kink at the origin.", ArmRole.Ablation, (tasks, run) => Learn(tasks, run, Activation.Softplus)),
        ],
        Metrics =
        [
            new(Target, "centred alignment of the hidden layer's kernel with that of the labels, the mean over the sweep", Better.Neither),
            new(Parallelism, "parallelism score of the labels in the hidden layer, the mean over the sweep", Better.Higher),
            new(Input, "centred alignment of the hidden layer's kernel with that of the inputs, the mean over the sweep", Better.Neither),
            new(Selectivity, "how far neurons answer to single clusters, from 0.58 (to the label) to 1, the mean over the sweep", Better.Neither),
            new("final loss", "binary cross-entropy of the training data at the end, the largest of the sweep", Better.Neither),
        ],
        Claims =
        [
            Claim.Above("tanh", "relu", Target),
            Claim.Above("relu", "tanh", Input),
            Claim.Above("relu", "tanh", Selectivity),
            Claim.Above("tanh", "relu", Parallelism).AsSide(),
            Claim.Above("hard tanh", "softplus", Target).From("ours").AsSide(),
            Claim.That(
                "target alignment and parallelism of tanh and input alignment of relu are the higher ones at every separability, exclusive disjunction included",
                seed => separabilities.Min(s => LeastLead(seed, s)), unit: "least lead").From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.NotHeld, "All claims of the paper held, and one of ours, that the order is the same at the exclusive disjunction itself, did not; it stands beside now, with one on what is left of the difference without smoothness."),
        ],
        Why = "At the exclusive disjunction itself inputs have no linear trace of the labels, tanh layers start from a saddle, and training stops at an equal loss before they have aligned.",
    };

    private static double LeastLead(SeedMeasures seed, double separability)
    {
        double Lead(string arm, string other, string metric) => seed[arm, At(metric, separability)] - seed[other, At(metric, separability)];
        return Math.Min(Lead("tanh", "relu", Target), Math.Min(Lead("tanh", "relu", Parallelism), Lead("relu", "tanh", Input)));
    }

    private static string At(string metric, double separability) => FormattableString.Invariant($"{metric} at separability {separability}");

    private static Clusters[] Tasks(TaskContext context)
    {
        var settings = context.Settings;
        var dimensions = settings.Whole("dimensions");
        Clusters Task(double separability)
        {
            // The same key gives the same centres, whatever the noise. Coordinates are of order 1, as in the paper.
            LabelledData Draw(int count, double noise) => GaussianClusters.ExclusiveOr(context.Key, count, dimensions, separability, noise);
            var (data, centres) = (Draw(settings.Whole("examples"), settings.Number("noise")), Draw(4, 0));
            return new(separability, (Math.Sqrt(dimensions) * data.Inputs).Evaluate(), data.Labels.AsType(ElementType.Float32).Evaluate(), (Math.Sqrt(dimensions) * centres.Inputs).Evaluate());
        }
        return [.. separabilities.Select(Task)];
    }

    private static void Learn(Clusters[] tasks, ArmRun run, Func<Tensor, Tensor> activation)
    {
        var (width, dimensions) = (run.Settings.Whole("width"), tasks[0].Centres.Shape[1]);
        var readout = Tensor.Where(Tensor.Equal(Tensor.Arange(width) % 2, 0), 1.0, -1.0).AsType(ElementType.Float32) / Math.Sqrt(width);
        var hidden = Linear.Create(run.Key, dimensions, width, weight: Initialiser.InverseRoot, bias: Initialiser.InverseRoot);
        var trainer = new Trainer<Linear, TreePair<Tensor, Tensor>>(new Sgd(run.Settings.Number("rate")), (layer, batch, _) =>
            Loss.BinaryCrossEntropy(activation(layer.Call(batch.Item1)).Dot(readout), batch.Item2));
        var measure = Compile.Of((Linear layer, Tensor centres) => Measures(activation(layer.Call(centres)), centres));
        var geometries = new List<Geometry>();
        var largest = 0.0;
        foreach (var task in tasks)
        {
            var loss = Descend(task, run, trainer, hidden, layer => Geometry.Of(measure(layer, task.Centres)), out var geometry);
            largest = Math.Max(largest, loss);
            geometries.Add(geometry);
            foreach (var (name, value) in geometry.Named)
            {
                run.Measure(At(name, task.Separability), value);
                run.Point($"{name} by separability", task.Separability, value);
            }
        }
        foreach (var group in geometries.SelectMany(geometry => geometry.Named).GroupBy(named => named.Name)) run.Measure(group.Key, group.Average(named => named.Value));
        run.Measure("final loss", largest);
    }

    /// <summary>Gradient descent until the loss is reached.</summary>
    private static double Descend(
        Clusters task, ArmRun run, Trainer<Linear, TreePair<Tensor, Tensor>> trainer, Linear hidden, Func<Linear, Geometry> look, out Geometry geometry)
    {
        var data = Batches.Whole(new TreePair<Tensor, Tensor>(task.Inputs, task.Labels));
        var state = trainer.Start(hidden, run.Key);
        var flops = (double)trainer.Cost(state, data.At(0)).Flops;
        var (steps, goal, loss, path) = (run.Steps(), run.Settings.Number("loss"), double.PositiveInfinity, new List<float[]> { hidden.Weight.ToArray<float>() });
        var (step, isShown) = (0, task.Separability == separabilities[1]);
        while (step < steps && loss > goal)
        {
            step = Math.Min(steps, step + Every);
            var part = trainer.Run(state, data, new TrainingOptions(step) { ReadEvery = Every, Cancellation = run.Cancellation });
            run.Progress(step, steps, loss);
            (state, loss) = (part.State, part.Loss[^1].Value);
            if (isShown && step % (2 * Every) == 0) Follow(run, task.Separability, step, loss, look(state.Model));
            if (double.IsPow2(step / Every)) path.Add(state.Model.Weight.ToArray<float>());
        }
        path.Add(state.Model.Weight.ToArray<float>());
        run.Count(ParameterCount.Of(hidden), step, flops * step);
        run.Keep(At("hidden layer", task.Separability), state.Model);
        geometry = look(state.Model);
        if (isShown) run.Picture("weights", () => Draw(task, path));
        return loss;
    }

    private static void Follow(ArmRun run, double separability, int step, double loss, Geometry geometry)
    {
        run.Point(At("loss", separability), step, loss);
        run.Point(At("target alignment", separability), step, geometry.Target);
        run.Point(At("input alignment", separability), step, geometry.Input);
    }

    /// <summary>The measures of a hidden layer, in the order of <see cref="Geometry"/>.</summary>
    private static Tensor Measures(Tensor answers, Tensor centres)
    {
        var kernel = RepresentationalGeometry.Kernel(answers);
        var labels = Tensor.From(classes.Select(side => side ? 1f : -1f).ToArray()).ExpandDims(1);
        return Tensor.Stack(
        [
            RepresentationalGeometry.CentredAlignment(kernel, RepresentationalGeometry.Kernel(labels)),
            RepresentationalGeometry.ParallelismScore(answers, classes),
            RepresentationalGeometry.CentredAlignment(kernel, RepresentationalGeometry.Kernel(centres)),
            RepresentationalGeometry.Selectivity(answers),
        ]);
    }

    /// <summary>The paths of the neurons' weights while they are learned: across, along the labels; up, along one of the directions within the classes.</summary>
    private static Picture Draw(Clusters task, List<float[]> path)
    {
        const int Size = 480;
        var centres = task.Centres.ToArray<float>();
        var dimensions = task.Centres.Shape[1];
        double[] Direction(params int[] signs)
        {
            double[] sum = [.. Enumerable.Range(0, dimensions).Select(i => Enumerable.Range(0, signs.Length).Sum(k => signs[k] * (double)centres[k * dimensions + i]))];
            var length = Math.Sqrt(sum.Sum(x => x * x));
            return [.. sum.Select(x => x / length)];
        }
        var (across, up) = (Direction(-1, 1, -1, 1), Direction(1, 1, -1, -1));
        (double X, double Y)[] Places(float[] values)
        {
            var width = values.Length / dimensions;
            double Along(double[] direction, int neuron) => Enumerable.Range(0, dimensions).Sum(i => direction[i] * values[i * width + neuron]);
            return [.. Enumerable.Range(0, width).Select(neuron => (Along(across, neuron), Along(up, neuron)))];
        }
        var places = path.ConvertAll(Places);
        var reach = 1.05 * places.SelectMany(at => at).Max(at => Math.Max(Math.Abs(at.X), Math.Abs(at.Y)));
        (double X, double Y) Pixel((double X, double Y) at) => (Size / 2 * (1 + at.X / reach), Size / 2 * (1 - at.Y / reach));
        var picture = new Picture(Size, Size);
        picture.Line(0, Size / 2, Size, Size / 2, new(220, 220, 220));
        picture.Line(Size / 2, 0, Size / 2, Size, new(220, 220, 220));
        for (var neuron = 0; neuron < places[0].Length; neuron++)
        {
            // Neurons take turns between the two signs of the readout.
            var colour = Colour.Distinct[neuron % 2];
            for (var i = 1; i < places.Count; i++)
            {
                var (from, to) = (Pixel(places[i - 1][neuron]), Pixel(places[i][neuron]));
                picture.Line(from.X, from.Y, to.X, to.Y, Colour.OfUnit(0.6 + colour.Red / 640.0, 0.6 + colour.Green / 640.0, 0.6 + colour.Blue / 640.0));
            }
            var (x, y) = Pixel(places[^1][neuron]);
            picture.Dot(x, y, 3, colour);
        }
        return picture;
    }

    /// <summary>A task of the sweep.</summary>
    /// <param name="Separability">The share of the centres' variance that lies along the label.</param>
    /// <param name="Inputs">[examples, dimensions].</param>
    /// <param name="Labels">0 or 1, f32 [examples].</param>
    /// <param name="Centres">The means of the clusters: [4, dimensions].</param>
    private sealed record Clusters(double Separability, Tensor Inputs, Tensor Labels, Tensor Centres);

    /// <summary>The measures of one hidden layer.</summary>
    private readonly record struct Geometry(double Target, double Parallelism, double Input, double Selectivity)
    {
        public IEnumerable<(string Name, double Value)> Named =>
        [
            (TaskNonlinearityGeometry.Target, Target), (TaskNonlinearityGeometry.Parallelism, Parallelism),
            (TaskNonlinearityGeometry.Input, Input), (TaskNonlinearityGeometry.Selectivity, Selectivity),
        ];

        public static Geometry Of(Tensor measures) => measures.ToDoubles() is [var target, var parallelism, var input, var selectivity]
            ? new(target, parallelism, input, selectivity)
            : throw new InvalidOperationException($"{measures.Type} does not hold the four measures of a hidden layer.");
    }
}
