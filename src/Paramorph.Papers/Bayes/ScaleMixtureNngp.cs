using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>Wide Bayesian networks whose last layer has a scale that is drawn, against a fixed one, within and outside of the region of the examples.</summary>
[Paper("scale-mixture-nngp")]
public static class ScaleMixtureNngp
{
    private const string Outside = "NLL outside", Inside = "NLL inside", Kurtosis = "kurtosis";

    private const int Tests = 200, Width = 512;

    /// <summary>The prior of the scale, whose mean is 1.</summary>
    private static readonly ScalePrior student = ScalePrior.InverseGamma(shape: 3, rate: 2);

    private static readonly double[] noises = [1e-3, 1e-2, 1e-1], stretches = [0.3, 1, 3], scales = [.. Enumerable.Range(-10, 21).Select(power => Math.ScaleB(1, power))];

    /// <summary>The functions: a cubic of one column, and those of simulated tables, whose rows outside have the largest values of the first column.</summary>
    private static readonly Func<Key, int, RegressionData>[] functions =
    [
        (key, count) => RegressionFunctions.Drawn(key, count, [(-4, 4)], x => x[0] * x[0] * x[0], _ => 3),
        (key, count) => RegressionFunctions.Friedman1(key, count),
        (key, count) => RegressionFunctions.Friedman2(key, count),
        (key, count) => RegressionFunctions.Borehole(key, count),
    ];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Split[]>
    {
        Id = "scale-mixture-nngp",
        Question = "Does a prior on the scale of the last layer of a wide Bayesian network make its answers outside of the examples' region more probable, and cost nothing inside?",
        Original = "Inverse gamma priors give Student-t processes, others are handled by importance sampling; regression on eight UCI tables, classification of MNIST and others with shifted and corrupted images, where the mixtures have lower negative log-likelihoods; histograms of drawn networks.",
        Difference = "Regression alone: a cubic and three simulated tables of some fifty rows, judged within the region of the examples and where the first column is larger than in all of them. All arms have the kernel and the noise of the highest likelihood, whatever the scale. The mixture over other priors is a sum over a grid of scales in the place of importance sampling: the answer at each is in closed form. The fixed scale has two baselines: chosen by likelihoods of rows left out, and by the likelihood of all.",
        Budget = "examples, kernel, noise",
        Settings =
        [
            Setting.Whole("rows", "examples to learn from", smoke: 20, full: 50, minimum: 10), Setting.Whole("splits", "draws of each function", smoke: 1, full: 5),
            Setting.Whole("networks", "networks drawn for the kurtosis, in thousands", smoke: 2, full: 40),
        ],
        Seeds = 6,
        Task = Draw,
        Arms =
        [
            new("student", "An inverse gamma prior: a Student-t process.", ArmRole.Method, (splits, run) => Judge(splits, run, student)),
            new("burr", "A Burr prior, whose tail is heavier.", ArmRole.Method, (splits, run) => Judge(splits, run, ScalePrior.Burr)),
            new("fixed", "A fixed scale, of the powers of two from 2⁻¹⁰ to 2¹⁰ that with the highest likelihood of rows left out.", ArmRole.Baseline, (splits, run) =>
                Judge(splits, run, ScalePrior.Fixed(posterior => posterior.LikeliestLeftOut(scales)))),
            new("likeliest", "A fixed scale of the highest likelihood.", ArmRole.Baseline, (splits, run) => Judge(splits, run, ScalePrior.Fixed(posterior => posterior.Likeliest))),
        ],
        Metrics =
        [
            new(Outside, "mean negative log-likelihood of standardised answers outside of the region of the examples"), new(Inside, "the same of new rows of that region"),
            new(Kurtosis, "excess kurtosis of an output of drawn networks of 512 neurons whose last layer's scale has the prior", Better.Neither),
        ],
        Claims =
        [
            Claim.Above("fixed", "student", Outside), Claim.That("NLL inside of student is no more than 0.02 above that of fixed", seed => seed["fixed", Inside] - seed["student", Inside], -0.02, "nat"),
            // Of Student's t with 2 shape degrees of freedom the kurtosis is 6 / (2 shape - 4).
            Claim.That("the kurtosis of drawn networks of student is above that of fixed by more than 1", seed => seed["student", Kurtosis] - seed["fixed", Kurtosis], 1, "kurtosis"),
            Claim.Above("likeliest", "student", Outside).From("ours"), Claim.Above("fixed", "burr", Outside).AsSide(),
        ],
        Earlier =
        [
            new("2026-11-30", Verdict.Held, "The fixed scale was one of seven up to 10, which is too small for some functions, and so its answers were too sure even inside; it is now one of 21 powers of two. The comparison with the likeliest scale, the stronger baseline, stood beside and is a main claim."),
        ],
    };

    private static Split[] Draw(TaskContext context)
    {
        var (rows, splits) = (context.Settings.Whole("rows"), context.Settings.Whole("splits"));
        return [.. functions.SelectMany((function, which) => Enumerable.Range(0, splits).Select(split => ExtrapolationSplit.Of(function(context.Key.Fold(which).Fold(split), 4 * (rows + Tests)), rows, Tests)))
            .Select(data => new Split(Best(data.Train), data.Inside, data.Outside))];
    }

    /// <summary>A posterior with the kernel and the noise of the highest likelihood at the likeliest scale.</summary>
    private static ScaleMixture Best(RegressionData data) => stretches.SelectMany(stretch => noises.Select(noise =>
        new ScaleMixture(new WideNetwork(DualActivation.Erf, 2) { InputVariance = stretch, WeightVariance = 2, BiasVariance = 0.2 }.Covariance, data.Inputs, data.Targets.Flatten().Evaluate(), noise)))
        .MaxBy(posterior => posterior.LogLikelihood(posterior.Likeliest))!;

    private static void Judge(Split[] splits, ArmRun run, ScalePrior prior)
    {
        var (inside, outside) = (0.0, 0.0);
        foreach (var split in splits)
        {
            var log = prior.Density(split.Posterior);
            double Mean(RegressionData rows)
            {
                var (means, variances) = split.Posterior.Answers(rows.Inputs);
                return -rows.Targets.ToDoubles().Select((value, i) => log(value - means[i], variances[i])).Average();
            }
            (inside, outside) = (inside + Mean(split.Inside) / splits.Length, outside + Mean(split.Outside) / splits.Length);
        }
        run.Measure(Inside, inside);
        run.Measure(Outside, outside);
        var thousands = run.Settings.Whole("networks");
        run.Measure(Kurtosis, prior.Kurtosis(run.Key, Width, thousands, part => run.Progress(part, thousands)));
    }

    /// <summary>What is known of a function, and its rows within and outside of the region of the examples.</summary>
    private sealed record Split(ScaleMixture Posterior, RegressionData Inside, RegressionData Outside);
}
