using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fields;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Parameters;
using Paramorph.Training;

namespace Paramorph.Papers.Fields;

/// <summary>Fields on radial kernels that adapt to a signal against fields on grids.</summary>
[Paper("neurbf")]
public static class Neurbf
{
    private const int Hidden = 32, KernelFeatures = 8, GridFeatures = 2;

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Signal[]>
    {
        Id = "neurbf",
        Question = "Does a field whose features lie on radial kernels placed where the signal changes, and composed with sines, fit images and shapes better than features on grids of several resolutions with as many parameters?",
        Original = "Images of up to gigapixels, shapes of meshes and radiance fields, 20,000 steps or more on a GPU: several decibels above Instant NGP at its size for images, and lower errors of shapes.",
        Difference = "An image of 128 by 128 pixels and a body of constructive solid geometry, 256 and 216 kernels, up to 12,000 steps of few points on one core; dense grids, without collisions of hashes; kernels of any orientation in both tasks, where the paper has round ones for shapes; grids of four levels in place of sixteen. The network behind the features is the same for all arms: the sines that the paper has behind its first map made images of this size worse by 2 decibels and more in all arms. A body is judged near its surface, as meshes are in the paper.",
        Budget = "steps and points; parameters (grids alone have no fewer)",
        Data = "a PNG file; then that image is fitted instead of generated ones",
        TunedBy = "error",
        Seeds = 6,
        Settings =
        [
            Setting.Whole("image-steps", "training steps for the image", smoke: 20, full: 5000),
            Setting.Whole("body-steps", "training steps for the body", smoke: 20, full: 12000),
            Setting.Whole("batch", "points of a step", smoke: 128, full: 512),
            Setting.Whole("size", "pixels along a side of a generated image", smoke: 32, full: 128, minimum: 8),
            Setting.Whole("image-kernels", "square root of the number of kernels for the image", smoke: 6, full: 16, minimum: 3),
            Setting.Whole("body-kernels", "cube root of the number of kernels for the body", smoke: 4, full: 6, minimum: 3),
            Setting.Number("motion", "how much slower the places and shapes of kernels learn than all else; 0 and they stay, as in the authors' program", smoke: 1e-3, full: 1e-3, maximum: 1),
            Setting.Whole("samples", "points with known distances to train on; an eighth as many to judge by", smoke: 1024, full: 131072, minimum: 1024),
        ],
        Task = Signals,
        Arms =
        [
            new("neurbf", "Kernels fitted to the signal, slowly trained, composed with sines, and grids.", ArmRole.Method, (signals, run) =>
                Learn(signals, run, Radial(run, signal => signal.Fitted, hasSines: true), adam => Slowed(run, adam), signal => [signal.Fitted.Nearest], Nearest, Call, Draw)) { Candidates = Frequencies },
            new("grid", "Grids of several resolutions.", ArmRole.Baseline, (signals, run) =>
                Learn(signals, run, (signal, key) => Grids(signal, run, key), adam => adam, _ => [], (_, _, _) => [], (_, model, batch) => model.Call(batch[0])))
            { Candidates = Choice.Of(("rate", [5e-3, 2e-2]), ("levels", [4, 6])) },
            new("no sines", "neurbf without sines.", ArmRole.Ablation, (signals, run) =>
                Learn(signals, run, Radial(run, signal => signal.Fitted, hasSines: false), adam => Slowed(run, adam), signal => [signal.Fitted.Nearest], Nearest, Call))
            { Candidates = Choice.Of("rate", 5e-3, 1e-2, 2e-2, 4e-2) },
            new("regular", "neurbf with round kernels on a regular grid, which stay.", ArmRole.Ablation, (signals, run) =>
                Learn(signals, run, Radial(run, signal => signal.Regular, hasSines: true), adam => new Frozen(adam, IsPlacement), signal => [signal.Regular.Nearest], Nearest, Call))
            { Candidates = Frequencies },
        ],
        Metrics =
        [
            new("PSNR", "peak signal to noise of the image at its pixels, in decibels", Better.Higher),
            new("distance error", "mean of |distance - truth| near the surface, at points of their own, in half sides of the cube"),
            new("error", "geometric mean of the image's root mean square error and the distance error"),
        ],
        Claims =
        [
            Claim.Above("neurbf", "grid", "PSNR"),
            Claim.Below("neurbf", "grid", "distance error"),
            Claim.Above("neurbf", "no sines", "PSNR"),
            Claim.Below("neurbf", "no sines", "distance error"),
            Claim.Above("neurbf", "regular", "PSNR"),
            Claim.Below("neurbf", "regular", "distance error"),
        ],
    };

