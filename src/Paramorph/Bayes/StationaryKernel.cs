namespace Paramorph.Bayes;

/// <summary>
/// Kernels that depend on the distance r of points [a, dimensions] and [b, dimensions] alone, and are 1 where it is 0. The length scale is 1: points are divided by theirs, one for each
/// coordinate where some matter more than others. (Rasmussen and Williams, "Gaussian processes for machine learning", 2006, section 4.2.)
/// </summary>
public static class StationaryKernel
{
    /// <summary>exp(-r² / 2): functions with all derivatives.</summary>
    public static Func<Tensor, Tensor, Tensor> SquaredExponential { get; } = static (x, y) => Tensor.Exp(-0.5 * SquaredDistance(x, y));

    /// <summary>(1 + √5 r + 5 r² / 3) exp(-√5 r), Matérn's of order 5/2: functions with two derivatives.</summary>
    public static Func<Tensor, Tensor, Tensor> Matern { get; } = static (x, y) =>
    {
        var square = 5.0 * SquaredDistance(x, y);
        var root = Tensor.Sqrt(Tensor.Maximum(square, Tiny));
        return (1.0 + root + square / 3.0) * Tensor.Exp(-root);
    };

    /// <summary>Half of each: a smooth function with a rougher one on it.</summary>
    public static Func<Tensor, Tensor, Tensor> Sum { get; } = static (x, y) => 0.5 * (SquaredExponential(x, y) + Matern(x, y));

    /// <summary>The square of a distance below which a root is taken of this: its derivative has no bound at 0, where that of the kernel vanishes.</summary>
    private const double Tiny = 1e-24;

    /// <summary>|x|² + |y|² - 2 x · y, a matrix product; in double precision what it loses for close points does not matter.</summary>
    private static Tensor SquaredDistance(Tensor x, Tensor y) =>
        Tensor.Maximum(Tensor.Square(x).Sum(-1).ExpandDims(-1) + Tensor.Square(y).Sum(-1) - 2.0 * Tensor.MatMul(x, y.T), 0.0);
}
