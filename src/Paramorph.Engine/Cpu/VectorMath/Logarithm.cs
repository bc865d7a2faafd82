using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Natural logarithms: x = 2^e m with m from sqrt(1/2) to sqrt(2), f = m - 1, and log x = e ln 2 + log(1 + f). For f32, log(1 + f) =
/// f - f^2 / 2 + f^3 p(f); for f64, with s = f / (2 + f), log(1 + f) = f - s (f - s^2 p(s^2)) (both minimax, bench/minimax.py).
/// </summary>
internal static class Logarithm
{
    private const double Ln2High32 = 0.693145751953125;
    private const double Ln2Low32 = 1.42860682030941723e-6;
    private const double Ln2High64 = 6.93147180369123816490e-1;
    private const double Ln2Low64 = 1.90821492927058770002e-10;

    /// <summary>log x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B tiny = R.LessThan(x, R.Of(1.17549435e-38));
        R m = Split32<R, B>(R.Select(tiny, x * R.Of(8388608), x), out R e);
        e -= R.FromBits(tiny & R.AsBits(R.Of(23)));
        R y = Assemble32<R, B>(m - R.Of(1), e);
        return Special<R, B>(x, y);
    }

    /// <summary>log x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B tiny = R.LessThan(x, R.Of(2.2250738585072014e-308));
        R m = Split64<R, B>(R.Select(tiny, x * R.Of(4503599627370496), x), out R e);
        e -= R.FromBits(tiny & R.AsBits(R.Of(52)));
        R y = Assemble64<R, B>(m - R.Of(1), e);
        return Special<R, B>(x, y);
    }

    /// <summary>log(1 + x) for f32: the rounding error of 1 + x is put back into f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log1pOf32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R u = OnePlus<R, B>(x, out R error);
        R m = Split32<R, B>(u, out R e);
        // 2^(1 - e), which is zero where e = 128 and the error has no weight.
        R scale = R.FromBits(B.OfBits(0x40000000) - (R.AsBits(e + R.Of(Exponential.Magic32)) << 23));
        R f = R.MultiplyAdd(error * scale, R.Of(0.5), m - R.Of(1));
        return Exponential.KeepTiny<R, B>(x, Special<R, B>(u, Assemble32<R, B>(f, e)), 1e-20);
    }

    /// <summary>log(1 + x) for f64: the rounding error of 1 + x is put back into f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Log1pOf64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R u = OnePlus<R, B>(x, out R error);
        R m = Split64<R, B>(u, out R e);
        R scale = R.FromBits(B.OfBits(0x4000000000000000) - (R.AsBits(e + R.Of(Exponential.Magic64)) << 52));
        R f = R.MultiplyAdd(error * scale, R.Of(0.5), m - R.Of(1));
        return Exponential.KeepTiny<R, B>(x, Special<R, B>(u, Assemble64<R, B>(f, e)), 1e-100);
    }

    /// <summary>m from sqrt(1/2) to sqrt(2) and the exponent e of x = 2^e m, for x positive, normal and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Split32<R, B>(R x, out R e)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B shifted = R.AsBits(x) + B.OfBits(0x3F800000 - 0x3F3504F3);
        e = R.FromBits((shifted >>> 23) | B.OfBits(0x4B000000)) - R.Of(8388608 + 127);
        return R.FromBits((shifted & B.OfBits(0x007FFFFF)) + B.OfBits(0x3F3504F3));
    }

    /// <summary>m from sqrt(1/2) to sqrt(2) and the exponent e of x = 2^e m, for x positive, normal and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Split64<R, B>(R x, out R e)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B shifted = R.AsBits(x) + B.OfBits(0x3FF0000000000000 - 0x3FE6A09E667F3BCD);
        e = R.FromBits((shifted >>> 52) | B.OfBits(0x4330000000000000)) - R.Of(4503599627370496 + 1023);
        return R.FromBits((shifted & B.OfBits(0x000FFFFFFFFFFFFF)) + B.OfBits(0x3FE6A09E667F3BCD));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Assemble32<R, B>(R f, R e)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R p = R.Of(-0.0785953);
        p = R.MultiplyAdd(p, f, R.Of(0.1288159));
        p = R.MultiplyAdd(p, f, R.Of(-0.13128763));
        p = R.MultiplyAdd(p, f, R.Of(0.14181203));
        p = R.MultiplyAdd(p, f, R.Of(-0.16624554));
        p = R.MultiplyAdd(p, f, R.Of(0.20002286));
        p = R.MultiplyAdd(p, f, R.Of(-0.2500081));
        p = R.MultiplyAdd(p, f, R.Of(0.33333316));
        R bent = R.MultiplyAdd(f, p, R.Of(-0.5)) * (f * f);
        bent = R.MultiplyAdd(e, R.Of(Ln2Low32), bent);
        return R.MultiplyAdd(e, R.Of(Ln2High32), f + bent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Assemble64<R, B>(R f, R e)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R s = f / (f + R.Of(2));
        R z = s * s;
        R p = R.Of(0.1479662671140812);
        p = R.MultiplyAdd(p, z, R.Of(0.15313986531622817));
        p = R.MultiplyAdd(p, z, R.Of(0.18183566679514548));
        p = R.MultiplyAdd(p, z, R.Of(0.22222198530920828));
        p = R.MultiplyAdd(p, z, R.Of(0.28571428742768146));
        p = R.MultiplyAdd(p, z, R.Of(0.3999999999941312));
        p = R.MultiplyAdd(p, z, R.Of(0.6666666666666735));
        R halfSquare = f * f * R.Of(0.5);
        // log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + s^2 p)): the correction is small and its rounding harmless.
        R bent = R.MultiplyAdd(s, R.MultiplyAdd(z, p, halfSquare), e * R.Of(Ln2Low64)) - halfSquare;
        return R.MultiplyAdd(e, R.Of(Ln2High64), f + bent);
    }

    /// <summary>1 + x and what was lost by rounding it (the two-sum of Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R OnePlus<R, B>(R x, out R error)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R u = x + R.Of(1);
        R part = u - R.Of(1);
        error = (R.Of(1) - (u - part)) + (x - part);
        return u;
    }

    /// <summary>Puts in log of zero, of negative numbers, of infinity and of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Special<R, B>(R x, R y)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R zero = R.Of(0);
        R infinity = R.Of(double.PositiveInfinity);
        B ordinary = R.LessThan(zero, x) & R.LessThan(x, infinity);
        R odd = R.Select(R.Equal(x, zero), R.Of(double.NegativeInfinity), R.Select(R.LessThan(x, zero), R.Of(double.NaN), x));
        return R.Select(ordinary, y, odd);
    }
}
