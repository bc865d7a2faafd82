using Paramorph.Data;
using Paramorph.Data.Solvers;
using Paramorph.Experiments;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Operators;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Papers.Operators;

/// <summary>An operator whose weights are V-cycles against a Fourier neural operator and a U-Net, on plates that are held at the edge and on periodic ones.</summary>
[Paper("mgno")]
public static class Mgno
{
    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Plates[]>
    {
        Id = "mgno",
        Question = "Do V-cycles with learned smoothers, as the weights of a network, learn the pressure of porous plates better than a U-Net in the same time, and do they overfit less than a Fourier neural operator, with one code for both boundary conditions?",
        Original = "Darcy flow on grids of 211 to 512 cells a side, 1,000 or 1,280 training plates, 500 epochs on a GPU: relative L2 errors about half of those of FNO and a fifth of those of U-Net, and training errors close to test errors where FNO overfits.",
        Difference = "Grids of 32 cells a side, 256 training plates of two materials, held at the edge and periodic (with a source that is given as a second channel), four layers of eight channels instead of five of 24, some seconds of training each, with the relative L2 loss instead of that in H1. What goes to a coarser level is the residual, as in the paper's algorithm; the authors' program restricts the function and its right-hand side.",
        Budget = "time: the steps of each baseline are set so that it takes no less than the method; seconds are in the table. All learn the difference from the mean pressure of the training plates at each place, in units of its deviation",
        Data = "an NPZ file with train_x, train_y, test_x, test_y of [n, rows, columns]: coefficients and pressures that vanish at the edge (darcy_16.npz for example). Then that alone is learned",
        Settings =
        [
            Setting.Whole("steps", "steps of the multigrid operator on each problem", smoke: 10, full: 450, minimum: 10),
            Setting.Whole("fno-steps", "steps of the Fourier neural operator", smoke: 10, full: 900, minimum: 10),
            Setting.Whole("unet-steps", "steps of the U-Net", smoke: 10, full: 480, minimum: 10),
            Setting.Whole("resolution", "cells along a side of generated plates; a multiple of 8", smoke: 8, full: 32, minimum: 8),
            Setting.Whole("samples", "plates to learn from", smoke: 8, full: 256),
            Setting.Whole("tests", "plates to judge by", smoke: 8, full: 128),
            Setting.Whole("batch", "plates of a step", smoke: 4, full: 8),
            Setting.Whole("width", "channels of the multigrid operator", smoke: 4, full: 8),
            Setting.Whole("layers", "its layers", smoke: 2, full: 4),
            Setting.Whole("fno-width", "channels of the Fourier neural operator", smoke: 4, full: 12),
            Setting.Whole("modes", "frequencies that it keeps along an axis", smoke: 3, full: 8),
            Setting.Whole("unet-width", "channels of the U-Net's finest level", smoke: 4, full: 8),
        ],
        Seeds = 4,
        // Shorter runs do not tell the rates apart.
        Task = Problems,
        Arms =
        [
            new("mgno", "A network whose weights are V-cycles, down to grids of 4 cells.", ArmRole.Method, (problems, run) => Learn(
                problems, run, "steps",
                (key, plates) => MultigridNeuralOperator.Create(
                    key, 2, 1, run.Settings.Whole("width"), run.Settings.Whole("layers"), Smoothing(plates), plates.Padding),
                (model, x, _) => model.Call(x), Draw)) { Candidates = Rates },
            new("fno", "A Fourier neural operator of four blocks; where plates are held at the edge it is given coordinates and a margin, as by its authors.", ArmRole.Baseline, (problems, run) => Learn(
                problems, run, "fno-steps",
                (key, plates) => FourierNeuralOperator.Create(
                    key, plates.IsPeriodic ? 2 : 4, 1, [run.Settings.Whole("modes"), run.Settings.Whole("modes")], run.Settings.Whole("fno-width"), projection: 4 * run.Settings.Whole("fno-width")),
                Fourier)) { Candidates = Choice.Of("rate", 1e-2, 2e-2) },
            new("unet", "A U-Net with group norms down to grids of 4 cells, whose padding is that of the multigrid operator.", ArmRole.Baseline, (problems, run) => Learn(
                problems, run, "unet-steps",
                (key, plates) => UNet.Create(
                    key, 2, 1, run.Settings.Whole("unet-width"), Halvings(plates), groups: 4, activation: Activation.Gelu, paddingMode: plates.Padding),
                (model, x, _) => model.Call(x))) { Candidates = Rates },
        ],
        Metrics =
        [
            new("relative L2", "|u - reference| / |reference| on test plates, the geometric mean over the boundary conditions"),
            new("gap", "relative L2 on test plates less that on training plates, the mean over the boundary conditions"),
        ],
        Claims = [Claim.Below("mgno", "unet", "relative L2"), Claim.Above("fno", "mgno", "gap")],
    };

