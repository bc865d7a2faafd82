using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Paramorph.Training;

namespace Paramorph.Experiments;

/// <summary>
/// Runs an experiment: under every seed a search over each arm's candidates and then the arm, on other data, so that a seed is the whole procedure; then the verdict on each claim.
/// </summary>
public sealed class ExperimentRunner : IArmReports
{
    private readonly IExperiment experiment;
    private readonly RunOptions options;
    private readonly IRunObserver? observer;
    private readonly CancellationToken cancellation;
    private readonly SettingValues settings;
    private ResultFolder? folder;
    private readonly ConcurrentDictionary<(int Seed, bool IsSearch), Lazy<object>> tasks = new();
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
        if (job.Seed == options.Seed && !job.IsSearch) folder?.Picture(job, name, draw());
    }

    void IArmReports.Keep(Job job, string? name, Action<string> save)
    {
        if (!job.IsSearch) folder?.Keep(job, name, save);
    }

    private ExperimentResult Run()
    {
        Check();
        folder = OpenFolder();
        var watch = Stopwatch.StartNew();
        var seeds = Enumerable.Range(options.Seed, options.Seeds ?? experiment.Seeds).ToArray();
        ArmSearch[] searches = [.. seeds.SelectMany(seed => experiment.Arms.Where(IsSearched).Select(arm => new ArmSearch(arm, seed, experiment.Objective, options.Size)))];
        var results = new Dictionary<Job, JobResult>();
        jobs = seeds.Length * experiment.Arms.Count;
        Search(searches, results);
        Choice Chosen(Arm arm, int seed) => searches.FirstOrDefault(search => search.Arm == arm && search.Seed == seed)?.Best ?? arm.Candidates.FirstOrDefault() ?? Choice.Nothing;
        var runs = seeds.SelectMany(seed => experiment.Arms.Select(arm => new Job(arm.Name, seed, Chosen(arm, seed)))).ToArray();
        RunAll(runs, results);
        var result = Decide(seeds, searches, runs, results) with { Seconds = watch.Elapsed.TotalSeconds };
        Write(result, runs, results);
        return result;
    }

    /// <summary>Searches of all arms under all seeds, a round of each at a time.</summary>
    private void Search(ArmSearch[] searches, Dictionary<Job, JobResult> results)
    {
        while (true)
        {
            Job[] round = [.. searches.SelectMany(search => search.Next())];
            if (round.Length == 0) return;
            jobs += round.Length;
            RunAll(round, results);
            foreach (var search in searches.Where(search => search.Next().Count > 0)) search.Take(results);
        }
    }

    private ResultFolder? OpenFolder()
    {
        if (options.Out is not { } path) return null;
        // A bench checks the files of a folder itself.
        var hash = options.DataFile is { } file && File.Exists(file) ? ResultFolder.Hash(file) : null;
        return ResultFolder.Open(path, new(experiment.Id, options.Size, settings.All, hash, Version, Fingerprint(experiment, options.Code)), options.Resume);
    }

    private void Check()
    {
        if (options.Seeds is < 1) throw new ExperimentException($"at least one seed is needed, not {options.Seeds}.");
        if (options.Threads < 1) throw new ExperimentException($"at least one thread is needed, not {options.Threads}.");
        if (options.Resume && options.Out is null) throw new ExperimentException("only a run with a folder for results can be resumed.");
        if (options.DataFile is not { } file) return;
        if (experiment.Data is null) throw new ExperimentException($"{experiment.Id} reads no file: it generates its data.");
        if (!File.Exists(file) && !Directory.Exists(file)) throw new ExperimentException($"there is no file or folder {file}.");
        if (experiment.ReadsFolder != Directory.Exists(file))
            throw new ExperimentException($"{file} is a {(experiment.ReadsFolder ? "file" : "folder")}, and {experiment.Id} reads a {(experiment.ReadsFolder ? "folder" : "file")}: {experiment.Data}.");
    }

    /// <summary>Jobs side by side, each on one thread; a single job may use all.</summary>
    private void RunAll(IReadOnlyList<Job> work, Dictionary<Job, JobResult> results)
    {
        var waiting = new List<Job>();
        foreach (var job in work)
        {
            if (((experiment as BenchExperiment)?.Known(job, settings, options) ?? folder?.Finished(job)) is { } finished)
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
        var key = job.IsSearch ? Key.Of(job.Seed).Fold(-1) : Key.Of(job.Seed);
        var run = new ArmRun(job, key.Fold(1), settings, job.Share ?? 1, this, cancellation);
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
        return new(new Dictionary<string, double>(run.Measures), new Dictionary<string, List<ChartPoint>>(run.Curves), run.Parameters, run.StepsTaken, run.Flops, watch.Elapsed.TotalSeconds)
        {
            ParameterHash = run.ParameterHash,
        };
    }

    /// <summary>The name of the task that a job works on.</summary>
    private (int Seed, bool IsSearch) TaskOf(Job job) => experiment.SharesTask ? default : (job.Seed, job.IsSearch);

    private object Task(Job job, Key key)
    {
        var own = experiment.SharesTask ? Key.Of(0) : key;
        return tasks.GetOrAdd(TaskOf(job), _ => new(() => experiment.MakeTask(new(own.Fold(0), settings, options.DataFile, cancellation) { Seed = experiment.SharesTask ? 0 : job.Seed }))).Value;
    }

    private static bool IsSearched(Arm arm) => arm.Candidates.Count > 1;

    private ExperimentResult Decide(int[] seeds, ArmSearch[] searches, Job[] runs, Dictionary<Job, JobResult> results)
    {
        Job Of(Arm arm, int seed) => runs.First(run => run.Arm == arm.Name && run.Seed == seed);
        var measures = seeds.Select(seed => new SeedMeasures(experiment.Arms.ToDictionary(arm => arm.Name, arm => results[Of(arm, seed)].Metrics), options.Size != RunSize.Full)).ToArray();
        // What rests on several claims at once would be wrong more often than each of them (Bonferroni).
        var together = 1 - 0.1 / Math.Max(1, experiment.Claims.Count(claim => claim.IsMain));
        ClaimResult[] claims = [.. experiment.Claims.Select(claim => claim.Decide(measures, claim.IsMain ? together : 0.9)).Select(claim => options.Size == RunSize.Full ? claim : claim with { Verdict = Verdict.NotDecided })];
        var arms = experiment.Arms.Select(arm => Summary(arm, [.. seeds.Select(seed => Of(arm, seed))], [.. searches.Where(search => search.Arm == arm)], results)).ToArray();
        return new(
            experiment.Id, seeds, options.Size, Verdicts([.. claims.Where(claim => claim.IsMain)]), claims, arms, settings.All, Path.GetFileName(options.DataFile), experiment.Budget,
            Machine.Of(options.Threads),
            Version, DateTime.UtcNow, 0, PeakBytes(), options.Out)
        {
            Fingerprint = Fingerprint(experiment, options.Code),
            Warnings = [.. Unequal(arms), .. searches.Where(search => search.IsAtEnd).Select(search => $"the search of {search.Arm.Name} under seed {search.Seed} chose {search.Best}, which still is at the end of what was tried")],
        };
    }

    /// <summary>The verdict that follows from those of the main claims.</summary>
    private Verdict Verdicts(ClaimResult[] claims) =>
        options.Size != RunSize.Full ? Verdict.NotDecided
        : claims.Any(claim => claim.Verdict == Verdict.NotHeld) ? Verdict.NotHeld
        : claims.All(claim => claim.Verdict == Verdict.Held) ? Verdict.Held
        : Verdict.Inconclusive;

    private static ArmResult Summary(Arm arm, Job[] jobs, ArmSearch[] searches, Dictionary<Job, JobResult> results)
    {
        JobResult[] runs = [.. jobs.Select(job => results[job])];
        var metrics = runs.SelectMany(run => run.Metrics.Keys).Distinct().ToDictionary(name => name, name => MetricResult.Of([.. runs.Select(run => run.Metrics.GetValueOrDefault(name, double.NaN))]));
        return new(
            arm.Name, arm.Role, [.. jobs.Select(job => ArmResult.Named(job.Choice))], [.. searches.Select(search => (IReadOnlyList<SearchResult>)[.. search.Tried])], metrics,
            runs[0].Parameters, runs[0].Steps, runs[0].Flops, runs.Average(run => run.Seconds))
        {
            ParameterHashes = [.. runs.Select(run => run.ParameterHash)],
        };
    }

    /// <summary>Says where the arms are less equal than the experiment says.</summary>
    private IEnumerable<string> Unequal(ArmResult[] arms)
    {
        const double Tolerance = 1.25;
        Func<ArmResult, double>? of = experiment.Equal switch
        {
            EqualBudget.Flops => arm => arm.Flops,
            EqualBudget.Seconds => arm => arm.Seconds,
            EqualBudget.Steps => arm => arm.Steps,
            EqualBudget.Parameters => arm => arm.Parameters,
            _ => null,
        };
        if (of is null || options.Size != RunSize.Full) yield break;
        var method = of(arms[0]);
        foreach (var arm in arms.Where(arm => arm.Role != ArmRole.Reference && Math.Max(of(arm), method) > Tolerance * Math.Min(of(arm), method)))
            yield return string.Create(CultureInfo.InvariantCulture, $"{arm.Name} took {of(arm) / method:G3} times the {experiment.Equal.ToString().ToLowerInvariant()} of {arms[0].Name}, which the experiment means to be equal");
    }

    /// <summary>What tells an experiment from others of its name: its code, settings, candidates, metrics and claims.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="code">A fingerprint of the code that makes it.</param>
    public static string Fingerprint(IExperiment experiment, string code)
    {
        string[] lines =
        [
            code, experiment.Id, $"{experiment.Seeds} seeds, objective {experiment.Objective.Name}",
            .. experiment.Settings.Select(setting => $"{setting.Name}={setting.Full}"), .. experiment.Metrics.Select(metric => $"{metric.Name} {metric.Better}"),
            .. experiment.Arms.Select(arm => $"{arm.Name} {arm.Role}: {string.Join("; ", arm.Candidates)}"),
            .. experiment.Claims.Select(claim => string.Create(CultureInfo.InvariantCulture, $"{claim.Text} > {claim.Threshold:R} {claim.IsMain}")),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }

    private void Write(ExperimentResult result, Job[] runs, Dictionary<Job, JobResult> results)
    {
        if (folder is null) return;
        foreach (var curve in runs.SelectMany(job => results[job].Curves.Keys).Distinct())
            folder.Curves(curve, [.. from job in runs where results[job].Curves.ContainsKey(curve) select (job, (IReadOnlyList<ChartPoint>)results[job].Curves[curve])]);
        folder.Result(result);
        folder.Page(ExperimentReport.Of(experiment, result));
    }

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
