namespace Paramorph.Experiments;

/// <summary>
/// The search of an arm's hyperparameters under one seed, in rounds: many candidates are weeded out by successive halving, whose last round has the full length, and a winner at the end of a
/// range is put to the test against values beyond. A smoke run, which shows that all works, chooses between two.
/// </summary>
/// <param name="arm">The arm.</param>
/// <param name="seed">The seed.</param>
/// <param name="objective">What chooses.</param>
/// <param name="size">How large the experiment runs.</param>
internal sealed class ArmSearch(Arm arm, int seed, Metric objective, RunSize size)
{
    /// <summary>Up to so many candidates all have the full length.</summary>
    private const int Few = 3;

    private const int Thinning = 3, MostWidenings = 2;

    private static readonly double[] shares = [1.0 / 9, 1.0 / 3, 1];

    private readonly List<(Job Job, double Cost, double Value)> tried = [];
    private IReadOnlyList<Choice> candidates = size == RunSize.Smoke ? [.. arm.Candidates.Take(2)] : arm.Candidates;
    private int round = arm.Candidates.Count > Few && size == RunSize.Full ? 0 : shares.Length - 1;
    private int widenings = size == RunSize.Smoke ? MostWidenings : 0;

    /// <summary>The arm.</summary>
    public Arm Arm => arm;

    /// <summary>The seed.</summary>
    public int Seed => seed;

    /// <summary>The best of what was trained at full length.</summary>
    public Choice Best => tried.Where(item => item.Job.Share == 1).MinBy(item => item.Cost).Job.Choice;

    /// <summary>Whether the best is at the end of what was tried, of which a smoke run says nothing.</summary>
    public bool IsAtEnd => size == RunSize.Full && Best.Beyond([.. tried.Select(item => item.Job.Choice)]).Length > 0;

    /// <summary>All that was tried, in order.</summary>
    public IEnumerable<SearchResult> Tried => tried.Select(item => new SearchResult(ArmResult.Named(item.Job.Choice), item.Value, item.Job.Share!.Value));

    /// <summary>The jobs of the next round; none when the search is at its end.</summary>
    public IReadOnlyList<Job> Next() => [.. candidates.Select(choice => new Job(arm.Name, seed, choice, shares[round]))];

    /// <summary>Takes what the jobs of a round gave.</summary>
    public void Take(IReadOnlyDictionary<Job, JobResult> results)
    {
        foreach (var job in Next())
        {
            var value = results[job].Metrics[objective.Name];
            tried.Add((job, objective.Cost(value), value));
        }
        if (round < shares.Length - 1)
        {
            var left = Math.Max(2, (candidates.Count + Thinning - 1) / Thinning);
            candidates = [.. tried.TakeLast(candidates.Count).OrderBy(item => item.Cost).Take(left).Select(item => item.Job.Choice)];
            round++;
        }
        else
        {
            candidates = widenings++ < MostWidenings ? Best.Beyond([.. tried.Select(item => item.Job.Choice)]) : [];
        }
    }
}
