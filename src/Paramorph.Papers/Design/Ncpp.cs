using Paramorph.Bayes;
using Paramorph.Boosting;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Fitting;
using Paramorph.Formats;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Papers.Design;

/// <summary>Attention within and among groups of a processor's numbers, against other methods for tables, on processors that a formula describes.</summary>
[Paper("ncpp")]
public static class Ncpp
{
    private const string Error = "MAPE", Match = "rank correlation", Idle = "attention to the board";
    private const int Workloads = 8;
    private const double Noise = 0.02;

    private static readonly string[] names =
    [
        "core.count", "core.base", "core.turbo", "core.vector", "core.threads", "cache.L1", "cache.L2", "cache.L3", "cache.latency", "memory.channels", "memory.speed", "memory.latency", "memory.ranks",
        "power.limit", "power.inlet", "board.revision", "board.slots", "board.fans", "workload.serial", "workload.intensity", "workload.footprint", "workload.vector",
    ];

    /// <summary>The experiment.</summary>
    public static IExperiment Experiment => new Experiment<Processors>
    {
        Id = "ncpp",
        Question = "Does attention within and among groups of a processor's numbers predict how fast it is better than a perceptron, a linear map and boosted trees, and does it listen to the groups that matter?",
        Original = "Measurements of 4th generation Intel Xeon processors under several suites, one network a suite, whose columns are processor, memory, system and workload; errors below those of linear regression, random forests, XGBoost, convolutional and recurrent networks.",
        Difference = "Processors are drawn and a formula says how fast they are: Amdahl's law, frequency under a limit of power, caches that a footprint overflows, bandwidth that cores share, and noise of 2 %. Eight workloads, which are drawn anew for each processor, run on each, and columns that span decades are logarithms; half of the processors judge. All suites are one table. The answer is read from an average of the groups by attention, whose weights can be read, in place of all groups side by side. The logarithm of the speed is learned. A Gaussian process, ours, is no baseline of the paper.",
        Budget = "planned seconds of a fit, search included, counted and not measured",
        Settings =
        [
            Setting.Whole("processors", "processors, of which half judge", smoke: 30, full: 400, minimum: 20), Setting.Number("seconds", "planned seconds of a fit", smoke: 0.02, full: 30),
        ],
        Seeds = 5,
        Task = context => Draw(context.Key, context.Seed, context.Settings.Whole("processors")),
        Arms =
        [
            new("group attention", "Attention within groups and among them.", ArmRole.Method, (task, run) => Run(task, run, GroupAttention.Method)),
            new("perceptron", "A perceptron.", ArmRole.Baseline, (task, run) => Run(task, run, Mlp.Method)),
            new("boosted trees", "Trees, each fitted to what those before it leave.", ArmRole.Baseline, (task, run) => Run(task, run, BoostedTrees.Method)),
            new("ridge", "Ridge regression.", ArmRole.Baseline, (task, run) => Run(task, run, LinearRegression.Ridge)),
            new("gaussian process", "A Gaussian process with a length scale for each column.", ArmRole.Baseline, (task, run) => Run(task, run, GaussianProcess.Method)),
            new("no groups", "Each column is a group.", ArmRole.Ablation, (task, run) => Run(task, run, GroupAttention.Method, [.. names.Select(name => name.Replace('.', ' '))])),
        ],
        Metrics =
        [
            new(Error, "mean absolute error of the speed as a share of it, on processors that were not learned from"),
            new(Match, "rank correlation over the six groups of how much the answer listens to a group with how far the true logarithm moves where its columns are another row's", Better.Higher),
            new(Idle, "mean weight of attention to the group that does nothing, times the number of groups: 1 where all are listened to alike"),
        ],
        Claims =
        [
            Claim.Below("group attention", "perceptron", Error), Claim.Below("group attention", "boosted trees", Error), Claim.Below("group attention", "ridge", Error),
            Claim.Below("group attention", "gaussian process", Error).From("ours").AsSide(), Claim.Below("group attention", "no groups", Error).From("ours").AsSide(),
            Claim.AtLeast("group attention", Match, 0.5).From("catalogue").AsSide(), Claim.AtMost("group attention", Idle, 0.75).From("ours").AsSide(),
        ],
        Why = "With a budget that is long enough, attention is ahead of trees and far ahead of a linear map, but a tuned perceptron is as good, within what five seeds tell. Groups cost: each column as a group is better by a seventh, since columns of different groups, as a footprint and a cache, then meet from the start. A Gaussian process, which the paper does not try, is best. What the weights of attention say holds: they rank the groups as the formula does, and leave the one that does nothing mostly aside.",
        Earlier =
        [
            new("2026-11-30", Verdict.Inconclusive, "Twelve planned seconds were too few: no candidate of attention was trained for more than a quarter of its length. They are thirty now, and usual values of the method were set on a table of processors that no seed draws. An arm whose groups were drawn, as good as the right ones, is gone."),
        ],
    };

