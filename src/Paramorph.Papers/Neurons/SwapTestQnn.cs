using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Optimisers;
using Paramorph.Training;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Papers.Neurons;

/// <summary>Networks of swap tests against two-layer networks with squares, exactly, from measurements, and trained.</summary>
[Paper("swap-test-qnn")]
public static class SwapTestQnn
{
    private const string Network = "difference to the network of squares", Circuit = "difference to the circuit", Shots = "slope over shots", Accuracy = "accuracy";

    private static readonly int[] shots = [16, 64, 256, 1024, 4096];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Classification[]>
    {
        Id = "swap-test-qnn",
        Question = "Is a network of small swap tests the same as a two-layer network with squares, with errors that fall as the root of the measurements, and does it learn what that network learns?",
        Original = "A derivation: a measurement protocol over many swap tests of few qubits computes a two-layer feedforward network; advantages are discussed, nothing is trained.",
        Difference = "The equality is computed to rounding, the circuit by its state vector, measurements by draws, and both networks are trained on four sets of points in the plane, which enter as amplitudes (x, y, 1) of length one. Beside them stands a tanh network of no fewer parameters.",
        Budget = "hidden units (a square network has two for each complex one, and no fewer parameters), steps of Adam, and its rate, one of three by the accuracy on other points",
        Seeds = 4,
        Settings =
        [
            Setting.Whole("steps", "steps of Adam", smoke: 50, full: 1500), Setting.Whole("units", "swap tests", smoke: 8, full: 16),
            Setting.Whole("points", "points to train on, and as many to judge by", smoke: 100, full: 400, minimum: 20),
        ],
        Task = Tasks,
        TunedBy = Accuracy,
        Arms =
        [
            new("swap-test", "Sums of squared overlaps with complex states.", ArmRole.Method, (tasks, run) =>
            {
                Compare(run);
                Learn(tasks, run, (key, units) => SwapTest.Create(key, 3, units, 2));
            }) { Candidates = Rates },
            new("squares", "A two-layer network with squares as activation, two for each swap test.", ArmRole.Baseline, (tasks, run) => Learn(tasks, run, (key, units) =>
                new Sequential([new Elementwise(Normalised), Linear.Create(key.Fold(0), 3, 2 * units, hasBias: false), new Elementwise(Tensor.Square), Linear.Create(key.Fold(1), 2 * units, 2)]))) { Candidates = Rates },
            new("tanh", "A two-layer tanh network of as many parameters.", ArmRole.Baseline, (tasks, run) => Learn(tasks, run, (key, units) => Mlp.Create(key, [3, 8 * units / 6 + 1, 2], Activation.Tanh))) { Candidates = Rates },
        ],
        Metrics = [new(Accuracy, "share of right answers on other points, the mean over four sets", Better.Higher)],
        Claims =
        [
            Claim.AtMost("swap-test", Network, 1e-10), Claim.AtMost("swap-test", Circuit, 1e-10),
            Claim.That("the error of measured answers falls with the shots to the power -1/2, give or take 0.05", seed => -Math.Abs(seed["swap-test", Shots] + 0.5), -0.05, "distance from -1/2"),
            Claim.NoLower("swap-test", "squares", Accuracy, margin: 0.01).From("ours"), Claim.NoLower("swap-test", "tanh", Accuracy, margin: 0.01).From("ours").AsSide(),
        ],
        Why = "Swap tests are a network of squares to rounding, and learn what it learns. Overlaps of points of the plane are quadratic forms over the squared length, so that borders are conic sections: spirals and other bent borders take a network whose activation is no square.",
    };

    private static Choice[] Rates => Choice.Of("rate", 3e-3, 1e-2, 3e-2);

