using Paramorph.Bayes;
using Paramorph.Experiments;

namespace Paramorph.Papers.Theory;

/// <summary>The distribution of answers of random networks with few neurons against the normal one and its correction.</summary>
[Paper("finite-width-edgeworth")]
public static class FiniteWidthEdgeworth
{
    private const int Inputs = 2, Bins = 24;

    private const double Reach = 3;

    private const string Distance = "total variation", Exact = "exact total variation";

    private static readonly int[] widths = [4, 8, 16, 32, 64, 128, 256];

    private static readonly double[] places = [.. Enumerable.Range(-400, 801).Select(i => i * 0.02)];

    private static readonly SymmetricLaw[] laws = [SymmetricLaw.Normal, SymmetricLaw.Uniform, SymmetricLaw.Laplace, SymmetricLaw.Sign];

    private static readonly FiniteWidthDensity drawn = new(x => Math.Max(0, x));

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Answers>
    {
        Id = "finite-width-edgeworth",
        Question = "Is the distribution of answers of random networks with one hidden layer a normal one times 1 + c He₄ / N, with nothing else that falls as slowly as 1 / N, whatever symmetric law the readout has?",
        Original = "Random networks with one hidden layer at initialisation: histograms of answers agree with a normal density corrected by the fourth Hermite polynomial, whose coefficient falls as 1 / N; higher terms fall faster.",
        Difference = "A million ReLU networks with normal weights at each of seven widths from 4 to 256, for an input drawn anew under each seed, in 24 bins and two tails; the coefficient is not fitted but follows from the moments of a neuron. What is too small for a million draws is judged by the exact density of tanh networks with normal, uniform, two-sided exponential and two-valued readouts, by inversion of characteristic functions.",
        Budget = "the same draws for all densities, none of which is fitted to them",
        Settings =
        [
            Setting.Whole("draws", "networks of each width", smoke: 20_000, full: 1_000_000),
            Setting.Whole("widths", "how many of the widths 4, 8, ..., 256", smoke: 3, full: 7, minimum: 2, maximum: 7),
        ],
        Task = Answers.Of,
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
            Claim.AtMost("edgeworth", "slope of what is left", -1.5),
            Claim.Below("edgeworth", "normal", Exact, factor: 2).From("ours").AsSide(),
            Claim.Below("second order", "edgeworth", Exact).From("ours").AsSide(),
        ],
    };

    private static string At(int width) => $"{Distance} of {width} neurons";

    private static void Judge(Answers answers, ArmRun run, int order)
    {
        var used = widths[..answers.Counts.Length];
        var totals = new List<double>();
        for (var i = 0; i < used.Length; i++)
        {
            var (counts, width) = (answers.Counts[i], used[i]);
            // Shares of the density in fine cells, each a part of a bin or of the tails.
            var shares = new double[Bins + 2];
            const int Fine = 200;
            var cell = 2 * Reach / Bins / Fine;
            for (var k = -Fine * Bins; k < 2 * Fine * Bins; k++)
                shares[Math.Clamp((int)Math.Floor((double)k / Fine) + 1, 0, Bins + 1)] += drawn.Series(-Reach + (k + 0.5) * cell, width, order) * cell;
            totals.Add(shares.Zip(counts, (share, count) => Math.Abs(share - count / counts.Sum())).Sum() / 2);
            run.Measure(At(width), totals[^1]);
            run.Point(Distance, width, totals[^1]);
            run.Point("mean of He₄", width, answers.Hermite[i]);
            run.Point("mean of He₄ as computed", width, drawn.Kurtosis / width);
        }
        run.Measure(Distance, totals.Average());
        run.Measure("slope of He₄", Trend.Power([.. used.Select(width => (double)width)], answers.Hermite));
        var (slopes, left) = (new List<double>(), new List<double>());
        foreach (var density in laws.Select(law => new FiniteWidthDensity(Math.Tanh, readout: law)))
        {
            // Four neurons of two values are too few for a density without spikes.
            double[] wide = [.. used.Where(width => width >= 8).Select(width => (double)width)];
            double[] remains = [.. wide.Select(width => density.Exact(places, (int)width).Zip(places, (p, z) => Math.Abs(p - density.Series(z, (int)width, order))).Sum() * (places[1] - places[0]) / 2)];
            slopes.Add(Trend.Power(wide, remains));
            left.Add(remains.Average());
        }
        run.Measure("slope of what is left", slopes.Max());
        run.Measure(Exact, left.Average());
    }

    /// <summary>What drawn networks answer.</summary>
    /// <param name="Counts">For each width, networks below the bins, in each bin, and above.</param>
    /// <param name="Hermite">For each width, the mean of He₄.</param>
    private sealed record Answers(double[][] Counts, double[] Hermite)
    {
        /// <summary>Numbers of a chunk, so that memory does not grow with the draws.</summary>
        private const int Chunk = 1 << 22;

        public static Answers Of(TaskContext context)
        {
            var (draws, count) = (context.Settings.Whole("draws"), context.Settings.Whole("widths"));
            var direction = Sample.Normal(context.Key.Fold(-1), [Inputs]);
            var input = (direction / Tensor.Sqrt(Tensor.Square(direction).Sum())).Evaluate();
            var edges = Tensor.Linspace(-Reach, Reach, Bins + 1);
            var all = widths[..count].Select(width =>
            {
                var part = Math.Min(draws, Chunk / width);
                var look = Compile.Of((Key key) =>
                {
                    var hidden = Tensor.Relu(Sample.Normal(key.Fold(0), [part, width, Inputs]).Dot(input));
                    // The mean square of a rectified normal number is one half.
                    var answers = (Sample.Normal(key.Fold(1), [part, width]) * hidden).Sum(1) * Math.Sqrt(2.0 / width);
                    var s = Tensor.Square(answers).AsType(ElementType.Float64);
                    var bins = Tensor.SearchSorted(edges, answers, isRight: true);
                    return (Segment.Sum(Tensor.Ones([part]), bins, Bins + 2), (s * (s - 6.0) + 3.0).Mean());
                });
                var (counts, hermite, parts) = (new double[Bins + 2], 0.0, (draws + part - 1) / part);
                for (var i = 0; i < parts; i++)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    var (own, mean) = look(context.Key.Fold(width).Fold(i));
                    counts = [.. counts.Zip(own.ToDoubles(), (sum, next) => sum + next)];
                    hermite += mean.Item() / parts;
                }
                return (counts, hermite);
            }).ToArray();
            return new([.. all.Select(one => one.counts)], [.. all.Select(one => one.hermite)]);
        }
    }
}
