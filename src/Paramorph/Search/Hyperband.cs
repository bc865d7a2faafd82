namespace Paramorph.Search;

/// <summary>
/// Hyperband, whose largest budget can be raised later: candidates in brackets of successive halving, of which some start many candidates with a small budget and others few with a large one. When the budget is raised, each
/// bracket gets a rung and further candidates, and what was evaluated counts. (Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", 2018, Algorithm 1; Brandt, Wever, Iliadis, Bengs and
/// Hüllermeier, "Iterative deepening Hyperband", 2023.)
/// </summary>
public sealed class Hyperband
{
    private readonly Func<int> draw;
    private readonly Func<int, int, double> evaluate;
    private readonly PromotionRule rule;
    private readonly int factor;
    private readonly List<Bracket> brackets = [];

    /// <param name="draw">The next candidate, by a number of the caller's.</param>
    /// <param name="evaluate">The loss of a candidate with a budget.</param>
    /// <param name="largest">The largest budget, a power of the factor; the smallest is 1.</param>
    /// <param name="factor">η: by how much budgets rise from rung to rung, and candidates become fewer; 2 or more.</param>
    /// <param name="rule">What becomes of earlier promotions when the largest budget is raised.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is below 2, or the budget no power of it.</exception>
    public Hyperband(Func<int> draw, Func<int, int, double> evaluate, int largest, int factor = 3, PromotionRule rule = PromotionRule.Efficient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        (this.draw, this.evaluate, this.factor, this.rule) = (draw, evaluate, factor, rule);
        for (Largest = 1; Largest < largest; Largest *= factor) brackets.Add(new(Largest));
        if (Largest != largest) throw new ArgumentOutOfRangeException(nameof(largest), $"a largest budget of {largest} is no power of {factor}.");
        brackets.Add(new(Largest));
    }

    /// <summary>The largest budget.</summary>
    public int Largest { get; private set; }

    /// <summary>The budgets of all evaluations together.</summary>
    public long Spent { get; private set; }

    /// <summary>Multiplies the largest budget by the factor: each bracket gets a rung, and there is one bracket more.</summary>
    public void Raise() => brackets.Add(new(Largest *= factor));

    /// <summary>Fills the brackets and evaluates what is missing.</summary>
    /// <returns>The candidate with the lowest loss at the largest budget, and that loss.</returns>
    public (int Candidate, double Loss) Run() => brackets.Select(Run).Where(best => best is not null).Select(best => best!.Value).MinBy(best => best.Loss);

    private (int Candidate, double Loss)? Run(Bracket bracket)
    {
        var rungs = brackets.Count - brackets.IndexOf(bracket);
        // (s_max + 1) / (s + 1) η^s candidates, s being the rungs less one.
        var wanted = (int)Math.Ceiling(brackets.Count * Math.Pow(factor, rungs - 1) / rungs);
        while (bracket.Losses.Count < wanted) bracket.Losses.Add((draw(), []));
        int[] left = [.. Enumerable.Range(0, bracket.Losses.Count)];
        for (var rung = 0; rung < rungs; rung++)
        {
            var (budget, places) = (bracket.Smallest * (int)Math.Pow(factor, rung), left.Length / factor);
            foreach (var i in left)
            {
                if (bracket.Losses[i].ByRung.Count > rung) continue;
                Spent += budget;
                // A number that is none would come first in an order.
                bracket.Losses[i].ByRung.Add(evaluate(bracket.Losses[i].Candidate, budget) is var loss && double.IsNaN(loss) ? double.PositiveInfinity : loss);
            }
            if (rung == rungs - 1) break;
            left = Promoted(bracket, left, rung, places);
        }
        var whole = bracket.Losses.Where(own => own.ByRung.Count == rungs).Select(own => (own.Candidate, Loss: own.ByRung[^1])).ToArray();
        return whole.Length > 0 ? whole.MinBy(own => own.Loss) : null;
    }

    private int[] Promoted(Bracket bracket, int[] left, int rung, int places)
    {
        double Loss(int i) => bracket.Losses[i].ByRung[rung];
        bool WasPromoted(int i) => bracket.Losses[i].ByRung.Count > rung + 1;
        var competing = rule == PromotionRule.Preserving ? Enumerable.Range(0, bracket.Losses.Count).Where(i => bracket.Losses[i].ByRung.Count > rung) : left;
        return rule != PromotionRule.Efficient
            ? [.. competing.OrderBy(Loss).Take(places)]
            : [.. left.Where(WasPromoted), .. left.Where(i => !WasPromoted(i)).OrderBy(Loss).Take(places - left.Count(WasPromoted))];
    }

    /// <summary>Candidates that start with one budget, and the loss of each at each of its rungs so far.</summary>
    private sealed record Bracket(int Smallest)
    {
        public List<(int Candidate, List<double> ByRung)> Losses { get; } = [];
    }
}
