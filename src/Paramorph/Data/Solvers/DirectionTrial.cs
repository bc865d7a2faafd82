using System.Diagnostics;

namespace Paramorph.Data.Solvers;

/// <summary>How often and how long a way to propose directions iterates until Poisson's equation is solved on some domains.</summary>
/// <param name="Grids">For each number of cells along a side, in the order of the domains: the geometric mean of iterations over domains and right-hand sides, and the residuals of the first solve.</param>
/// <param name="IsGivenUp">Whether a solve reached the most iterations.</param>
/// <param name="Seconds">Seconds of all solves, what is prepared for each domain included.</param>
public sealed record DirectionTrial(IReadOnlyList<(int Side, double Iterations, IReadOnlyList<double> Residuals)> Grids, bool IsGivenUp, double Seconds)
{
    /// <summary>The geometric mean of iterations over the grids.</summary>
    public double Iterations => Math.Exp(Grids.Average(grid => Math.Log(grid.Iterations)));

    /// <summary>Iterations on the last grid over those on the first; infinite where a solve was given up, since solves that are given up on all grids alike show no growth, and are no solves.</summary>
    public double Growth => IsGivenUp ? double.PositiveInfinity : Grids[^1].Iterations / Grids[0].Iterations;

    /// <summary>Solves for the noise and the smooth right-hand side of each domain.</summary>
    /// <param name="domains">The domains.</param>
    /// <param name="prepare">From a domain to directions from residuals.</param>
    /// <param name="tolerance">The part of the first residual at which a solve ends.</param>
    /// <param name="memory">Directions that a new one is made conjugate to.</param>
    /// <param name="limit">The most iterations.</param>
    /// <param name="began">Is called before each solve.</param>
    public static DirectionTrial Of(IEnumerable<WalledDomain> domains, Func<WalledDomain, Func<Tensor, Tensor>> prepare, double tolerance, int memory, int limit, Action? began = null)
    {
        var (grids, isGivenUp, seconds) = (new List<(int, double, IReadOnlyList<double>)>(), false, 0.0);
        foreach (var grid in domains.GroupBy(domain => domain.IsFree.Shape[0]))
        {
            var (logarithms, first) = (new List<double>(), (IReadOnlyList<double>)[]);
            foreach (var domain in grid)
            {
                // The first call of a compiled function compiles it, which is no part of solving.
                prepare(domain)(domain.Noise).Evaluate();
                var watch = Stopwatch.StartNew();
                var direction = prepare(domain);
                foreach (var right in (Tensor[])[domain.Noise, domain.Smooth])
                {
                    began?.Invoke();
                    var (_, residuals) = ConjugateDirections.Solve(domain.Matrix, right, direction, tolerance, memory, limit);
                    if (logarithms.Count == 0) first = residuals;
                    isGivenUp |= residuals.Count > limit;
                    logarithms.Add(Math.Log(residuals.Count - 1));
                }
                seconds += watch.Elapsed.TotalSeconds;
            }
            grids.Add((grid.Key, Math.Exp(logarithms.Average()), first));
        }
        return new(grids, isGivenUp, seconds);
    }
}
