namespace Paramorph.Data.Solvers;

/// <summary>
/// The reaction u_t = r u (1 - u) at every point by itself, exactly: u = u0 e^(r t) / (u0 e^(r t) + 1 - u0). (The second problem of Krishnapriyan et
/// al., "Characterizing possible failure modes in physics-informed neural networks", 2021.)
/// </summary>
/// <param name="Initial">u(x, 0), in [0, 1].</param>
/// <param name="Rate">r.</param>
public sealed record LogisticReaction(Func<double, double> Initial, double Rate)
{
    /// <summary>u(x, t).</summary>
    public double At(double x, double t)
    {
        var (u, decay) = (Initial(x), Math.Exp(-Rate * t));
        return u / (u + (1 - u) * decay);
    }

    /// <summary>u at points and times: f64 [times, points].</summary>
    public Tensor At(IReadOnlyList<double> points, IReadOnlyList<double> times) => SpaceTime.Tabulate(At, points, times);
}
