using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;
using Paramorph.Weights;

namespace Paramorph.Papers.Weights;

/// <summary>Hypernetworks with magnitude invariant parametrisation against usual ones, as families of denoisers over the level of noise.</summary>
[Paper("mip-hypernet")]
public static class MipHypernet
{
    private const string Variance = "gradient variance", ToTarget = "steps to the target", Range = "norm variation", AtStart = "norm variation at the start";

    /// <summary>Looks at the network while it is trained, and batches over which its gradients are compared.</summary>
    private const int Looks = 50, Batches = 8;

    /// <summary>The levels of noise at which networks are judged.</summary>
    private static readonly float[] levels = [.. Enumerable.Range(0, 17).Select(i => i / 16f)];

    // Compiled once for the runs of all arms.
    private static readonly Trainer<Hypernetwork<Mlp>, Tensor> adam = new(new Adam(1), DenoiserFamily.BatchError), sgd = new(new Sgd(1, 0.9, IsNesterov: true), DenoiserFamily.BatchError);
    private static readonly Func<Hypernetwork<Mlp>, Tensor, Tensor, Tensor> judge = Compile.Of((Hypernetwork<Mlp> hyper, Tensor clean, Tensor noise) => DenoiserFamily.Error(hyper, clean, Tensor.From(levels), noise));
    private static readonly Func<Hypernetwork<Mlp>, Tensor, Key, Tensor> scatter = Compile.Of((Hypernetwork<Mlp> hyper, Tensor batches, Key key) => GradientSpread.OfLength(hyper, batches, key, DenoiserFamily.BatchError));
    private static readonly Func<Hypernetwork<Mlp>, Tensor> norms = Compile.Of((Hypernetwork<Mlp> hyper) => hyper.Norms(Tensor.From(levels)));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<DenoisingPatches>
    {
        Id = "mip-hypernet",
        Question = "Does a hypernetwork learn faster and better, with less varying gradients, when its inputs are encoded with constant norm and its outputs are added to learned weights?",
        Original = "Bayesian networks on images of digits, registration of medical images over the weight of a regulariser, and segmentation over the scale of features, on a GPU, with SGD and Adam; training converges several times faster, at a lower loss, and the gradients of the hypernetwork vary less.",
        Difference = "A dense denoiser of patches of drawn pictures with six narrow hidden layers and leaky ReLUs (as in the example of the authors' library), whose weights are predicted from the level of noise; seconds of training. The gradient's variance is relative, so that a network that has stopped learning does not count as steady. Usual hypernetworks, too, are drawn so that predicted weights start with the scale that the denoiser's own have at the highest level.",
        Budget = "steps, architecture, candidates of the learning rate; an encoding has a second input and so 16 parameters more",
        Equal = EqualBudget.Steps,
        Seeds = 6,
        Settings =
        [
            Setting.Whole("steps", "training steps", smoke: 50, full: 2000, minimum: Looks),
            Setting.Number("target", "mean squared error, as a part of the variance of pixels, to which steps are counted", smoke: 0.25, full: 0.25, minimum: 1e-3),
            Setting.Whole("width", "neurons in a hidden layer of the denoiser", smoke: 8, full: 32), Setting.Whole("layers", "hidden layers of the denoiser", smoke: 2, full: 6),
            Setting.Whole("hidden", "neurons in the second hidden layer of the hypernetwork; the first has 16", smoke: 16, full: 64),
            Setting.Whole("levels", "levels of noise in a batch", smoke: 1, full: 1), Setting.Whole("patches", "patches in a batch for each level", smoke: 8, full: 128),
            Setting.Whole("pictures", "pictures to learn from", smoke: 1, full: 12), Setting.Whole("size", "pixels along a side of a picture", smoke: 32, full: 96, minimum: 16),
        ],
        Task = context => DenoisingPatches.Draw(context.Key, levels.Length, context.Settings.Whole("pictures"), context.Settings.Whole("patches"), context.Settings.Whole("size")),
        Arms =
        [
            With("mip", "Encoded inputs and residual outputs", ArmRole.Method, encodes: true, isResidual: true, isAdam: true),
            With("usual", "The same hypernetwork with neither", ArmRole.Baseline, encodes: false, isResidual: false, isAdam: true),
            With("encoding", "Encoded inputs alone", ArmRole.Ablation, encodes: true, isResidual: false, isAdam: true),
            With("residual", "Residual outputs alone", ArmRole.Ablation, encodes: false, isResidual: true, isAdam: true),
            With("mip", "Encoded inputs and residual outputs", ArmRole.Method, encodes: true, isResidual: true, isAdam: false),
            With("usual", "The same hypernetwork with neither", ArmRole.Baseline, encodes: false, isResidual: false, isAdam: false),
        ],
        Metrics =
        [
            new("loss", "mean squared error of new patches, as a part of the variance of pixels, the mean over levels of noise from 0 to 1 standard deviation"),
            new(Variance, "variance of the length of the gradient over batches, each of its own level, as a part of its squared mean; the geometric mean over training"),
            new(ToTarget, "part of the steps until the loss was at most the target, 1 where it never was"),
            new(Range, "standard deviation of the norm of all predicted weights over the levels, as a part of its mean, at the end"), new(AtStart, "the same before training"),
        ],
        Claims =
        [
            Claim.Below("mip adam", "usual adam", ToTarget), Claim.Below("mip sgd", "usual sgd", ToTarget), Claim.Below("mip adam", "usual adam", "loss"),
            Claim.Below("mip adam", "residual adam", ToTarget).From("ablation").AsSide(), Claim.Below("mip adam", "encoding adam", ToTarget).From("ablation").AsSide(),
            Claim.Below("mip sgd", "usual sgd", "loss").AsSide(), Claim.Below("mip adam", "usual adam", Variance).AsSide(), Claim.Below("mip sgd", "usual sgd", Variance).AsSide(),
        ],
        Why = "With Adam, which rescales each step, inputs that keep their length win on the mean of the seeds and not under all of them; with plain descent, where the scale of the inputs decides, they win by far.",
        Earlier = [new("2026-11-21", Verdict.Inconclusive, "It rested on eight claims, of which two counted each seed for at most a factor of two, so that a collapse weighed less, and two, that norms hardly vary, follow from the construction. What trains in fewer steps, and to a lower loss by Adam, is what it rests on now; the halves of the method stand beside for Adam alone, and each seed searches three rates.")],
    };

