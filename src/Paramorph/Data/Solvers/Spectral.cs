using System.Numerics;

namespace Paramorph.Data.Solvers;

/// <summary>What the one-dimensional Fourier solvers share.</summary>
internal static class Spectral
{
    /// <summary>The solution of v' = symbol(k) v + N(v) for Fourier modes v, from real values to real values.</summary>
    /// <param name="grid">The grid of n points.</param>
    /// <param name="initial">f64 [batch..., n].</param>
    /// <param name="symbol">The linear part for a wave number.</param>
    /// <param name="nonlinearity">N of the modes c128 [batch..., n / 2 + 1].</param>
    /// <param name="times">Times from 0 on.</param>
    /// <param name="maximumStep">The largest step.</param>
    /// <returns>f64 [batch..., times, n].</returns>
    public static Tensor Solve(
        PeriodicGrid grid,
        Tensor initial,
        Func<double, Complex> symbol,
        Func<Tensor, Tensor> nonlinearity,
        IReadOnlyList<double> times,
        double maximumStep)
    {
        if (initial.ElementType != ElementType.Float64 || initial.Rank == 0 || initial.Shape[^1] != grid.Count)
            throw new ShapeException($"the initial values are {initial.Type}: a grid of {grid.Count} points takes f64[batch..., {grid.Count}].");
        var modes = Compile.Of((Tensor u) => Fourier.Rfft(u))(initial);
        Complex[] eigenvalues = [.. grid.WaveNumbers().Select(symbol)];
        var frames = new ExponentialRungeKutta(eigenvalues, [eigenvalues.Length], nonlinearity)
            .Solve(modes, times, maximumStep, v => Fourier.Irfft(v, grid.Count));
        return Compile.Of((TreeList<Tensor> f) => Tensor.Stack(f, -2))([.. frames]);
    }
}