    private static Choice[] Rates => Choice.Of("rate", 5e-3, 1e-2);

    private static Plates[] Problems(TaskContext context)
    {
        var (train, test, n) = (context.Settings.Whole("samples"), context.Settings.Whole("tests"), context.Settings.Whole("resolution"));
        if (context.DataFile is { } file) return [FromFile(file, context.Key, train)];
        if (n % 8 != 0) throw new ExperimentException($"a resolution of {n} is not halved three times, as the U-Net does: it must be a multiple of 8.");
        // A source in one quarter and its opposite, a sink in the others: on a periodic plate what flows in must flow out.
        var waves = Tensor.From<double>([.. Enumerable.Range(0, n * n).Select(p => Wave(p % n) * Wave(p / n))], [n, n]);
        double Wave(int cell) => Math.Sqrt(2) * Math.Sin(2 * Math.PI * (cell + 0.5) / n);
        Plates Of(string name, PaddingMode padding, EdgeCondition edge, Tensor source, Key key)
        {
            var keys = key.Split(2);
            return Plates.Of(
                name, padding, source, DarcyFlow.TwoMaterials(keys[0], train, n, source, edge), DarcyFlow.TwoMaterials(keys[1], test, n, source, edge));
        }
        var keys = context.Key.Split(2);
        return
        [
            Of("Dirichlet", PaddingMode.Zero, EdgeCondition.Dirichlet, Tensor.Ones([n, n], ElementType.Float64), keys[0]),
            Of("periodic", PaddingMode.Circular, EdgeCondition.Periodic, waves, keys[1]),
        ];
    }

    private static Plates FromFile(string file, Key key, int samples)
    {
        var arrays = Npz.Read(file, name => name is "train_x" or "train_y" or "test_x" or "test_y");
        Tensor Array(string name)
        {
            if (!arrays.TryGetValue(name, out var array)) throw new ExperimentException($"{file} has no array {name}: it needs train_x, train_y, test_x and test_y.");
            return array.Rank == 3 ? array.AsType(ElementType.Float64) : throw new ExperimentException($"{name} in {file} is {array.Type}, but must be [n, rows, columns].");
        }
        var (x, y) = (Array("train_x"), Array("train_y"));
        var order = new KeyRandom(key).Permutation(x.Shape[0]);
        var chosen = Tensor.From<int>(order.AsSpan(0, Math.Min(samples, order.Length)), [Math.Min(samples, order.Length)]);
        return Plates.Of(
            "file", PaddingMode.Zero, Tensor.Ones(x.Shape[1..], ElementType.Float64),
            new(x.Take(chosen), y.Take(chosen)), new(Array("test_x"), Array("test_y")));
    }

    /// <summary>How often a grid is halved before a side has 4 cells or an odd number.</summary>
    private static int Halvings(Plates plates)
    {
        var (side, halvings) = (plates.Rows, 0);
        for (; side % 2 == 0 && side > 4; side /= 2) halvings++;
        return halvings;
    }

    /// <summary>One step of smoothing on each level and two on the two coarsest, as the authors have it.</summary>
    private static Sequence<int> Smoothing(Plates plates)
    {
        var levels = Halvings(plates) + 1;
        return [.. Enumerable.Range(1, levels).Select(level => level > levels - 2 ? 2 : 1)];
    }

    /// <summary>
    /// The operator with what its authors give it: on a grid that is not periodic two channels of coordinates, and a margin, which keeps opposite edges apart.
    /// </summary>
    private static Tensor Fourier(FourierNeuralOperator model, Tensor x, Plates plates)
    {
        if (plates.IsPeriodic) return model.Call(x);
        var (n, rows, columns, margin) = (x.Shape[0], plates.Rows, plates.Columns, plates.Rows / 8);
        var down = Tensor.Linspace(0, 1, rows).Reshape(1, 1, rows, 1).BroadcastTo([n, 1, rows, columns]);
        var across = Tensor.Linspace(0, 1, columns).Reshape(1, 1, 1, columns).BroadcastTo([n, 1, rows, columns]);
        var wide = Tensor.Concatenate([x, down, across], 1).Pad(PaddingMode.Zero, [(0, margin), (0, margin)]);
        return model.Call(wide)[.., .., ..rows, ..columns];
    }

