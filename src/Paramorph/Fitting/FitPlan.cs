using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>
/// What is tried within a budget: the usual values of each method, and further points of a Sobol sequence, as many as leave room for successive halving whose last rung is of full length and
/// for the final models. It follows from the problem, the methods and the budget alone. (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016.)
/// </summary>
/// <param name="Candidates">What the first rung tries.</param>
internal sealed record FitPlan(IReadOnlyList<Candidate> Candidates)
{
    /// <summary>The parts of the full length that rungs train, and the part of the candidates that each leaves for the next.</summary>
    public static readonly double[] Rungs = [1.0 / 9, 1.0 / 3, 1];

    /// <summary>By how much a rung thins candidates out.</summary>
    public const int Thinning = 3;

    private const double SearchPart = 0.45, LongestPart = 0.12, LonePart = 0.9;
    private const int MostCandidates = 24;

    /// <summary>The part of a budget that the final models may take.</summary>
    public const double FinalPart = 0.4;

    public static FitPlan Of(Problem problem, IReadOnlyList<Method> methods, FitOptions options)
    {
        var (total, candidates) = (options.Budget.Total(options.Threads), new List<Candidate>());
        var points = methods.ToDictionary(method => method.Name, method => Configurations(method, options).GetEnumerator());
        var (spent, room) = (0.0, SearchPart * total);
        for (var round = 0; round < MostCandidates && points.Count > 0; round++)
        {
            foreach (var method in methods.Where(method => points.ContainsKey(method.Name)).ToArray())
            {
                if (!points[method.Name].MoveNext())
                {
                    points.Remove(method.Name);
                    continue;
                }
                var candidate = Sized(problem, method, round, points[method.Name].Current, options, IsLone(problem, methods) ? LonePart * total : LongestPart * total);
                var cost = Cost(problem, candidate, options);
                // Every method is tried once; further points must fit.
                if (round > 0 && spent + cost > room)
                {
                    points.Remove(method.Name);
                    continue;
                }
                spent += cost;
                candidates.Add(candidate);
            }
        }
        return new(candidates);
    }

    /// <summary>Whether there is nothing to choose and no further model to train: one fit then takes the budget.</summary>
    private static bool IsLone(Problem problem, IReadOnlyList<Method> methods) => methods is [{ IsSearched: false }] && !problem.IsFoldable;

    /// <summary>The work of a candidate at its full length.</summary>
    public static Effort Effort(Problem problem, Candidate candidate) => candidate.Method.Effort(problem, candidate.Configuration).Part(candidate.Length);

    private static double Cost(Problem problem, Candidate candidate, FitOptions options)
    {
        var effort = Effort(problem, candidate);
        if (!candidate.Method.IsScalable) return options.Budget.Of(effort);
        var (cost, share) = (0.0, 1.0);
        foreach (var rung in Rungs)
        {
            cost += share * options.Budget.Of(effort.Part(rung));
            share /= Thinning;
        }
        return cost;
    }

    /// <summary>A candidate that is no longer than one model of this budget may be.</summary>
    private static Candidate Sized(Problem problem, Method method, int number, Configuration configuration, FitOptions options, double longest)
    {
        var cost = options.Budget.Of(method.Effort(problem, configuration));
        return new(method, number, configuration, method.IsScalable ? Math.Min(1, longest / cost) : 1);
    }

    private static IEnumerable<Configuration> Configurations(Method method, FitOptions options)
    {
        var parameters = method.Hyperparameters;
        var usual = parameters.Aggregate(Configuration.Default(parameters), (values, parameter) =>
            options.Fixed.TryGetValue(parameter.Name, out var text) ? values.With(parameter.Name, parameter.Parse(text)) : values);
        yield return usual;
        Hyperparameter[] free = [.. parameters.Where(parameter => parameter.IsSearched && !options.Fixed.ContainsKey(parameter.Name))];
        if (free.Length == 0 || !method.IsSearched) yield break;
        var seen = new HashSet<Configuration> { usual };
        foreach (var point in Sobol.Points(Key.Of(options.Seed).Fold(17), MostCandidates, Math.Min(free.Length, Sobol.MostDimensions)))
        {
            var configuration = free.Take(point.Length).Index().Aggregate(usual, (values, pair) => values.With(pair.Item.Name, pair.Item.At(point[pair.Index])));
            if (seen.Add(configuration)) yield return configuration;
        }
    }
}
