namespace Paramorph;

/// <summary>The quadrature of Gauss and Legendre.</summary>
internal static class GaussLegendre
{
    /// <summary>Nodes and weights for the integral from 0 to 1, exact for polynomials of degree 2 count - 1.</summary>
    public static (double[] Nodes, double[] Weights) UnitInterval(int count)
    {
        var (nodes, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            // Newton's method from the asymptotic place of a root converges to it within a few steps.
            var x = -Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            var slope = 1.0;
            for (var step = 0; step < 8; step++)
            {
                var (value, before) = Legendre(count, x);
                slope = count * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }
            nodes[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return (nodes, weights);
    }

    /// <summary>The Legendre polynomials of a degree and of the degree before.</summary>
    private static (double Value, double Before) Legendre(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var n = 2; n <= degree; n++) (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n);
        return (value, before);
    }
}
