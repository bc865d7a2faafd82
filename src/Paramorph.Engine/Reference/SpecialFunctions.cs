namespace Paramorph.Reference;

/// <summary>Special functions of one real variable in double precision, for the reference and wherever speed does not matter.</summary>
internal static class SpecialFunctions
{
    public const double TwoOverSqrtPi = 1.1283791670955125738961589031215;

    /// <summary>B(2k) for k = 1 to 15: the Bernoulli numbers of the asymptotic expansions.</summary>
    private static readonly double[] Bernoulli =
    [
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330,
        854513.0 / 138, -236364091.0 / 2730, 8553103.0 / 6, -23749461029.0 / 870, 8615841276005.0 / 14322,
    ];

    /// <summary>e^x - 1. For small x by the identity e^x - 1 = (u - 1) x / log u with u = e^x (Kahan).</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1 || double.IsNaN(x)) return Math.Exp(x) - 1;
        var u = Math.Exp(x);
        if (u == 1) return x;
        return u - 1 == -1 ? -1 : (u - 1) * x / Math.Log(u);
    }

    /// <summary>log(1 + x), by the identity log(1 + x) = log(u) x / (u - 1) with u = 1 + x (Kahan).</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 || double.IsPositiveInfinity(u) ? x : Math.Log(u) * x / (u - 1);
    }

    public static double Sigmoid(double x)
    {
        if (x >= 0) return 1 / (1 + Math.Exp(-x));
        var e = Math.Exp(x);
        return e / (1 + e);
    }

    /// <summary>x - y floor(x / y), with the sign of y.</summary>
    public static double Remainder(double x, double y)
    {
        var r = x % y;
        if (r != 0 && (r < 0) != (y < 0)) r += y;
        return r;
    }

    public static double Erf(double x)
    {
        var a = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        return a < 2 ? ErfSeries(x) : Math.CopySign(1 - ErfcFraction(a), x);
    }

    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < 0) return 1 + Erf(-x);
        return x < 1 ? 1 - ErfSeries(x) : ErfcFraction(x);
    }

    /// <summary>The inverse of erf: a first guess from the tail, then Newton's iteration on the smaller of erf and erfc.</summary>
    public static double Erfinv(double y)
    {
        if (!(Math.Abs(y) <= 1)) return double.NaN;
        if (Math.Abs(y) == 1) return y * double.PositiveInfinity;
        if (y == 0) return y;
        var a = Math.Abs(y);
        // Winitzki's approximation, good to 2e-3.
        var l = Log1p(-a * a);
        var t = 2 / (Math.PI * 0.147) + l / 2;
        var x = Math.Sqrt(Math.Sqrt(t * t - l / 0.147) - t);
        for (var i = 0; i < 6; i++)
        {
            var error = a < 0.9 ? Erf(x) - a : 1 - a - Erfc(x);
            var slope = TwoOverSqrtPi * Math.Exp(-x * x);
            if (slope == 0) break;
            var step = error / slope;
            x -= step / (1 + x * step);
        }
        return Math.CopySign(x, y);
    }

    /// <summary>log |gamma(x)|: Stirling's series after the argument has been moved above 15, and the reflection formula below 0.5.</summary>
    public static double Lgamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || (x <= 0 && x == Math.Floor(x))) return double.PositiveInfinity;
        if (x is 1 or 2) return 0;
        if (x < 0.5) return Math.Log(Math.PI / Math.Abs(SinPi(x))) - Lgamma(1 - x);
        if (Math.Abs(x - 1) < 0.3) return LgammaNearOne(x - 1);
        if (Math.Abs(x - 2) < 0.3) return LgammaNearOne(x - 2) + Log1p(x - 2);
        double product = 1;
        for (; x < 15; x++) product *= x;
        double sum = 0, power = x;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            sum += Bernoulli[k - 1] / (2.0 * k * (2 * k - 1) * power);
            power *= x * x;
        }
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + sum - Math.Log(product);
    }

    /// <summary>The polygamma function: derivative of order <paramref name="order"/> of digamma.</summary>
    public static double Polygamma(int order, double x)
    {
        if (double.IsNaN(x)) return x;
        if (x <= 0 && x == Math.Floor(x)) return order == 0 ? double.NaN : order % 2 == 1 ? double.PositiveInfinity : double.NaN;
        if (order == 0 && x < -20) return Polygamma(0, 1 - x) - Math.PI / Math.Tan(Math.PI * (x - Math.Floor(x)));
        // psi_n(x) = psi_n(x + 1) - (-1)^n n! / x^(n + 1), up to where the asymptotic series converges.
        double sum = 0, factorial = 1;
        for (var k = 2; k <= order; k++) factorial *= k;
        var sign = order % 2 == 0 ? 1 : -1;
        for (; x < 20 + order; x++) sum -= sign * factorial * Math.Pow(x, -order - 1);
        return sum + (order == 0 ? Math.Log(x) - 0.5 / x - Tail(0, x) : -sign * (factorial / order * Math.Pow(x, -order) + factorial / 2 * Math.Pow(x, -order - 1) + Tail(order, x)));
    }

    /// <summary>Sum over k of B(2k) (2k + n - 1)! / ((2k)! x^(2k + n)).</summary>
    private static double Tail(int order, double x)
    {
        double sum = 0;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            double ratio = 1;
            // (2k + n - 1)! / (2k)! for n >= 1, and 1 / (2k) for n = 0.
            for (var j = 2 * k + 1; j <= 2 * k + order - 1; j++) ratio *= j;
            if (order == 0) ratio = 1.0 / (2 * k);
            sum += Bernoulli[k - 1] * ratio * Math.Pow(x, -2 * k - order);
        }
        return sum;
    }

    /// <summary>log gamma(1 + z) for |z| at most 0.3: -euler z + sum over k of zeta(k) (-z)^k / k.</summary>
    private static double LgammaNearOne(double z)
    {
        double sum = 0, power = z * z;
        for (var k = 2; k < 60; k++)
        {
            sum += (k % 2 == 0 ? 1 : -1) * Zeta(k) * power / k;
            power *= z;
        }
        return sum - 0.57721566490153286061 * z;
    }

    private static double Zeta(int k)
    {
        // Direct terms, then Euler-Maclaurin for the rest.
        double sum = 0;
        for (var n = 1; n < 10; n++) sum += Math.Pow(n, -k);
        double tail = Math.Pow(10, 1 - k) / (k - 1) + Math.Pow(10, -k) / 2, term = k * Math.Pow(10, -k - 1);
        double[] factors = [1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600];
        for (var j = 0; j < factors.Length; j++)
        {
            tail += factors[j] * term;
            term *= (k + 2 * j + 1.0) * (k + 2 * j + 2.0) / 100;
        }
        return sum + tail;
    }

    private static double SinPi(double x)
    {
        var r = x - 2 * Math.Floor(x / 2);
        return Math.Sin(Math.PI * r);
    }

    private static double ErfSeries(double x)
    {
        // erf x = 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!: all terms have one sign.
        double term = x, sum = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TwoOverSqrtPi * Math.Exp(-x * x) * sum;
    }

    /// <summary>The continued fraction of erfc for x of 1 or more, from a depth at which it has converged.</summary>
    private static double ErfcFraction(double x)
    {
        if (x > 27.3) return 0;
        var fraction = x;
        for (var k = x < 2 ? 200 : 80; k > 0; k--) fraction = x + k / 2.0 / fraction;
        // e^(-x^2) with the rounding error of the square put back.
        var square = x * x;
        var error = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(-square) * (1 - error) / fraction / 1.7724538509055160273;
    }
}
