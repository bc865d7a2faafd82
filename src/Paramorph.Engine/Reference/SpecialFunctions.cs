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

    /// <summary>zeta(k) - 1 at k = 2, 3, ...: enough for the series of log gamma at 2.</summary>
    private static readonly double[] ZetaLessOne = [0, 0, .. Enumerable.Range(2, 30).Select(ComputeZetaLessOne)];

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

    /// <summary>x - y floor(x / y), with the sign of y even when it is 0.</summary>
    public static double Remainder(double x, double y)
    {
        var r = x % y;
        if (r == 0) return Math.CopySign(0, y);
        return (r < 0) != (y < 0) ? r + y : r;
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

    /// <summary>
    /// log |gamma(x)|: a series about 2 after the argument has been moved there by the recurrence, Stirling's series above 10, and the reflection
    /// formula below -0.5. No two large terms cancel, except near the zeros between the negative integers.
    /// </summary>
    public static double Lgamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x) || (x <= 0 && x == Math.Floor(x))) return double.PositiveInfinity;
        if (x < -0.5) return Math.Log(Math.PI / Math.Abs(SinPi(x))) - Lgamma(1 - x);
        if (x <= 0.5) return LgammaNearTwo(x) - Log1p(x) - Math.Log(Math.Abs(x));
        if (x < 1.5) return LgammaNearTwo(x - 1) - Log1p(x - 1);
        if (x < 10)
        {
            double product = 1;
            for (; x > 2.5; x--) product *= x - 1;
            return Math.Log(product) + LgammaNearTwo(x - 2);
        }
        double sum = 0, power = x;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            sum += Bernoulli[k - 1] / (2.0 * k * (2 * k - 1) * power);
            power *= x * x;
        }
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + sum;
    }

    /// <summary>The polygamma function: derivative of order <paramref name="order"/> of digamma. NaN or infinite at 0, -1, -2, ...</summary>
    public static double Polygamma(int order, double x)
    {
        if (double.IsNaN(x)) return x;
        if (x <= 0 && x == Math.Floor(x)) return order % 2 == 1 ? double.PositiveInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return order == 0 ? x : 0;
        var sign = order % 2 == 0 ? 1 : -1;
        // Reflection: psi_n(1 - x) - (-1)^n psi_n(x) = (-1)^n pi d^n/dx^n cot(pi x).
        if (x < -1) return sign * Polygamma(order, 1 - x) - CotangentDerivative(order, x);
        // psi_n(x) = psi_n(x + 1) - (-1)^n n! / x^(n + 1), up to where the asymptotic series converges.
        double sum = 0, factorial = 1;
        for (var k = 2; k <= order; k++) factorial *= k;
        for (; x < 20 + order; x++) sum -= sign * factorial * Math.Pow(x, -order - 1);
        return sum + (order == 0
            ? Math.Log(x) - 0.5 / x - Tail(0, x)
            : -sign * (factorial / order * Math.Pow(x, -order) + factorial / 2 * Math.Pow(x, -order - 1) + Tail(order, x)));
    }

    /// <summary>pi times the derivative of an order of cot(pi x): a polynomial in c = cot(pi x), since c' = -pi (1 + c^2).</summary>
    private static double CotangentDerivative(int order, double x)
    {
        var polynomial = new double[order + 2];
        polynomial[1] = Math.PI;
        for (var n = 0; n < order; n++)
        {
            var next = new double[order + 2];
            for (var k = 1; k <= n + 1; k++)
            {
                next[k - 1] -= Math.PI * k * polynomial[k];
                next[k + 1] -= Math.PI * k * polynomial[k];
            }
            polynomial = next;
        }
        double cotangent = 1 / Math.Tan(Math.PI * (x - Math.Round(x))), value = 0;
        for (var k = order + 1; k >= 0; k--) value = value * cotangent + polynomial[k];
        return value;
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

    /// <summary>log gamma(2 + z) for |z| at most 0.5: (1 - euler) z + sum over k of (zeta(k) - 1) (-z)^k / k.</summary>
    private static double LgammaNearTwo(double z)
    {
        double sum = 0, power = z * z;
        for (var k = 2; k < ZetaLessOne.Length; k++)
        {
            sum += (k % 2 == 0 ? 1 : -1) * ZetaLessOne[k] * power / k;
            power *= z;
        }
        return sum + 0.42278433509846713939 * z;
    }

    /// <summary>zeta(k) - 1, by direct terms and the formula of Euler and Maclaurin for the rest.</summary>
    private static double ComputeZetaLessOne(int k)
    {
        const int direct = 16;
        double term = k * Math.Pow(direct, -k - 1) / 2, rest = 0;
        for (var j = 1; j <= 8; j++)
        {
            rest += Bernoulli[j - 1] * term;
            term *= (k + 2 * j - 1.0) * (k + 2 * j) / ((2 * j + 1.0) * (2 * j + 2)) / (direct * direct);
        }
        rest += Math.Pow(direct, 1 - k) / (k - 1) + Math.Pow(direct, -k) / 2;
        // The smallest terms first.
        for (var n = direct - 1; n >= 2; n--) rest += Math.Pow(n, -k);
        return rest;
    }

    /// <summary>sin(pi x), exact in its argument: x is brought into [-1/2, 1/2] without rounding.</summary>
    private static double SinPi(double x)
    {
        var r = x - 2 * Math.Round(x / 2);
        if (Math.Abs(r) > 0.5) r = Math.CopySign(1, r) - r;
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