    private static void Learn<TModel>(
        Plates[] problems, ArmRun run, string setting, Func<Key, Plates, TModel> create, Func<TModel, Tensor, Plates, Tensor> call, Action<ArmRun, Plates, Tensor>? draw = null)
        where TModel : ITree<TModel>
    {
        var (logarithms, gap, steps) = (0.0, 0.0, run.Steps(setting));
        foreach (var plates in problems)
        {
            Tensor Predict(TModel model, Tensor x) => plates.Pressures.Invert(call(model, x, plates));
            var trainer = new Trainer<TModel, TreePair<Tensor, Tensor>>(
                new ClippedByNorm(new Adam(Schedule.OneCycle(run.Choice["rate"], steps)), 1),
                (model, batch, _) => Loss.RelativeL2(Predict(model, batch.Item1), batch.Item2));
            var batches = Batches.Shuffled(plates.Train, Math.Min(run.Settings.Whole("batch"), plates.Train.Item1.Shape[0]), run.Key);
            var model = run.Train(trainer, create(run.Key, plates), batches, steps, name: plates.Name);
            var judge = Compile.Of((TModel model, TreePair<Tensor, Tensor> data) =>
            {
                var prediction = Predict(model, data.Item1);
                return new TreePair<Tensor, Tensor>(prediction, Loss.RelativeL2(prediction, data.Item2));
            });
            var ((prediction, error), (_, learned)) = (judge(model, plates.Test), judge(model, plates.Train));
            run.Measure($"relative L2, {plates.Name}", error.Item());
            run.Measure($"gap, {plates.Name}", error.Item() - learned.Item());
            logarithms += Math.Log(error.Item());
            gap += error.Item() - learned.Item();
            draw?.Invoke(run, plates, prediction);
        }
        run.Measure("relative L2", Math.Exp(logarithms / problems.Length));
        run.Measure("gap", gap / problems.Length);
    }

    /// <summary>Permeability, pressure, what was predicted, and the error of some test plates.</summary>
    private static void Draw(ArmRun run, Plates plates, Tensor prediction) => run.Picture(plates.Name, () => Picture.Column([.. Enumerable.Range(0, Math.Min(3, prediction.Shape[0])).Select(i =>
    {
        var (input, target, predicted) = (Table(plates.Test.Item1[i, 0]), Table(plates.Test.Item2[i, 0]), Table(prediction[i, 0]));
        var (low, high, scale) = (target.Cast<double>().Min(), target.Cast<double>().Max(), Math.Max(1, 160 / plates.Rows));
        var error = Table(Tensor.Abs(prediction[i, 0] - plates.Test.Item2[i, 0]));
        return Picture.Row(
            Picture.HeatMap(input, scale: scale), Picture.HeatMap(target, low, high, scale), Picture.HeatMap(predicted, low, high, scale),
            Picture.HeatMap(error, 0, 0.1 * (high - low), scale));
    })]));

    private static double[,] Table(Tensor values)
    {
        var table = new double[values.Shape[0], values.Shape[1]];
        Buffer.BlockCopy(values.ToDoubles(), 0, table, 0, sizeof(double) * table.Length);
        return table;
    }

    /// <summary>A boundary condition with its plates.</summary>
    /// <param name="Name">What holds at the edge.</param>
    /// <param name="Padding">How convolutions say it.</param>
    /// <param name="Pressures">Mean and deviation of the pressure at each place over the training plates, which networks need not learn: f32 [1, rows, columns].</param>
    /// <param name="Train">Inputs f32 [n, 2, rows, columns], the permeability (standardised) and the source; and pressures f32 [n, 1, rows, columns].</param>
    /// <param name="Test">The same for plates that are not learned from.</param>
    private sealed record Plates(string Name, PaddingMode Padding, Standardisation Pressures, TreePair<Tensor, Tensor> Train, TreePair<Tensor, Tensor> Test)
    {
        public bool IsPeriodic => Padding == PaddingMode.Circular;

        public int Rows => Train.Item1.Shape[^2];

        public int Columns => Train.Item1.Shape[^1];

        public static Plates Of(string name, PaddingMode padding, Tensor source, OperatorData train, OperatorData test)
        {
            var permeability = Standardisation.OfChannels(train.Inputs.ExpandDims(1));
            var scale = Compile.Of((OperatorData data) =>
            {
                var a = permeability.Apply(data.Inputs.ExpandDims(1));
                return new TreePair<Tensor, Tensor>(
                    Tensor.Concatenate([a, source.BroadcastTo(a.Shape)], 1).AsType(ElementType.Float32),
                    data.Outputs.ExpandDims(1).AsType(ElementType.Float32));
            });
            var learned = scale(train);
            return new(name, padding, Standardisation.Of(learned.Item2), learned, scale(test));
        }
    }
}
