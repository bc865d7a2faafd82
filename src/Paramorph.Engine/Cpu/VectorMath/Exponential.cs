using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// e^x and the functions made of it. x = n ln 2 + r with |r| at most ln 2 / 2, and e^x = 2^n (1 + r + r^2 q(r)); q is a minimax polynomial
/// (bench/minimax.py). n is found by adding 1.5 times the power of two whose unit in the last place is one: the low bits of the sum are n. Results of e^x and of
/// the sigmoid below the smallest normal number are 0: arithmetic with subnormal numbers is many times slower on some processors.
/// </summary>
internal static class Exponential
{
    internal const double Magic32 = 12582912.0;
    internal const double Magic64 = 6755399441055744.0;
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High32 = 0.693147182464599609375;
    private const double Ln2Low32 = -1.9046542121259336e-9;

    /// <summary>The least f32 and f64 numbers whose exponentials are normal numbers.</summary>
    private const double LeastNormal32 = -87.33654022216796875;
    private const double LeastNormal64 = -708.39641853226408;
    private const double Ln2High64 = 0.69314718055994529;
    private const double Ln2Low64 = 2.3190468138462996e-17;

    /// <summary>e^x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Exp32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R clamped = R.MinNative(R.Of(89), R.MaxNative(R.Of(LeastNormal32), x));
        R r = Reduce32<R, B>(clamped, out R n);
        R y = Scale32<R, B>(Fraction32<R, B>(r) + R.Of(1), n);
        return R.Select(R.LessThan(x, R.Of(LeastNormal32)), R.Of(0), y);
    }

    /// <summary>e^x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Exp64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R clamped = R.MinNative(R.Of(710), R.MaxNative(R.Of(LeastNormal64), x));
        R r = Reduce64<R, B>(clamped, out R n);
        R y = Scale64<R, B>(Fraction64<R, B>(r) + R.Of(1), n);
        return R.Select(R.LessThan(x, R.Of(LeastNormal64)), R.Of(0), y);
    }

    /// <summary>e^x - 1 for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Expm1Of32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R clamped = R.MinNative(R.Of(89), R.MaxNative(R.Of(-25), x));
        R r = Reduce32<R, B>(clamped, out R n);
        R half = PowerOfTwo32<R, B>(n - R.Of(1));
        R y = R.MultiplyAdd(half, Fraction32<R, B>(r), half - R.Of(0.5));
        return KeepTiny<R, B>(x, y + y, 1e-20);
    }

    /// <summary>e^x - 1 for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Expm1Of64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R clamped = R.MinNative(R.Of(710), R.MaxNative(R.Of(-50), x));
        R r = Reduce64<R, B>(clamped, out R n);
        R half = PowerOfTwo64<R, B>(n - R.Of(1));
        R y = R.MultiplyAdd(half, Fraction64<R, B>(r), half - R.Of(0.5));
        return KeepTiny<R, B>(x, y + y, 1e-100);
    }

    /// <summary>tanh x for f32, as t / (t + 2) with t = e^(2|x|) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tanh32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Sign<R, B>(x);
        R a = R.MinNative(R.Of(9.5), x ^ sign);
        R r = Reduce32<R, B>(a + a, out R n);
        R scale = PowerOfTwo32<R, B>(n);
        R t = R.MultiplyAdd(scale, Fraction32<R, B>(r), scale - R.Of(1));
        return Quotient<R, B>(t, R.Of(2), t) ^ sign;
    }

    /// <summary>tanh x for f64, as t / (t + 2) with t = e^(2|x|) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tanh64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Sign<R, B>(x);
        R a = R.MinNative(R.Of(20), x ^ sign);
        R r = Reduce64<R, B>(a + a, out R n);
        R scale = PowerOfTwo64<R, B>(n);
        R t = R.MultiplyAdd(scale, Fraction64<R, B>(r), scale - R.Of(1));
        return Quotient<R, B>(t, R.Of(2), t) ^ sign;
    }

    /// <summary>1 / (1 + e^-x) for f32; by e^-|x|, so that it neither overflows nor loses small results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sigmoid32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R e = Exp32<R, B>(x | R.Of(-0.0));
        return Quotient<R, B>(R.Select(R.LessThan(x, R.Of(0)), e, R.Of(1)), R.Of(1), e);
    }

    /// <summary>1 / (1 + e^-x) for f64; by e^-|x|, so that it neither overflows nor loses small results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sigmoid64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R e = Exp64<R, B>(x | R.Of(-0.0));
        return Quotient<R, B>(R.Select(R.LessThan(x, R.Of(0)), e, R.Of(1)), R.Of(1), e);
    }

    /// <summary>cosh x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cosh32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R e = HalfExp32<R, B>(x ^ Sign<R, B>(x));
        return e + R.Of(0.25) / e;
    }

    /// <summary>cosh x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cosh64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R e = HalfExp64<R, B>(x ^ Sign<R, B>(x));
        return e + R.Of(0.25) / e;
    }

    /// <summary>sinh x for f32: a polynomial for |x| below one, the exponentials' difference above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sinh32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Sign<R, B>(x);
        R a = x ^ sign;
        R z = a * a;
        R s = R.Of(2.8174395e-6);
        s = R.MultiplyAdd(s, z, R.Of(0.00019836066));
        s = R.MultiplyAdd(s, z, R.Of(0.0083333505));
        s = R.MultiplyAdd(s, z, R.Of(0.16666667));
        R small = R.MultiplyAdd(a * z, s, a);
        R e = HalfExp32<R, B>(a);
        return R.Select(R.LessThan(a, R.Of(1)), small, e - R.Of(0.25) / e) ^ sign;
    }

    /// <summary>sinh x for f64: a polynomial for |x| below one, the exponentials' difference above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sinh64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Sign<R, B>(x);
        R a = x ^ sign;
        R z = a * a;
        R s = R.Of(7.75931223071943e-13);
        s = R.MultiplyAdd(s, z, R.Of(1.605724033991094e-10));
        s = R.MultiplyAdd(s, z, R.Of(2.505212339857981e-8));
        s = R.MultiplyAdd(s, z, R.Of(2.755731915533666e-6));
        s = R.MultiplyAdd(s, z, R.Of(0.0001984126984143768));
        s = R.MultiplyAdd(s, z, R.Of(0.008333333333333139));
        s = R.MultiplyAdd(s, z, R.Of(0.16666666666666669));
        R small = R.MultiplyAdd(a * z, s, a);
        R e = HalfExp64<R, B>(a);
        return R.Select(R.LessThan(a, R.Of(1)), small, e - R.Of(0.25) / e) ^ sign;
    }

    /// <summary>The sign bit of every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Sign<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> => x & R.Of(-0.0);

    /// <summary>x itself where |x| is below <paramref name="limit"/>, so that signed zeros and subnormals pass unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R KeepTiny<R, B>(R x, R y, double limit)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> => R.Select(R.LessThan(x ^ Sign<R, B>(x), R.Of(limit)), x, y);

    /// <summary>top / (a + b) with the rounding of the sum and of the division put right: half a unit of error for six instructions more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Quotient<R, B>(R top, R a, R b)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R bottom = a + b;
        R lost = (a - bottom) + b;
        R inverse = R.Of(1) / bottom;
        R y = top * inverse;
        R minus = y ^ R.Of(-0.0);
        R error = R.MultiplyAdd(minus, lost, R.MultiplyAdd(minus, bottom, top));
        return R.MultiplyAdd(error, inverse, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Reduce32<R, B>(R x, out R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        n = R.MultiplyAdd(x, R.Of(Log2E), R.Of(Magic32)) - R.Of(Magic32);
        return R.MultiplyAdd(n, R.Of(-Ln2Low32), R.MultiplyAdd(n, R.Of(-Ln2High32), x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Reduce64<R, B>(R x, out R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        n = R.MultiplyAdd(x, R.Of(Log2E), R.Of(Magic64)) - R.Of(Magic64);
        return R.MultiplyAdd(n, R.Of(-Ln2Low64), R.MultiplyAdd(n, R.Of(-Ln2High64), x));
    }

    /// <summary>e^r - 1 for |r| up to ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Fraction32<R, B>(R r)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R q = R.Of(0.0013946496);
        q = R.MultiplyAdd(q, r, R.Of(0.008366611));
        q = R.MultiplyAdd(q, r, R.Of(0.04166628));
        q = R.MultiplyAdd(q, r, R.Of(0.16666543));
        q = R.MultiplyAdd(q, r, R.Of(0.5));
        return R.MultiplyAdd(r * r, q, r);
    }

    /// <summary>e^r - 1 for |r| up to ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Fraction64<R, B>(R r)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R q = R.Of(2.5114536180797903e-8);
        q = R.MultiplyAdd(q, r, R.Of(2.76263825502898e-7));
        q = R.MultiplyAdd(q, r, R.Of(2.7557227759670087e-6));
        q = R.MultiplyAdd(q, r, R.Of(2.480150431143236e-5));
        q = R.MultiplyAdd(q, r, R.Of(0.00019841269903242317));
        q = R.MultiplyAdd(q, r, R.Of(0.0013888888932484587));
        q = R.MultiplyAdd(q, r, R.Of(0.008333333333314496));
        q = R.MultiplyAdd(q, r, R.Of(0.04166666666657332));
        q = R.MultiplyAdd(q, r, R.Of(0.16666666666666685));
        q = R.MultiplyAdd(q, r, R.Of(0.5000000000000006));
        return R.MultiplyAdd(r * r, q, r);
    }

    /// <summary>2^n for the integer n from -126 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R PowerOfTwo32<R, B>(R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> =>
        R.FromBits((R.AsBits(n + R.Of(Magic32)) << 23) + B.OfBits(0x3F800000));

    /// <summary>2^n for the integer n from -1022 to 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R PowerOfTwo64<R, B>(R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> =>
        R.FromBits((R.AsBits(n + R.Of(Magic64)) << 52) + B.OfBits(0x3FF0000000000000));

    /// <summary>y 2^n in two halves, so that overflow and subnormal results are rounded once and right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Scale32<R, B>(R y, R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R half = R.MultiplyAdd(n, R.Of(0.5), R.Of(Magic32)) - R.Of(Magic32);
        return y * PowerOfTwo32<R, B>(half) * PowerOfTwo32<R, B>(n - half);
    }

    /// <summary>y 2^n in two halves, so that overflow and subnormal results are rounded once and right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Scale64<R, B>(R y, R n)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R half = R.MultiplyAdd(n, R.Of(0.5), R.Of(Magic64)) - R.Of(Magic64);
        return y * PowerOfTwo64<R, B>(half) * PowerOfTwo64<R, B>(n - half);
    }

    /// <summary>e^a / 2 for a at least zero, which overflows only where cosh does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R HalfExp32<R, B>(R a)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R r = Reduce32<R, B>(R.MinNative(R.Of(91), a), out R n);
        return Scale32<R, B>(Fraction32<R, B>(r) + R.Of(1), n - R.Of(1));
    }

    /// <summary>e^a / 2 for a at least zero, which overflows only where cosh does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R HalfExp64<R, B>(R a)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R r = Reduce64<R, B>(R.MinNative(R.Of(712), a), out R n);
        return Scale64<R, B>(Fraction64<R, B>(r) + R.Of(1), n - R.Of(1));
    }
}