    /// <summary>Rates, and the highest frequency for the image; that for the body is the paper's.</summary>
    private static Choice[] Frequencies => Choice.Of(("rate", [1e-2, 2e-2]), ("image frequency", [64, 1024]));

    private static Signal[] Signals(TaskContext context)
    {
        var (keys, settings) = (context.Key.Split(3), context.Settings);
        var image = context.DataFile is { } file ? Png.Read(file).AsType(ElementType.Float32) / 255.0 : new TexturedImage(keys[0]).Render(settings.Whole("size"), settings.Whole("size"));
        return
        [
            Signal.OfImage(keys[2].Fold(0), image.Rank == 3 ? image : image.ExpandDims(2), settings.Whole("image-kernels")),
            Signal.OfBody(keys[1], keys[2].Fold(1), settings.Whole("samples"), settings.Whole("body-kernels")),
        ];
    }

    /// <summary>About half of the parameters are those of kernels and half those of grids, as in the paper.</summary>
    private static Func<Signal, Key, AdaptiveRadialField> Radial(ArmRun run, Func<Signal, Placed> placed, bool hasSines) => (signal, key) =>
    {
        var side = signal.Kernels;
        return AdaptiveRadialField.Create(
            key.Fold(0),
            placed(signal).Kernels,
            KernelFeatures,
            signal.IsImage
                ? FeatureGrid.Create(key.Fold(2), 2, levels: 2, GridFeatures, coarsest: side, finest: 5 * side / 2)
                : FeatureGrid.Create(key.Fold(2), 3, levels: 4, GridFeatures, coarsest: 4, finest: 2 * side),
            Hidden, signal.Outputs,
            !hasSines ? [] : signal.IsImage ? AdaptiveRadialField.Geometric(0.125, run.Choice["image frequency"], KernelFeatures) : AdaptiveRadialField.Geometric(1, 8, KernelFeatures),
            signal.IsImage ? AdaptiveRadialField.InverseQuadratic : AdaptiveRadialField.Hat);
    };

    /// <summary>Grids alone, the finest of which has as many points as it takes to have no fewer parameters than the method.</summary>
    private static Sequential Grids(Signal signal, ArmRun run, Key key)
    {
        const int Coarsest = 4;
        var wanted = ParameterCount.Of(Radial(run, signal => signal.Regular, hasSines: false)(signal, key));
        var levels = (int)run.Choice["levels"];
        Mlp Decoder() => Mlp.Create(key.Fold(1), [GridFeatures * levels, Hidden, Hidden, signal.Outputs], Activation.Relu);
        var rest = wanted - ParameterCount.Of(Decoder());
        var finest = Enumerable.Range(Coarsest, int.MaxValue - Coarsest).First(finest =>
            GridFeatures * FeatureGrid.Resolutions(levels, Coarsest, finest).Sum(points => Math.Pow(points, signal.Dimensions)) >= rest);
        return new([FeatureGrid.Create(key.Fold(0), signal.Dimensions, levels, GridFeatures, Coarsest, finest), Decoder()]);
    }

    private static IOptimiser Slowed(ArmRun run, Adam adam) =>
        run.Settings.Number("motion") is > 0 and var motion ? new ScaledRate(adam, IsPlacement, motion) : new Frozen(adam, IsPlacement);

    private static bool IsPlacement(string path, Tensor leaf) => path is "centres" or "scales" or "shears";

    /// <summary>Those at points once kernels have moved.</summary>
    private static Tensor[] Nearest(Signal signal, AdaptiveRadialField field, Tensor points) => [field.Nearest(points, signal.Neighbours)];

    private static Tensor Call(Signal signal, AdaptiveRadialField field, TreeList<Tensor> batch) => field.Call(batch[0], batch[2]);

    /// <summary>Fits each signal. What belongs to its points, beside their values, is known before training, and looked up again for those of the test.</summary>
    private static void Learn<TModel>(
        Signal[] signals, ArmRun run, Func<Signal, Key, TModel> create, Func<Adam, IOptimiser> wrap, Func<Signal, Tensor[]> known, Func<Signal, TModel, Tensor, Tensor[]> lookUp,
        Func<Signal, TModel, TreeList<Tensor>, Tensor> call, Action<ArmRun, Signal, TModel, Tensor>? draw = null)
        where TModel : ITree<TModel>
    {
        var (batch, logarithms) = (run.Settings.Whole("batch"), 0.0);
        foreach (var signal in signals)
        {
            var steps = run.Steps(signal.IsImage ? "image-steps" : "body-steps");
            TreeList<Tensor> train = [signal.Points, signal.Values, .. known(signal)];
            var data = Batches.Shuffled(train, Math.Min(batch, signal.Points.Shape[0]), run.Key);
            var trainer = new Trainer<TModel, TreeList<Tensor>>(wrap(new Adam(Schedule.Cosine(run.Choice["rate"], steps))), (model, batch, _) => signal.Loss(call(signal, model, batch), batch[1]));
            var model = run.Train(trainer, create(signal, run.Key), data, steps, name: signal.Name);
            TreeList<Tensor> test = [signal.TestPoints, signal.TestValues, .. lookUp(signal, model, signal.TestPoints)];
            var found = Compile.Of((TModel model, TreeList<Tensor> batch) => call(signal, model, batch))(model, test);
            var error = signal.Error(found);
            run.Measure(signal.IsImage ? "PSNR" : "distance error", signal.IsImage ? -20 * Math.Log10(error) : error);
            if (!signal.IsImage) run.Measure("distance error anywhere", signal.ErrorAnywhere(found));
            logarithms += Math.Log(error);
            draw?.Invoke(run, signal, model, found);
        }
        run.Measure("error", Math.Exp(logarithms / signals.Length));
    }

