using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// asin x = x + x^3 r(x^2) up to 1/2 and pi / 2 - 2 asin(sqrt((1 - x) / 2)) above; atan x = x + x^3 t(x^2) up to 1 and pi / 2 - atan(1 / x)
/// above; minimax (bench/minimax.py). Constants are carried in two parts and added with their rounding error.
/// </summary>
internal static class InverseTrigonometric
{
    private const double PiHigh32 = 3.1415927410125732;
    private const double PiLow32 = -8.7422776573475858e-8;
    private const double PiHigh64 = 3.141592653589793;
    private const double PiLow64 = 1.2246467991473532e-16;

    /// <summary>asin x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Asin32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = HalfAngle<R, B>(x, out R s, out R low);
        return AsinOf<R, B>(x, s, R.MultiplyAdd(s * z, Tail32<R, B>(z), low), PiHigh32 / 2, PiLow32 / 2);
    }

    /// <summary>asin x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Asin64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = HalfAngle<R, B>(x, out R s, out R low);
        return AsinOf<R, B>(x, s, R.MultiplyAdd(s * z, Tail64<R, B>(z), low), PiHigh64 / 2, PiLow64 / 2);
    }

    /// <summary>acos x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Acos32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = HalfAngle<R, B>(x, out R s, out R low);
        return AcosOf<R, B>(x, s, R.MultiplyAdd(s * z, Tail32<R, B>(z), low), PiHigh32, PiLow32);
    }

    /// <summary>acos x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Acos64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = HalfAngle<R, B>(x, out R s, out R low);
        return AcosOf<R, B>(x, s, R.MultiplyAdd(s * z, Tail64<R, B>(z), low), PiHigh64, PiLow64);
    }

    /// <summary>atan x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = Reciprocal<R, B>(x, out B inverted);
        R z = t * t;
        return AtanOf<R, B>(x, t, t * z * AtanTail32<R, B>(z), inverted, PiHigh32 / 2, PiLow32 / 2);
    }

    /// <summary>atan x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = Reciprocal<R, B>(x, out B inverted);
        R z = t * t;
        return AtanOf<R, B>(x, t, t * z * AtanTail64<R, B>(z), inverted, PiHigh64 / 2, PiLow64 / 2);
    }

    /// <summary>The angle of the point (x, y) for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan2Of32<R, B>(R y, R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = Ratio<R, B>(y, x, out B steep);
        R z = t * t;
        return AngleOf<R, B>(y, x, t, t * z * AtanTail32<R, B>(z), steep, PiHigh32, PiLow32);
    }

    /// <summary>The angle of the point (x, y) for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Atan2Of64<R, B>(R y, R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = Ratio<R, B>(y, x, out B steep);
        R z = t * t;
        return AngleOf<R, B>(y, x, t, t * z * AtanTail64<R, B>(z), steep, PiHigh64, PiLow64);
    }

    /// <summary>s = |x| and z = s^2 up to 1/2; above, z = (1 - |x|) / 2 and s + low = sqrt z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R HalfAngle<R, B>(R x, out R s, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R a = x ^ Exponential.Sign<R, B>(x);
        B large = R.LessThan(R.Of(0.5), a);
        R z = R.Select(large, (R.Of(1) - a) * R.Of(0.5), a * a);
        R root = R.Sqrt(z);
        // The added constant keeps the division from 0 / 0 at |x| = 1 and is lost in rounding elsewhere.
        R lost = R.MultiplyAdd(root ^ R.Of(-0.0), root, z) / (root + root + R.Of(1e-30));
        s = R.Select(large, root, a);
        low = R.FromBits(large & R.AsBits(lost));
        return z;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AsinOf<R, B>(R x, R s, R tail, double halfPiHigh, double halfPiLow)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R twice = s + s;
        R turned = R.Of(halfPiHigh) - twice;
        R error = (R.Of(halfPiHigh) - turned) - twice;
        turned += error + (R.Of(halfPiLow) - (tail + tail));
        R outside = R.Select(R.LessThanOrEqual(x ^ sign, R.Of(1)), turned, R.Of(double.NaN));
        return R.Select(R.LessThanOrEqual(x ^ sign, R.Of(0.5)), s + tail, outside) ^ sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AcosOf<R, B>(R x, R s, R tail, double piHigh, double piLow)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        B middle = R.LessThanOrEqual(x ^ sign, R.Of(0.5));
        B negative = R.LessThan(x, R.Of(0));
        // pi / 2 - (s + tail) in the middle with the sign of x, 2 (s + tail) near 1, pi - 2 (s + tail) near -1.
        R scale = R.Select(middle, R.Of(-1) ^ sign, R.Select(negative, R.Of(-2), R.Of(2)));
        R high = R.Select(middle, R.Of(piHigh / 2), R.FromBits(negative & R.AsBits(R.Of(piHigh))));
        R low = R.Select(middle, R.Of(piLow / 2), R.FromBits(negative & R.AsBits(R.Of(piLow))));
        R part = scale * s;
        R y = high + part;
        R error = (high - y) + part;
        y += R.MultiplyAdd(scale, tail, low + error);
        return R.Select(R.LessThanOrEqual(x ^ sign, R.Of(1)), y, R.Of(double.NaN));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Reciprocal<R, B>(R x, out B inverted)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R a = x ^ Exponential.Sign<R, B>(x);
        inverted = R.LessThan(R.Of(1), a);
        return R.Select(inverted, R.Of(1), a) / R.Select(inverted, a, R.Of(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AtanOf<R, B>(R x, R t, R tail, B inverted, double halfPiHigh, double halfPiLow)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R turned = R.Of(halfPiHigh) - t;
        R error = (R.Of(halfPiHigh) - turned) - t;
        turned += error + (R.Of(halfPiLow) - tail);
        return R.Select(inverted, turned, t + tail) ^ Exponential.Sign<R, B>(x);
    }

    /// <summary>The smaller of |y| and |x| over the larger; equal ones, infinities among them, give one, and two zeros zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Ratio<R, B>(R y, R x, out B steep)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R ay = y ^ Exponential.Sign<R, B>(y);
        R ax = x ^ Exponential.Sign<R, B>(x);
        steep = R.LessThan(ax, ay);
        R quotient = R.Select(steep, ax, ay) / R.Select(steep, ay, ax);
        R same = R.Select(R.Equal(ax, R.Of(0)), R.Of(0), R.Of(1));
        return R.Select(R.Equal(ax, ay), same, quotient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AngleOf<R, B>(R y, R x, R t, R tail, B steep, double piHigh, double piLow)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        B left = B.LessThan(R.AsBits(x), B.OfBits(0));
        R high = R.Select(steep, R.Of(piHigh / 2), R.FromBits(left & R.AsBits(R.Of(piHigh))));
        R low = R.Select(steep, R.Of(piLow / 2), R.FromBits(left & R.AsBits(R.Of(piLow))));
        // The angle falls with t on one side of each diagonal and grows on the other.
        R flip = R.FromBits((steep ^ left) & R.AsBits(R.Of(-0.0)));
        R part = t ^ flip;
        R angle = high + part;
        R error = (high - angle) + part;
        angle += error + (low + (tail ^ flip));
        return angle ^ Exponential.Sign<R, B>(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Tail32<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R r = R.Of(0.04221862);
        r = R.MultiplyAdd(r, z, R.Of(0.024147566));
        r = R.MultiplyAdd(r, z, R.Of(0.045477107));
        r = R.MultiplyAdd(r, z, R.Of(0.074952416));
        r = R.MultiplyAdd(r, z, R.Of(0.16666754));
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Tail64<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R r = R.Of(0.03195897009666575);
        r = R.MultiplyAdd(r, z, R.Of(-0.0162940952930192));
        r = R.MultiplyAdd(r, z, R.Of(0.019573931661296756));
        r = R.MultiplyAdd(r, z, R.Of(0.0065108388331943864));
        r = R.MultiplyAdd(r, z, R.Of(0.012173284143316277));
        r = R.MultiplyAdd(r, z, R.Of(0.013884597451569747));
        r = R.MultiplyAdd(r, z, R.Of(0.01735977124583421));
        r = R.MultiplyAdd(r, z, R.Of(0.02237175351134564));
        r = R.MultiplyAdd(r, z, R.Of(0.03038195933186549));
        r = R.MultiplyAdd(r, z, R.Of(0.044642856823465776));
        r = R.MultiplyAdd(r, z, R.Of(0.07500000000343064));
        r = R.MultiplyAdd(r, z, R.Of(0.16666666666665383));
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AtanTail32<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = R.Of(-0.0018272166);
        t = R.MultiplyAdd(t, z, R.Of(0.011064458));
        t = R.MultiplyAdd(t, z, R.Of(-0.031455737));
        t = R.MultiplyAdd(t, z, R.Of(0.058234587));
        t = R.MultiplyAdd(t, z, R.Of(-0.084194615));
        t = R.MultiplyAdd(t, z, R.Of(0.10957577));
        t = R.MultiplyAdd(t, z, R.Of(-0.14265245));
        t = R.MultiplyAdd(t, z, R.Of(0.19998638));
        t = R.MultiplyAdd(t, z, R.Of(-0.33333302));
        return t;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R AtanTail64<R, B>(R z)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R t = R.Of(1.3489349981643264e-5);
        t = R.MultiplyAdd(t, z, R.Of(-0.00015479762723423103));
        t = R.MultiplyAdd(t, z, R.Of(0.0008434867031950002));
        t = R.MultiplyAdd(t, z, R.Of(-0.002919346565968626));
        t = R.MultiplyAdd(t, z, R.Of(0.0072633651500190665));
        t = R.MultiplyAdd(t, z, R.Of(-0.01399499737926293));
        t = R.MultiplyAdd(t, z, R.Of(0.022085164934279967));
        t = R.MultiplyAdd(t, z, R.Of(-0.029985586668208115));
        t = R.MultiplyAdd(t, z, R.Of(0.03669354092429698));
        t = R.MultiplyAdd(t, z, R.Of(-0.042217186318201205));
        t = R.MultiplyAdd(t, z, R.Of(0.047232937104124795));
        t = R.MultiplyAdd(t, z, R.Of(-0.05253805666623947));
        t = R.MultiplyAdd(t, z, R.Of(0.05880592582952298));
        t = R.MultiplyAdd(t, z, R.Of(-0.06666415002973122));
        t = R.MultiplyAdd(t, z, R.Of(0.0769228118754497));
        t = R.MultiplyAdd(t, z, R.Of(-0.09090907119333229));
        t = R.MultiplyAdd(t, z, R.Of(0.11111111013655678));
        t = R.MultiplyAdd(t, z, R.Of(-0.14285714282802398));
        t = R.MultiplyAdd(t, z, R.Of(0.1999999999995544));
        t = R.MultiplyAdd(t, z, R.Of(-0.33333333333333093));
        return t;
    }
}
