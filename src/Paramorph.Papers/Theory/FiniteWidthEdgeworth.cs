using Paramorph.Bayes;
using Paramorph.Experiments;

namespace Paramorph.Papers.Theory;

/// <summary>The distribution of answers of random networks with few neurons against the normal one and its correction.</summary>
[Paper("finite-width-edgeworth")]
public static class FiniteWidthEdgeworth
{
    private const int Inputs = 2;

    private const string Distance = "total variation", Exact = "exact total variation";

    private static readonly int[] widths = [4, 8, 16, 32, 64, 128, 256];

    private static readonly HistogramBins bins = new(Reach: 3, Count: 24);

    private static readonly SymmetricLaw[] laws = [SymmetricLaw.Normal, SymmetricLaw.Uniform, SymmetricLaw.Laplace, SymmetricLaw.Sign];

    private static readonly FiniteWidthDensity drawn = new(x => Math.Max(0, x));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<RandomReluAnswers[]>
    {
        Id = "finite-width-edgeworth",
        Question = "Is the distribution of answers of random networks with one hidden layer a normal one times 1 + c He₄ / N, with nothing else that falls as slowly as 1 / N, whatever symmetric law the readout has?",
        Original = "Random networks with one hidden layer at initialisation: histograms of answers agree with a normal density corrected by the fourth Hermite polynomial, whose coefficient falls as 1 / N; higher terms fall faster.",
        Difference = "A million ReLU networks with normal weights at each of seven widths from 4 to 256, for an input drawn anew under each seed, in 24 bins and two tails; the coefficient is not fitted but follows from the moments of a neuron. What is too small for a million draws is judged by the exact density of tanh networks with normal, uniform, two-sided exponential and two-valued readouts, by inversion of characteristic functions.",
        Budget = "the same draws for all densities, none of which is fitted to them",
        Settings =
        [
            Setting.Whole("draws", "networks of each width", smoke: 20_000, full: 1_000_000), Setting.Whole("widths", "how many of the widths 4, 8, ..., 256", smoke: 3, full: 7, minimum: 2, maximum: 7),
        ],
        Task = Draw,
        Arms =
        [
            new("edgeworth", "The normal density times 1 + λ₄ / (24 N) He₄.", ArmRole.Method, (answers, run) => Judge(answers, run, order: 1)),
            new("normal", "The normal density, that of infinite width.", ArmRole.Baseline, (answers, run) => Judge(answers, run, order: 0)),
            new("second order", "With the terms that fall as 1 / N², too.", ArmRole.Ablation, (answers, run) => Judge(answers, run, order: 2)),
        ],
        Metrics =
        [
            new(Distance, "half the sum over bins of the difference between shares of draws and of the density, the mean over widths"),
            new("slope of He₄", "power of the width with which the mean of He₄ over the draws falls", Better.Neither),
            new("slope of what is left", "power of the width with which the exact total variation falls for tanh, the slowest of four laws of the readout"),
            new(Exact, "total variation between the density and the exact one, the mean over widths and laws"),
        ],
        Claims =
        [
            Claim.Ratio("total variation of edgeworth is below that of normal at every width", seed => widths.Min(width => seed["normal", At(width)] / seed["edgeworth", At(width)])),
            Claim.That("the mean of He₄ over the draws falls with the width to the power -1, give or take a tenth", seed => -Math.Abs(seed["edgeworth", "slope of He₄"] + 1), -0.1, "distance from -1"),
            Claim.AtMost("edgeworth", "slope of what is left", -1.5), Claim.Below("edgeworth", "normal", Exact, factor: 2).From("ours").AsSide(),
            Claim.Below("second order", "edgeworth", Exact).From("ours").AsSide(),
        ],
    };

    private static string At(int width) => $"{Distance} of {width} neurons";

    private static RandomReluAnswers[] Draw(TaskContext context)
    {
        var direction = Sample.Normal(context.Key.Fold(-1), [Inputs]);
        var input = (direction / Tensor.Sqrt(Tensor.Square(direction).Sum())).Evaluate();
        return [.. widths[..context.Settings.Whole("widths")].Select(width => RandomReluAnswers.Draw(context.Key.Fold(width), input, width, context.Settings.Whole("draws"), bins, context.Cancellation))];
    }

    private static void Judge(RandomReluAnswers[] answers, ArmRun run, int order)
    {
        var used = widths[..answers.Length];
        var totals = new List<double>();
        foreach (var (found, width) in answers.Zip(used))
        {
            totals.Add(bins.TotalVariation(found.Counts, z => drawn.Series(z, width, order)));
            run.Measure(At(width), totals[^1]);
            run.Point(Distance, width, totals[^1]);
            run.Point("mean of He₄", width, found.Hermite);
            run.Point("mean of He₄ as computed", width, drawn.Kurtosis / width);
        }
        run.Measure(Distance, totals.Average());
        run.Measure("slope of He₄", Trend.Power([.. used], [.. answers.Select(found => found.Hermite)]));
        // Four neurons of two values are too few for a density without spikes.
        int[] wide = [.. used.Where(width => width >= 8)];
        var left = laws.Select(law => new FiniteWidthDensity(Math.Tanh, readout: law)).Select(density => wide.Select(width => density.TotalVariation(width, order)).ToArray()).ToArray();
        run.Measure("slope of what is left", left.Max(remains => Trend.Power([.. wide], remains)));
        run.Measure(Exact, left.Average(remains => remains.Average()));
    }
}