    /// <summary>The image, what was learned, and over it the kernels where r is 1.</summary>
    private static void Draw(ArmRun run, Signal signal, AdaptiveRadialField field, Tensor found)
    {
        if (signal.ImageShape is not { } shape) return;
        const int Scale = 3;
        run.Picture(signal.Name, () =>
        {
            Picture Image(Tensor values) => Picture.Image(values.Reshape([.. shape]).Evaluate(), Scale);
            var (kernels, centres, scales, shears) = (Image(found), field.Centres.ToArray<float>(), field.Scales.ToArray<float>(), field.Shears.ToArray<float>());
            var (width, height) = ((double)kernels.Width, (double)kernels.Height);
            for (var i = 0; i < shears.Length; i++)
            {
                // The ellipse is A^-1 of the circle; A is [s0 0; h s1].
                var (s0, s1, h) = (scales[2 * i], scales[2 * i + 1], shears[i]);
                kernels.Ellipse(
                    centres[2 * i] * width, centres[2 * i + 1] * height, (width / s0, -height * h / (s0 * (double)s1)), (0, height / s1), new(240, 228, 66));
                kernels.Dot(centres[2 * i] * width, centres[2 * i + 1] * height, 1.5, new(213, 94, 0));
            }
            return Picture.Row(Image(signal.Values), Image(found), kernels);
        });
    }

    /// <summary>Kernels for a signal.</summary>
    /// <param name="Kernels">The kernels.</param>
    /// <param name="Nearest">Those nearest to each of its points: i32 [n, neighbours].</param>
    public sealed record Placed(RadialKernels Kernels, Tensor Nearest);

    /// <summary>Something to fit: an image or a body's signed distance.</summary>
    public sealed class Signal
    {
        private const int FewestDistances = 1024;

        /// <summary>Added to distances that errors are divided by.</summary>
        private const double Near = 0.01;

        private Signal(Key key, string name, Tensor points, Tensor values, Tensor weights, int kernels, double narrowest, double widening)
        {
            (Name, Points, Values, TestPoints, TestValues, Kernels) = (name, points, values, points, values, kernels);
            Placed Place(RadialKernels of) => new(of.Widened(widening), of.Nearest(points, Neighbours));
            Fitted = Place(RadialKernels.Fitted(key, points, weights, (int)Math.Pow(kernels, Dimensions), narrowest));
            Regular = Place(RadialKernels.Regular(Dimensions, kernels));
        }

        /// <summary>Its name.</summary>
        public string Name { get; }

        /// <summary>Where it is known, in the unit box: f32 [n, dimensions].</summary>
        public Tensor Points { get; }

        /// <summary>What it is there: f32 [n, outputs].</summary>
        public Tensor Values { get; }

        /// <summary>Where a fit is judged; of a body the first half lies near the surface.</summary>
        public Tensor TestPoints { get; private init; }

        /// <summary>What it is there.</summary>
        public Tensor TestValues { get; private init; }

        /// <summary>How many kernels there would be along a side on a regular grid.</summary>
        public int Kernels { get; }

        /// <summary>Height, width and channels of an image, or null.</summary>
        public Shape? ImageShape { get; private init; }

        /// <summary>Kernels where the signal changes.</summary>
        public Placed Fitted { get; }

        /// <summary>As many on a regular grid.</summary>
        public Placed Regular { get; }

        /// <summary>Number of coordinates.</summary>
        public int Dimensions => Points.Shape[1];

        /// <summary>Number of components.</summary>
        public int Outputs => Values.Shape[1];

        /// <summary>Whether it is an image.</summary>
        public bool IsImage => Dimensions == 2;

        /// <summary>How many of the nearest kernels count at a point, as in the paper.</summary>
        public int Neighbours => IsImage ? 4 : 8;

