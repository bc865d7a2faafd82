using System.Numerics;

namespace Paramorph.Data.Solvers;

/// <summary>The wave equation u_tt = c^2 u_xx on a periodic interval: every Fourier mode swings by itself, so the solution is exact at any time.</summary>
/// <param name="Grid">Where the solution is.</param>
/// <param name="Speed">c.</param>
public sealed record WaveEquation(PeriodicGrid Grid, double Speed)
{
    /// <summary>The solutions at given times.</summary>
    /// <param name="initial">u at time 0: f64 [batch..., n].</param>
    /// <param name="velocity">u_t at time 0, of the same shape.</param>
    /// <param name="times">Times, in any order.</param>
    /// <returns>f64 [batch..., times, n].</returns>
    public Tensor Solve(Tensor initial, Tensor velocity, IReadOnlyList<double> times)
    {
        double[] frequencies = [.. Grid.WaveNumbers().Select(k => Speed * k)];
        Tensor Table(Func<double, double, double> f) =>
            Tensor.From<Complex>([.. times.SelectMany(t => frequencies.Select(w => (Complex)f(w, t)))], [times.Count, frequencies.Length]);
        var (position, momentum) = (Table((w, t) => Math.Cos(w * t)), Table((w, t) => w == 0 ? t : Math.Sin(w * t) / w));
        return Compile.Of((Tensor u, Tensor v) =>
            Fourier.Irfft(position * Fourier.Rfft(u).ExpandDims(-2) + momentum * Fourier.Rfft(v).ExpandDims(-2), Grid.Count))(initial, velocity);
    }
}