    private static Arm<DenoisingPatches> With(string name, string meaning, ArmRole role, bool encodes, bool isResidual, bool isAdam) =>
        new($"{name} {(isAdam ? "adam" : "sgd")}", $"{meaning}, trained by {(isAdam ? "Adam" : "gradient descent with Nesterov's momentum")}.", role, (patches, run) => Learn(patches, run, encodes, isResidual, isAdam ? adam : sgd)) { Candidates = isAdam ? Choice.Of("rate", 1e-3, 3e-3, 1e-2) : Choice.Of("rate", 3e-3, 1e-2, 3e-2) };

    private static void Learn(DenoisingPatches patches, ArmRun run, bool encodes, bool isResidual, Trainer<Hypernetwork<Mlp>, Tensor> trainer)
    {
        var (steps, settings, groups) = (run.Steps(), run.Settings, run.Settings.Whole("levels"));
        var hyper = DenoiserFamily.Create(run.Key.Fold(2), run.Key.Fold(1), patches.Side * patches.Side, settings.Whole("width"), settings.Whole("layers"), [16, settings.Whole("hidden")], encodes, isResidual);
        var batches = Training.Batches.Shuffled(patches.Train, groups, run.Key.Fold(3));
        run.Measure(AtStart, Variation(run, "at the start", norms(hyper)));
        var start = trainer.Start(hyper, run.Key.Fold(4));
        run.Count(ParameterCount.Of(hyper), steps, (double)trainer.Cost(start, batches.At(0)).Flops * steps);
        var (variances, reached, last) = (0.0, 1.0, double.NaN);
        // The rate falls by half a cosine in steps.
        var learned = TrainingParts.Run(trainer, start, batches, steps, Looks, part => run.Choice["rate"] * (1 + Math.Cos(Math.PI * part / Looks)) / 2, (look, taken, model, isFinite) =>
        {
            // A rate at which training diverges is not chosen; a run that diverges all the same is judged by its last finite model.
            var isJudged = isFinite || !run.Job.IsSearch;
            last = isJudged ? judge(model, patches.Test, patches.Noise).Item() : double.NaN;
            var variance = isJudged ? scatter(model, patches.Batches(Batches, groups), run.Key.Fold(5).Fold(look)).Item() : double.NaN;
            variances += Math.Log(variance) / Looks;
            run.Point("loss on new patches", taken, last);
            run.Point(Variance, taken, variance);
            if (reached == 1 && last <= settings.Number("target")) reached = (double)look / Looks;
            run.Progress(taken, steps, last);
        }, run.Cancellation);
        run.Measure("loss", last);
        run.Measure(Variance, Math.Exp(variances));
        run.Measure(ToTarget, reached);
        run.Measure(Range, Variation(run, "at the end", norms(learned)));
        run.Keep(null, learned);
        run.Picture("denoised", () => patches.Denoised((level, cut) => DenoiserFamily.Denoise(learned, Tensor.Scalar(level), cut), 0.1f, 0.4f, 1));
    }

    private static double Variation(ArmRun run, string when, Tensor norms)
    {
        var values = norms.ToDoubles();
        foreach (var (level, norm) in levels.Zip(values)) run.Point($"norm of predicted weights {when}", level, norm);
        return Trend.Variation(values);
    }
}
