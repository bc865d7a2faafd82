namespace Paramorph.Data;

/// <summary>Waves in what is known at equally spaced points of a circle.</summary>
public static class CircleSpectrum
{
    /// <summary>Amplitudes of values, a for a cos(k θ + φ), by the number of periods k: [n / 2 + 1]. Those of the mean and of n / 2 periods count twice.</summary>
    /// <param name="values">[n].</param>
    public static Tensor Amplitudes(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parts = Fourier.Rfft(values);
        return 2.0 / values.Count * Tensor.Sqrt(Tensor.Real(parts * Tensor.Conjugate(parts)));
    }

    /// <summary>
    /// Eigenvalues of a kernel by the number of periods, over that of the constant: what it gives between equal waves. It need not depend on the difference of angles alone, as the mean
    /// over draws of networks does; then it is the spectrum of its mean over rotations.
    /// </summary>
    /// <param name="kernel">[n, n].</param>
    /// <returns>[n / 2], the first of them 1.</returns>
    public static double[] Eigenvalues(Tensor kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var n = kernel.Shape[0];
        var waves = Tensor.Arange(n, ElementType.Float64).ExpandDims(1) * Tensor.Arange(n / 2, ElementType.Float64) * (2 * Math.PI / n);
        var wide = kernel.AsType(ElementType.Float64);
        Tensor Along(Tensor wave) => (wide.Dot(wave) * wave).Sum(0);
        var sums = (Along(Tensor.Cos(waves)) + Along(Tensor.Sin(waves))).ToDoubles();
        return [.. sums.Select(sum => sum / sums[0])];
    }
}
