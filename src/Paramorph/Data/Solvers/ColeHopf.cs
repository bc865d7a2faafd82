namespace Paramorph.Data.Solvers;

/// <summary>
/// The solution of Burgers' equation u_t + u u_x = nu u_xx on the whole line in closed form: the substitution of Cole and Hopf makes it the equation of
/// heat, so u(x, t) is the mean of u(y, 0) with weights exp(-(x - y)^2 / (4 nu t) - (1 / 2 nu) int_0^y u(z, 0) dz). The means are taken by the
/// trapezoidal rule, which converges exponentially for them.
/// </summary>
/// <param name="Initial">u(y, 0), smooth.</param>
/// <param name="Potential">Its antiderivative, int_0^y u(z, 0) dz.</param>
/// <param name="Bound">A number that |u(y, 0)| does not exceed.</param>
/// <param name="Viscosity">nu, positive.</param>
public sealed record ColeHopf(Func<double, double> Initial, Func<double, double> Potential, double Bound, double Viscosity)
{
    private const double StandardDeviations = 9;

    /// <summary>The problem of <see cref="Burgers.Shock"/>.</summary>
    public static ColeHopf Shock { get; } =
        new(y => -Math.Sin(Math.PI * y), y => (Math.Cos(Math.PI * y) - 1) / Math.PI, 1, 0.01 / Math.PI);

    /// <summary>u(x, t).</summary>
    /// <param name="x">The place.</param>
    /// <param name="t">The time, 0 or more.</param>
    public double At(double x, double t)
    {
        if (t <= 0) return Initial(x);
        var width = Math.Sqrt(2 * Viscosity * t);
        // Characteristics that arrive at x start within t * bound of it; diffusion blurs that.
        var reach = t * Bound + StandardDeviations * width;
        // Structure is as fine as the Gaussian, and as the exponential of the potential.
        var count = (int)Math.Clamp(16 * reach / Math.Min(width, Viscosity / Bound), 200, 100_000);
        var spacing = 2 * reach / count;
        double Exponent(double y) => -(x - y) * (x - y) / (4 * Viscosity * t) - Potential(y) / (2 * Viscosity);
        var largest = Enumerable.Range(0, count + 1).Max(i => Exponent(x - reach + i * spacing));
        var (sum, weights) = (0.0, 0.0);
        for (var i = 0; i <= count; i++)
        {
            var y = x - reach + i * spacing;
            var weight = Math.Exp(Exponent(y) - largest);
            sum += weight * Initial(y);
            weights += weight;
        }
        return sum / weights;
    }

    /// <summary>u at points and times: f64 [times, points].</summary>
    public Tensor At(IReadOnlyList<double> points, IReadOnlyList<double> times) => SpaceTime.Tabulate(At, points, times);
}
