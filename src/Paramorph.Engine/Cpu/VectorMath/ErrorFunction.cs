using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// erf x = x + x p(x^2) up to one and 1 - exp(t(x)) above, where t fits log erfc; erfc x = exp(-x^2) g(q) / (1 + 2 x) with q = (x - 4) / (x + 4) or
/// nearby, the product carried in two parts; the inverse by polynomials of a logarithm; minimax (bench/minimax.py).
/// </summary>
internal static class ErrorFunction
{
    /// <summary>erf x for f32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erf32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = R.MinNative(R.Of(4), x ^ sign);
        R z = a * a;
        R p = R.Of(7.889122e-5);
        p = R.MultiplyAdd(p, z, R.Of(-0.0008020842));
        p = R.MultiplyAdd(p, z, R.Of(0.0051895357));
        p = R.MultiplyAdd(p, z, R.Of(-0.026854444));
        p = R.MultiplyAdd(p, z, R.Of(0.112836));
        p = R.MultiplyAdd(p, z, R.Of(-0.37612626));
        p = R.MultiplyAdd(p, z, R.Of(0.12837911));
        R t = R.Of(-2.168675e-5);
        t = R.MultiplyAdd(t, a, R.Of(0.00044133514));
        t = R.MultiplyAdd(t, a, R.Of(-0.0042045554));
        t = R.MultiplyAdd(t, a, R.Of(0.025208239));
        t = R.MultiplyAdd(t, a, R.Of(-0.10841855));
        t = R.MultiplyAdd(t, a, R.Of(-0.6332199));
        t = R.MultiplyAdd(t, a, R.Of(-1.1295784));
        t = R.MultiplyAdd(t, a, R.Of(0.00018803649));
        R r = Exponential.Reduce32<R, B>(t, out R n);
        R scale = Exponential.PowerOfTwo32<R, B>(n);
        R large = (R.Of(1) - scale) - scale * Exponential.Fraction32<R, B>(r);
        return R.Select(R.LessThan(R.Of(1), a), large, R.MultiplyAdd(a, p, a)) ^ sign;
    }

    /// <summary>erf x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erf64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R a = R.MinNative(R.Of(6), x ^ sign);
        R small = SmallErf64<R, B>(a);
        R t = R.Of(2.2489573500311362e-14);
        t = R.MultiplyAdd(t, a, R.Of(-1.245332248795483e-12));
        t = R.MultiplyAdd(t, a, R.Of(3.264866859676964e-11));
        t = R.MultiplyAdd(t, a, R.Of(-5.390743127884128e-10));
        t = R.MultiplyAdd(t, a, R.Of(6.287914634042781e-9));
        t = R.MultiplyAdd(t, a, R.Of(-5.505045457278025e-8));
        t = R.MultiplyAdd(t, a, R.Of(3.7473815635739297e-7));
        t = R.MultiplyAdd(t, a, R.Of(-2.0230464399981266e-6));
        t = R.MultiplyAdd(t, a, R.Of(8.72243221272473e-6));
        t = R.MultiplyAdd(t, a, R.Of(-2.9775361666978438e-5));
        t = R.MultiplyAdd(t, a, R.Of(7.74391880610887e-5));
        t = R.MultiplyAdd(t, a, R.Of(-0.00013463065833625403));
        t = R.MultiplyAdd(t, a, R.Of(5.851620461828239e-5));
        t = R.MultiplyAdd(t, a, R.Of(0.0005071130418920228));
        t = R.MultiplyAdd(t, a, R.Of(-0.0016300034582083336));
        t = R.MultiplyAdd(t, a, R.Of(0.0001670308011977405));
        t = R.MultiplyAdd(t, a, R.Of(0.019149384359771458));
        t = R.MultiplyAdd(t, a, R.Of(-0.10278041150919598));
        t = R.MultiplyAdd(t, a, R.Of(-0.6366177164088199));
        t = R.MultiplyAdd(t, a, R.Of(-1.1283795076598646));
        t = R.MultiplyAdd(t, a, R.Of(2.6673562630241965e-8));
        R r = Exponential.Reduce64<R, B>(t, out R n);
        R scale = Exponential.PowerOfTwo64<R, B>(n);
        R large = (R.Of(1) - scale) - scale * Exponential.Fraction64<R, B>(r);
        return R.Select(R.LessThan(R.Of(1), a), large, small) ^ sign;
    }

    /// <summary>
    /// The inverse of erf for f32: x p(w) where w = -log(1 - x^2) is below 5, and x q(sqrt(w)) above, as Giles proposed in "Approximating the erfinv
    /// function" (2011). The rounding of 1 - x^2 hardly matters, since p changes little.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R ErfInv32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R a = x ^ Exponential.Sign<R, B>(x);
        R w = Logarithm.Log32<R, B>((R.Of(1) - a) * (R.Of(1) + a)) ^ R.Of(-0.0);
        R near = w - R.Of(2.5);
        R p = R.Of(2.8534538e-8);
        p = R.MultiplyAdd(p, near, R.Of(3.4372565e-7));
        p = R.MultiplyAdd(p, near, R.Of(-3.5288558e-6));
        p = R.MultiplyAdd(p, near, R.Of(-4.396765e-6));
        p = R.MultiplyAdd(p, near, R.Of(0.00021860217));
        p = R.MultiplyAdd(p, near, R.Of(-0.0012537076));
        p = R.MultiplyAdd(p, near, R.Of(-0.0041777077));
        p = R.MultiplyAdd(p, near, R.Of(0.24664073));
        p = R.MultiplyAdd(p, near, R.Of(1.5014094));
        R far = R.Sqrt(w) - R.Of(3);
        R q = R.Of(-0.00020566022);
        q = R.MultiplyAdd(q, far, R.Of(0.00010514817));
        q = R.MultiplyAdd(q, far, R.Of(0.0013564398));
        q = R.MultiplyAdd(q, far, R.Of(-0.0036777905));
        q = R.MultiplyAdd(q, far, R.Of(0.0057363603));
        q = R.MultiplyAdd(q, far, R.Of(-0.0076212035));
        q = R.MultiplyAdd(q, far, R.Of(0.009439361));
        q = R.MultiplyAdd(q, far, R.Of(1.001674));
        q = R.MultiplyAdd(q, far, R.Of(2.8329768));
        R y = x * R.Select(R.LessThan(w, R.Of(5)), p, q);
        return R.Select(R.Equal(a, R.Of(1)), x * R.Of(double.PositiveInfinity), y);
    }

    /// <summary>erfc x for f32, with q = (x - 2) / (x + 2) and one division for both quotients, whose error the last line takes back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfc32<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R magnitude = x ^ Exponential.Sign<R, B>(x);
        R z = x * x;
        R p = R.Of(0.004758115);
        p = R.MultiplyAdd(p, z, R.Of(-0.026774174));
        p = R.MultiplyAdd(p, z, R.Of(0.11283044));
        p = R.MultiplyAdd(p, z, R.Of(-0.37612617));
        p = R.MultiplyAdd(p, z, R.Of(0.12837917));
        R inner = R.Of(1) - R.MultiplyAdd(x, p, x);
        R tail = Tail32<R, B>(R.MinNative(R.Of(10.5), magnitude));
        R outer = R.Select(R.LessThan(x, R.Of(0)), R.Of(2) - tail, tail);
        return R.Select(R.LessThan(magnitude, R.Of(0.47)), inner, outer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Tail32<R, B>(R a)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R minusSquare = (a * a) ^ R.Of(-0.0);
        R r = Exponential.Reduce32<R, B>(minusSquare, out R n) - R.MultiplyAdd(a, a, minusSquare);
        R fraction = Exponential.Fraction32<R, B>(r);
        R e = fraction + R.Of(1);
        R eLow = fraction - (e - R.Of(1));
        R bottom = R.MultiplyAdd(a, R.Of(2), R.Of(1));
        R bottomLow = R.MultiplyAdd(a, R.Of(2), R.Of(1) - bottom);
        R sum = a + R.Of(2);
        R both = R.Of(1) / (sum * bottom);
        R q = (a - R.Of(2)) * bottom * both;
        R g = Smooth32<R, B>(q, out R gLow);
        R top = e * g;
        R topLow = R.MultiplyAdd(e, g, top ^ R.Of(-0.0)) + R.MultiplyAdd(e, gLow, eLow * g);
        R inverse = sum * both;
        R y = top * inverse;
        R error = R.MultiplyAdd(y ^ R.Of(-0.0), bottom, top) + (topLow - y * bottomLow);
        return Exponential.Scale32<R, B>(R.MultiplyAdd(error, inverse, y), n);
    }

    /// <summary>(1 + 2 x) exp(x^2) erfc x, in two parts, of q = (x - 2) / (x + 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Smooth32<R, B>(R q, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R g = R.Of(-0.0012792654);
        g = R.MultiplyAdd(g, q, R.Of(0.0009237333));
        g = R.MultiplyAdd(g, q, R.Of(0.008668866));
        g = R.MultiplyAdd(g, q, R.Of(-0.0079326704));
        g = R.MultiplyAdd(g, q, R.Of(-0.054213196));
        g = R.MultiplyAdd(g, q, R.Of(0.16403993));
        g = R.MultiplyAdd(g, q, R.Of(-0.16603072));
        g = R.MultiplyAdd(g, q, R.Of(-0.092763476));
        R first = R.Of(1.2769784);
        R sum = R.MultiplyAdd(g, q, first);
        low = R.MultiplyAdd(g, q, first - sum);
        return sum;
    }

    /// <summary>erfc x for f64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfc64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R sign = Exponential.Sign<R, B>(x);
        R magnitude = x ^ sign;
        R a = R.MinNative(R.Of(28), magnitude);
        R inner = R.Of(1) - SmallErf64<R, B>(R.MinNative(R.Of(1), magnitude) ^ sign);
        R tail = Tail64<R, B>(a);
        R outer = R.Select(R.LessThan(x, R.Of(0)), R.Of(2) - tail, tail);
        return R.Select(R.LessThan(magnitude, R.Of(0.47)), inner, outer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R SmallErf64<R, B>(R x)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R z = x * x;
        R p = R.Of(5.960685259432864e-11);
        p = R.MultiplyAdd(p, z, R.Of(-1.1374955010296726e-9));
        p = R.MultiplyAdd(p, z, R.Of(1.4660328337724818e-8));
        p = R.MultiplyAdd(p, z, R.Of(-1.6350396132817836e-7));
        p = R.MultiplyAdd(p, z, R.Of(1.646100846586644e-6));
        p = R.MultiplyAdd(p, z, R.Of(-1.4925595771200001e-5));
        p = R.MultiplyAdd(p, z, R.Of(0.00012055331132904255));
        p = R.MultiplyAdd(p, z, R.Of(-0.0008548326981423813));
        p = R.MultiplyAdd(p, z, R.Of(0.005223977624828395));
        p = R.MultiplyAdd(p, z, R.Of(-0.02686617064507787));
        p = R.MultiplyAdd(p, z, R.Of(0.11283791670954885));
        p = R.MultiplyAdd(p, z, R.Of(-0.3761263890318375));
        p = R.MultiplyAdd(p, z, R.Of(0.12837916709551256));
        return R.MultiplyAdd(x, p, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Tail64<R, B>(R a)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R square = a * a;
        R squareLow = R.MultiplyAdd(a, a, square ^ R.Of(-0.0));
        R e = Power.ExpOfSum64<R, B>(square ^ R.Of(-0.0), squareLow ^ R.Of(-0.0), out R eLow, out R n);
        R q = (a - R.Of(4)) / (a + R.Of(4));
        R g = Smooth64<R, B>(q, out R gLow);
        R bottom = (a + a) + R.Of(1);
        R part = bottom - R.Of(1);
        R bottomLow = (R.Of(1) - (bottom - part)) + ((a + a) - part);
        R top = e * g;
        R topLow = R.MultiplyAdd(e, g, top ^ R.Of(-0.0)) + R.MultiplyAdd(e, gLow, eLow * g);
        R inverse = R.Of(1) / bottom;
        R y = top * inverse;
        R error = R.MultiplyAdd(y ^ R.Of(-0.0), bottom, top) + (topLow - y * bottomLow);
        return Exponential.Scale64<R, B>(R.MultiplyAdd(error, inverse, y), n);
    }

    /// <summary>(1 + 2 x) exp(x^2) erfc x, in two parts, of q = (x - 4) / (x + 4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Smooth64<R, B>(R q, out R low)
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
    {
        R g = R.Of(1.1541605865346544e-9);
        g = R.MultiplyAdd(g, q, R.Of(-9.804632649979761e-9));
        g = R.MultiplyAdd(g, q, R.Of(-1.580064455744595e-8));
        g = R.MultiplyAdd(g, q, R.Of(1.0368087658130357e-7));
        g = R.MultiplyAdd(g, q, R.Of(7.18163736082685e-8));
        g = R.MultiplyAdd(g, q, R.Of(-8.20009865735678e-7));
        g = R.MultiplyAdd(g, q, R.Of(2.959244193098515e-7));
        g = R.MultiplyAdd(g, q, R.Of(5.706822696779485e-6));
        g = R.MultiplyAdd(g, q, R.Of(-1.1223018259111493e-5));
        g = R.MultiplyAdd(g, q, R.Of(-2.4398187111844335e-5));
        g = R.MultiplyAdd(g, q, R.Of(0.00015062197453154285));
        g = R.MultiplyAdd(g, q, R.Of(-0.0001992569336556665));
        g = R.MultiplyAdd(g, q, R.Of(-0.0007577733468393162));
        g = R.MultiplyAdd(g, q, R.Of(0.00503197001375906));
        g = R.MultiplyAdd(g, q, R.Of(-0.016197734050728725));
        g = R.MultiplyAdd(g, q, R.Of(0.03716751553421787));
        g = R.MultiplyAdd(g, q, R.Of(-0.06633036581271358));
        g = R.MultiplyAdd(g, q, R.Of(0.09373283499851465));
        g = R.MultiplyAdd(g, q, R.Of(-0.10103906603628678));
        g = R.MultiplyAdd(g, q, R.Of(0.06809705425468884));
        g = R.MultiplyAdd(g, q, R.Of(0.015379652102619506));
        g = R.MultiplyAdd(g, q, R.Of(-0.1396211168405625));
        R top = g * q;
        g = top + R.Of(1.2329951186255526);
        low = top - (g - R.Of(1.2329951186255526));
        return g;
    }
}
