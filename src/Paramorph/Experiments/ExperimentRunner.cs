using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Paramorph.Training;

namespace Paramorph.Experiments;

/// <summary>
/// Runs an experiment: a search over each arm's candidates under seeds of its own, then every arm under every seed, then the verdict on each claim.
/// </summary>
public sealed class ExperimentRunner : IArmReports
{
    /// <summary>Runs of a candidate by whose mean it is judged: one alone would often choose by chance.</summary>
    private const int Trials = 2;

    private readonly IExperiment experiment;
    private readonly RunOptions options;
    private readonly IRunObserver? observer;
    private readonly CancellationToken cancellation;
    private readonly SettingValues settings;
    private ResultFolder? folder;
    private readonly ConcurrentDictionary<int, Lazy<object>> tasks = new();
    private readonly Lock reporting = new();
    private int done;
    private int jobs;

    private ExperimentRunner(IExperiment experiment, RunOptions options, IRunObserver? observer, CancellationToken cancellation)
    {
        this.experiment = experiment;
        this.options = options;
        this.observer = observer;
        this.cancellation = cancellation;
        settings = new SettingValues(experiment.Settings, options.Size, options.Settings);
    }

    /// <summary>The version of the program with the commit that it was built from.</summary>
    public static string Version { get; } =
        typeof(ExperimentRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Runs an experiment and decides its claims.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="options">Size, seeds, settings, files.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Stops the work; what has ended is in the folder.</param>
    /// <exception cref="ExperimentException">The options do not fit the experiment.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExperimentResult Run(IExperiment experiment, RunOptions options, IRunObserver? observer = null, CancellationToken cancellation = default) =>
        new ExperimentRunner(experiment, options, observer, cancellation).Run();

    /// <summary>Throws if the options do not fit the experiment, before anything is run or written.</summary>
    /// <exception cref="ExperimentException">The options do not fit the experiment.</exception>
    public static void Check(IExperiment experiment, RunOptions options)
    {
        var runner = new ExperimentRunner(experiment, options, null, default);
        runner.Check();
        if (options.Resume) runner.OpenFolder();
    }

    string? IArmReports.Checkpoints(Job job, int number) => folder?.Checkpoints(job, number);

    void IArmReports.Progress(Job job, long step, long steps, double loss, double rate)
    {
        lock (reporting) observer?.Progressed(job, step, steps, loss, rate);
    }

    void IArmReports.Picture(Job job, string name, Func<Picture> draw)
    {
        if (job.Seed == options.Seed) folder?.Picture(job, name, draw());
    }

    void IArmReports.Keep(Job job, string? name, Action<string> save)
    {
        if (job.Seed is not null) folder?.Keep(job, name, save);
    }

    private ExperimentResult Run()
    {
        Check();
        folder = OpenFolder();
        var watch = Stopwatch.StartNew();
        var seeds = Enumerable.Range(options.Seed, options.Seeds ?? experiment.Seeds).ToArray();
        var searches = experiment.Arms.Where(IsSearched).SelectMany(arm => arm.Candidates.SelectMany(choice => Searches(arm, choice))).ToArray();
        jobs = searches.Length + seeds.Length * experiment.Arms.Count;
        var results = new Dictionary<Job, JobResult>();
        RunAll(searches, results);
        var choices = experiment.Arms.ToDictionary(arm => arm.Name, arm => Best(arm, results));
        var runs = seeds.SelectMany(seed => experiment.Arms.Select(arm => new Job(arm.Name, seed, choices[arm.Name]))).ToArray();
        RunAll(runs, results);
        var result = Decide(seeds, choices, results) with { Seconds = watch.Elapsed.TotalSeconds };
        Write(result, runs, results);
        return result;
    }

    private ResultFolder? OpenFolder()
    {
        if (options.Out is not { } path) return null;
        var hash = options.DataFile is { } file ? ResultFolder.Hash(file) : null;
        return ResultFolder.Open(path, new(experiment.Id, options.Size, settings.All, hash, Version), options.Resume);
    }

    private void Check()
    {
        if (options.Seeds is < 1) throw new ExperimentException($"at least one seed is needed, not {options.Seeds}.");
        if (options.Threads < 1) throw new ExperimentException($"at least one thread is needed, not {options.Threads}.");
        if (options.Resume && options.Out is null) throw new ExperimentException("only a run with a folder for results can be resumed.");
        if (options.DataFile is not { } file) return;
        if (experiment.Data is null) throw new ExperimentException($"{experiment.Id} reads no file: it generates its data.");
        if (!File.Exists(file)) throw new ExperimentException($"there is no file {file}.");
    }

    /// <summary>Jobs side by side, each on one thread; a single job may use all.</summary>
    private void RunAll(IReadOnlyList<Job> work, Dictionary<Job, JobResult> results)
    {
        var waiting = new List<Job>();
        foreach (var job in work)
        {
            if (folder?.Finished(job) is { } finished)
            {
                results[job] = finished;
                done++;
            }
            else
            {
                waiting.Add(job);
            }
        }
        lock (reporting) observer?.Planned(done, jobs);
        var unfinished = waiting.CountBy(TaskOf).ToDictionary();
        SideBySide.Run(waiting, experiment.MeasuresTime ? 1 : options.Threads, options.Threads, job =>
        {
            var result = Run(job);
            folder?.Finish(job, result);
            lock (reporting)
            {
                results[job] = result;
                if (--unfinished[TaskOf(job)] == 0 && !experiment.SharesTask) tasks.TryRemove(TaskOf(job), out _);
                observer?.Finished(job, result.Metrics);
                observer?.Planned(++done, jobs);
            }
        }, cancellation);
    }

    private JobResult Run(Job job)
    {
        var arm = experiment.Arms.First(arm => arm.Name == job.Arm);
        // A search has data and randomness of its own, so that what is chosen was not chosen on what it is judged by.
        var key = job.Seed is { } seed ? Key.Of(seed) : Key.Of(options.Seed).Fold(-1 - job.Trial);
        var run = new ArmRun(job, key.Fold(1), settings, job.Seed is null ? experiment.TuningFraction : 1, this, cancellation);
        var watch = Stopwatch.StartNew();
        try
        {
            experiment.Run(arm, Task(job, key), run);
        }
        catch (ShapeException exception) when (options.Settings.Count > 0 || options.DataFile is not null)
        {
            // Sizes that are fine one by one need not fit together.
            throw new ExperimentException($"{arm.Name} of {experiment.Id} cannot be built with what was given: {exception.Message}", exception);
        }
        var missing = experiment.Metrics.FirstOrDefault(metric => !run.Measures.ContainsKey(metric.Name));
        if (missing is not null) throw new InvalidOperationException($"the arm {arm.Name} of {experiment.Id} did not measure {missing.Name}.");
        return new(new Dictionary<string, double>(run.Measures), new Dictionary<string, List<ChartPoint>>(run.Curves), run.Parameters, run.StepsTaken, run.Flops, watch.Elapsed.TotalSeconds);
    }

    /// <summary>The name of the task that a job works on.</summary>
    private int TaskOf(Job job) => experiment.SharesTask ? 0 : job.Seed ?? int.MinValue + job.Trial;

    private object Task(Job job, Key key)
    {
        var own = experiment.SharesTask ? Key.Of(0) : key;
        return tasks.GetOrAdd(TaskOf(job), _ => new(() => experiment.MakeTask(new(own.Fold(0), settings, options.DataFile, cancellation)))).Value;
    }

    private static bool IsSearched(Arm arm) => arm.Candidates.Count > 1;

    private static IEnumerable<Job> Searches(Arm arm, Choice choice) => Enumerable.Range(0, Trials).Select(trial => new Job(arm.Name, null, choice, trial));

    private double Found(Arm arm, Choice choice, Dictionary<Job, JobResult> results) =>
        Searches(arm, choice).Average(job => results[job].Metrics[experiment.Objective.Name]);

    private Choice Best(Arm arm, Dictionary<Job, JobResult> results)
    {
        if (!IsSearched(arm)) return arm.Candidates.FirstOrDefault() ?? new Choice();
        var sign = experiment.Objective.Better == Better.Higher ? -1 : 1;
        return arm.Candidates.MinBy(choice =>
        {
            var value = sign * Found(arm, choice, results);
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        })!;
    }

    private ExperimentResult Decide(int[] seeds, Dictionary<string, Choice> choices, Dictionary<Job, JobResult> results)
    {
        JobResult Of(Arm arm, int seed) => results[new(arm.Name, seed, choices[arm.Name])];
        var measures = seeds.Select(seed => new SeedMeasures(experiment.Arms.ToDictionary(arm => arm.Name, arm => Of(arm, seed).Metrics))).ToArray();
        var claims = experiment.Claims.Select(claim => claim.Decide(measures)).ToArray();
        var arms = experiment.Arms.Select(arm => Summary(arm, choices[arm.Name], [.. seeds.Select(seed => Of(arm, seed))], results)).ToArray();
        var verdict = claims.Any(claim => claim.Verdict == Verdict.NotHeld) ? Verdict.NotHeld
            : claims.All(claim => claim.Verdict == Verdict.Held) ? Verdict.Held
            : Verdict.Inconclusive;
        return new(
            experiment.Id, seeds, options.Size, verdict, claims, arms, settings.All, Path.GetFileName(options.DataFile), experiment.Budget,
            new(ProcessorName(), options.Threads, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription),
            Version, DateTime.UtcNow, 0, PeakBytes(), options.Out);
    }

    private ArmResult Summary(Arm arm, Choice choice, JobResult[] runs, Dictionary<Job, JobResult> results)
    {
        // In the order of the candidates, which does not depend on which of them ended first.
        var search = IsSearched(arm) ? arm.Candidates.Select(candidate => new SearchResult(Named(candidate), Found(arm, candidate, results))) : [];
        var metrics = runs.SelectMany(run => run.Metrics.Keys).Distinct().ToDictionary(name => name, name => MetricResult.Of([.. runs.Select(run => run.Metrics.GetValueOrDefault(name, double.NaN))]));
        return new(
            arm.Name, arm.Role, Named(choice), [.. search], metrics, runs[0].Parameters, runs[0].Steps, runs[0].Flops, runs.Average(run => run.Seconds));
    }

    private void Write(ExperimentResult result, Job[] runs, Dictionary<Job, JobResult> results)
    {
        if (folder is null) return;
        foreach (var curve in runs.SelectMany(job => results[job].Curves.Keys).Distinct())
            folder.Curves(curve, [.. from job in runs where results[job].Curves.ContainsKey(curve) select (job, (IReadOnlyList<ChartPoint>)results[job].Curves[curve])]);
        folder.Result(result);
    }

    private static Dictionary<string, double> Named(Choice choice) => choice.Values.ToDictionary(value => value.Name, value => value.Value);

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static string ProcessorName()
    {
        const string Path = "/proc/cpuinfo";
        var line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
