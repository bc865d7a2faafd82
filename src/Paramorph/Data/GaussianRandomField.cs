namespace Paramorph.Data;

/// <summary>
/// Random functions on the unit interval, square or cube with mean 0 and covariance operator scale^2 (-Laplacian + tau^2)^-alpha, as series of its
/// eigenfunctions with independent normal coefficients, on regular grids. (The inputs of Li et al., "Fourier neural operator for parametric partial
/// differential equations", 2021: there Burgers takes alpha 2, tau 5, scale 25; Darcy alpha 2, tau 3, scale 3, zero slope; Navier-Stokes alpha 2.5,
/// tau 7, scale 7^1.5.)
/// </summary>
/// <param name="Alpha">alpha, above half the number of dimensions; larger is smoother.</param>
/// <param name="Tau">tau: features are about 1 / tau long.</param>
/// <param name="Scale">What the functions are multiplied with.</param>
public sealed record GaussianRandomField(double Alpha, double Tau, double Scale = 1)
{
    /// <summary>Whether the constant takes part; otherwise every function has integral 0.</summary>
    public bool HasConstant { get; init; } = true;

    /// <summary>Periodic functions, at the points j / n of each axis.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many functions.</param>
    /// <param name="grid">n along each axis.</param>
    /// <returns>f64 [count, grid...].</returns>
    public Tensor Periodic(Key key, int count, Shape grid) => Compile.Of((Key k) =>
    {
        var noise = Fourier.FftN(Sample.Normal(k, [count, .. grid], ElementType.Float64), Axes(grid));
        var modes = noise * Amplitudes(grid, n => i => 2 * Math.PI * (i <= n / 2 ? i : i - n));
        return Tensor.Real(Fourier.IfftN(modes, Axes(grid)));
    })(key);

    /// <summary>Functions whose slope vanishes at the border (cosine series), at the centres (j + 1/2) / n of the cells of each axis.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many functions.</param>
    /// <param name="grid">n along each axis.</param>
    /// <returns>f64 [count, grid...].</returns>
    public Tensor ZeroSlope(Key key, int count, Shape grid) => Compile.Of((Key k) =>
    {
        var field = Sample.Normal(k, [count, .. grid], ElementType.Float64) * Amplitudes(grid, _ => i => Math.PI * i);
        // White noise is white in every orthonormal basis, so it is drawn as coefficients of the cosines.
        for (var axis = 1; axis <= grid.Rank; axis++) field = Fourier.Dct(field, 3, axis, FourierNorm.Ortho);
        return field;
    })(key);

    /// <summary>The square roots of the operator's eigenvalues times that of the number of points, which makes a sum of modes one of unit functions.</summary>
    private Tensor Amplitudes(Shape grid, Func<int, Func<int, double>> waveNumbers)
    {
        var squares = new double[grid.ElementCount];
        var strides = grid.Strides();
        for (var axis = 0; axis < grid.Rank; axis++)
        {
            var waveNumber = waveNumbers(grid[axis]);
            for (var i = 0; i < squares.Length; i++) squares[i] += Math.Pow(waveNumber(i / strides[axis] % grid[axis]), 2);
        }
        var root = Scale * Math.Sqrt(squares.Length);
        var amplitudes = Array.ConvertAll(squares, k => root * Math.Pow(k + Tau * Tau, -Alpha / 2));
        if (!HasConstant) amplitudes[0] = 0;
        return Tensor.From(amplitudes, grid);
    }

    private static int[] Axes(Shape grid) => [.. Enumerable.Range(1, grid.Rank)];
}
