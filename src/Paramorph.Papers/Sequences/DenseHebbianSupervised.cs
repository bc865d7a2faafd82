using Paramorph.Experiments;
using Paramorph.Sequences;

namespace Paramorph.Papers.Sequences;

/// <summary>Memories of neurons that interact four at a time and learn from noisy examples, against pairs and against the equations of infinitely many neurons.</summary>
[Paper("dense-hebbian-supervised")]
public static class DenseHebbianSupervised
{
    private const string Exponent = "capacity exponent", Stored = "ultra-storage", Tolerated = "tolerated entropy", Deviation = "deviation";

    /// <summary>An odd number of examples, so that there is a majority.</summary>
    private const int DetectionExamples = 41;

    /// <summary>Fewer patterns than this share a compiled function.</summary>
    private const int FewPatterns = 256;

    /// <summary>Patterns at ultra-storage in units of the cube of the neurons: a third of the capacity of perfect patterns, 0.033.</summary>
    private const double UltraStorage = 0.01;

    private static readonly double[] partsOfCapacity = [0.5, 0.9, 1.1, 0.25, 1.4];

    private static readonly double[] temperatures = [0.05, 0.6, 0.2, 0.35, 0.45, 0.8, 0.9, 1.1];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Data>
    {
        Id = "dense-hebbian-supervised",
        Question = "Does an associative memory whose neurons interact four at a time, taught by averaged noisy examples, retrieve more patterns than any multiple of its neurons, and from examples far noisier than pairs can use, as the replica-symmetric equations say?",
        Original = "Phase diagrams for P from 2 to 8 from Guerra's interpolation, Monte Carlo with Plefka's approximation on random patterns and on MNIST and Fashion-MNIST: loads up to the order N^(P-1), or, at lower loads, examples of vanishing quality.",
        Difference = "P = 4 and 2 on random patterns, 80 to 120 neurons. The energy sums over distinct neurons, so that overlaps give its fields exactly, and its temperature has the scale of Hopfield's. The equations sum the binomial distribution of averages instead of its normal limit. Chains start at the pattern and take ten sweeps, a fifth of the spins at once: slow decay passes for memory, so capacities come out above those of the equations.",
        Budget = "sweeps, neurons, patterns and examples; each P is charted by loads relative to its own capacity",
        Settings =
        [
            Setting.Whole("neurons", "neurons of the largest network; smaller ones have 5/6 and 4/6 as many", smoke: 12, full: 120, minimum: 12),
            Setting.Whole("sizes", "how many of these networks", smoke: 2, full: 3, minimum: 2, maximum: 3),
            Setting.Whole("halvings", "how often the interval of a capacity is halved", smoke: 1, full: 3, minimum: 0),
            Setting.Whole("blocks", "blocks of neurons that turn one after another; divides the neurons of all networks", smoke: 2, full: 5),
            Setting.Whole("chains", "chains, each of another pattern", smoke: 4, full: 8),
            Setting.Whole("draws", "draws of data that are averaged at the low load", smoke: 1, full: 10),
            Setting.Whole("sweeps", "sweeps, of which the second half is averaged", smoke: 2, full: 10, minimum: 2),
            Setting.Whole("points", "points of a chart by load or temperature", smoke: 1, full: 8),
            Setting.Number("temperature", "temperature, where it is not varied", smoke: 0.05, full: 0.05, minimum: 0.01),
            Setting.Number("quality", "r of the examples, where it is not varied", smoke: 0.8, full: 0.8, minimum: 0.05, maximum: 1),
            Setting.Whole("examples", "M, examples of a pattern, where their quality is not varied", smoke: 5, full: 5),
            Setting.Number("low load", "patterns of a neuron, where temperature and quality are varied", smoke: 0.2, full: 0.05, minimum: 0.01),
        ],
        Task = context => new(context.Key, context.Settings.Number("quality"), context.Settings.Whole("examples")),
        Arms =
        [
            new("dense", "P = 4, sampled by Glauber's dynamics.", ArmRole.Method, (data, run) => Measure(data, run, 4, Sampled(data, run, 4))),
            new("pairwise", "P = 2, Hopfield's network, sampled alike.", ArmRole.Baseline, (data, run) => Measure(data, run, 2, Sampled(data, run, 2))),
            new("mean field", "P = 4 without sampling: mean spins follow Plefka's expansion to first order.", ArmRole.Ablation, (data, run) => Measure(data, run, 4, MeanField(data, run, 4))),
            new("dense in theory", "P = 4 without the fluctuations of finite networks: the equations.", ArmRole.Reference, (data, run) => Theory(data, run, 4)),
            new("pairwise in theory", "P = 2 without the fluctuations of finite networks: the equations.", ArmRole.Reference, (data, run) => Theory(data, run, 2)),
        ],
        Metrics =
        [
            new(Exponent, "power of the neurons with which the patterns grow at which the magnetisation falls to 3/4, above which no state but the retrieved one has it", Better.Higher),
            new(Stored, "magnetisation with 0.01 N³ patterns in the largest network", Better.Higher),
            new(Tolerated, "data entropy (1 - r²) / (M r²) up to which the magnetisation is nine tenths of the one of the majority of the examples, at the low load", Better.Higher),
            new(Deviation, "mean distance of the magnetisation from that of the equations, where these retrieve, over all points of the charts"),
        ],
        Claims =
        [
            Claim.Above("dense", "pairwise", Exponent, margin: 1),
            Claim.AtLeast("dense", Stored, 0.9),
            Claim.AboveTimes("dense", "pairwise", Tolerated, 4),
            Claim.AtMost("dense", Deviation, 0.05),
            Claim.AtLeast("dense", Exponent, 2).AsSide(),
            Claim.That("magnetisation at ultra-storage of dense is no more than 0.02 from that of the mean field", seed => -Math.Abs(seed["dense", Stored] - seed["mean field", Stored]), -0.02, Stored)
                .From("ours").AsSide(),
        ],
        Earlier =
        [
            new("2026-11-22", Verdict.Held, "That pairs keep fewer patterns than a multiple of the neurons, and none at ultra-storage, is a theorem and could not fail: the exponents are compared with each other now."),
        ],
    };

