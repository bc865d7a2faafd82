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
    /// <summary>Pixels along a side of a patch, of which the middle one is told.</summary>
    private const int Side = 7;

    private const int Pixels = Side * Side, Middle = Pixels / 2;

    /// <summary>Looks at the network while it is trained.</summary>
    private const int Looks = 50;

    private const double Momentum = 0.9;

    private const string Variance = "gradient variance", ToTarget = "steps to the target", Range = "norm variation", AtStart = "norm variation at the start";

    /// <summary>The levels of noise at which networks are judged.</summary>
    private static readonly float[] levels = [.. Enumerable.Range(0, 17).Select(i => i / 16f)];

    // Compiled once for the runs of all arms.
    private static readonly Trainer<Hypernetwork<Mlp>, Tensor> adam = new(new Adam(1), BatchError), sgd = new(new Sgd(1, Momentum, IsNesterov: true), BatchError);

    private static readonly Func<Hypernetwork<Mlp>, Tensor, Tensor, Tensor> judge =
        Compile.Of((Hypernetwork<Mlp> hyper, Tensor clean, Tensor noise) => Error(hyper, clean, Tensor.From(levels), noise));

    private static readonly Func<Hypernetwork<Mlp>, Tensor, Key, Tensor> scatter = Compile.Of<Hypernetwork<Mlp>, Tensor, Key, Tensor>(Scatter);

    private static readonly Func<Hypernetwork<Mlp>, Tensor> norms =
        Compile.Of((Hypernetwork<Mlp> hyper) => Vmap.Of((Tensor level) => ClippedByNorm.Norm(hyper.Predict(level)), Tensor.From(levels)));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Patches>
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
            Setting.Whole("width", "neurons in a hidden layer of the denoiser", smoke: 8, full: 32),
            Setting.Whole("layers", "hidden layers of the denoiser", smoke: 2, full: 6),
            Setting.Whole("hidden", "neurons in the second hidden layer of the hypernetwork; the first has 16", smoke: 16, full: 64),
            Setting.Whole("levels", "levels of noise in a batch", smoke: 1, full: 1),
            Setting.Whole("patches", "patches in a batch for each level", smoke: 8, full: 128),
            Setting.Whole("pictures", "pictures to learn from", smoke: 1, full: 12),
            Setting.Whole("size", "pixels along a side of a picture", smoke: 32, full: 96, minimum: 16),
        ],
        Task = context => Patches.Of(context.Key, context.Settings),
        Arms =
        [
            WithAdam("mip", "Encoded inputs and residual outputs", ArmRole.Method, encodes: true, isResidual: true),
            WithAdam("usual", "The same hypernetwork with neither", ArmRole.Baseline, encodes: false, isResidual: false),
            WithAdam("encoding", "Encoded inputs alone", ArmRole.Ablation, encodes: true, isResidual: false),
            WithAdam("residual", "Residual outputs alone", ArmRole.Ablation, encodes: false, isResidual: true),
            WithSgd("mip", "Encoded inputs and residual outputs", ArmRole.Method, encodes: true, isResidual: true),
            WithSgd("usual", "The same hypernetwork with neither", ArmRole.Baseline, encodes: false, isResidual: false),
        ],
        Metrics =
        [
            new("loss", "mean squared error of new patches, as a part of the variance of pixels, the mean over levels of noise from 0 to 1 standard deviation"),
            new(Variance, "variance of the length of the gradient over batches, each of its own level, as a part of its squared mean; the geometric mean over training"),
            new(ToTarget, "part of the steps until the loss was at most the target, 1 where it never was"),
            new(Range, "standard deviation of the norm of all predicted weights over the levels, as a part of its mean, at the end"),
            new(AtStart, "the same before training"),
        ],
        Claims =
        [
            Claim.Below("mip adam", "usual adam", ToTarget),
            Claim.Below("mip sgd", "usual sgd", ToTarget),
            Claim.Below("mip adam", "usual adam", "loss"),
            Claim.Below("mip adam", "residual adam", ToTarget).From("ablation").AsSide(),
            Claim.Below("mip adam", "encoding adam", ToTarget).From("ablation").AsSide(),
            Claim.Below("mip sgd", "usual sgd", "loss").AsSide(),
            Claim.Below("mip adam", "usual adam", Variance).AsSide(),
            Claim.Below("mip sgd", "usual sgd", Variance).AsSide(),
        ],
        Why = "With Adam, which rescales each step, inputs that keep their length win on the mean of the seeds and not under all of them; with plain descent, where the scale of the inputs decides, they win by far.",
        Earlier =
        [
            new("2026-11-21", Verdict.Inconclusive, "It rested on eight claims, of which two counted each seed for at most a factor of two, so that a collapse weighed less, and two, that norms hardly vary, follow from the construction. What trains in fewer steps, and to a lower loss by Adam, is what it rests on now; the halves of the method stand beside for Adam alone, and each seed searches three rates."),
        ],
    };

    private static Arm<Patches> WithAdam(string name, string meaning, ArmRole role, bool encodes, bool isResidual) =>
        new($"{name} adam", $"{meaning}, trained by Adam.", role, (patches, run) => Learn(patches, run, encodes, isResidual, adam)) { Candidates = Choice.Of("rate", 1e-3, 3e-3, 1e-2) };

    private static Arm<Patches> WithSgd(string name, string meaning, ArmRole role, bool encodes, bool isResidual) =>
        new($"{name} sgd", $"{meaning}, trained by gradient descent with Nesterov's momentum.", role, (patches, run) => Learn(patches, run, encodes, isResidual, sgd)) { Candidates = Choice.Of("rate", 3e-3, 1e-2, 3e-2) };

    private static void Learn(Patches patches, ArmRun run, bool encodes, bool isResidual, Trainer<Hypernetwork<Mlp>, Tensor> trainer)
    {
        var (steps, width, groups) = (run.Steps(), run.Settings.Whole("width"), run.Settings.Whole("levels"));
        var denoiser = Mlp.Create(run.Key.Fold(1), [Pixels, .. Enumerable.Repeat(width, run.Settings.Whole("layers")), 1], Activation.LeakyRelu);
        var hyper = Hypernetwork.Of(run.Key.Fold(2), denoiser, 1, [16, run.Settings.Whole("hidden")], encodes, isResidual);
        var batches = Batches.Shuffled(patches.Train, groups, run.Key.Fold(3));
        run.Measure(AtStart, Variation(run, "at the start", norms(hyper)));

        var state = trainer.Start(hyper, run.Key.Fold(4));
        var flops = (double)trainer.Cost(state, batches.At(0)).Flops;
        var (variances, isFinite, reached) = (0.0, true, 1.0);
        for (var look = 1; look <= Looks; look++)
        {
            var taken = steps * look / Looks;
            if (isFinite)
            {
                // Half a cosine in steps, as a factor, which needs no compilation.
                var rate = run.Choice["rate"] * (1 + Math.Cos(Math.PI * (look - 1) / Looks)) / 2;
                state = state with { Optimiser = state.Optimiser with { RateFactor = Tensor.Scalar(rate) } };
                var part = trainer.Run(state, batches, new TrainingOptions(taken) { ReadEvery = Math.Max(1, steps / Looks), Cancellation = run.Cancellation });
                run.Cancellation.ThrowIfCancellationRequested();
                (state, isFinite) = (part.State, part.Reason != EndReason.Diverged);
            }
            // A rate at which training diverges is not chosen; a run that diverges all the same is judged by its last finite model.
            var isJudged = isFinite || !run.Job.IsSearch;
            var loss = isJudged ? judge(state.Model, patches.Test, patches.Noise).Item() : double.NaN;
            var variance = isJudged ? scatter(state.Model, patches.Batches(groups), run.Key.Fold(5).Fold(look)).Item() : double.NaN;
            variances += Math.Log(variance) / Looks;
            run.Point("loss on new patches", taken, loss);
            run.Point(Variance, taken, variance);
            if (reached == 1 && loss <= run.Settings.Number("target")) reached = (double)look / Looks;
            run.Progress(taken, steps, loss);
            if (look == Looks) run.Measure("loss", loss);
        }
        run.Measure(Variance, Math.Exp(variances));
        run.Measure(ToTarget, reached);
        run.Measure(Range, Variation(run, "at the end", norms(state.Model)));
        run.Count(ParameterCount.Of(hyper), steps, flops * steps);
        run.Keep(null, state.Model);
        run.Picture("denoised", () => Draw(patches, state.Model));
    }

    /// <summary>The error of a batch [levels, patches, pixels] at levels and with noise that are drawn.</summary>
    private static Tensor BatchError(Hypernetwork<Mlp> hyper, Tensor clean, Key key) =>
        Error(hyper, clean, Sample.Uniform(key.Fold(0), [clean.Shape[0]]), Sample.Normal(key.Fold(1), clean.Shape));

    /// <summary>The mean squared error of the middle pixels that denoisers for some levels tell.</summary>
    /// <param name="hyper">What predicts denoisers.</param>
    /// <param name="clean">[levels, patches, pixels].</param>
    /// <param name="levels">[levels].</param>
    /// <param name="noise">Of the shape of the patches.</param>
    private static Tensor Error(Hypernetwork<Mlp> hyper, Tensor clean, Tensor levels, Tensor noise)
    {
        var noisy = clean + levels.Reshape(-1, 1, 1) * noise;
        var told = Vmap.Of((Tensor level, Tensor patches) => hyper.Predict(level).Call(patches), levels, noisy);
        return Loss.MeanSquared(told[.., .., 0], clean[.., .., Middle]);
    }

    /// <summary>The variance of the length of the gradient over some batches [batches, levels, patches, pixels], as a part of its squared mean.</summary>
    private static Tensor Scatter(Hypernetwork<Mlp> hyper, Tensor batches, Key key)
    {
        var lengths = Vmap.Of((Tensor batch, Tensor number) => ClippedByNorm.Norm(Gradient.Of(hyper, h => BatchError(h, batch, key.Fold(number)))), batches, Tensor.Arange(batches.Shape[0]));
        return Tensor.Square(lengths - lengths.Mean()).Mean() / Tensor.Square(lengths.Mean());
    }

    private static double Variation(ArmRun run, string when, Tensor norms)
    {
        var values = norms.ToDoubles();
        for (var i = 0; i < levels.Length; i++) run.Point($"norm of predicted weights {when}", levels[i], values[i]);
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / mean;
    }

    /// <summary>A new picture at three levels of noise, and below what the denoisers make of it.</summary>
    private static Picture Draw(Patches patches, Hypernetwork<Mlp> hyper)
    {
        const int Scale = 2;
        var denoise = Compile.Of((Hypernetwork<Mlp> h, Tensor level, Tensor patches) => h.Predict(level).Call(patches)[.., 0]);
        var columns = new List<Picture>();
        foreach (var level in (float[])[0.1f, 0.4f, 1])
        {
            var noisy = patches.Picture.Select((value, i) => value + level * patches.PictureNoise[i]).ToArray();
            var (cut, side) = (Patches.Cut(noisy, [.. patches.Corners]), patches.Inner);
            var made = denoise(hyper, Tensor.Scalar(level), cut);
            Picture Shown(Tensor pixels) => Picture.Image((pixels.Reshape(side, side) * (float)patches.Deviation + (float)patches.Mean).Evaluate(), Scale);
            columns.Add(Picture.Column(Shown(cut[.., Middle]), Shown(made)));
        }
        return Picture.Row([.. columns]);
    }

    /// <summary>Patches of drawn pictures, standardised.</summary>
    /// <param name="Train">To learn from, in groups that get one level of noise: [groups, n, pixels].</param>
    /// <param name="Test">To be judged by, of other pictures: [levels, n, pixels].</param>
    /// <param name="Noise">Of the shape of the test patches, at the highest level.</param>
    /// <param name="Picture">A picture of the test, standardised, row by row.</param>
    /// <param name="PictureNoise">Its noise at the highest level.</param>
    /// <param name="Mean">The mean brightness.</param>
    /// <param name="Deviation">The standard deviation of brightness, which is the highest level of noise.</param>
    private sealed record Patches(Tensor Train, Tensor Test, Tensor Noise, float[] Picture, float[] PictureNoise, double Mean, double Deviation)
    {
        private const int OfPicture = 2000, Tests = 4, PerLevel = 128, BatchesOfScatter = 8;

        /// <summary>Pixels along a side of a picture that are the middle of a patch.</summary>
        public int Inner => Size - Side + 1;

        /// <summary>The corners of all patches of a picture.</summary>
        public IEnumerable<int> Corners => Enumerable.Range(0, Inner * Inner).Select(i => i / Inner * Size + i % Inner);

        private int Size => (int)Math.Sqrt(Picture.Length);

        public static Patches Of(Key key, SettingValues settings)
        {
            var (pictures, group, size) = (settings.Whole("pictures"), settings.Whole("patches"), settings.Whole("size"));
            var random = new KeyRandom(key.Fold(0));
            float[][] images = [.. Enumerable.Range(0, pictures + Tests).Select(i => new TexturedImage(key.Fold(i + 1)).Render(size, size).ToArray<float>())];
            var learned = images.Take(pictures).SelectMany(image => image).ToArray();
            var mean = learned.Average(value => (double)value);
            var deviation = Math.Sqrt(learned.Average(value => (value - mean) * (value - mean)));
            foreach (var image in images)
                foreach (ref var pixel in image.AsSpan()) pixel = (float)((pixel - mean) / deviation);
            int Corner() => random.Integer(size - Side + 1) * size + random.Integer(size - Side + 1);
            Tensor Some(IEnumerable<float[]> from, int each)
            {
                var patches = Tensor.Concatenate([.. from.Select(image => Cut(image, [.. Enumerable.Range(0, each).Select(_ => Corner())]))], 0);
                return patches.Take(Tensor.From<int>(random.Permutation(patches.Shape[0]))).Evaluate();
            }
            var test = Some(images.Skip(pictures), levels.Length * PerLevel / Tests);
            float[] Noise(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Normal())];
            return new(
                Some(images.Take(pictures), OfPicture / group * group).Reshape(-1, group, Pixels).Evaluate(), test.Reshape(levels.Length, PerLevel, Pixels).Evaluate(),
                Tensor.From(Noise(test.Count), [levels.Length, PerLevel, Pixels]), images[^1], Noise(size * size), mean, deviation);
        }

        /// <summary>Some batches of training patches: [batches, levels, n, pixels].</summary>
        public Tensor Batches(int levels) =>
            Train[..(BatchesOfScatter * levels)].ReshapeTo([BatchesOfScatter, levels, .. Train.Shape[1..]]).Evaluate();

        /// <summary>Patches with their corners in given places: [n, pixels].</summary>
        public static Tensor Cut(float[] picture, int[] corners)
        {
            var size = (int)Math.Sqrt(picture.Length);
            var patches = new float[corners.Length * Pixels];
            for (var i = 0; i < patches.Length; i++)
            {
                var pixel = i % Pixels;
                patches[i] = picture[corners[i / Pixels] + pixel / Side * size + pixel % Side];
            }
            return Tensor.From(patches, [corners.Length, Pixels]);
        }
    }
}
