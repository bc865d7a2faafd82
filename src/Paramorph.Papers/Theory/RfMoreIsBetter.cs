using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Theory;

/// <summary>The risk of ridge regression on random features: predicted from a spectrum, and falling with samples and with features where the ridge is chosen well.</summary>
[Paper("rf-more-is-better")]
public static class RfMoreIsBetter
{
    private const string Deviation = "deviation", Rise = "rise", Fitting = "train over test";

    /// <summary>Coordinates of points on the sphere, pixels of a side, and test examples.</summary>
    private const int Dimensions = 8, Side = 8, Tests = 500;

    /// <summary>Samples, and features.</summary>
    private static readonly int[] sizes = [60, 120, 240];

    private static readonly double[] ridges = [3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3];

    private static readonly Func<Tensor, Tensor, Tensor, Tensor, Tensor> regress = Compile.Of((Tensor features, Tensor targets, Tensor tests, Tensor truth) =>
    {
        var (samples, count) = (features.Shape[0], features.Shape[1]);
        var errors = ridges.Select(ridge =>
        {
            // Products of features are averaged over them; the ridge stands on the diagonal of the kernel matrix.
            var weights = RidgeRegression.Weights(features / Math.Sqrt(count), targets, Tensor.Scalar(ridge / samples)) / Math.Sqrt(count);
            return Tensor.Stack([Tensor.Square(tests.Dot(weights) - truth).Mean(), Tensor.Square(features.Dot(weights) - targets).Mean()]);
        });
        return Tensor.Stack([.. errors]);
    });

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Seeded>
    {
        Id = "rf-more-is-better",
        Question = "Does a closed form predict the risk of ridge regression on random features from the spectrum of their kernel, does the risk at the best ridge fall with every further sample and feature, and is the best ridge one that nearly fits the training data?",
        Original = "A formula for train and test risk from eigenvalues, eigencoefficients, samples, features and ridge; a proof that the risk at the best ridge falls in samples and features; power-law tasks on which fitting the training data is obligatory; random ReLU features on CIFAR-10, MNIST and SVHN, and convolutional tangent kernels.",
        Difference = "Independent normal eigenfunctions with powers as spectrum; rectifiers of points on a sphere in eight dimensions, whose spectrum is exact; and rectifiers of generated digits, whose spectrum is that of a pool of 1,000 images. 60 to 240 samples and features. Convolutional kernels are left out.",
        Budget = "each cell of samples, features and ridge is a mean over draws of both",
        Settings =
        [
            Setting.Whole("draws", "draws of samples and features", smoke: 2, full: 50, minimum: 2),
            Setting.Whole("sizes", "of 60, 120 and 240 samples and features, how many", smoke: 2, full: 3, minimum: 2, maximum: 3),
            Setting.Whole("pool", "digits of the pool", smoke: 300, full: 1000, minimum: 300),
        ],
        Seeds = 3,
        Task = context => new(context.Key),
        Arms =
        [
            new("powers", "Normal eigenfunctions; eigenvalues fall as i^-1.5 and squared coefficients as i^-1.25.", ArmRole.Method, (_, run) => Judge(run, Powers(), isInfinite: false)),
            new("sphere", "Random rectifiers on the sphere, of which a noisy sum of harmonics is learned.", ArmRole.Method, (_, run) => Judge(run, Sphere(), isInfinite: false)),
            new("digits", "Random rectifiers of images of digits, of which odd and even are learned.", ArmRole.Method, (task, run) => Judge(run, Images(task.Key, run.Settings.Whole("pool")), isInfinite: false)),
            new("kernel theory", "The powers again, against the formula for infinitely many features.", ArmRole.Baseline, (_, run) => Judge(run, Powers(), isInfinite: true)),
        ],
        Metrics =
        [
            new(Deviation, "how far the mean of measured test risks over the predicted one is from 1, in the worst of all cells of samples, features and ridge"),
            new(Rise, "test risk at the best ridge over that with the next fewer samples or features, in the worst case: below 1 where more is better"),
            new(Fitting, "train over test risk at the best ridge, of the most samples and features", Better.Neither),
        ],
        Claims =
        [
            Claim.AtMost("powers", Deviation, 0.1), Claim.AtMost("sphere", Deviation, 0.1),
            Claim.That("more samples and more features lower the tuned risk of powers in every case", seed => 1 - seed["powers", Rise], unit: "of the risk"),
            Claim.That("more samples and more features lower the tuned risk on the sphere in every case", seed => 1 - seed["sphere", Rise], unit: "of the risk"), Claim.AtMost("powers", Fitting, 0.5),
            Claim.AtMost("digits", Deviation, 0.1).From("figure 1").AsSide(),
            Claim.That("more samples and more features lower the tuned risk of digits in every case", seed => 1 - seed["digits", Rise], unit: "of the risk").AsSide(),
            Claim.Below("powers", "kernel theory", Deviation, 3).From("ours").AsSide(),
        ],
        Why = "The formula is near what is measured, but the worst of 63 cells, a mean over 50 draws each, varies too much between three seeds to say that it is within a tenth, and on the sphere is a tenth off on the mean. Digits are off for a reason of this experiment: the formula's mean is over the whole pool, of which the largest sets learn a quarter, and what is measured is over the rest.",
        Earlier =
        [
            new("2026-11-30", Verdict.NotHeld, "With independent normal eigenfunctions the formula was within 3 % in all cells; with rectifiers on the sphere in three dimensions it was off by up to a quarter. There a few dozen harmonics, far from independent, are all that 32 samples see, which the theory does not speak of: the sphere now has eight dimensions, and sets are from 60 to 240 instead of 32 to 200."),
        ],
    };

