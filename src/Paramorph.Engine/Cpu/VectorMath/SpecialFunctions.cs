namespace Paramorph.Cpu;

/// <summary>
/// Rarely used functions, one number at a time in f64. They stand on the vector functions, not on the platform's mathematics library, so that
/// they give the same bits on every machine.
/// </summary>
internal static unsafe class SpecialFunctions
{
    /// <summary>The k-th is (-1)^k (zeta(k) - 1) / k, k from 2: the Taylor series of log gamma at 2, but for its first term.</summary>
    private static ReadOnlySpan<double> LogGammaSeries =>
    [
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234, -0.001192753911703261,
        0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05,
        -9.439488275268397e-06, 4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08, 1.0838659214896955e-08,
        -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09, 5.731367241678862e-10, -2.7595228851242334e-10,
        1.330476437424449e-10, -6.4229645638381e-11,
    ];

    /// <summary>log |gamma(x)|; infinite at zero and the negative integers.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (double.IsInfinity(x))
            return double.PositiveInfinity;
        if (x <= 0 && x == Math.Floor(x))
            return double.PositiveInfinity;
        // The reflection formula; sin(pi x) of the distance to the nearest integer.
        if (x < 0.5)
            return Log(Math.PI / Math.Abs(Sin(Math.PI * (x - Math.Round(x))))) - LogGamma(1 - x);
        if (x < 1.5)
            return LogGammaNearTwo(x - 1) - Log1p(x - 1);
        if (x < 2.5)
            return LogGammaNearTwo(x - 2);

        double product = 1;
        for (; x < 9; x++)
            product *= x;
        // Stirling's series with the Bernoulli numbers.
        double w = 1 / (x * x);
        double series = 1.0 / 12 + w * (-1.0 / 360 + w * (1.0 / 1260 + w * (-1.0 / 1680 + w * (1.0 / 1188 + w * (-691.0 / 360360 + w / 156)))));
        return (x - 0.5) * (Log(x) - 1) + (0.4189385332046727 + series / x) - Log(product);
    }

    /// <summary>The derivative of log gamma; NaN at zero and the negative integers.</summary>
    public static double Digamma(double x)
    {
        if (double.IsNaN(x) || double.IsPositiveInfinity(x))
            return x;
        if (x <= 0 && x == Math.Floor(x))
            return double.NaN;
        if (x < 0)
        {
            double t = Math.PI * (x - Math.Round(x));
            return Digamma(1 - x) - Math.PI * Cos(t) / Sin(t);
        }

        double sum = 0;
        for (; x < 10; x++)
            sum += 1 / x;
        double w = 1 / (x * x);
        double series = w * (1.0 / 12 - w * (1.0 / 120 - w * (1.0 / 252 - w * (1.0 / 240 - w * (1.0 / 132 - w * (691.0 / 32760 - w / 12))))));
        return Log(x) - 0.5 / x - series - sum;
    }

    /// <summary>The inverse of erf: Halley's iteration on the complement of the error function, in the logarithm's scale.</summary>
    public static double ErfInv(double x)
    {
        double a = Math.Abs(x);
        if (!(a < 1))
            return a == 1 ? x / 0.0 : double.NaN;
        if (a < 1e-8)
            return x * 0.886226925452758;

        // Winitzki's closed form is right to about a thousandth; every Halley step triples its digits.
        double log = Log1p(-a * a);
        double half = 4.330746750799873 + log / 2;
        double y = Math.Sqrt(Math.Sqrt(half * half - log / 0.147) - half);
        for (int step = 0; step < 2; step++)
        {
            double error = a < 0.5 ? Erf(y) - a : (1 - a) - Erfc(y);
            double newton = error / (1.1283791670955126 * Exp(-y * y));
            y -= newton / (1 + y * newton);
        }

        return x < 0 ? -y : y;
    }

    private static double LogGammaNearTwo(double t)
    {
        ReadOnlySpan<double> series = LogGammaSeries;
        double sum = 0;
        for (int k = series.Length - 1; k >= 0; k--)
            sum = sum * t + series[k];
        return t * (0.42278433509846713 + t * sum);
    }

    private static double Exp(double x) => Scalar(Exponential.Exp64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Log(double x) => Scalar(Logarithm.Log64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Log1p(double x) => Scalar(Logarithm.Log1pOf64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Sin(double x) => Scalar(Trigonometric.Sin64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Cos(double x) => Scalar(Trigonometric.Cos64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Erf(double x) => Scalar(ErrorFunction.Erf64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static double Erfc(double x) => Scalar(ErrorFunction.Erfc64<Wide128<double, long>, Wide128<long, long>>(Lanes(x)));

    private static Wide128<double, long> Lanes(double x) => Wide128<double, long>.Of(x);

    private static double Scalar(Wide128<double, long> x) => *(double*)&x;
}
