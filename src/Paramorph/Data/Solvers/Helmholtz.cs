namespace Paramorph.Data.Solvers;

/// <summary>
/// The equation of Helmholtz, Laplacian u + k^2 u = q, on the square [-1, 1]^2 with u = 0 at the edge: a solution made up of sines with its source, and
/// solutions for sources given on a grid, by sine series: spectral for sources that vanish with their even derivatives at the edge.
/// </summary>
/// <param name="WaveNumber">k. Where k^2 is an eigenvalue pi^2 (i^2 + j^2) / 4 of the square there is no solution.</param>
public sealed record Helmholtz(double WaveNumber)
{
    /// <summary>
    /// sin(a pi x) sin(b pi y), the solution that physics-informed networks are tried on with a = 1, b = 4, k = 1 (Wang et al., "Understanding and
    /// mitigating gradient flow pathologies in physics-informed neural networks", 2021).
    /// </summary>
    public static double Solution(double a, double b, double x, double y) => Math.Sin(a * Math.PI * x) * Math.Sin(b * Math.PI * y);

    /// <summary>The source q of <see cref="Solution"/>.</summary>
    public double Source(double a, double b, double x, double y) =>
        (WaveNumber * WaveNumber - Math.PI * Math.PI * (a * a + b * b)) * Solution(a, b, x, y);

    /// <summary>The coordinates of the n inner points of an axis, -1 + 2 j / (n + 1) for j = 1 to n: f64 [n].</summary>
    public static Tensor Points(int n) => Tensor.From([.. Enumerable.Range(1, n).Select(j => -1 + 2.0 * j / (n + 1))]);

    /// <summary>The solutions for sources at the inner points.</summary>
    /// <param name="source">q: f64 [batch..., n, n].</param>
    /// <returns>u, of the same shape.</returns>
    /// <exception cref="ArgumentException">k^2 is an eigenvalue.</exception>
    public Tensor Solve(Tensor source)
    {
        if (source.ElementType != ElementType.Float64 || source.Rank < 2 || source.Shape[^1] != source.Shape[^2])
            throw new ShapeException($"helmholtz: sources {source.Type} are not on a square grid: they are f64[batch..., n, n].");
        var n = source.Shape[^1];
        var (sines, symbol) = (new double[n * n], new double[n * n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                sines[i * n + j] = Math.Sqrt(2.0 / (n + 1)) * Math.Sin(Math.PI * (i + 1) * (j + 1) / (n + 1));
                var eigenvalue = Math.PI * Math.PI / 4 * ((i + 1.0) * (i + 1) + (j + 1.0) * (j + 1));
                var divisor = WaveNumber * WaveNumber - eigenvalue;
                if (Math.Abs(divisor) < 1e-10 * eigenvalue)
                    throw new ArgumentException($"a wave number of {WaveNumber} is a resonance of the square: no source has a single solution.");
                symbol[i * n + j] = 1 / divisor;
            }
        }
        // The matrix of sines is symmetric and its own inverse.
        var (basis, inverse) = (Tensor.From(sines, [n, n]), Tensor.From(symbol, [n, n]));
        Tensor Transformed(Tensor x) => Tensor.MatMul(basis, Tensor.MatMul(x, basis));
        return Compile.Of((Tensor q) => Transformed(inverse * Transformed(q)))(source);
    }
}
