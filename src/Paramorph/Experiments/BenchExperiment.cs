using Paramorph.Fitting;
using Paramorph.Problems;
using Paramorph.Shrink;

namespace Paramorph.Experiments;

/// <summary>A paper's claims about methods on a bench: who is compared, and what must hold. The bench says how.</summary>
/// <param name="bench">The bench.</param>
/// <param name="contestants">The methods; the paper's own first.</param>
public sealed class BenchExperiment(Bench bench, IReadOnlyList<Contestant> contestants) : IExperiment
{
    /// <summary>The problems under a seed with their tasks.</summary>
    private sealed record Work(IReadOnlyList<(BenchTask Task, Problem Problem)> Problems);

    private readonly IReadOnlyList<BenchArm> arms = [.. contestants.Select(contestant => new BenchArm(contestant))];

    /// <summary>The bench.</summary>
    public Bench Bench => bench;

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public required string Question { get; init; }

    /// <inheritdoc/>
    public required string Original { get; init; }

    /// <inheritdoc/>
    public required string Difference { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <inheritdoc/>
    public string Budget => $"{bench.Budget} for each method, task and seed, search included, counted and not measured";

    /// <inheritdoc/>
    public string? Data => bench.Tasks.Any(task => task.File is not null)
        ? $"a folder with files of the bench {bench.Id}: {string.Join(", ", bench.Tasks.Where(task => task.File is not null).Select(task => task.File!.Name))}"
        : null;

    /// <inheritdoc/>
    public IReadOnlyList<Setting> Settings { get; } =
    [
        Setting.Whole("tasks", "tasks of the bench, from the first", smoke: 1, full: bench.Tasks.Count, maximum: bench.Tasks.Count),
        Setting.Number("budget-share", "part of the bench's budget", smoke: 0.002, full: 1, minimum: 1e-4, maximum: 1000),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<Arm> Arms => arms;

    /// <inheritdoc/>
    public IReadOnlyList<Metric> Metrics => bench.Metrics;

    /// <inheritdoc/>
    public EqualBudget Equal => EqualBudget.Stated;

    /// <inheritdoc/>
    public string? Why { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<EarlierVerdict> Earlier { get; init; } = [];

    /// <inheritdoc/>
    public Metric Objective => bench.Metrics[0];

    /// <inheritdoc/>
    public int Seeds => bench.Seeds;

    /// <inheritdoc/>
    public bool SharesTask => false;

    /// <inheritdoc/>
    public bool MeasuresTime => false;

    /// <summary>Called with each fitted model, of a paper that measures more than the bench does; pictures of what the paper's method does are drawn anyway.</summary>
    public Action<BenchTask, FitResult, ArmRun>? Fitted { get; init; }

    /// <summary>What is on record of a method under a seed; null where that is of other code, tasks or settings.</summary>
    internal JobResult? Known(Job job, SettingValues settings, RunOptions options)
    {
        if (settings.Number("budget-share") != 1 || settings.Whole("tasks") != bench.Tasks.Count || options.Standing?.Invoke(bench) is not { } standing) return null;
        var contestant = arms.First(arm => arm.Name == job.Arm).Contestant;
        return standing.Record.Known(bench.Fingerprint(contestant, standing.Code), job.Seed, bench.Tasks.Where(task => task.IsThere(options.DataFile)).Select(task => task.Name));
    }

    bool IExperiment.ReadsFolder => true;

    object IExperiment.MakeTask(TaskContext context) => new Work([.. bench.Tasks.Take(context.Settings.Whole("tasks")).Where(task => task.IsThere(context.DataFile)).Select(task => (task, task.Problem(context.Seed, context.DataFile)))]);

    void IExperiment.Run(Arm arm, object task, ArmRun run)
    {
        var (contestant, problems) = (((BenchArm)arm).Contestant, ((Work)task).Problems);
        var options = new FitOptions
        {
            Methods = [contestant.Method],
            Budget = bench.Budget.Part(run.Settings.Number("budget-share")),
            Seed = run.Job.Seed,
            Threads = 1,
            Fixed = contestant.Fixed,
            IsMixed = bench.IsMixed,
        };
        var fits = new List<(BenchTask Task, FitResult Result)>();
        foreach (var (which, problem) in problems)
        {
            if (contestant.Method.Unsuited(problem) is not null)
            {
                // It stands there without a figure.
                foreach (var metric in bench.Metrics) run.Measure(Bench.On(metric.Name, which.Name), double.NaN);
                continue;
            }
            var watch = new Watch(run);
            var result = Fit.Run(problem, options, watch, cancellation: run.Cancellation);
            watch.Draw($"loss on {which.Name}");
            run.Keep(which.Name, result.Model.Layer);
            run.Count(result.Parameters, 1, result.Flops);
            foreach (var metric in bench.Metrics) run.Measure(Bench.On(metric.Name, which.Name), Measured(result, metric));
            if (contestant.Role == ArmRole.Method) Draw(which, problem, result, run);
            Fitted?.Invoke(which, result, run);
            fits.Add((which, result));
        }
        // Files are not everywhere: what stands for the bench as a whole is what it makes itself.
        var summed = problems.Select(problem => problem.Task).Where(task => task.File is null || problems.All(problem => problem.Task.File is not null)).ToArray();
        var own = fits.Where(fit => summed.Contains(fit.Task)).ToArray();
        foreach (var metric in bench.Metrics) run.Measure(metric.Name, own.Length == summed.Length ? Bench.Mean(metric, [.. own.Select(fit => Measured(fit.Result, metric))]) : double.NaN);
    }

    private static void Draw(BenchTask task, Problem problem, FitResult result, ArmRun run)
    {
        foreach (var seen in problem.Illustrations(result.Model.Layer, []))
            if (seen.Picture is { } picture) run.Picture($"{task.Name} {seen.Name}", () => picture);
    }

    /// <summary>What a model reached on test examples, of what problems judge and of what it says of its own errors.</summary>
    private static double Measured(FitResult result, Metric metric) =>
        metric.Name == Bench.LogLikelihood.Name ? result.Intervals?.LogLikelihood ?? double.NaN
        : metric.Name == Bench.Bytes.Name ? CompressedNetwork.Bytes(result.Model.Layer)
        : metric.Name == Bench.Coverage.Name ? result.Intervals?.Coverage ?? double.NaN
        : result.Metrics.Test[metric.Name];

    /// <summary>Tells how far a fit is, and keeps the loss of the model that was trained last: the one that is judged, where nothing better came before.</summary>
    private sealed class Watch(ArmRun run) : IFitObserver
    {
        private readonly List<(double Step, double Loss)> curve = [];
        private string? last;

        public void Draw(string name)
        {
            foreach (var (step, loss) in curve) run.Point(name, step, loss);
        }

        public void Progressed(string job, long step, long steps, double loss)
        {
            if (job != last) curve.Clear();
            last = job;
            curve.Add((step, loss));
            run.Progress(step, steps, loss);
        }

        public void Began(Problem problem, IReadOnlyList<SimpleAnswer> simple)
        {
        }

        public void Entered(string stage, int jobs)
        {
        }

        public void Finished(string job, Metric objective, double value, double best)
        {
        }

        public void Noted(string note)
        {
        }
    }
}

/// <summary>A method of a bench as an arm.</summary>
/// <param name="Contestant">The method.</param>
internal sealed record BenchArm(Contestant Contestant) : Arm(Contestant.Name, Contestant.Meaning, Contestant.Role);