    private static Processors Draw(Key key, int seed, int count)
    {
        var random = new KeyRandom(key);
        double[] Machine(double cores, double basis) =>
        [
            cores, basis, basis + random.Uniform(0.3, 1.4), random.Pick<double>([8, 16, 32]), 1 + random.Integer(2), random.Pick<double>([32, 48, 64]), random.Pick<double>([0.5, 1, 1.25, 2]), random.Uniform(0.75, 4),
            random.Uniform(40, 80), random.Pick<double>([2, 4, 6, 8, 12]), random.Pick<double>([2400, 2933, 3200, 4400, 4800, 5600]), random.Uniform(80, 140), 1 + random.Integer(2),
            Math.Round(cores * random.Uniform(3, 9)), random.Uniform(15, 38), random.Integer(6), random.Pick<double>([8, 16, 24, 32]), random.Integer(2, 9),
        ];
        double[][] rows = [.. Enumerable.Range(0, count).SelectMany(_ => Machine(4 * random.Integer(2, 17), random.Uniform(1.8, 3)) is var machine
            ? Enumerable.Range(0, Workloads).Select(_ => (double[])[.. machine, random.Uniform(Math.Log(0.001), Math.Log(0.2)), random.Uniform(Math.Log(0.1), Math.Log(20)), random.Uniform(0, Math.Log(4000)), random.Uniform()]).ToArray() : [])];
        return new(seed, rows, [.. rows.Select(row => Speed(row) + Noise * random.Normal())]);
    }

    /// <summary>The logarithm of how fast a processor runs a workload.</summary>
    private static double Speed(double[] row)
    {
        double cores = row[0], threads = row[4], near = row[5], second = row[6], third = row[7], lag = row[8], serial = Math.Exp(row[18]), intensity = Math.Exp(row[19]), footprint = Math.Exp(row[20]), vector = row[21];
        // Power goes with the cube of the frequency, and wide vectors and hot air take some of it.
        var allowed = Math.Cbrt(row[13] * (1 - 0.01 * Math.Max(0, row[14] - 25)) / (cores * 0.3 * (1 + 0.02 * vector * row[3])));
        double Clock(double used) => Math.Clamp(allowed * Math.Cbrt(cores / used), row[1], row[2]);
        double Missed(double size) => 1 / (1 + size / footprint);
        double beyond = Missed(cores * (second + third)), inThird = Missed(cores * second) - beyond, inSecond = Missed(cores * near / 1024) - Missed(cores * second);
        // Cycles of an operation: of numbers one by one and in vectors, and what caches take, of which a second thread hides a part.
        var waits = (12 * Math.Max(0, inSecond) + lag * Math.Max(0, inThird)) / (8 * intensity) / (threads == 2 ? 1.6 : 1) / 4;
        var cycles = (1 - vector) / 2 + vector / row[3] + waits;
        var computing = cycles * (serial / Clock(1) + (1 - serial) / (cores * Clock(cores)));
        // Memory gives no more than its channels do, nor more than cores can ask for at its latency.
        var bandwidth = 0.008 * row[9] * row[10] * (row[12] == 2 ? 0.85 : 0.75);
        var asked = cores * threads * 0.64 * 10 / row[11] * 10;
        var moving = beyond / intensity / (bandwidth * asked / (bandwidth + asked));
        return -Math.Log(Math.Pow(Math.Pow(computing, 3) + Math.Pow(moving, 3), 1.0 / 3));
    }

