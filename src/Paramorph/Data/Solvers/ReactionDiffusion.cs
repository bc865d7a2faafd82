namespace Paramorph.Data.Solvers;

/// <summary>
/// u_t = d u_xx + f(u) on a periodic interval, by Fourier modes and <see cref="ExponentialRungeKutta"/>: fourth order in time, spectral in space
/// where u is smooth.
/// </summary>
/// <param name="Grid">Where the solution is.</param>
/// <param name="Diffusion">d, 0 or more.</param>
/// <param name="Reaction">f, elementwise, of f64 tensors.</param>
public sealed record ReactionDiffusion(PeriodicGrid Grid, double Diffusion, Func<Tensor, Tensor> Reaction)
{
    /// <summary>The equation of Fisher and Kolmogorov, u_t = d u_xx + r u (1 - u).</summary>
    /// <param name="grid">Where the solution is.</param>
    /// <param name="diffusion">d.</param>
    /// <param name="rate">r.</param>
    public static ReactionDiffusion Fisher(PeriodicGrid grid, double diffusion, double rate) => new(grid, diffusion, u => rate * u * (1.0 - u));

    /// <summary>The solutions at given times.</summary>
    /// <param name="initial">u at time 0: f64 [batch..., n].</param>
    /// <param name="times">Times from 0 on, in increasing order.</param>
    /// <param name="maximumStep">The largest step in time; a fraction of 1 / |f'|.</param>
    /// <returns>f64 [batch..., times, n].</returns>
    public Tensor Solve(Tensor initial, IReadOnlyList<double> times, double maximumStep) => Spectral.Solve(
        Grid,
        initial,
        k => -Diffusion * k * k,
        v => Fourier.Rfft(Reaction(Fourier.Irfft(v, Grid.Count))),
        times,
        maximumStep);
}
