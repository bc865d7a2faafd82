namespace Paramorph.Data.Solvers;

/// <summary>
/// The equation of Allen and Cahn, u_t = d u_xx + r (u - u^3), which separates phases -1 and 1 by layers of width about sqrt(d / r): a
/// <see cref="ReactionDiffusion"/>.
/// </summary>
public static class AllenCahn
{
    /// <summary>The equation on a grid.</summary>
    /// <param name="grid">Where the solution is.</param>
    /// <param name="diffusion">d.</param>
    /// <param name="rate">r.</param>
    public static ReactionDiffusion On(PeriodicGrid grid, double diffusion = 1e-4, double rate = 5) =>
        new(grid, diffusion, u => rate * (u - u * u * u));

    /// <summary>
    /// The problem that physics-informed networks are tried on (Raissi et al., "Physics-informed neural networks", 2019): u(x, 0) = x^2 cos(pi x),
    /// periodic on [-1, 1], d = 1e-4, r = 5.
    /// </summary>
    /// <param name="points">Points on [-1, 1); 512 resolve the layers.</param>
    /// <param name="times">Times from 0 on, in increasing order.</param>
    /// <returns>u at the times and points: f64 [times, points].</returns>
    public static Tensor Layers(int points, IReadOnlyList<double> times)
    {
        var grid = new PeriodicGrid(points, 2, -1);
        return On(grid).Solve(grid.Sample(x => x * x * Math.Cos(Math.PI * x)), times, 5e-3);
    }
}