    private static void Judge(ArmRun run, RandomFeatureTask world, bool isInfinite)
    {
        var (used, draws) = (sizes[..run.Settings.Whole("sizes")], run.Settings.Whole("draws"));
        var sums = new double[used.Length, used.Length, ridges.Length, 2];
        (int I, int J)[] cells = [.. from i in Enumerable.Range(0, used.Length) from j in Enumerable.Range(0, used.Length) select (i, j)];
        for (var draw = 0; draw < draws; draw++)
        {
            run.Progress(draw, draws);
            var (features, targets, tests, truth) = world.Draw(run.Key.Fold(draw), used[^1], used[^1]);
            foreach (var (i, j) in cells)
            {
                var risks = regress(features[..used[i], ..used[j]].Evaluate(), targets[..used[i]].Evaluate(), tests[.., ..used[j]].Evaluate(), truth).ToDoubles();
                for (var k = 0; k < risks.Length; k++) sums[i, j, k / 2, k % 2] += risks[k] / draws;
            }
        }
        double Best(int i, int j) => Enumerable.Range(0, ridges.Length).Min(k => sums[i, j, k, 0]);
        var (deviation, rise) = (0.0, 0.0);
        foreach (var (i, j) in cells)
        {
            foreach (var (k, ridge) in ridges.Index())
            {
                var predicted = RandomFeatureRisk.Of(world.Eigenvalues, world.Squares, used[i], isInfinite ? double.PositiveInfinity : used[j], ridge, world.Noise);
                deviation = Math.Max(deviation, Math.Abs(sums[i, j, k, 0] / predicted.Test - 1));
                if (i != j) continue;
                run.Point($"measured risk of {used[i]} samples and features by ridge", ridge, sums[i, j, k, 0]);
                run.Point($"predicted risk of {used[i]} samples and features by ridge", ridge, predicted.Test);
            }
            if (i > 0) rise = Math.Max(rise, Best(i, j) / Best(i - 1, j));
            if (j > 0) rise = Math.Max(rise, Best(i, j) / Best(i, j - 1));
        }
        var (last, best) = (used.Length - 1, Best(used.Length - 1, used.Length - 1));
        run.Measure(Deviation, deviation);
        run.Measure(Rise, rise);
        run.Measure(Fitting, Enumerable.Range(0, ridges.Length).Where(k => sums[last, last, k, 0] == best).Select(k => sums[last, last, k, 1] / best).First());
    }

    private static RandomFeatureTask Powers() => RandomFeatureTask.Powers(modes: 1000, eigenvalues: 1.5, squares: 1.25, noise: 0.05, Tests);

    private static RandomFeatureTask Sphere() => RandomFeatureTask.Sphere(Dimensions, degrees: 10, squares: [0, 0.5, 0.3, 0.15, 0.05], noise: 0.05, Tests);

    private static RandomFeatureTask Images(Key key, int pool)
    {
        var digits = Digits.Of(key, pool, Side);
        return RandomFeatureTask.OfPool(digits.Inputs.Flatten(1).AsType(ElementType.Float64), (2.0 * (digits.Labels % 2).AsType(ElementType.Float64) - 1.0).Evaluate());
    }

    /// <summary>The randomness of the data.</summary>
    private sealed record Seeded(Key Key);
}
