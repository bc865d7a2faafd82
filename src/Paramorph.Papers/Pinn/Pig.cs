using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Physics;
using Paramorph.Training;

namespace Paramorph.Papers.Pinn;

/// <summary>Physics-informed Gaussians against physics-informed networks and a mesh that stays where it is.</summary>
[Paper("pig")]
public static class Pig
{
    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<EvolutionProblem[]>
    {
        Id = "pig",
        Question = "Does a field of Gaussians that move and stretch while they are trained solve Burgers' and Allen-Cahn's equations more accurately than a tanh network in the same time, and does the moving matter?",
        Original = "Several equations in two and three dimensions, up to 4,000 Gaussians and 100,000 steps of Adam or thousands of L-BFGS on a GPU; relative L2 errors of 1e-3 to 1e-5, mostly below those of networks and of feature grids.",
        Difference = "Two equations in one place and time, a few hundred Gaussians, seconds of training on one core, references from our own spectral solvers.",
        Budget = "time: steps are set so that each baseline takes no less than the method; seconds are in the table",
        Data = "a MATLAB file with a solution of Burgers' (x, t, usol) or of Allen-Cahn's equation (x, tt, uu); then that equation alone is solved and judged by it",
        SharesTask = true,
        Settings =
        [
            Setting.Whole("steps", "steps of the Gaussians", smoke: 40, full: 3000),
            Setting.Whole("pinn-steps", "steps of the network", smoke: 40, full: 3000),
            Setting.Whole("gaussians", "Gaussians", smoke: 40, full: 100),
            Setting.Whole("points", "points of the residual, drawn anew at each step", smoke: 200, full: 1000),
            Setting.Number("width", "first width of a Gaussian as a part of the domain", smoke: 0.1, full: 0.07, minimum: 1e-3, maximum: 10),
        ],
        Task = Problems,
        Arms =
        [
            new("pig", "Gaussians with trainable places, shapes and features, and a decoder with one hidden layer of 16.", ArmRole.Method, (problems, run) =>
                Train(problems, run, "steps", key => Gaussians(run, key), (mesh, x) => mesh.Call(x), Draw)) { Candidates = Choice.Of("rate", 3e-3, 1e-2, 3e-2) },
            new("pinn", "A tanh network with four hidden layers of 32.", ArmRole.Baseline, (problems, run) =>
                Train(problems, run, "pinn-steps", key => Mlp.Create(key, [2, 32, 32, 32, 32, 1], Activation.Tanh), (network, x) => network.Call(x))) { Candidates = Choice.Of("rate", 1e-3, 3e-3, 1e-2) },
            new("frozen", "The same Gaussians, whose places and shapes stay as they are drawn.", ArmRole.Ablation, (problems, run) =>
                Train(problems, run, "steps", key => Gaussians(run, key), (mesh, x) => Still(mesh).Call(x))) { Candidates = Choice.Of("rate", 3e-3, 1e-2, 3e-2) },
        ],
        Metrics = [new("relative L2", "|u - reference| / |reference|, the geometric mean over the equations")],
        Claims = [Claim.Below("pig", "pinn", "relative L2"), Claim.Below("pig", "frozen", "relative L2")],
    };

    private static EvolutionProblem[] Problems(TaskContext context)
    {
        if (context.DataFile is not { } file) return [EvolutionProblem.Burgers(), EvolutionProblem.AllenCahn()];
        return Matlab.Read(file).ContainsKey("uu")
            ? [EvolutionProblem.AllenCahn(reference: ReferenceSolution.ReadMatlab(file, "x", "tt", "uu"))]
            : [EvolutionProblem.Burgers(reference: ReferenceSolution.ReadMatlab(file, "x", "t", "usol"))];
    }

    private static GaussianField Gaussians(ArmRun run, Key key) =>
        GaussianField.Create(key, run.Settings.Whole("gaussians"), [-1, 0], [1, 1], run.Settings.Number("width"));

    /// <summary>The field whose Gaussians are not trained but for their features.</summary>
    private static GaussianField Still(GaussianField field) => field with
    {
        Means = Tensor.StopGradient(field.Means),
        Scales = Tensor.StopGradient(field.Scales),
        Shears = Tensor.StopGradient(field.Shears),
    };

    private static void Train<TField>(
        EvolutionProblem[] problems, ArmRun run, string steps, Func<Key, TField> create, Func<TField, Tensor, Tensor> call, Action<ArmRun, EvolutionProblem, TField, Func<Tensor, Tensor>>? draw = null)
        where TField : ITree<TField>
    {
        var (logarithms, count, points) = (0.0, run.Steps(steps), run.Settings.Whole("points"));
        foreach (var problem in problems)
        {
            var trainer = new Trainer<TField, TreeList<Tensor>>(
                new Adam(Schedule.Cosine(run.Choice["rate"], count)),
                (field, _, key) => problem.Loss(x => call(field, x), key, points));
            var field = run.Train(trainer, create(run.Key), Batches.Whole<TreeList<Tensor>>([]), count, name: problem.Name);
            var values = Compile.Of((TField field, Tensor x) => call(field, x));
            var error = problem.RelativeError(x => values(field, x));
            run.Measure($"relative L2 of {problem.Name}", error);
            logarithms += Math.Log(error);
            draw?.Invoke(run, problem, field, x => values(field, x));
        }
        run.Measure("relative L2", Math.Exp(logarithms / problems.Length));
    }

    /// <summary>The field with the ellipses of its Gaussians at one standard deviation.</summary>
    private static void Draw(ArmRun run, EvolutionProblem problem, GaussianField field, Func<Tensor, Tensor> values) => run.Picture(problem.Name, () =>
    {
        const int Width = 600, Height = 300;
        var picture = Picture.Of(x => values(Tensor.Stack([x[.., 1], x[.., 0]], 1)), (0, problem.End), (problem.Left, problem.Right), Width, Height);
        var (means, scales, shears) = (field.Means.ToArray<float>(), field.Scales.ToArray<float>(), field.Shears.ToArray<float>());
        for (var i = 0; i < shears.Length; i++)
        {
            // The ellipse is A^-1 of the circle; A is [s0 0; h s1].
            var (s0, s1, h) = (scales[2 * i], scales[2 * i + 1], shears[i]);
            var (acrossX, acrossT) = ((X: 1.0 / s0, T: -h / (s0 * (double)s1)), (X: 0.0, T: 1.0 / s1));
            var (perX, perT) = (-Height / (problem.Right - problem.Left), Width / problem.End);
            picture.Ellipse(
                means[2 * i + 1] * perT, (problem.Right - means[2 * i]) * -perX, (acrossX.T * perT, acrossX.X * perX), (acrossT.T * perT, acrossT.X * perX), new(255, 255, 255));
        }
        return picture;
    });
}
