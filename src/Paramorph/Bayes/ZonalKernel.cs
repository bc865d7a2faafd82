namespace Paramorph.Bayes;

/// <summary>
/// A kernel that depends on the angle between two points of the unit sphere alone, and functions of the space that it reproduces, with their norms there: a harmonic of mean square 1
/// has the squared norm 1 / λ of its degree, and a sum of kernels a k(x, c) has aᵀ K a. (Smola, Óvári and Williamson, "Regularization with dot-product kernels", 2000.)
/// </summary>
public sealed class ZonalKernel
{
    private readonly Func<Tensor, Tensor, Tensor> kernel;
    private readonly int dimensions;

    /// <param name="kernel">From points [a, dimensions] and [b, dimensions] to f64 [a, b].</param>
    /// <param name="dimensions">Coordinates of points, at least 2.</param>
    /// <param name="degrees">How many eigenvalues are found, of the degrees from 0 on.</param>
    public ZonalKernel(Func<Tensor, Tensor, Tensor> kernel, int dimensions, int degrees)
    {
        (this.kernel, this.dimensions) = (kernel, dimensions);
        Eigenvalues = ZonalSpectrum.Eigenvalues(At, dimensions, degrees);
    }

    /// <summary>The eigenvalue of each degree under the uniform distribution on the sphere.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>The kernel at cosines f64 [n]: [n].</summary>
    public Tensor At(Tensor cosine)
    {
        ArgumentNullException.ThrowIfNull(cosine);
        var rest = Tensor.Zeros([cosine.Count, dimensions - 2], ElementType.Float64);
        var points = Tensor.Concatenate([Tensor.Stack([cosine, Tensor.Sqrt(1.0 - cosine * cosine)], -1), rest], 1);
        return kernel(points, Tensor.Eye(dimensions, ElementType.Float64)[..1])[.., 0];
    }

    /// <summary>Harmonics of the first coordinate in equal parts, of the mean square 1 on the sphere.</summary>
    /// <param name="points">f64 [n, dimensions].</param>
    /// <param name="degrees">Their degrees, each below the number of eigenvalues.</param>
    /// <returns>Values [n], and the squared norm.</returns>
    public (Tensor Values, double SquaredNorm) Harmonics(Tensor points, params IReadOnlyList<int> degrees)
    {
        var cosine = points[.., 0];
        Tensor Harmonic(int degree) => Math.Sqrt(ZonalSpectrum.Multiplicity(degree, dimensions)) * ZonalSpectrum.Polynomial(degree, dimensions, cosine);
        return (degrees.Select(Harmonic).Aggregate((a, b) => a + b) / Math.Sqrt(degrees.Count), degrees.Average(degree => 1 / Eigenvalues[degree]));
    }

    /// <summary>A weighted sum of kernels, and its squared norm in units of its own mean square at the points.</summary>
    /// <param name="points">f64 [n, dimensions].</param>
    /// <param name="centres">f64 [m, dimensions].</param>
    /// <param name="weights">f64 [m].</param>
    /// <returns>Values [n], and the squared norm over their mean square.</returns>
    public (Tensor Values, double SquaredNorm) Combination(Tensor points, Tensor centres, Tensor weights)
    {
        var values = kernel(points, centres).Dot(weights);
        return (values, weights.Dot(kernel(centres, centres).Dot(weights)).Item() / Tensor.Square(values).Mean().Item());
    }
}
