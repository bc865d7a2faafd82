namespace Paramorph.Tests.Data.Solvers;

/// <summary>How fast errors fall.</summary>
internal static class Convergence
{
    /// <summary>The observed order between a resolution and twice as fine a one: the binary logarithm of the ratio of errors.</summary>
    public static double Order(Func<int, double> error, int coarse) => Math.Log2(error(coarse) / error(2 * coarse));

    /// <summary>The norm of the difference over that of the expected values.</summary>
    public static double RelativeError(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToDoubles(), a = actual.ToDoubles();
        return Math.Sqrt(e.Zip(a, (x, y) => (x - y) * (x - y)).Sum() / e.Sum(x => x * x));
    }
}
