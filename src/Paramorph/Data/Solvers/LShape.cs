using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace Paramorph.Data.Solvers;

/// <summary>
/// The solution of -u_xx - u_yy = 1 on the L [-1, 1]^2 without [0, 1] x [-1, 0], with u = 0 on its edges, by functions that solve the equation exactly and whose errors on the edges are made
/// least: those of the inner corner, r^(2k/3) sin(2k theta / 3), the logarithms of the right angles, and powers. By the maximum principle the error inside is no larger than on the edges.
/// (Betcke and Trefethen, "Reviving the method of particular solutions", 2005.)
/// </summary>
public sealed class LShape
{
    private const int Waves = 24, Powers = 16, PointsOnSide = 200;

    private static readonly (Complex Corner, double Bisector)[] corners =
    [
        (new(-1, -1), Math.PI / 4), (new(-1, 1), -Math.PI / 4), (new(1, 1), -3 * Math.PI / 4), (new(0, -1), 3 * Math.PI / 4), (new(1, 0), 3 * Math.PI / 4),
    ];

    private readonly double[] coefficients;

    private LShape()
    {
        Complex[] edges = [.. Enumerable.Range(0, PointsOnSide).Select(Clustered).SelectMany(s => new Complex[]
        {
            new(-1, 2 * s - 1), new(2 * s - 1, 1), new(1, s), new(s - 1, -1), new(s, 0), new(0, -s),
        })];
        var matrix = Matrix<double>.Build.DenseOfRows(edges.Select(Functions));
        var right = Vector<double>.Build.DenseOfEnumerable(edges.Select(z => -Particular(z)));
        coefficients = matrix.QR().Solve(right).ToArray();
        EdgeError = (matrix * Vector<double>.Build.DenseOfArray(coefficients) - right).AbsoluteMaximum();
    }

    /// <summary>The solution.</summary>
    public static LShape Solution { get; } = new();

    /// <summary>The largest error found on the edges.</summary>
    public double EdgeError { get; }

    /// <summary>u(x, y) at a point of the L.</summary>
    public double At(double x, double y)
    {
        var (z, functions) = (new Complex(x, y), Functions(new(x, y)));
        var sum = Particular(z);
        for (var i = 0; i < coefficients.Length; i++) sum += coefficients[i] * functions[i];
        return sum;
    }

    /// <summary>Points that crowd toward both ends of [0, 1], where corners are.</summary>
    private static double Clustered(int i) => 0.5 - 0.5 * Math.Cos(Math.PI * (i + 0.5) / PointsOnSide);

    /// <summary>A solution of the equation that vanishes on both edges of the inner corner: -y^2 / 2 - Im(z^2 log z) / (3 pi), with angles from 0 to 3 pi / 2.</summary>
    private static double Particular(Complex z) => -0.5 * z.Imaginary * z.Imaginary - (Squared(z, Angle(z)).Imaginary / (3 * Math.PI));

    private static double[] Functions(Complex z)
    {
        var (r, angle) = (z.Magnitude, Angle(z));
        // Every third wave is a power.
        var waves = Enumerable.Range(1, Waves).Where(k => k % 3 != 0).Select(k => Math.Pow(r, 2 * k / 3.0) * Math.Sin(2 * k * angle / 3));
        var logarithms = corners.SelectMany(corner =>
        {
            // The branch of the logarithm is cut away from the L.
            var w = (z - corner.Corner) * Complex.FromPolarCoordinates(1, -corner.Bisector);
            var value = Squared(w, w.Phase);
            return new[] { value.Real, value.Imaginary, (w * w * w * w * value).Real, (w * w * w * w * value).Imaginary };
        });
        var powers = Enumerable.Range(0, Powers).SelectMany(n => new[] { Complex.Pow(z, n).Real, Complex.Pow(z, n).Imaginary }).Where((_, i) => i != 1);
        return [.. waves, .. logarithms, .. powers];
    }

    /// <summary>z^2 log z with a given angle.</summary>
    private static Complex Squared(Complex z, double angle) => z == Complex.Zero ? Complex.Zero : z * z * new Complex(Math.Log(z.Magnitude), angle);

    private static double Angle(Complex z) => z.Phase < -1e-12 ? z.Phase + 2 * Math.PI : Math.Max(0, z.Phase);
}
