namespace Paramorph.Bayes;

/// <summary>
/// Spherical harmonics of one degree, as far as kernels need them that depend on the angle between two points of a sphere alone: all harmonics of a degree have one eigenvalue, which a single integral
/// gives (Funk and Hecke), and the mean of their products is a Gegenbauer polynomial of the cosine. Means on the sphere are over the uniform distribution.
/// </summary>
public static class ZonalSpectrum
{
    private static readonly double[] bounds = [.. Enumerable.Range(0, 17).Select(i => i * Math.PI / 16)];

    /// <summary>How many harmonics a degree has: a whole number, which soon exceeds all integers.</summary>
    /// <param name="degree">The degree.</param>
    /// <param name="dimensions">Coordinates of the points, at least 2.</param>
    public static double Multiplicity(int degree, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 2);
        if (degree == 0) return 1;
        // (2 n + d - 2) / n times the binomial of n + d - 3 over n - 1.
        var binomial = 1.0;
        for (var i = 1; i < degree; i++) binomial *= (double)(dimensions - 2 + i) / i;
        return Math.Round((2.0 * degree + dimensions - 2) / degree * binomial);
    }

    /// <summary>The Gegenbauer polynomial of a degree that is 1 at 1: Legendre's in three dimensions, cos(n θ) in two.</summary>
    /// <param name="degree">The degree.</param>
    /// <param name="dimensions">Coordinates of the points, at least 2.</param>
    /// <param name="cosine">Cosines of angles.</param>
    public static Tensor Polynomial(int degree, int dimensions, Tensor cosine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 2);
        var (before, value) = (Tensor.OnesLike(cosine), cosine);
        if (degree == 0) return before;
        for (var n = 1; n < degree; n++) (before, value) = (value, ((2.0 * n + dimensions - 2) * cosine * value - n * before) / (n + dimensions - 2.0));
        return value;
    }

    /// <summary>The eigenvalue of each degree of a kernel.</summary>
    /// <param name="kernel">From cosines f64 [n] to values f64 [n].</param>
    /// <param name="dimensions">Coordinates of the points, at least 2.</param>
    /// <param name="degrees">How many degrees, from 0 on; up to some hundred.</param>
    public static double[] Eigenvalues(Func<Tensor, Tensor> kernel, int dimensions, int degrees)
    {
        var (cosines, projection) = Projection(dimensions, degrees);
        return projection.Dot(kernel(cosines)).ToDoubles();
    }

    /// <summary>The integrals that give eigenvalues, as a matrix, for kernels whose shape is learned.</summary>
    /// <param name="dimensions">Coordinates of the points, at least 2.</param>
    /// <param name="degrees">How many degrees, from 0 on; up to some hundred.</param>
    /// <returns>Cosines f64 [n], and the matrix f64 [degrees, n] that makes eigenvalues of the values of a kernel there.</returns>
    public static (Tensor Cosines, Tensor Projection) Projection(int dimensions, int degrees)
    {
        var (angles, weights) = LegendrePanels.Over(bounds);
        double[] measure = [.. angles.Zip(weights, (angle, weight) => weight * Math.Pow(Math.Sin(angle), dimensions - 2))];
        var density = Tensor.From([.. measure.Select(part => part / measure.Sum())]);
        var cosines = Tensor.Cos(Tensor.From(angles)).Evaluate();
        return (cosines, Tensor.Stack([.. Enumerable.Range(0, degrees).Select(degree => density * Polynomial(degree, dimensions, cosines))]).Evaluate());
    }
}
