using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// x^y = exp(y log x) with log x carried in two f64 parts (log m = 2 s + 2/3 s^3 + s^5 q(s^2), minimax, bench/minimax.py). For f32 the
/// logarithm and the exponential of f64 are accurate enough as they are.
/// </summary>
internal static class Power
{
    private const double Log2E = 1.4426950408889634;
    // ln 2 with 32 bits in the first part: its products with exponents are exact.
    private const double Ln2High = 6.93147180369123816490e-1;
    private const double Ln2Low = 1.9082149292705877e-10;
    private const double TwoThirds = 0.6666666666666666;
    private const double TwoThirdsLow = 3.700743415417188e-17;

    /// <summary>|x|^y for f64; the cases of IEEE 754 are put in by <see cref="Special{R, B}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Magnitude64<R, B>(R x, R y)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R log = LogOf64<R, B>(x ^ Exponential.Sign<R, B>(x), out R logLow);
        R product = y * log;
        R productLow = R.MultiplyAdd(y, logLow, R.MultiplyAdd(y, log, product ^ R.Of(-0.0)));
        // Beyond these bounds the result is zero or infinite; the low part may be infinity minus infinity there.
        B inside = R.LessThan(product ^ Exponential.Sign<R, B>(product), R.Of(1000));
        R bounded = R.MinNative(R.Of(710), R.MaxNative(R.Of(-746), product));
        R e = ExpOfSum64<R, B>(bounded, R.FromBits(inside & R.AsBits(productLow)), out R eLow, out R n);
        return Exponential.Scale64<R, B>(e + eLow, n);
    }

    /// <summary>|x|^y as f64 of arguments that were f32: the error stays far below half an f32 unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R MagnitudeFor32<R, B>(R x, R y)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> =>
        Exponential.Exp64<R, B>(y * Logarithm.Log64<R, B>(x ^ Exponential.Sign<R, B>(x)));

    /// <summary>x^y from |x|^y: the sign, and the special cases of IEEE 754 pow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Special<R, B>(R x, R y, R magnitude)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R zero = R.Of(0);
        R one = R.Of(1);
        R infinity = R.Of(double.PositiveInfinity);
        R sign = Exponential.Sign<R, B>(x);
        R ax = x ^ sign;
        R half = y * R.Of(0.5);
        B integer = R.Equal(R.Round(y), y);
        B even = R.Equal(R.Round(half), half);
        B odd = integer & (even ^ B.OfBits(-1));

        B fromZero = R.Equal(ax, zero);
        B toZero = fromZero ^ R.LessThan(y, zero);
        R edge = R.Select(toZero, zero, infinity);
        R result = R.Select(fromZero | R.Equal(ax, infinity), edge, magnitude);
        result ^= R.FromBits(odd & R.AsBits(sign));

        B undefined = R.LessThan(x, zero) & R.LessThan(ax, infinity) & (integer ^ B.OfBits(-1));
        result = R.Select(undefined, R.Of(double.NaN), result);
        // A NaN argument is neither below, above nor equal to anything: x + y carries it.
        R sum = x + y;
        B ordered = R.Equal(x, x) & R.Equal(y, y);
        result = R.Select(ordered, result, sum);
        B certain = R.Equal(y, zero) | R.Equal(x, one) | (R.Equal(ax, one) & R.Equal(y ^ Exponential.Sign<R, B>(y), infinity));
        return R.Select(certain, one, result);
    }

    /// <summary>e^(high + low) = 2^n (result + resultLow), for |low| far below |high|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R ExpOfSum64<R, B>(R high, R low, out R resultLow, out R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        n = R.MultiplyAdd(high, R.Of(Log2E), R.Of(Exponential.Magic64)) - R.Of(Exponential.Magic64);
        R exact = R.MultiplyAdd(n, R.Of(-Ln2High), high);
        R rest = R.MultiplyAdd(n, R.Of(-Ln2Low), low);
        R r = exact + rest;
        R lost = (exact - r) + rest;
        R tail = (Exponential.Fraction64<R, B>(r) - r) + lost;
        R result = R.Of(1) + r;
        resultLow = ((R.Of(1) - result) + r) + tail;
        return result;
    }

    /// <summary>log x in two parts, for x positive and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LogOf64<R, B>(R x, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B tiny = R.LessThan(x, R.Of(2.2250738585072014e-308));
        R m = Logarithm.Split64<R, B>(R.Select(tiny, x * R.Of(4503599627370496), x), out R e);
        e -= R.FromBits(tiny & R.AsBits(R.Of(52)));

        R f = m - R.Of(1);
        R bottom = m + R.Of(1);
        R bottomLow = m - (bottom - R.Of(1));
        R inverse = R.Of(1) / bottom;
        R s = f * inverse;
        R sLow = (R.MultiplyAdd(s ^ R.Of(-0.0), bottom, f) - s * bottomLow) * inverse;

        R z = s * s;
        R zLow = R.MultiplyAdd(s + s, sLow, R.MultiplyAdd(s, s, z ^ R.Of(-0.0)));
        R cube = s * z;
        R cubeLow = R.MultiplyAdd(s, zLow, R.MultiplyAdd(sLow, z, R.MultiplyAdd(s, z, cube ^ R.Of(-0.0))));
        R series = Series64<R, B>(z, out R seriesLow);
        R bent = cube * series;
        R bentLow = R.MultiplyAdd(cube, seriesLow, R.MultiplyAdd(cubeLow, series, R.MultiplyAdd(cube, series, bent ^ R.Of(-0.0))));

        R twice = s + s;
        R fraction = twice + bent;
        R fractionLow = ((twice - fraction) + bent) + ((sLow + sLow) + bentLow);
        R whole = e * R.Of(Ln2High);
        R log = whole + fraction;
        low = ((whole - log) + fraction) + R.MultiplyAdd(e, R.Of(Ln2Low), fractionLow);
        return log;
    }

    /// <summary>2/3 + z q(z) in two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Series64<R, B>(R z, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R q = R.Of(0.11989527433630358);
        q = R.MultiplyAdd(q, z, R.Of(0.11674757019962359));
        q = R.MultiplyAdd(q, z, R.Of(0.13336320433845386));
        q = R.MultiplyAdd(q, z, R.Of(0.1538455679304663));
        q = R.MultiplyAdd(q, z, R.Of(0.1818181887145041));
        q = R.MultiplyAdd(q, z, R.Of(0.22222222217527274));
        q = R.MultiplyAdd(q, z, R.Of(0.2857142857144515));
        q = R.MultiplyAdd(q, z, R.Of(0.3999999999999998));
        R top = q * z;
        R series = top + R.Of(TwoThirds);
        low = (top - (series - R.Of(TwoThirds))) + R.Of(TwoThirdsLow);
        return series;
    }
}