    private static void Run(Processors task, ArmRun run, Method method, IReadOnlyList<string>? columns = null)
    {
        var problem = task.Problem(columns ?? names);
        var result = Fit.Run(problem, new() { Methods = [method], Budget = Budget.OfPlannedSeconds(run.Settings.Number("seconds")), Seed = run.Job.Seed, Threads = 1, IsMixed = false }, cancellation: run.Cancellation);
        run.Count(result.Parameters, 1, result.Flops);
        var test = problem.Split.Test.ToArray<int>();
        var raw = Tensor.From<double>([.. test.SelectMany(row => task.Rows[row])], [test.Length, names.Length]);
        var predicted = result.Model.Predict(raw).ToDoubles();
        run.Measure(Error, test.Index().Average(row => Math.Abs(Math.Exp(predicted[row.Index] - task.Logarithms[row.Item]) - 1)));
        var weights = columns is null && result.Model.Layer is GroupAttention network ? Compile.Of((GroupAttention network, Tensor raw) => network.Weights(problem.Preparation.Encode(raw)).Mean(0))(network, raw).ToDoubles() : null;
        string[] groups = [.. names.Select(name => name.Split('.')[0]).Distinct()];
        foreach (var (group, weight) in (weights ?? []).Index()) run.Measure($"attention to {groups[group]}", weight);
        run.Measure(Idle, weights is null ? double.NaN : weights.Length * weights[Array.IndexOf(groups, "board")]);
        run.Measure(Match, weights is null ? double.NaN : RankCorrelation(weights, [.. groups.Select(group => Moved(task, test, group))]));
    }

    /// <summary>How far the true logarithm moves on average where the columns of a group are those of another row.</summary>
    private static double Moved(Processors task, int[] rows, string group) => rows.Index().Average(row => Math.Abs(Speed(task.Rows[row.Item]) - Speed(
        [.. names.Select((name, column) => task.Rows[name.StartsWith(group, StringComparison.Ordinal) ? rows[(row.Index + rows.Length / 2) % rows.Length] : row.Item][column])])));

    private static double RankCorrelation(double[] a, double[] b)
    {
        static int[] Ranks(double[] values) => [.. values.Select(value => values.Count(other => other < value))];
        return 1 - 6.0 * Ranks(a).Zip(Ranks(b), (x, y) => (x - y) * (x - y)).Sum() / (a.Length * (a.Length * a.Length - 1));
    }

    /// <summary>Rows of processors with workloads, those of a processor one behind the other, and the logarithms of their speeds.</summary>
    private sealed record Processors(int Seed, double[][] Rows, double[] Logarithms)
    {
        public TableRegression Problem(IReadOnlyList<string> names) => TableRegression.Read(
            new DataContent.OfTable("processors", new Table(
            [
                .. names.Select((name, column) => new TableColumn.Numeric(name, Tensor.From<double>([.. Rows.Select(row => row[column])]))),
                new TableColumn.Numeric("machine", Tensor.From<double>([.. Rows.Index().Select(row => (double)(row.Index / Workloads))])),
                new TableColumn.Numeric("speed", Tensor.From(Logarithms)),
            ])), new() { Key = Key.Of(Seed).Fold(2), Group = "machine", Targets = ["speed"], TestShare = 0.5, ValidationShare = 0.15 });
    }
}
