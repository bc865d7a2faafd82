namespace Paramorph.Data.Solvers;

/// <summary>
/// The viscous equation of Burgers, u_t + u u_x = nu u_xx, on a periodic interval, by Fourier modes (those of the square cut at two thirds) and
/// <see cref="ExponentialRungeKutta"/>: fourth order in time and, where the grid resolves the shock of width about 2 nu / |u|, spectral in space.
/// A function that is odd about both ends, such as -sin(pi x) on [-1, 1], stays so: it also solves the problem with u = 0 at the ends.
/// </summary>
/// <param name="Grid">Where the solution is.</param>
/// <param name="Viscosity">nu, positive.</param>
public sealed record Burgers(PeriodicGrid Grid, double Viscosity)
{
    /// <summary>
    /// The problem that physics-informed networks are tried on (Raissi et al., "Physics-informed neural networks", 2019): u(x, 0) = -sin(pi x) on
    /// [-1, 1], nu = 0.01 / pi, with a shock at x = 0 from t = 1 / pi on. At points and times of one's choice <see cref="ColeHopf"/> solves it too.
    /// </summary>
    /// <param name="points">Points on [-1, 1); 1024 resolve the shock.</param>
    /// <param name="times">Times from 0 on.</param>
    /// <returns>u at the points and times: f64 [times, points].</returns>
    public static Tensor Shock(int points, IReadOnlyList<double> times)
    {
        var problem = new Burgers(new(points, 2, -1), 0.01 / Math.PI);
        return problem.Solve(problem.Grid.Sample(x => -Math.Sin(Math.PI * x)), times, 1e-3);
    }

    /// <summary>The solutions at given times.</summary>
    /// <param name="initial">u at time 0: f64 [batch..., n].</param>
    /// <param name="times">Times from 0 on, in increasing order.</param>
    /// <param name="maximumStep">The largest step in time; a few grid spacings divided by the largest |u|.</param>
    /// <returns>f64 [batch..., times, n].</returns>
    public Tensor Solve(Tensor initial, IReadOnlyList<double> times, double maximumStep)
    {
        var flux = Tensor.From(Grid.Derivative().Zip(Grid.TwoThirds(), (d, kept) => -0.5 * d * kept).ToArray());
        return Spectral.Solve(
            Grid,
            initial,
            k => -Viscosity * k * k,
            v => flux * Fourier.Rfft(Tensor.Square(Fourier.Irfft(v, Grid.Count))),
            times,
            maximumStep);
    }

    /// <summary>
    /// Pairs of a random initial state and the state at time 1, periodic on [0, 1]: <see cref="GaussianRandomField"/> with alpha 2, tau 5, scale 25, and
    /// viscosity 0.1. (Li et al., "Fourier neural operator for parametric partial differential equations", 2021, section 5.1.)
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    /// <param name="points">Points n of the grid.</param>
    /// <param name="viscosity">nu; the shocks of small ones need fine grids.</param>
    /// <returns>u(x, 0) and u(x, 1), f64 [count, n] each.</returns>
    public static OperatorData Operator(Key key, int count, int points, double viscosity = 0.1)
    {
        var initial = new GaussianRandomField(2, 5, 25) { HasConstant = false }.Periodic(key, count, [points]);
        var solved = new Burgers(new(points, 1), viscosity).Solve(initial, [1], Math.Min(1e-2, 1.0 / points));
        return new(initial, solved.Reshape(count, points).Evaluate());
    }
}
