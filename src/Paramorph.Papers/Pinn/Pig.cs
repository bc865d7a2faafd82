using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Physics;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Papers.Pinn;

/// <summary>Physics-informed Gaussians against physics-informed networks and a mesh that stays where it is.</summary>
[Paper("pig")]
public static class Pig
{
    /// <summary>By how much a solution that is given may differ from the start and the ends that are known.</summary>
    private const double Tolerance = 0.01;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<DifferentialEquation[]>
    {
        Id = "pig",
        Question = "Does a field of Gaussians that move and stretch while they are trained solve differential equations more accurately in the same time than a tanh network and than features on a grid, and does the moving matter?",
        Original = "Several equations in two and three dimensions, up to 4,000 Gaussians and 100,000 steps of Adam or thousands of L-BFGS on a GPU; relative L2 errors of 1e-3 to 1e-5, mostly below those of networks and of feature grids.",
        Difference = "Three equations in two coordinates, a hundred Gaussians, seconds of training on one core, references from our own spectral solvers and a closed form.",
        Budget = "time: steps and iterations are set so that each baseline takes no less than the method; seconds are in the table",
        Data = "a MATLAB file with a solution of Burgers' (x, t, usol) or of Allen-Cahn's equation (x, tt, uu); then that equation alone is solved and judged by it",
        SharesTask = true,
        // Shorter runs do not tell the rates apart, which in whole runs differ by twice.
        TuningFraction = 0.4,
        Settings =
        [
            Setting.Whole("steps", "steps of Adam, shared out among the equations", smoke: 60, full: 2700),
            Setting.Whole("iterations", "iterations of L-BFGS after them, shared out alike", smoke: 30, full: 1080),
            Setting.Whole("gaussians", "Gaussians", smoke: 40, full: 100),
            Setting.Whole("grid", "points of the finest grid along an axis", smoke: 16, full: 32),
            Setting.Whole("points", "points of the residual, drawn anew at each step of Adam; twice as many that stay for L-BFGS", smoke: 200, full: 1000),
            Setting.Number("width", "first width of a Gaussian as a part of the domain", smoke: 0.1, full: 0.1, minimum: 1e-3, maximum: 10),
            Setting.Number("pinn-share", "steps and iterations of the network as a multiple of the Gaussians'", smoke: 1, full: 1.45, minimum: 0.1, maximum: 100),
            Setting.Number("grid-share", "steps and iterations of the grid as a multiple of the Gaussians'", smoke: 1, full: 3.7, minimum: 0.1, maximum: 100),
        ],
        Task = Problems,
        Arms =
        [
            new("pig", "Gaussians with trainable places, shapes and features, and a decoder with one hidden layer of 16.", ArmRole.Method, (problems, run) =>
                Train(problems, run, 1, (problem, key) => Gaussians(run, problem, key), (mesh, _, x) => mesh.Call(x), Draw)) { Candidates = Choice.Of("rate", 1e-2, 3e-2, 1e-1) },
            new("pinn", "A tanh network with four hidden layers of 32.", ArmRole.Baseline, (problems, run) =>
                Train(problems, run, run.Settings.Number("pinn-share"), (_, key) => Mlp.Create(key, [2, 32, 32, 32, 32, 1], Activation.Tanh), (network, _, x) => network.Call(x))) { Candidates = Choice.Of("rate", 3e-3, 1e-2, 3e-2) },
            new("grid", "Features on three grids that stay where they are, interpolated smoothly, and the same decoder.", ArmRole.Baseline, (problems, run) =>
                Train(problems, run, run.Settings.Number("grid-share"), (_, key) => Grid(run, key), Call)) { Candidates = Choice.Of("rate", 1e-2, 3e-2, 1e-1) },
            new("frozen", "The same Gaussians, whose places and shapes stay as they are drawn.", ArmRole.Ablation, (problems, run) =>
                Train(problems, run, 1, (problem, key) => Gaussians(run, problem, key), (mesh, _, x) => Still(mesh).Call(x))) { Candidates = Choice.Of("rate", 3e-2, 1e-1, 3e-1) },
        ],
        Metrics = [new("relative L2", "|u - reference| / |reference|, the geometric mean over the equations")],
        Claims = [Claim.Below("pig", "pinn", "relative L2"), Claim.Below("pig", "grid", "relative L2"), Claim.Below("pig", "frozen", "relative L2")],
    };

    private static DifferentialEquation[] Problems(TaskContext context)
    {
        if (context.DataFile is not { } file) return [Equations.Burgers(), Equations.AllenCahn(), Equations.Helmholtz()];
        var isAllenCahn = Matlab.Read(file, name => name == "uu").Count > 0;
        var reference = isAllenCahn ? ReferenceSolution.ReadMatlab(file, "x", "tt", "uu") : ReferenceSolution.ReadMatlab(file, "x", "t", "usol");
        var problem = isAllenCahn ? Equations.AllenCahn(reference: new(reference)) : Equations.Burgers(reference: new(reference));
        if (problem.Contradiction(reference, Tolerance) is { } contradiction) throw new UnreadableFileException(file, "", $"this is no solution of {problem.Name} as it is solved here: {contradiction}");
        return [problem];
    }