    private static Func<Point, double> Sampled(Data data, ArmRun run, int order)
    {
        var (blocks, sweeps) = (run.Settings.Whole("blocks"), run.Settings.Whole("sweeps"));
        return Simulated(data, run, order, (network, temperature, key, start) =>
            Control.Repeat(
                sweeps,
                (sweep, state) =>
                {
                    var spins = network.Sweep(key.Fold(sweep), state.Item1, temperature, blocks);
                    return new(spins, state.Item2 + Tensor.Where(sweep >= sweeps / 2, 1.0 / (sweeps - sweeps / 2), 0.0).AsType(spins.ElementType) * spins);
                },
                new TreePair<Tensor, Tensor>(start, Tensor.ZerosLike(start))).Item2);
    }

    private static Func<Point, double> MeanField(Data data, ArmRun run, int order)
    {
        var steps = run.Settings.Whole("sweeps");
        return Simulated(data, run, order, (network, temperature, _, start) => Control.Repeat(steps, (_, means) => network.MeanFieldStep(means, temperature), start));
    }

    /// <summary>The magnetisation that a dynamics from patterns to mean spins keeps, averaged over chains.</summary>
    private static Func<Point, double> Simulated(Data data, ArmRun run, int order, Func<DenseHebbianNetwork, Tensor, Key, Tensor, Tensor> dynamics)
    {
        var (chains, sweeps) = (run.Settings.Whole("chains"), run.Settings.Whole("sweeps"));
        // One compiled function for each size, kept only while it is in use: it holds memory for all patterns. Patterns of zeros, which change nothing, fill up few ones.
        var (size, simulate, flops) = (default((int, int, int)), default(Func<Key, Key, Tensor, Tensor, Tensor, Tensor>), 0.0);
        return point =>
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var (neurons, examples, columns) = (point.Neurons, point.Examples, Math.Max(point.Patterns, FewPatterns));
            if (size != (neurons, examples, columns))
            {
                size = (neurons, examples, columns);
                simulate = Compile.Of((Key drawing, Key key, Tensor count, Tensor quality, Tensor temperature) =>
                {
                    var patterns = Sample.Rademacher(drawing.Fold(0), [neurons, columns]);
                    var averages = DenseHebbianNetwork.Average(drawing.Fold(1), patterns, quality, examples);
                    var network = new DenseHebbianNetwork(Tensor.Where(Tensor.Arange(columns) < count, averages, 0.0), order);
                    var start = patterns.Take(Tensor.Arange(chains) % count, 1).T;
                    return (dynamics(network, temperature, key, start) * start).Mean();
                });
                flops = Computation.Of(
                    (DenseHebbianNetwork network, Tensor spins) => network.Field(spins),
                    new DenseHebbianNetwork(Tensor.Zeros([neurons, columns]), order), Tensor.Zeros([chains, neurons])).Cost.Flops;
            }
            run.Count(0, sweeps, sweeps * flops);
            return simulate!(data.KeyOf(point), run.Key.Fold(point.Patterns).Fold(point.Draw), Tensor.Scalar(point.Patterns), Tensor.Scalar((float)point.Quality), Tensor.Scalar((float)point.Temperature)).Item();
        };
    }

    /// <summary>The equations through the same measurements, and the phase diagram that they give.</summary>
    private static void Theory(Data data, ArmRun run, int order)
    {
        Measure(data, run, order, point => point.Equations(order).Solve().Magnetisation);
        run.Count(0, 0, 0);
        run.Picture("magnetisation over temperature and load", () =>
        {
            var (columns, rows) = (3 * run.Settings.Whole("points"), 2 * run.Settings.Whole("points"));
            var capacity = new RetrievalEquations(order, 0, 0, data.Quality, data.Examples).CriticalLoad();
            var values = new double[rows, columns];
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    values[row, column] = new RetrievalEquations(order, 1.25 * capacity * (column + 0.5) / columns, 1.0 - (row + 0.5) / rows, data.Quality, data.Examples).Solve().Magnetisation;
            return Picture.HeatMap(values, 0, 1, scale: 24);
        });
    }

    private static void Measure(Data data, ArmRun run, int order, Func<Point, double> magnetisation)
    {
        var (neurons, points) = (run.Settings.Whole("neurons"), run.Settings.Whole("points"));
        var usual = new Point(neurons, 1, run.Settings.Number("temperature"), data.Quality, data.Examples);
        var few = Math.Max(1, (int)(run.Settings.Number("low load") * neurons));
        var deviations = new List<double>();
        double Charted(string chart, double x, Point point)
        {
            var draws = point.Patterns == few ? run.Settings.Whole("draws") : 1;
            var (found, equations) = (Enumerable.Range(0, draws).Average(draw => magnetisation(point with { Draw = draw })), point.Equations(order));
            run.Point(chart, x, found);
            var theory = equations.Solve();
            if (theory.Overlap > 0.5 * (equations with { Load = 0, Temperature = 0 }).Solve().Overlap) deviations.Add(Math.Abs(found - theory.Magnetisation));
            return found;
        }
        var critical = usual.Equations(order).CriticalLoad() * Math.Pow(neurons, order - 1);
        foreach (var part in partsOfCapacity.Take(points).Order())
        {
            var patterns = Math.Max(1, (int)Math.Round(part * critical));
            Charted("magnetisation by load over capacity", patterns / critical, usual with { Patterns = patterns });
        }
        foreach (var temperature in temperatures.Take(points).Order()) Charted("magnetisation by temperature", temperature, usual with { Patterns = few, Temperature = temperature });
        run.Measure(Tolerated, Detect(usual with { Patterns = few, Examples = DetectionExamples }, Charted));
        run.Measure(Deviation, deviations.DefaultIfEmpty(double.NaN).Average());
        run.Measure(Stored, magnetisation(usual with { Patterns = (int)(UltraStorage * Math.Pow(neurons, 3)) }));
        int[] sizes = [.. new[] { 6, 5, 4 }.Take(run.Settings.Whole("sizes")).Select(sixths => neurons * sixths / 6)];
        double[] capacities = [.. sizes.Select(count => Capacity(usual with { Neurons = count }, run.Settings.Whole("halvings"), magnetisation))];
        foreach (var (count, capacity) in sizes.Zip(capacities)) run.Point("patterns held by neurons", count, capacity);
        run.Measure(Exponent, Trend.Power([.. sizes.Select(count => (double)count)], capacities));
    }

    /// <summary>The data entropy, doubled from 1/32 on, at which the magnetisation first falls below nine tenths of that of the majority, on a straight line over its logarithm.</summary>
    private static double Detect(Point usual, Func<string, double, Point, double> charted)
    {
        const int Doublings = 11;
        var (before, entropy) = (double.NaN, 1.0 / 32);
        for (var i = 0; i <= Doublings; i++, entropy *= 2)
        {
            var point = usual with { Quality = RetrievalEquations.QualityOf(entropy, usual.Examples) };
            var majority = new RetrievalEquations(2, 0, 0, point.Quality, point.Examples).Solve().Magnetisation;
            var margin = charted("magnetisation by binary logarithm of data entropy", Math.Log2(entropy), point) / majority - 0.9;
            if (margin < 0) return double.IsNaN(before) ? entropy : entropy * Math.Pow(2, margin / (before - margin));
            before = margin;
        }
        return entropy / 2;
    }

    /// <summary>The number of patterns at which the magnetisation falls to 3/4: doubled from four on, then halved in between, then on a straight line over its logarithm.</summary>
    private static double Capacity(Point usual, int halvings, Func<Point, double> magnetisation)
    {
        double At(double patterns) => magnetisation(usual with { Patterns = (int)Math.Round(patterns) }) - 0.75;
        var (low, above) = (2.0, 0.25);
        var (high, below) = (4.0, At(4));
        while (below > 0) (low, above, high, below) = (high, below, 2 * high, At(2 * high));
        for (var i = 0; i < halvings; i++)
        {
            var middle = Math.Sqrt(low * high);
            var value = At(middle);
            if (value > 0) (low, above) = (middle, value);
            else (high, below) = (middle, value);
        }
        return low * Math.Pow(high / low, above / (above - below));
    }

    /// <summary>A network, its data and its temperature.</summary>
    private sealed record Point(int Neurons, int Patterns, double Temperature, double Quality, int Examples, int Draw = 0)
    {
        public RetrievalEquations Equations(int order) => new(order, Patterns / Math.Pow(Neurons, order - 1), Temperature, Quality, Examples);
    }

    /// <summary>Where patterns and examples come from: for the same numbers all arms get the same.</summary>
    private sealed record Data(Key Key, double Quality, int Examples)
    {
        public Key KeyOf(Point point) => Key.Fold(point.Neurons).Fold(point.Patterns).Fold(point.Draw);
    }
}