    private static Classification[] Tasks(TaskContext context)
    {
        var (keys, count) = (context.Key.Split(4), 2 * context.Settings.Whole("points"));
        Classification Task(string name, LabelledData data)
        {
            var halves = Classification.Halves(name, data, 2);
            return halves with { Train = Lifted(halves.Train), Test = Lifted(halves.Test) };
        }
        return
        [
            Task("moons", PlanarClasses.Moons(keys[0], count, noise: 0.15)), Task("rings", PlanarClasses.Rings(keys[1], count)), Task("squares", PlanarClasses.Checkerboard(keys[2], count, squares: 2)),
            Task("spirals", PlanarClasses.TwoSpirals(keys[3], count, turns: 0.75, noise: 0.03)),
        ];
    }

    /// <summary>Points of the plane with a third coordinate of one, without which states would keep directions alone.</summary>
    private static LabelledData Lifted(LabelledData data) => data with { Inputs = Tensor.Concatenate([data.Inputs, Tensor.Ones([data.Count, 1])], 1).Evaluate() };

    private static Tensor Normalised(Tensor x) => x / Tensor.Sqrt(Tensor.Square(x).Sum(-1).ExpandDims(-1));

    private static void Learn<TModel>(Classification[] tasks, ArmRun run, Func<Key, int, TModel> create)
        where TModel : ILayer
    {
        var (steps, accuracies) = (run.Steps(), new List<double>());
        foreach (var (i, task) in tasks.Index())
        {
            var trainer = new Trainer<ILayer, LabelledData>(new Adam(Schedule.Cosine(run.Choice["rate"], steps)), (model, batch, _) => Loss.CrossEntropy(model.Call(batch.Inputs), batch.Labels));
            var trained = run.Train(trainer, create(run.Key.Fold(i), run.Settings.Whole("units")), Batches.Whole(task.Train), steps, name: task.Name);
            accuracies.Add(task.Judge(trained).Accuracy);
            run.Measure($"{Accuracy} on {task.Name}", accuracies[^1]);
        }
        run.Measure(Accuracy, accuracies.Average());
    }

    /// <summary>A network of random states against its equals.</summary>
    private static void Compare(ArmRun run)
    {
        var (units, count, inputs) = (run.Settings.Whole("units"), 64, 6);
        var network = SwapTest.Create(run.Key.Fold(100), inputs, units, 3, ElementType.Float64);
        var x = Sample.Normal(run.Key.Fold(101), [count, inputs], ElementType.Float64).Evaluate();
        var exact = network.Call(x).Evaluate();
        // The real and the imaginary part of a state are two rows of weights, whose squares have one weight behind them.
        var lengths = Tensor.Sqrt(Tensor.Square(Tensor.Real(network.States)).Sum(0) + Tensor.Square(Tensor.Imaginary(network.States)).Sum(0));
        var squares = Tensor.Square(Normalised(x).Dot(Tensor.Concatenate([Tensor.Real(network.States) / lengths, Tensor.Imaginary(network.States) / lengths], 1)));
        var twin = squares.Dot(Tensor.Concatenate([network.Readout.Weight, network.Readout.Weight])) + network.Readout.Bias!;
        run.Measure(Network, Tensor.Abs(twin - exact).Max().Item());
        var states = (network.States / lengths.AsType(ElementType.Complex128)).T.Evaluate();
        var circuit = Compile.Of((Tensor x, Tensor states) => Vmap.Of(x => Vmap.Of(state => SwapTest.Circuit(x, state), states), x))(Normalised(x).AsType(ElementType.Complex128), states);
        run.Measure(Circuit, Tensor.Abs(2.0 * circuit - 1.0 - network.Overlaps(x)).Max().Item());
        double[] errors = [.. shots.Select(number => Tensor.Sqrt(Tensor.Square(network.Measured(x, number, run.Key.Fold(number)) - exact).Mean()).Item())];
        for (var i = 0; i < shots.Length; i++) run.Point("log10 error by log10 shots", Math.Log10(shots[i]), Math.Log10(errors[i]));
        run.Measure(Shots, Trend.Power([.. shots.Select(number => (double)number)], errors));
        // One circuit for all units at once would hold a register for each.
        run.Measure("qubits of a swap test", SwapTest.Qubits(inputs));
        run.Measure("qubits of all tests at once", units * SwapTest.Qubits(inputs));
    }
}
