namespace Paramorph;

/// <summary>
/// Bessel functions of real numbers. Below 25 they are their integral over an angle, which the midpoint rule gives to machine precision; above, the
/// asymptotic expansion. Errors in double precision are some 1e-15 of the envelope sqrt(2 / (pi x)) for J, and some 1e-15 relative to I; in single
/// precision 1e-6. For large x, J loses the digits that x itself lacks.
/// </summary>
public static class Bessel
{
    /// <summary>From here on the asymptotic expansion is exact to machine precision.</summary>
    private const double Far = 25;

    /// <summary>Terms of the asymptotic expansion: at x = 25 the last is below 1e-16.</summary>
    private const int Terms = 24;

    /// <summary>Points of the midpoint rule in (0, pi); by symmetry half of them are needed. The error is J of order 2 Points at x.</summary>
    private const int Points = 36;

    private static readonly double[] Angles = [.. Enumerable.Range(0, Points / 2).Select(i => Math.PI * (i + 0.5) / Points)];
    private static readonly double[] Sines = [.. Angles.Select(Math.Sin)];
    private static readonly double[] Cosines = [.. Angles.Select(Math.Cos)];

    /// <summary>The Bessel function J of order 0.</summary>
    public static Tensor J0(Tensor x) => Tensor.WithDerivative(Real(x), x => Joined(x, false, NearJ0, x => FarJ(0, x)), static (x, _) => -J1(x));

    /// <summary>The Bessel function J of order 1.</summary>
    public static Tensor J1(Tensor x) =>
        Tensor.WithDerivative(Real(x), x => Joined(x, true, NearJ1, x => FarJ(1, x)), static (x, y) => J0(x) - OverX(x, y));

    /// <summary>The modified Bessel function I of order 0.</summary>
    public static Tensor I0(Tensor x) => Tensor.WithDerivative(Real(x), x => Joined(x, false, NearI0, x => FarI(0, x)), static (x, _) => I1(x));

    /// <summary>The modified Bessel function I of order 1.</summary>
    public static Tensor I1(Tensor x) =>
        Tensor.WithDerivative(Real(x), x => Joined(x, true, NearI1, x => FarI(1, x)), static (x, y) => I0(x) - OverX(x, y));

    private static Tensor Real(Tensor x)
    {
        if (x.ElementType.IsComplex()) throw new ElementTypeException($"bessel: {x.Type} is complex: these are functions of real numbers.");
        return x.ElementType.IsFloating() ? x : x.AsType(ElementType.Float32);
    }

    /// <summary>An even or odd function from its values near 0 and its values at positive numbers far away.</summary>
    private static Tensor Joined(Tensor x, bool isOdd, Func<Tensor, Tensor> near, Func<Tensor, Tensor> far)
    {
        var size = Tensor.Abs(x);
        var isNear = Tensor.Less(size, Far);
        var distant = far(Tensor.Where(isNear, Far, size));
        return Tensor.Where(isNear, near(Tensor.Where(isNear, x, 0.0)), isOdd ? Tensor.Sign(x) * distant : distant);
    }

    /// <summary>The mean of cos(x sin t) over the angle t.</summary>
    private static Tensor NearJ0(Tensor x) => Mean(Tensor.Cos(x.ExpandDims(-1) * At(Sines, x)), x);

    /// <summary>The mean of sin(x sin t) sin t.</summary>
    private static Tensor NearJ1(Tensor x) => Mean(Tensor.Sin(x.ExpandDims(-1) * At(Sines, x)) * At(Sines, x), x);

    /// <summary>The mean of cosh(x cos t).</summary>
    private static Tensor NearI0(Tensor x) => Mean(Tensor.Cosh(x.ExpandDims(-1) * At(Cosines, x)), x);

    /// <summary>The mean of sinh(x cos t) cos t.</summary>
    private static Tensor NearI1(Tensor x) => Mean(Tensor.Sinh(x.ExpandDims(-1) * At(Cosines, x)) * At(Cosines, x), x);

    private static Tensor At(double[] nodes, Tensor x) => Tensor.From<double>(nodes).AsType(x.ElementType);

    private static Tensor Mean(Tensor values, Tensor x) => values.Dot(Tensor.Full([Angles.Length], 1.0 / Angles.Length, x.ElementType));

    /// <summary>sqrt(2 / (pi x)) (P cos c - Q sin c) with c = x - (order / 2 + 1 / 4) pi.</summary>
    private static Tensor FarJ(int order, Tensor x)
    {
        var a = Hankel(order);
        var inverse = 1.0 / x;
        var squared = -inverse * inverse;
        var p = Tensor.Horner(squared, [.. a.Where((_, k) => k % 2 == 0)]);
        var q = inverse * Tensor.Horner(squared, [.. a.Where((_, k) => k % 2 == 1)]);
        var phase = x - (order / 2.0 + 0.25) * Math.PI;
        return Tensor.Sqrt(2 / Math.PI * inverse) * (p * Tensor.Cos(phase) - q * Tensor.Sin(phase));
    }

    /// <summary>e^x / sqrt(2 pi x) times the series of alternating sign.</summary>
    private static Tensor FarI(int order, Tensor x) =>
        // In two factors, since e^x overflows before the product does.
        Tensor.Exp(0.5 * x) * Tensor.Rsqrt(2 * Math.PI * x) * Tensor.Horner(-1.0 / x, Hankel(order)) * Tensor.Exp(0.5 * x);

    /// <summary>The coefficients (4 n^2 - 1)(4 n^2 - 9) ... (4 n^2 - (2k - 1)^2) / (k! 8^k) of the expansions.</summary>
    private static double[] Hankel(int order)
    {
        var result = new double[Terms];
        result[0] = 1;
        for (var k = 1; k < Terms; k++) result[k] = result[k - 1] * (4 * order * order - (2 * k - 1) * (2 * k - 1)) / (8.0 * k);
        return result;
    }

    /// <summary>y / x, whose limit at 0 is one half for both functions of order 1.</summary>
    private static Tensor OverX(Tensor x, Tensor y)
    {
        var isZero = Tensor.Equal(x, 0.0);
        return Tensor.Where(isZero, 0.5, y / Tensor.Where(isZero, 1.0, x));
    }
}
