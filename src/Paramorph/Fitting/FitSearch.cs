using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>The search: rungs of ever longer training, each of which leaves a third of the candidates.</summary>
internal sealed class FitSearch(Problem problem, FitOptions options, Trials trials)
{
    /// <summary>When rungs begin no further candidate, as parts of the clock.</summary>
    private static readonly double[] Until = [0.3, 0.4, 0.55];

    /// <summary>Methods of which at least one candidate goes on after the first rung.</summary>
    private const int MostMethods = 3;

    private readonly Dictionary<Candidate, Reached> reached = [];

    /// <summary>How far a candidate came.</summary>
    /// <param name="Candidate">The candidate.</param>
    /// <param name="Share">The longest part of its length that was trained.</param>
    /// <param name="Job">What that gave.</param>
    public sealed record Reached(Candidate Candidate, double Share, FitJob Job);

    /// <summary>All candidates that were trained, those that came farthest and are best first.</summary>
    public IReadOnlyList<Reached> Ranked => [.. reached.Values.OrderByDescending(item => item.Share).ThenBy(Cost).ThenBy(SecondCost)];

    /// <summary>Runs it.</summary>
    public void Run(FitPlan plan)
    {
        var waiting = plan.Candidates;
        for (var rung = 0; rung < FitPlan.Rungs.Length; rung++)
        {
            // What cannot be trained in part is trained whole at once; a lone candidate needs no rungs.
            var scalable = waiting.Count(candidate => candidate.Method.IsScalable);
            var share = scalable <= 1 ? 1 : FitPlan.Rungs[rung];
            var jobs = waiting.Select(candidate => new Trials.Trial(
                $"rung{rung}-{candidate.Name}", candidate, candidate.Method.IsScalable ? share : 1, Key.Of(options.Seed).Fold(1).Fold(rung), problem)).ToArray();
            if (jobs.Length > 0) Take(trials.Run(Title(share, jobs), jobs, Until[rung], needsOne: reached.Count == 0));
            if (reached.Count == 0) throw new ProblemException($"none of the methods could be fitted: {string.Join("; ", trials.Notes)}");
            waiting = Kept(waiting, scalable, MostMethods - rung);
        }
    }

    /// <summary>
    /// The candidates that go on: the best third, and the best one of each of the best methods, since a ninth of the length shows how fast a method learns more than how well. What is whole already
    /// needs no more training, and is not compared with what is not.
    /// </summary>
    private Candidate[] Kept(IReadOnlyList<Candidate> tried, int scalable, int methods)
    {
        Candidate[] ranked =
        [
            .. tried.Where(candidate => reached.TryGetValue(candidate, out var known) && known.Share < 1)
                .OrderBy(candidate => Cost(reached[candidate])).ThenBy(candidate => SecondCost(reached[candidate])),
        ];
        var best = ranked.Take(Math.Max(2, (scalable + FitPlan.Thinning - 1) / FitPlan.Thinning));
        return [.. best.Union(ranked.DistinctBy(candidate => candidate.Method.Name).Take(methods))];
    }

    private static string Title(double share, Trials.Trial[] jobs) => jobs.Length == 1
        ? $"training {jobs[0].Candidate.Method.Name}"
        : $"trying {jobs.Length} candidates at {(share == 1 ? "full length" : $"a {(share == FitPlan.Rungs[0] ? "ninth" : "third")} of their length")}";

    private double Cost(Reached item) => problem.Cost(item.Job.Validation);

    private double SecondCost(Reached item) => problem.SecondCost(item.Job.Validation);

    private void Take(Dictionary<Trials.Trial, FitJob?> results)
    {
        foreach (var (trial, job) in results)
            if (job is not null) reached[trial.Candidate] = new(trial.Candidate, trial.Share, job);
    }
}
