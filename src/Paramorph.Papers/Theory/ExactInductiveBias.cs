using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Papers.Theory;

/// <summary>How many bits of bias a space of functions lacks to generalise on a task: the probability that a function drawn from it, which fits the examples, does so.</summary>
[Paper("exact-inductive-bias")]
public static class ExactInductiveBias
{
    private const string Bits = "bits", Rise = "rise", Gap = "gap to counting";

    /// <summary>Coordinates of inputs; examples to learn from, and to judge functions by; functions that are drawn at a time; neurons of the network that gives the targets.</summary>
    private const int Coordinates = 10, Examples = 100, Tests = 50, Chunk = 10_000, Teacher = 8;

    /// <summary>The error, of targets with unit variance, at which a function generalises.</summary>
    private const double Target = 0.05;

    private static readonly int[] dimensions = [1, 2, 4, 8];

    /// <summary>The kernel of generic functions, of a length scale of one half where hidden coordinates go from -1 to 1.</summary>
    private static readonly Func<Tensor, Tensor, Tensor> generic = (x, y) => StationaryKernel.SquaredExponential(2.0 * x, 2.0 * y);

    private static readonly double ln2 = Math.Log(2);

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Task[]>
    {
        Id = "exact-inductive-bias",
        Question = "Do tasks of a higher intrinsic dimension take more bits of inductive bias, and does a space of neural networks already hold many of the bits that a generic space of kernel functions lacks?",
        Original = "Bits are minus the logarithm of the probability that a function drawn at random, among those that fit the examples, has a target error on new ones; a scaled noncentral chi-squared distribution, fitted to the errors of drawn functions, extrapolates it. MNIST, CIFAR-10, ImageNet and others; Gaussian kernels, and fully connected, convolutional and other networks.",
        Difference = "Made regressions: a drawn network of 1, 2, 4 or 8 hidden coordinates that lie in ten. Kernel functions are drawn from the posterior of a Gaussian process; networks are trained from many first weights at once. The target is a twentieth of the variance. Where counting is feasible, at a rarer but reachable error, the extrapolation is compared with it; a normal distribution fitted to the same errors is the baseline.",
        Budget = "examples and target; of kernel functions a thousand are drawn for a fit, of networks as many as are trained",
        Settings =
        [
            Setting.Whole("draws", "kernel functions that are counted, in tens of thousands", smoke: 1, full: 40),
            Setting.Whole("networks", "networks that are trained at once", smoke: 20, full: 128, minimum: 20),
            Setting.Whole("steps", "their training steps", smoke: 10, full: 400),
            Setting.Whole("tasks", "of the dimensions 1, 2, 4 and 8, how many", smoke: 2, full: 4, minimum: 2, maximum: 4),
        ],
        Seeds = 3,
        Task = context => [.. dimensions[..context.Settings.Whole("tasks")].Select(dimension => Draw(context.Key.Fold(dimension), dimension))],
        Arms =
        [
            new("kernel", "Functions of a Gaussian kernel, given the examples.", ArmRole.Method, (tasks, run) => Judge(tasks, run, Kernel, 1e-3, Extrapolated)),
            new("network", "Tanh networks of one hidden layer, trained on the examples.", ArmRole.Method, (tasks, run) => Judge(tasks, run, Networks(1), 0.1, Extrapolated)),
            new("deep network", "The same with two hidden layers.", ArmRole.Method, (tasks, run) => Judge(tasks, run, Networks(2), 0.1, Extrapolated)),
            new("kernel, normal", "Functions of the kernel, with a normal distribution of their errors.", ArmRole.Baseline, (tasks, run) => Judge(tasks, run, Kernel, 1e-3, Normal)),
        ],
        Metrics =
        [
            new(Bits, "bits of bias that functions of the space lack to reach the target error, the mean over the tasks"),
            new(Rise, "rank correlation of the bits with the intrinsic dimension", Better.Higher),
            new(Gap, "how far the bits at a reachable error are from those by counting, relatively, the worst of the tasks"),
        ],
        Claims =
        [
            Claim.AtLeast("kernel", Rise, 0.9),
            Claim.Below("network", "kernel", Bits, 2),
            Claim.AtMost("kernel", Gap, 0.1),
            Claim.AtLeast("network", Rise, 0.9).AsSide(),
            Claim.Below("deep network", "kernel", Bits, 2).AsSide(),
            Claim.Below("kernel", "kernel, normal", Gap).From("ours").AsSide(),
        ],
        Why = "Bits of networks are hundreds of times fewer than those of the kernel in the geometric mean, but they scatter over powers of ten between the targets of three seeds. Where counting is feasible the fitted tail is off by a third and not by a tenth: the errors of functions drawn at random are not quite those of the family that is fitted to them, though far nearer to it than to a normal distribution.",
    };

    private static Task Draw(Key key, int dimension)
    {
        var hidden = Sample.Uniform(key.Fold(0), [Examples + Tests, dimension], -1.0, 1.0, ElementType.Float64);
        var (embedding, _) = LinearAlgebra.Qr(Sample.Normal(key.Fold(1), [Coordinates, dimension], ElementType.Float64));
        var neurons = Tensor.Tanh(hidden.Dot(Sample.Normal(key.Fold(2), [dimension, Teacher], ElementType.Float64)) + Sample.Normal(key.Fold(3), [Teacher], ElementType.Float64));
        var values = neurons.Dot(Sample.Normal(key.Fold(4), [Teacher], ElementType.Float64));
        var targets = (values - values.Mean()) / values.Std();
        var inputs = hidden.Dot(embedding.T);
        return new(inputs[..Examples].Evaluate(), targets[..Examples].Evaluate(), inputs[Examples..].Evaluate(), targets[Examples..].Evaluate());
    }

