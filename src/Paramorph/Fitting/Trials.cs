using System.Collections.Concurrent;
using System.Diagnostics;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Fitting;

/// <summary>Trains the models of a fit: side by side, with what has ended kept, and no longer than the clock allows.</summary>
internal sealed class Trials(Problem problem, FitOptions options, FitFolder? folder, IFitObserver? observer, CancellationToken cancellation)
{
    /// <summary>The part of the clock by which a model may end late.</summary>
    private const double Grace = 0.12;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock reporting = new();
    private readonly ConcurrentDictionary<string, string> notes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> failures = new(StringComparer.Ordinal);
    private double best = double.PositiveInfinity;

    /// <summary>How long the fit has taken.</summary>
    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>Floating-point operations of all training, counted and not measured.</summary>
    public double Flops { get; private set; }

    /// <summary>Whether the clock cut anything.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What methods noted.</summary>
    public IEnumerable<string> Notes => notes.Keys.Order(StringComparer.Ordinal);

    /// <summary>A model to train.</summary>
    /// <param name="Name">Its name, unique in a fit.</param>
    /// <param name="Candidate">What it is made by.</param>
    /// <param name="Share">The part of the candidate's length.</param>
    /// <param name="Key">Its randomness.</param>
    /// <param name="Problem">What it learns from, where that is another split.</param>
    public sealed record Trial(string Name, Candidate Candidate, double Share, Key Key, Problem Problem);

    /// <summary>Trains models.</summary>
    /// <param name="stage">What is done, in a few words.</param>
    /// <param name="trials">The models, the most wanted first. Those that are planned to take longer than the clock allows wait for all others.</param>
    /// <param name="until">The part of the clock after which no further one is begun.</param>
    /// <param name="needsOne">Whether one is trained whatever the clock says: the first of those that the clock allows, or the shortest.</param>
    /// <returns>What each gave; null of those that were not begun, or whose method failed.</returns>
    public Dictionary<Trial, FitJob?> Run(string stage, IReadOnlyList<Trial> trials, double until, bool needsOne = false)
    {
        if (options.Budget.Clock * until is { } time) trials = [.. trials.OrderBy(trial => Planned(trial) is var planned && planned > time ? planned : TimeSpan.Zero)];
        var results = new Dictionary<Trial, FitJob?>();
        foreach (var trial in trials)
        {
            if (folder?.TryRead(trial.Name, stored => Structure(trial, stored), out var known, out var reason) != true) continue;
            results[trial] = known;
            IsCut |= known is null && reason is null;
            if (reason is not null) Note(reason);
        }
        Trial[] waiting = [.. trials.Where(trial => !results.ContainsKey(trial))];
        lock (reporting) observer?.Entered(stage, waiting.Length);
        SideBySide.Run(waiting, options.Threads, options.Threads, trial =>
        {
            var result = Within(trial, options.Budget.Clock * until - watch.Elapsed, needsOne && trial == trials[0], out var isLate);
            folder?.Write(trial.Name, result, failures.GetValueOrDefault(trial.Name));
            lock (reporting)
            {
                results[trial] = result;
                IsCut |= isLate;
                if (result is null) return;
                var cost = problem.Cost(result.Validation);
                best = Math.Min(best, cost);
                observer?.Finished(trial.Name, problem.Objective, result.Validation[problem.Objective.Name], Math.Abs(best));
            }
        }, cancellation);
        Flops += results.Where(pair => pair.Value is not null).Sum(pair => FitPlan.Effort(pair.Key.Problem, pair.Key.Candidate).Part(pair.Key.Share).Flops);
        return results;
    }

    private static ILayer Structure(Trial trial, IReadOnlyDictionary<string, TensorType> stored) =>
        trial.Candidate.Method.Structure(trial.Problem.Signature, trial.Candidate.Configuration, stored);

    private static TimeSpan Planned(Trial trial) => TimeSpan.FromSeconds(FitPlan.Effort(trial.Problem, trial.Candidate).Part(trial.Share).Seconds);

    /// <summary>Trains a model in the time that is left, and a little more if it is under way when that is over; one that is needed is only asked to end.</summary>
    private FitJob? Within(Trial trial, TimeSpan? left, bool isNeeded, out bool isLate)
    {
        isLate = left <= TimeSpan.Zero && !isNeeded;
        if (isLate) return null;
        using var deadline = new CancellationTokenSource();
        // One that is needed has what it is planned to take: on a machine as fast as planned for it is not cut.
        if (left is { } time) deadline.CancelAfter(Longest(time, isNeeded ? Planned(trial) : TimeSpan.Zero) + Grace * options.Budget.Clock!.Value);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(isNeeded ? [cancellation] : [cancellation, deadline.Token]);
        try
        {
            var job = Train(trial, stop.Token, deadline.Token);
            isLate = deadline.IsCancellationRequested;
            return job;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            isLate = true;
            return null;
        }
    }

    private static TimeSpan Longest(TimeSpan a, TimeSpan b) => TimeSpan.FromTicks(Math.Max(0, Math.Max(a.Ticks, b.Ticks)));

    private FitJob? Train(Trial trial, CancellationToken stop, CancellationToken deadline)
    {
        var start = Stopwatch.GetTimestamp();
        var run = new FitRun(trial.Candidate.Configuration, trial.Key)
        {
            Share = trial.Share * trial.Candidate.Length,
            Progress = (step, steps, loss) =>
            {
                lock (reporting) observer?.Progressed(trial.Name, step, steps, loss);
            },
            Checkpoints = folder?.Checkpoints(trial.Name),
            Cancellation = stop,
            Deadline = deadline,
            Note = note => Note($"{trial.Candidate.Method.Name}: {note}"),
        };
        try
        {
            var model = trial.Candidate.Method.Fit(trial.Problem, run);
            return new(model, trial.Problem.Validate(model), Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch (Exception exception) when (exception is ShapeException or EvaluationException or ProblemException or ArithmeticException)
        {
            // One method that does not work on these data must not end the others.
            Note(failures[trial.Name] = $"{trial.Name} could not be fitted: {exception.Message}");
            return null;
        }
    }

    private void Note(string note)
    {
        if (!notes.TryAdd(note, note)) return;
        lock (reporting) observer?.Noted(note);
    }
}