        /// <summary>An image at its pixels, which changes as its gradient is long.</summary>
        /// <param name="key">Draws the first centres of kernels.</param>
        /// <param name="image">[height, width, channels].</param>
        /// <param name="kernels">Kernels along a side.</param>
        public static Signal OfImage(Key key, Tensor image, int kernels)
        {
            var (height, width, pixels) = (image.Shape[0], image.Shape[1], image.Shape[0] * image.Shape[1]);
            var (down, across) = (Tensor.Linspace(0.5 / height, 1 - 0.5 / height, height), Tensor.Linspace(0.5 / width, 1 - 0.5 / width, width));
            var points = Tensor.Stack([Tensor.Zeros([height, width]) + across, Tensor.Zeros([height, width]) + down.ExpandDims(1)], 2).Reshape(pixels, 2).Evaluate();
            Tensor Slope(int axis) => Tensor.Square(Shifted(image, axis, 1) - Shifted(image, axis, -1)).Sum(2);
            var weights = Compile.Of((Tensor image) => Tensor.Sqrt(Slope(0) + Slope(1)).Reshape(pixels) + 1e-6)(image);
            return new(key, "image", points, image.Reshape(pixels, image.Shape[2]).Evaluate(), weights, kernels, narrowest: 0.5 / Math.Max(height, width), widening: 1) { ImageShape = image.Shape };
        }

        /// <summary>
        /// The signed distance of a cube's part in a ball, less three cylinders, turned at random. Its kernels gather at the surface; they end, and are wide enough
        /// that some reach each point.
        /// </summary>
        /// <param name="turn">Turns the body.</param>
        /// <param name="samples">Draws points, and the first centres of kernels.</param>
        /// <param name="count">How many points to train on.</param>
        /// <param name="kernels">Kernels along a side.</param>
        public static Signal OfBody(Key turn, Key samples, int count, int kernels)
        {
            var random = new KeyRandom(turn);
            var cylinder = SignedDistance.Cylinder(0.28, 2);
            var body = SignedDistance.Box(0.55, 0.55, 0.55).Intersection(SignedDistance.Ball(3, 0.72))
                .Difference(cylinder).Difference(cylinder.Turned(Math.PI / 2, 0, 2)).Difference(cylinder.Turned(Math.PI / 2, 1, 2))
                .Turned(random.Uniform(0, 2 * Math.PI)).Turned(random.Uniform(0, 2 * Math.PI), 1, 2);
            (Tensor Points, Tensor Distances) Drawn(Key key, int count)
            {
                var (near, far) = (DistanceSamples.NearSurface(key.Fold(0), body, count / 2), DistanceSamples.Uniform(key.Fold(1), body, count - count / 2));
                return (((Tensor.Concatenate([near.Points, far.Points], 0) + 1.0) / 2.0).Evaluate(), Tensor.Concatenate([near.Distances, far.Distances], 0).Evaluate());
            }
            var (train, test) = (Drawn(samples.Fold(0), count), Drawn(samples.Fold(1), Math.Max(FewestDistances, count / 8)));
            var weights = (1.0 / (Tensor.Abs(train.Distances) + Near)).Reshape(count).Evaluate();
            return new(samples.Fold(2), "body", train.Points, train.Distances, weights, kernels, narrowest: 0.02, widening: 2.5)
            {
                TestPoints = test.Points,
                TestValues = test.Distances,
            };
        }

        /// <summary>What is minimised: squares for an image, as PSNR counts them, and relative errors of distances, as in the paper.</summary>
        public Tensor Loss(Tensor found, Tensor values) =>
            IsImage ? Training.Loss.MeanSquared(found, values) : (Tensor.Abs(found - values) / (Tensor.Abs(values) + Near)).Mean();

        /// <summary>The root mean square error of an image, the mean absolute error near the surface of a body.</summary>
        public double Error(Tensor found) => IsImage ? Math.Sqrt(Errors(found).Average(e => e * e)) : Errors(found).Take(TestValues.Count / 2).Average(Math.Abs);

        /// <summary>The mean absolute error of a body in all of the box.</summary>
        public double ErrorAnywhere(Tensor found) => Errors(found).Skip(TestValues.Count / 2).Average(Math.Abs);

        private IEnumerable<double> Errors(Tensor found) => found.ToDoubles().Zip(TestValues.ToDoubles(), (a, b) => a - b);

        /// <summary>The image moved by a pixel along an axis; those at its edge stay.</summary>
        private static Tensor Shifted(Tensor image, int axis, int by)
        {
            var size = image.Shape[axis];
            return image.Take(Tensor.From([.. Enumerable.Range(0, size).Select(i => Math.Clamp(i + by, 0, size - 1))]), axis);
        }
    }
}