    private static GaussianField Gaussians(ArmRun run, DifferentialEquation problem, Key key) =>
        GaussianField.Create(key, run.Settings.Whole("gaussians"), problem.Low, problem.High, run.Settings.Number("width"));

    /// <summary>The field whose Gaussians are not trained but for their features.</summary>
    private static GaussianField Still(GaussianField field) => field with
    {
        Means = Tensor.StopGradient(field.Means),
        LogWidths = Tensor.StopGradient(field.LogWidths),
        Shears = Tensor.StopGradient(field.Shears),
    };

    private static TreePair<FeatureGrid, Mlp> Grid(ArmRun run, Key key)
    {
        const int Levels = 3, Features = 2;
        var finest = run.Settings.Whole("grid");
        return new(
            FeatureGrid.Create(key.Fold(0), 2, Levels, Features, Math.Max(2, finest / 4), finest, Initialiser.Normal(0.01), isSmooth: true),
            Mlp.Create(key.Fold(1), [Levels * Features, 16, 1], Activation.Tanh));
    }

    private static Tensor Call(TreePair<FeatureGrid, Mlp> field, DifferentialEquation problem, Tensor x)
    {
        var (low, high) = (Tensor.From([.. problem.Low]).AsType(x.ElementType), Tensor.From([.. problem.High]).AsType(x.ElementType));
        return field.Item2.Call(field.Item1.Call((x - low) / (high - low)));
    }

    /// <summary>Adam on points drawn anew at each step, then L-BFGS on points that stay.</summary>
    private static void Train<TField>(
        DifferentialEquation[] problems, ArmRun run, double share, Func<DifferentialEquation, Key, TField> create, Func<TField, DifferentialEquation, Tensor, Tensor> call,
        Action<ArmRun, DifferentialEquation, TField, Func<Tensor, Tensor>>? draw = null)
        where TField : ITree<TField>
    {
        var (logarithms, points) = (0.0, run.Settings.Whole("points"));
        int Share(string setting) => Math.Max(1, (int)(share * run.Steps(setting) / problems.Length));
        var (steps, iterations) = (Share("steps"), Share("iterations"));
        foreach (var problem in problems)
        {
            var trainer = new Trainer<TField, TreeList<Tensor>>(
                new Adam(Schedule.Cosine(run.Choice["rate"], steps)),
                (field, _, key) => problem.Loss(x => call(field, problem, x), key, points));
            var field = run.Train(trainer, create(problem, run.Key), Batches.Whole<TreeList<Tensor>>([]), steps, name: problem.Name);
            field = run.Minimise(field, field => problem.Loss(x => call(field, problem, x), run.Key.Fold(1), 2 * points), iterations, problem.Name);
            var values = Compile.Of((TField field, Tensor x) => call(field, problem, x));
            var error = problem.RelativeError(x => values(field, x.AsType(ElementType.Float32)));
            run.Measure($"relative L2 of {problem.Name}", error);
            logarithms += Math.Log(error);
            draw?.Invoke(run, problem, field, x => values(field, x));
        }
        run.Measure("relative L2", Math.Exp(logarithms / problems.Length));
    }

    /// <summary>The field with the ellipses of its Gaussians at one standard deviation; the second coordinate goes to the right.</summary>
    private static void Draw(ArmRun run, DifferentialEquation problem, GaussianField field, Func<Tensor, Tensor> values) => run.Picture(problem.Name, () =>
    {
        const int Width = 600, Height = 300;
        var (low, high, unit) = (problem.Low, problem.High, field.Unit);
        var picture = Picture.Of(x => values(Tensor.Stack([x[.., 1], x[.., 0]], 1)), (low[1], high[1]), (low[0], high[0]), Width, Height);
        var (means, logarithms, shears) = (field.Means.ToArray<float>(), field.LogWidths.ToArray<float>(), field.Shears.ToArray<float>());
        for (var i = 0; i < shears.Length; i++)
        {
            // The ellipse is A^-1 of the circle; A is diag(1 / a, 1 / b) [1 0; h 1].
            var (a, b, h) = (Math.Exp(logarithms[2 * i]), Math.Exp(logarithms[2 * i + 1]), shears[i]);
            var (acrossX, acrossT) = ((X: a * unit[0], T: -h * a * unit[1]), (X: 0.0, T: b * unit[1]));
            var (perX, perT) = (-Height / (high[0] - low[0]), Width / (high[1] - low[1]));
            picture.Ellipse(
                (means[2 * i + 1] * unit[1] - low[1]) * perT, (high[0] - means[2 * i] * unit[0]) * -perX, (acrossX.T * perT, acrossX.X * perX), (acrossT.T * perT, acrossT.X * perX), new(255, 255, 255));
        }
        return picture;
    });
}