    /// <summary>Fits the distribution of some errors, and compares it with others at the error that a share of them reach.</summary>
    private static void Judge(Task[] tasks, ArmRun run, Func<Task, ArmRun, double[]> errors, double share, Func<double[], Func<double, double>> fit)
    {
        var (bits, gap) = (new List<double>(), 0.0);
        for (var i = 0; i < tasks.Length; i++)
        {
            run.Progress(i, tasks.Length);
            var all = errors(tasks[i], run);
            var known = Math.Min(1000, all.Length / 2);
            var log = fit(all[..known]);
            // What is less than a thousandth of a bit is none, so that tasks without any are equal.
            bits.Add(Math.Round(Math.Max(0, -log(Target) / ln2), 3));
            double[] rest = [.. all[known..].Order()];
            var reached = Math.Max(1, (int)(share * rest.Length));
            var counted = -Math.Log((double)reached / rest.Length) / ln2;
            gap = Math.Max(gap, Math.Abs(-log(rest[reached - 1]) / ln2 / counted - 1));
            run.Point("bits by dimension", dimensions[i], bits[^1]);
            run.Point("mean error by dimension", dimensions[i], all.Average());
        }
        run.Measure(Bits, bits.Average());
        run.Measure(Rise, Trend.Correlation([.. Enumerable.Range(0, bits.Count)], [.. bits.Select(value => bits.Count(other => other < value) + 0.5 * (bits.Count(other => other == value) - 1))]));
        run.Measure(Gap, gap);
    }

    private static Func<double, double> Extrapolated(double[] errors) => NoncentralChiSquared.Fit(errors).LogProbability;

    private static Func<double, double> Normal(double[] errors)
    {
        var (mean, deviation) = (errors.Average(), Math.Sqrt(errors.Select(error => error * error).Average() - Math.Pow(errors.Average(), 2)));
        // Below the mean, by as many deviations; far out by the leading term, since the distribution itself underflows.
        return error =>
        {
            var z = (mean - error) / deviation;
            return z < 30 ? Math.Log(MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z)) : -0.5 * z * z - Math.Log(z * Math.Sqrt(2 * Math.PI));
        };
    }

    /// <summary>Errors of functions of the posterior: the mean error is that of a sum of squares along the axes of the posterior covariance.</summary>
    private static double[] Kernel(Task task, ArmRun run)
    {
        var kernel = generic;
        var factor = LinearAlgebra.Cholesky(kernel(task.Inputs, task.Inputs) + 1e-6 * Tensor.Eye(Examples, ElementType.Float64));
        var (cross, known) = (LinearAlgebra.TriangularSolve(factor, kernel(task.Inputs, task.Asked)), LinearAlgebra.TriangularSolve(factor, task.Targets.ExpandDims(-1))[.., 0]);
        var (values, vectors) = LinearAlgebra.Eigh(kernel(task.Asked, task.Asked) - Tensor.MatMul(cross.T, cross));
        var (deviations, misses) = (Tensor.Sqrt(Tensor.Maximum(values, 0.0)).Evaluate(), (known.Dot(cross) - task.Truth).Dot(vectors).Evaluate());
        var draw = Compile.Of((Key key, Tensor deviations, Tensor misses) => Tensor.Square(misses + deviations * Sample.Normal(key, [Chunk, Tests], ElementType.Float64)).Mean(-1));
        return [.. Enumerable.Range(0, run.Settings.Whole("draws")).SelectMany(part => draw(run.Key.Fold(part), deviations, misses).ToDoubles())];
    }

    /// <summary>Errors of networks that were trained side by side from first weights of their own.</summary>
    private static Func<Task, ArmRun, double[]> Networks(int layers) => (task, run) =>
    {
        const int Width = 32;
        var (count, steps) = (run.Settings.Whole("networks"), run.Settings.Whole("steps"));
        var network = new Func<Key, Mlp>(key => Mlp.Create(key, [Coordinates, .. Enumerable.Repeat(Width, layers), 1], Tensor.Tanh, Initialiser.LeCunNormal));
        var optimiser = new Adam(Schedule.Cosine(1e-2, steps));
        var (x, y) = (task.Inputs.AsType(ElementType.Float32).Evaluate(), task.Targets.AsType(ElementType.Float32).Evaluate());
        var (asked, truth) = (task.Asked.AsType(ElementType.Float32).Evaluate(), task.Truth.AsType(ElementType.Float32).Evaluate());
        static Tensor Error(Mlp model, Tensor x, Tensor y) => Tensor.Square(model.Call(x)[.., 0] - y).Mean();
        var learn = Compile.Of((Key keys) => Vmap.Of((Key key) =>
        {
            var first = network(key);
            var ended = Control.Repeat(steps, (_, state) =>
            {
                var gradient = Gradient.Of(state.Item1, model => Error(model, x, y));
                var (model, next) = optimiser.Update(state.Item1, gradient, state.Item2);
                return new TreePair<Mlp, OptimiserState<Mlp>>(model, next);
            }, new TreePair<Mlp, OptimiserState<Mlp>>(first, optimiser.Start(first)));
            return Error(ended.Item1, asked, truth);
        }, keys));
        return learn(run.Key.SplitBatch(count)).ToDoubles();
    };

    /// <summary>Examples of a function, and others to judge by.</summary>
    private sealed record Task(Tensor Inputs, Tensor Targets, Tensor Asked, Tensor Truth);
}
