namespace Paramorph.Data.Solvers;

/// <summary>
/// Convection u_t + c u_x = 0 of a function that is periodic or given on the whole line, exactly: u(x, t) = u(x - c t, 0). With sin(x) on [0, 2 pi)
/// and c = 30 or more it is the first of the failures in Krishnapriyan et al., "Characterizing possible failure modes in physics-informed neural
/// networks" (2021).
/// </summary>
/// <param name="Initial">u(x, 0).</param>
/// <param name="Speed">c.</param>
public sealed record Convection(Func<double, double> Initial, double Speed)
{
    /// <summary>u(x, t).</summary>
    public double At(double x, double t) => Initial(x - Speed * t);

    /// <summary>u at points and times: f64 [times, points].</summary>
    public Tensor At(IReadOnlyList<double> points, IReadOnlyList<double> times) => SpaceTime.Tabulate(At, points, times);
}
