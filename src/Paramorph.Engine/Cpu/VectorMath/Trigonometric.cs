using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// sin, cos and tan: |x| = n pi / 2 + r with |r| at most pi / 4, by pi / 2 in three parts (Cody and Waite, each step a fused multiply-add, the
/// first one exact for n below 2^20); arguments too large for that are recomputed lane by lane (<see cref="PayneHanek"/>).
/// sin r = r + r^3 s(r^2), cos r = 1 - r^2 / 2 + r^4 c(r^2), minimax (bench/minimax.py).
/// </summary>
internal static class Trigonometric
{
    /// <summary>The largest |x| that the three-part reduction is used for.</summary>
    internal const double Limit = 100000;

    private const double TwoOverPi = 0.63661977236758134;
    private const double HalfPi1Of32 = 1.57079637050628662109375;
    private const double HalfPi2Of32 = -4.3711388286737929e-8;
    private const double HalfPi3Of32 = -1.7151245100058819e-15;
    private const double HalfPi1Of64 = 1.5707963267948966;
    private const double HalfPi2Of64 = 6.1232339957367660e-17;
    private const double HalfPi3Of64 = -1.4973849048591698e-33;

    /// <summary>sin x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sin32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = x ^ sign;
        R r = Reduce32<R, B>(a, out B quadrant);
        R z = r * r;
        R y = Turn<R, B>(R.MultiplyAdd(r * z, SinTail32<R, B>(z), r), Cos32Of<R, B>(z), quadrant, 30) ^ sign;
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.SinLarge32);
    }

    /// <summary>cos x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cos32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R a = x ^ Exponential.Sign<R, B>(x);
        R r = Reduce32<R, B>(a, out B quadrant);
        R z = r * r;
        R y = Turn<R, B>(R.MultiplyAdd(r * z, SinTail32<R, B>(z), r), Cos32Of<R, B>(z), quadrant + B.OfBits(1), 30);
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.CosLarge32);
    }

    /// <summary>sin x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sin64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = x ^ sign;
        R r = Reduce64<R, B>(a, out R low, out B quadrant);
        R y = SinCos64<R, B>(r, low, quadrant) ^ sign;
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.SinLarge64);
    }

    /// <summary>cos x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cos64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R a = x ^ Exponential.Sign<R, B>(x);
        R r = Reduce64<R, B>(a, out R low, out B quadrant);
        R y = SinCos64<R, B>(r, low, quadrant + B.OfBits(1));
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.CosLarge64);
    }

    /// <summary>tan x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tan32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = x ^ sign;
        R n = R.MultiplyAdd(a, R.Of(TwoOverPi), R.Of(Exponential.Magic32));
        B quadrant = R.AsBits(n);
        n -= R.Of(Exponential.Magic32);
        R r = Compensate<R, B>(R.MultiplyAdd(n, R.Of(-HalfPi1Of32), a), n, HalfPi2Of32, HalfPi3Of32, out R low);
        R z = r * r;
        R sinTail = R.MultiplyAdd(r * z, SinTail32<R, B>(z), low);
        R cosTail = R.MultiplyAdd(z * z, CosTail32<R, B>(z), Negate<R, B>(r * low));
        R y = Quotient<R, B>(r, sinTail, z, cosTail, quadrant, 31) ^ sign;
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.TanLarge32);
    }

    /// <summary>tan x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tan64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = x ^ sign;
        R r = Reduce64<R, B>(a, out R low, out B quadrant);
        R y = Tan64<R, B>(r, low, quadrant) ^ sign;
        return R.Repair(R.LessThan(R.Of(Limit), a), x, y, LaneFunction.TanLarge64);
    }

    /// <summary>tan(r + low + quadrant pi / 2) for |r| up to pi / 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R Tan64<R, B>(R r, R low, B quadrant)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = r * r;
        R sinTail = R.MultiplyAdd(r * z, SinTail64<R, B>(z), low);
        R cosTail = R.MultiplyAdd(z * z, CosTail64<R, B>(z), Negate<R, B>(r * low));
        return Quotient<R, B>(r, sinTail, z, cosTail, quadrant, 63);
    }

    /// <summary>sin(r + low + quadrant pi / 2) for |r| up to pi / 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static R SinCos64<R, B>(R r, R low, B quadrant)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = r * r;
        R sin = r + R.MultiplyAdd(r * z, SinTail64<R, B>(z), low);
        R half = z * R.Of(0.5);
        R cos = R.Of(1) - half;
        R lost = R.Of(1) - cos - half;
        cos += R.MultiplyAdd(z * z, CosTail64<R, B>(z), lost - r * low);
        return Turn<R, B>(sin, cos, quadrant, 62);
    }

    /// <summary>sin or cos of r with the sign that the quadrant asks for; <paramref name="shift"/> moves bit 1 of the quadrant to the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Turn<R, B>(R sin, R cos, B quadrant, int shift)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B even = B.Equal(quadrant & B.OfBits(1), B.OfBits(0));
        return R.Select(even, sin, cos) ^ R.FromBits((quadrant & B.OfBits(2)) << shift);
    }

    /// <summary>
    /// (r + sinTail) / (1 - z / 2 + cosTail), or minus its reciprocal in odd quadrants: both are carried with their rounding errors, and so is
    /// the quotient.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Quotient<R, B>(R r, R sinTail, R z, R cosTail, B quadrant, int signShift)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sin = r + sinTail;
        R sinLow = sinTail - (sin - r);
        R half = z * R.Of(0.5);
        R one = R.Of(1) - half;
        cosTail += (R.Of(1) - one) - half;
        R cos = one + cosTail;
        R cosLow = cosTail - (cos - one);
        B even = B.Equal(quadrant & B.OfBits(1), B.OfBits(0));
        R top = R.Select(even, sin, cos);
        R topLow = R.Select(even, sinLow, cosLow);
        R bottom = R.Select(even, cos, sin);
        R bottomLow = R.Select(even, cosLow, sinLow);
        R inverse = R.Of(1) / bottom;
        R y = top * inverse;
        R error = R.MultiplyAdd(Negate<R, B>(y), bottom, top) + (topLow - y * bottomLow);
        return R.MultiplyAdd(error, inverse, y) ^ R.FromBits(quadrant << signShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Reduce32<R, B>(R a, out B quadrant)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R n = R.MultiplyAdd(a, R.Of(TwoOverPi), R.Of(Exponential.Magic32));
        quadrant = R.AsBits(n);
        n -= R.Of(Exponential.Magic32);
        R r = R.MultiplyAdd(n, R.Of(-HalfPi1Of32), a);
        return R.MultiplyAdd(n, R.Of(-HalfPi3Of32), R.MultiplyAdd(n, R.Of(-HalfPi2Of32), r));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Reduce64<R, B>(R a, out R low, out B quadrant)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R n = R.MultiplyAdd(a, R.Of(TwoOverPi), R.Of(Exponential.Magic64));
        quadrant = R.AsBits(n);
        n -= R.Of(Exponential.Magic64);
        return Compensate<R, B>(R.MultiplyAdd(n, R.Of(-HalfPi1Of64), a), n, HalfPi2Of64, HalfPi3Of64, out low);
    }

    /// <summary>exact - n (second + third) as a rounded value and what rounding lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Compensate<R, B>(R exact, R n, double second, double third, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R product = n * R.Of(-second);
        R productLow = R.MultiplyAdd(n, R.Of(-second), Negate<R, B>(product));
        R sum = exact + product;
        R part = sum - exact;
        R error = (exact - (sum - part)) + (product - part);
        R tail = error + R.MultiplyAdd(n, R.Of(-third), productLow);
        R r = sum + tail;
        low = (sum - r) + tail;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Negate<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> => x ^ R.Of(-0.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Cos32Of<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B> =>
        R.MultiplyAdd(z * z, CosTail32<R, B>(z), R.MultiplyAdd(z, R.Of(-0.5), R.Of(1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R SinTail32<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R s = R.Of(-0.00019516978);
        s = R.MultiplyAdd(s, z, R.Of(0.008332176));
        s = R.MultiplyAdd(s, z, R.Of(-0.16666655));
        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R CosTail32<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R c = R.Of(2.4438092e-5);
        c = R.MultiplyAdd(c, z, R.Of(-0.0013887364));
        c = R.MultiplyAdd(c, z, R.Of(0.041666646));
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R SinTail64<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R s = R.Of(1.589666620884493e-10);
        s = R.MultiplyAdd(s, z, R.Of(-2.5050755955893554e-8));
        s = R.MultiplyAdd(s, z, R.Of(2.755731367862833e-6));
        s = R.MultiplyAdd(s, z, R.Of(-0.00019841269829771056));
        s = R.MultiplyAdd(s, z, R.Of(0.00833333333332237));
        s = R.MultiplyAdd(s, z, R.Of(-0.16666666666666632));
        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R CosTail64<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R c = R.Of(-1.1359559340306034e-11);
        c = R.MultiplyAdd(c, z, R.Of(2.0875721623980844e-9));
        c = R.MultiplyAdd(c, z, R.Of(-2.7557314340661837e-7));
        c = R.MultiplyAdd(c, z, R.Of(2.4801587289443492e-5));
        c = R.MultiplyAdd(c, z, R.Of(-0.0013888888888874064));
        c = R.MultiplyAdd(c, z, R.Of(0.0416666666666666));
        return c;
    }
}
